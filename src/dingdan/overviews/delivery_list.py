"""What was sent to any endpoint within reach, the newest first, with the last answer."""

from datetime import datetime

import msgspec

from dingdan.areas import webhooks
from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    standing: str | None = None
    wire: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery."""

    id: int
    endpoint_id: int
    wire: str
    tries: int
    created_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    url: str
    last_status: int | None

    @property
    def standing(self) -> webhooks.Standing:
        """Where it stands."""
        if self.delivered_at is not None:
            return webhooks.Standing.DELIVERED
        return webhooks.Standing.PENDING if self.failed_at is None else webhooks.Standing.FAILED


_CONDITIONS = {
    "merchant_id": "d.merchant_id = {}", "wire": "d.wire = {}", "after": "d.id < {}",
    "standing": "(CASE WHEN d.delivered_at IS NOT NULL THEN 'delivered' WHEN d.failed_at IS NOT NULL THEN 'failed'"
                " ELSE 'pending' END) = {}",
}  # fmt: skip


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Line]:
    """One line more than the slice asks for."""
    where, args = narrowed(_CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT d.id, d.endpoint_id, d.wire, d.tries, d.created_at, d.delivered_at, d.failed_at, e.url,
            (SELECT a.status FROM webhook_attempts a WHERE a.delivery_id = d.id ORDER BY a.number DESC LIMIT 1) AS last_status
        FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
        {where} ORDER BY d.id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - our own words
        *args,
    )
    return [Line(**dict(row)) for row in rows]
