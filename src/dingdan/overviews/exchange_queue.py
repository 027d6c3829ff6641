"""Exchanges: what is due first at the top, with the clock that runs on each."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue is narrowed to; None leaves it open, and without `state` it holds what is not over."""

    merchant_id: int | None = None
    state: str | None = None
    order_id: int | None = None
    is_overdue: bool | None = None
    due_before: datetime | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange. `due_at` is until when the difference is paid, else until when something is sent or the goods are."""

    id: int
    return_id: int
    order_id: int
    sent_order_id: int
    merchant_id: int
    state: str
    journey: str
    outcome: str
    currency: str
    worth: int | None
    price: int | None
    units: int
    is_ahead: bool
    asked_at: datetime
    overdue_at: datetime | None
    due_at: datetime | None
    waits_for: str | None


CONDITIONS = {
    "merchant_id": "e.merchant_id = {}",
    "state": "e.state = {}",
    "order_id": "e.order_id = {}",
    "is_overdue": "(e.overdue_at IS NOT NULL) = {}",
    "due_before": "c.due_at < {}",
    "after": "(COALESCE(c.due_at, 'infinity'), e.id) > (SELECT COALESCE(b.due_at, 'infinity'), a.id FROM exchanges a"
             " LEFT JOIN LATERAL ({clock_of_a}) b ON true WHERE a.id = {})",
}  # fmt: skip

# The buyer's clock comes first: while the difference, or the goods, are theirs to send, nobody else is waited for.
_CLOCK = """
    SELECT d.due_at, CASE d.kind WHEN 'exchange.ship_by' THEN 'merchant' ELSE 'buyer' END AS waits_for FROM deadlines d
    WHERE d.kind = 'order.pay_by' AND d.subject_id = {0}.sent_order_id
       OR d.kind = 'return.send_by' AND d.subject_id = {0}.return_id
       OR d.kind = 'exchange.ship_by' AND d.subject_id = {0}.id
    ORDER BY d.kind = 'exchange.ship_by', d.due_at LIMIT 1
"""
OPEN = "r.decision IN ('requested', 'approved') AND e.state IN ('asked', 'short', 'reserved', 'difference', 'replaced', 'owed')"


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One exchange more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    conditions = {**CONDITIONS, "after": CONDITIONS["after"].replace("{clock_of_a}", _CLOCK.format("a"))}
    where, args = narrowed(conditions, asked)
    if wanted.state is None:
        where = f"{where} AND {OPEN}" if where else f"WHERE {OPEN}"
    rows = await tx.fetch(
        f"""
        SELECT e.id, e.return_id, e.order_id, e.sent_order_id, e.merchant_id, e.state, r.journey, r.outcome, o.currency,
               e.worth, e.price, n.units, e.ahead_at IS NOT NULL AS is_ahead, e.asked_at, e.overdue_at, c.due_at,
               c.waits_for
        FROM exchanges e JOIN returns r ON r.id = e.return_id JOIN orders o ON o.id = e.order_id
        CROSS JOIN LATERAL (
            SELECT sum(l.quantity)::int AS units FROM exchange_lines l WHERE l.exchange_id = e.id
        ) AS n
        LEFT JOIN LATERAL ({_CLOCK.format("e")}) c ON true
        {where} ORDER BY COALESCE(c.due_at, 'infinity'), e.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
