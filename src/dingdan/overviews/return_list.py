"""The list of returns: newest first, narrowed by what people ask for."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of returns is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    order_id: int | None = None
    decision: str | None = None
    journey: str | None = None
    outcome: str | None = None
    resolution: str | None = None
    needs_review: bool | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One return as a list shows it."""

    id: int
    order_id: int
    merchant_id: int
    decision: str
    journey: str
    outcome: str
    resolution: str
    escalated: bool
    review_reasons: list[str]
    units: int
    requested_at: datetime
    send_by: datetime | None
    received_at: datetime | None
    settled_at: datetime | None


CONDITIONS = {
    "merchant_id": "r.merchant_id = {}",
    "order_id": "r.order_id = {}",
    "decision": "r.decision = {}",
    "journey": "r.journey = {}",
    "outcome": "r.outcome = {}",
    "resolution": "r.resolution = {}",
    "needs_review": "(r.decision = 'requested' AND cardinality(r.review_reasons) > 0) = {}",
    "after": "r.id < {}",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One return more than the slice asks for."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT r.id, r.order_id, r.merchant_id, r.decision, r.journey, r.outcome, r.resolution, r.escalated,
               r.review_reasons,
               (SELECT sum(l.quantity) FROM return_lines l WHERE l.order_id = r.order_id AND l.return_id = r.id) AS units,
               r.requested_at, r.send_by, r.received_at, r.settled_at
        FROM returns r {where} ORDER BY r.id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
