"""Statements about money paid out to merchants."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas.settlements.lifecycle import PAYOUT
from dingdan.areas.settlements.model import LineKind, Payout, PayoutRun
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_RUN = ", ".join(PayoutRun.__struct_fields__)
_PAYOUT = ", ".join(Payout.__struct_fields__)


async def add_run(tx: Tx, run: PayoutRun, content: str) -> None:
    """Write a run with the file that the bank is to get."""
    await tx.execute(
        """
        INSERT INTO payout_runs (id, currency, content, checksum, prepared_by_kind, prepared_by, prepared_at, merchant_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        run.id,
        run.currency,
        content,
        run.checksum,
        run.prepared_by_kind,
        run.prepared_by,
        run.prepared_at,
        run.merchant_id,
    )


async def add(tx: Tx, payouts: Sequence[Payout], lines: Mapping[int, Sequence[int]]) -> None:
    """Write payouts with the lines that each pays."""
    await tx.copy(
        "payouts",
        ("id", "payout_run_id", "merchant_id", "currency", "amount", "held", "cards", "payee", "prepared_at"),
        [
            (one.id, one.payout_run_id, one.merchant_id, one.currency, one.amount, one.held, one.cards,
             msgspec.to_builtins(one.payee), one.prepared_at)
            for one in payouts
        ],
    )  # fmt: skip
    await tx.copy(
        "payout_items",
        ("payout_id", "settlement_line_id", "merchant_id"),
        [(one.id, line_id, one.merchant_id) for one in payouts for line_id in lines[one.id]],
    )


async def run(tx: Tx, run_id: int, *, lock: bool = False) -> PayoutRun | None:
    """One run."""
    row = await tx.fetchrow(
        f"SELECT {_RUN} FROM payout_runs WHERE id = $1 {'FOR UPDATE' if lock else ''}",  # noqa: S608
        run_id,
    )
    return None if row is None else PayoutRun(**dict(row))


async def runs(tx: Tx, merchant_id: int | None, *, after: int | None, limit: int) -> list[PayoutRun]:
    """Runs that pay only this merchant, or all of them, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_RUN} FROM payout_runs WHERE ($1::bigint IS NULL OR merchant_id = $1)
        AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [PayoutRun(**dict(row)) for row in rows]


async def content(tx: Tx, run_id: int) -> str:
    """The file of a run."""
    text: str = await tx.fetchval("SELECT content FROM payout_runs WHERE id = $1", run_id)
    return text


async def approve_run(tx: Tx, run_id: int, by_kind: str, by: int) -> None:
    """Write down who agreed."""
    await tx.execute(
        "UPDATE payout_runs SET approved_by_kind = $2, approved_by = $3, approved_at = $4 WHERE id = $1",
        run_id,
        by_kind,
        by,
        tx.now,
    )


async def drop_run(tx: Tx, run_id: int) -> None:
    """Write down that it is not to be."""
    await tx.execute("UPDATE payout_runs SET dropped_at = $2 WHERE id = $1", run_id, tx.now)


async def get(
    tx: Tx, *, ids: Iterable[int] | None = None, run_id: int | None = None, lock: bool = False
) -> dict[int, Payout]:
    """Payouts by id or of a run, lowest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_PAYOUT} FROM payouts
        WHERE ($1::bigint[] IS NULL OR id = ANY($1)) AND ($2::bigint IS NULL OR payout_run_id = $2)
        ORDER BY id {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608
        None if ids is None else list(ids),
        run_id,
    )
    return {row["id"]: _payout(row) for row in rows}


async def listed(tx: Tx, merchant_id: int | None, *, after: int | None, limit: int) -> list[Payout]:
    """Payouts of one merchant or of all, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_PAYOUT} FROM payouts
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_payout(row) for row in rows]


async def orders_paid(tx: Tx, run_id: int) -> set[int]:
    """The orders for which something goes to a merchant by a run."""
    rows = await tx.fetch(
        """
        SELECT l.order_id FROM payouts p JOIN payout_items i ON i.payout_id = p.id
        JOIN settlement_lines l ON l.id = i.settlement_line_id WHERE p.payout_run_id = $1 AND l.order_id IS NOT NULL
        GROUP BY l.order_id HAVING sum(l.amount) > 0
        """,
        run_id,
    )
    return {row["order_id"] for row in rows}


async def taken(tx: Tx, order_ids: Iterable[int]) -> dict[int, int]:
    """What payouts took of the accounts of orders, but for what came out of deposits."""
    rows = await tx.fetch(
        """
        SELECT l.order_id, sum(l.amount)::bigint AS amount FROM settlement_lines l
        JOIN payout_items i ON i.settlement_line_id = l.id AND i.released_at IS NULL
        WHERE l.order_id = ANY($1::bigint[]) AND l.kind <> $2 GROUP BY l.order_id
        """,
        list(order_ids),
        str(LineKind.DEPOSIT_DRAW),
    )
    return {row["order_id"]: row["amount"] for row in rows}


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move payouts along their lifecycle."""
    return await lifecycles.move(tx, "payouts", PAYOUT, verb, ids, **values)


async def release(tx: Tx, payout_ids: Iterable[int]) -> None:
    """Let go of the lines of payouts that pay nothing."""
    await tx.execute(
        "UPDATE payout_items SET released_at = $2 WHERE payout_id = ANY($1::bigint[]) AND released_at IS NULL",
        list(payout_ids),
        tx.now,
    )


def _payout(row: Any) -> Payout:
    return msgspec.convert(dict(row), Payout)
