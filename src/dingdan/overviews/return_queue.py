"""Who waits for an answer about a return: what is due first at the top, with the clock that both sides see."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    resolution: str | None = None
    reason: str | None = None
    escalated: bool | None = None
    due_before: datetime | None = None
    is_paused: bool | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One application that nobody has decided. `due_at` stands still while the buyer is asked; past it, it was missed."""

    id: int
    order_id: int
    merchant_id: int
    resolution: str
    review_reasons: list[str]
    escalated: bool
    currency: str
    paid: int
    units: int
    shown: int
    requested_at: datetime
    due_at: datetime | None
    is_paused: bool


CONDITIONS = {
    "merchant_id": "r.merchant_id = {}",
    "resolution": "r.resolution = {}",
    "reason": "{} = ANY(r.review_reasons)",
    "escalated": "r.escalated = {}",
    "due_before": "d.due_at < {}",
    "is_paused": "(d.paused_at IS NOT NULL) = {}",
    # What has no clock any more went up, and waits longest.
    "after": "(COALESCE(d.due_at, '-infinity'), r.id) > (SELECT COALESCE(b.due_at, '-infinity'), a.id FROM returns a"
             " LEFT JOIN deadlines b ON b.subject_id = a.id AND b.kind = 'return.review' WHERE a.id = {})",
}  # fmt: skip


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One application more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    where, args = narrowed(CONDITIONS, asked)
    where = f"{where} AND r.decision = 'requested'" if where else "WHERE r.decision = 'requested'"
    rows = await tx.fetch(
        f"""
        SELECT r.id, r.order_id, r.merchant_id, r.resolution, r.review_reasons, r.escalated, o.currency, n.paid, n.units,
               cardinality(r.evidence) AS shown, r.requested_at, d.due_at, d.paused_at IS NOT NULL AS is_paused
        FROM returns r LEFT JOIN deadlines d ON d.subject_id = r.id AND d.kind = 'return.review'
        JOIN orders o ON o.id = r.order_id
        CROSS JOIN LATERAL (
            SELECT sum(l.quantity)::int AS units,
                   sum((b.goods - b.discount + b.tax) * l.quantity / b.quantity)::bigint AS paid
            FROM return_lines l JOIN order_lines b USING (order_id, line_no)
            WHERE l.order_id = r.order_id AND l.return_id = r.id
        ) AS n
        {where} ORDER BY COALESCE(d.due_at, '-infinity'), r.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
