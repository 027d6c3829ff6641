"""Every statement of the desk."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.policy_desk.model import Backtest, Sums
from dingdan.plumbing.tx import Tx

_COLUMNS = """
    id, merchant_id, policy_id, hash, document, since, until, way_back, currency, counted_to, sums, requested_at,
    requested_by, done_at
"""


def _made(row: Any) -> Backtest:
    return msgspec.convert(dict(row), Backtest)


async def add(tx: Tx, backtest: Backtest) -> None:
    """Write a back-test down that has not begun."""
    await tx.execute(
        f"INSERT INTO policy_backtests ({_COLUMNS}) VALUES"  # noqa: S608
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        *(getattr(backtest, name) for name in Backtest.__struct_fields__),
    )


async def get(tx: Tx, backtest_id: int) -> Backtest | None:
    """One back-test."""
    row = await tx.fetchrow(f"SELECT {_COLUMNS} FROM policy_backtests WHERE id = $1", backtest_id)  # noqa: S608
    return _made(row) if row is not None else None


async def running(tx: Tx, merchant_id: int) -> int:
    """How many back-tests of a merchant are not done; nobody else begins one until the end of the transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('policy_backtests', $1))", merchant_id)
    found: int = await tx.fetchval(
        "SELECT count(*)::int FROM policy_backtests WHERE merchant_id = $1 AND done_at IS NULL", merchant_id
    )
    return found


async def record(
    tx: Tx, backtest_id: int, sums: Sums, *, counted_from: int, counted_to: int, done_at: datetime | None
) -> bool:
    """Write down how far a back-test has come; False where another worker was faster."""
    written = await tx.execute(
        """
        UPDATE policy_backtests SET sums = $2, counted_to = $4, done_at = $5
        WHERE id = $1 AND counted_to = $3 AND done_at IS NULL
        """,
        backtest_id,
        sums,
        counted_from,
        counted_to,
        done_at,
    )
    return written == 1


async def of_policy(tx: Tx, policy_id: int, merchant_id: int | None, after: int, limit: int) -> list[Backtest]:
    """Back-tests of one version, oldest first; of one merchant's returns, or with None of all."""
    rows = await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM policy_backtests
        WHERE policy_id = $1 AND ($2::bigint IS NULL OR merchant_id = $2) AND id > $3 ORDER BY id LIMIT $4
        """,  # noqa: S608
        policy_id,
        merchant_id,
        after,
        limit,
    )
    return [_made(row) for row in rows]
