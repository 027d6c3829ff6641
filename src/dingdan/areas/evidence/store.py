"""Every statement of evidence; whoever writes holds the order's lock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas.evidence.model import MOST_UNLIKE, Evidence, NewEvidence
from dingdan.plumbing.tx import Tx

COLUMNS = Evidence.__struct_fields__
# `like` is a word of SQL.
_ALL = ", ".join(f'"{name}"' for name in COLUMNS)
# Older pictures are not compared: whoever sends somebody else's does not wait for years.
LOOKS_BACK = timedelta(days=400)


async def add(tx: Tx, new: Evidence) -> None:
    """Write one down."""
    await tx.copy("evidence", COLUMNS, [tuple(getattr(new, name) for name in COLUMNS)])


async def get(tx: Tx, ids: Iterable[int]) -> list[Evidence]:
    """Evidence by id."""
    rows = await tx.fetch(f"SELECT {_ALL} FROM evidence WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [_evidence(row) for row in rows]


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[Evidence]:
    """The evidence of orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_ALL} FROM evidence WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return [_evidence(row) for row in rows]


async def count(tx: Tx, order_id: int, buyer_id: int, since: datetime) -> tuple[int, int]:
    """How much an order has, and how much its buyer brought since then."""
    row = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM evidence WHERE order_id = $1) AS of_order,
               (SELECT count(*) FROM evidence WHERE buyer_id = $2 AND at >= $3) AS lately
        """,
        order_id,
        buyer_id,
        since,
    )
    assert row is not None, "counting gives one row"
    return row["of_order"], row["lately"]


async def like(tx: Tx, new: NewEvidence, *, merchant_id: int, buyer_id: int) -> list[int]:
    """Earlier evidence of this merchant's other buyers that is the same file or looks the same, at most ten."""
    rows = await tx.fetch(
        """
        SELECT id FROM evidence
        WHERE merchant_id = $1 AND buyer_id <> $2 AND (sha256 = $3
            OR at >= $6 AND bit_count((likeness # $4::bigint)::bit(64)) <= $5)
        ORDER BY id LIMIT 10
        """,
        merchant_id,
        buyer_id,
        new.sha256,
        new.likeness,
        MOST_UNLIKE,
        tx.now - LOOKS_BACK,
    )
    return [row["id"] for row in rows]


def _evidence(row: Any) -> Evidence:
    return msgspec.convert(dict(row), Evidence)
