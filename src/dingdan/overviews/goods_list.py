"""Goods that came back and wait: for a decision, or for their buyer; and how long they have lain (R5.5)."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx

# How old what waits is, in days: from each of these up to the next.
AGES = (0, 1, 3, 7, 30, 90)


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open. It shows what waits, and with a return all of its goods."""

    merchant_id: int | None = None
    warehouse_id: int | None = None
    return_id: int | None = None
    is_ours: bool | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Some units that came back; `value` is what the buyer had paid for all of them."""

    id: int
    order_id: int
    merchant_id: int
    warehouse_id: int
    return_id: int
    product_id: int
    sku: str
    quantity: int
    open: int
    is_ours: bool
    grade: str
    tags: list[str]
    value: int
    currency: str
    wanted: str
    since: datetime
    decide_by: datetime
    store_until: datetime | None
    choice: str | None


class Age(msgspec.Struct, frozen=True, kw_only=True):
    """What has waited for so many days, up to the next age: parcels of units, units, and what they were worth."""

    days: int
    currency: str
    is_ours: bool
    lots: int
    units: int
    value: int
    overdue: int


CONDITIONS = {
    "merchant_id": "g.merchant_id = {}",
    "warehouse_id": "g.warehouse_id = {}",
    "return_id": "g.return_id = {}",
    "is_ours": "g.is_ours = {}",
    "after": "(g.since, g.id) > (SELECT a.since, a.id FROM returned_goods a WHERE a.id = {})",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One more than the slice asks for, what has lain longest at the top."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    if wanted.return_id is None:
        where = f"{where} AND g.open > 0" if where else "WHERE g.open > 0"
    rows = await tx.fetch(
        f"""
        SELECT g.id, g.order_id, g.merchant_id, g.warehouse_id, g.return_id, g.product_id, l.sku, g.quantity, g.open,
               g.is_ours, g.grade, g.tags, g.value, g.currency, g.wanted, g.since, g.decide_by, g.store_until, g.choice
        FROM returned_goods g JOIN order_lines l ON l.order_id = g.order_id AND l.line_no = g.line_no
        {where} ORDER BY g.since, g.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]


async def ageing(tx: Tx, merchant_id: int | None) -> list[Age]:
    """How long everything has lain that waits, by age, youngest first."""
    rows = await tx.fetch(
        """
        SELECT a.days, g.currency, g.is_ours, count(*)::int AS lots, sum(g.open)::int AS units,
               sum(g.value * g.open / g.quantity)::bigint AS value,
               count(*) FILTER (
                   WHERE $2::timestamptz > CASE WHEN g.is_ours THEN g.decide_by ELSE g.store_until END
               )::int AS overdue
        FROM returned_goods g CROSS JOIN LATERAL (
            SELECT max(d) AS days FROM unnest($3::int[]) AS d WHERE g.since <= $2::timestamptz - make_interval(days => d)
        ) a
        WHERE g.open > 0 AND ($1::bigint IS NULL OR g.merchant_id = $1)
        GROUP BY a.days, g.currency, g.is_ours ORDER BY a.days, g.currency, g.is_ours
        """,
        merchant_id,
        tx.now,
        list(AGES),
    )
    return [Age(**dict(row)) for row in rows]
