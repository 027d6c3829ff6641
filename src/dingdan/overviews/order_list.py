"""The list of orders: newest first, narrowed by what people ask for."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of orders is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    state: str | None = None
    buyer_id: int | None = None
    order_id: int | None = None
    tag: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One order as a list shows it; amounts in minor units of `currency`."""

    id: int
    merchant_id: int
    channel: str
    reference: str | None
    state: str
    currency: str
    total: int
    refunded: int
    lines: int
    units: int
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    under_review_since: datetime | None = None
    dispatch_locked_at: datetime | None = None


CONDITIONS = {
    "merchant_id": "o.merchant_id = {}",
    "state": "o.state = {}",
    "buyer_id": "o.buyer_id = {}",
    "order_id": "o.id = {}",
    "tag": "EXISTS (SELECT FROM order_tags t WHERE t.order_id = o.id AND t.tag = {})",
    "placed_from": "o.placed_at >= {}",
    "placed_before": "o.placed_at < {}",
    "after": "o.id < {}",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One order more than the slice asks for, so that the caller sees whether there is a next one."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT o.id, o.merchant_id, c.code AS channel, o.reference, o.state, o.currency, o.total, o.refunded,
               n.lines, n.units, o.placed_at, o.paid_at, o.shipped_at, o.delivered_at,
               o.under_review_since, o.dispatch_locked_at
        FROM (SELECT * FROM orders o {where} ORDER BY o.id DESC LIMIT {slice_.limit + 1}) AS o
        JOIN channels c ON c.id = o.channel_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS lines, sum(l.quantity) AS units FROM order_lines l WHERE l.order_id = o.id
        ) AS n
        ORDER BY o.id DESC
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]


def narrowed(conditions: dict[str, str], values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The WHERE of those conditions that have a value, and the values: the planner sees only what is asked."""
    chosen = {name: value for name, value in values.items() if value is not None}
    parts = [conditions[name].format(f"${n}") for n, name in enumerate(chosen, start=1)]
    return ("WHERE " + " AND ".join(parts) if parts else "", list(chosen.values()))
