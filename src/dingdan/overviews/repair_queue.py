"""Repairs: what is due first at the top, with the clock that runs on each, or whom it waits for while it stands still."""

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
    """One repair. `due_at` is until when the goods are sent, mended, chosen for, or with the buyer again."""

    id: int
    return_id: int
    order_id: int
    merchant_id: int
    state: str
    journey: str
    units: int
    asked_at: datetime
    begun_at: datetime | None
    overdue_at: datetime | None
    due_at: datetime | None
    waits_for: str | None


CONDITIONS = {
    "merchant_id": "e.merchant_id = {}",
    "state": "e.state = {}",
    "order_id": "e.order_id = {}",
    "is_overdue": "(e.overdue_at IS NOT NULL) = {}",
    "due_before": "c.due_at < {}",
    "after": "(COALESCE(c.due_at, 'infinity'), e.id) > (SELECT COALESCE(b.due_at, 'infinity'), a.id FROM repairs a"
             " LEFT JOIN LATERAL ({clock_of_a}) b ON true WHERE a.id = {})",
}  # fmt: skip

# A clock that stands still has no moment, and says whom it waits for.
_CLOCK = """
    SELECT CASE WHEN d.paused_at IS NULL THEN d.due_at END AS due_at,
           COALESCE(d.waiting_for, CASE d.kind WHEN 'repair.finish_by' THEN 'merchant' WHEN 'repair.arrive_by' THEN 'carrier'
                                   ELSE 'buyer' END) AS waits_for
    FROM deadlines d
    WHERE d.kind = 'return.send_by' AND d.subject_id = {0}.return_id
       OR d.kind IN ('repair.finish_by', 'repair.choose_by', 'repair.arrive_by') AND d.subject_id = {0}.id
    ORDER BY d.due_at LIMIT 1
"""
OPEN = "r.decision = 'approved' AND e.state IN ('asked', 'mending', 'returning', 'choosing')"


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One repair more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    conditions = {**CONDITIONS, "after": CONDITIONS["after"].replace("{clock_of_a}", _CLOCK.format("a"))}
    where, args = narrowed(conditions, asked)
    if wanted.state is None:
        where = f"{where} AND {OPEN}" if where else f"WHERE {OPEN}"
    rows = await tx.fetch(
        f"""
        SELECT e.id, e.return_id, e.order_id, e.merchant_id, e.state, r.journey, n.units, e.asked_at, e.begun_at,
               e.overdue_at, c.due_at, c.waits_for
        FROM repairs e JOIN returns r ON r.id = e.return_id
        CROSS JOIN LATERAL (
            SELECT sum(l.quantity)::int AS units FROM return_lines l
            WHERE l.order_id = e.order_id AND l.return_id = e.return_id
        ) AS n
        LEFT JOIN LATERAL ({_CLOCK.format("e")}) c ON true
        {where} ORDER BY COALESCE(c.due_at, 'infinity'), e.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
