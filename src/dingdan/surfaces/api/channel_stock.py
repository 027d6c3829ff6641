"""What channels are told of our stock, and how far behind they are."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import channel_orders, channels, inventory
from dingdan.kernel import page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Cursor, Input, MerchantRef, OfMerchant, View, Word

Slice = Annotated[int, Meta(ge=1, le=1_000)]


class ChangesQuery(Input, frozen=True, kw_only=True):
    """Since when: `next` of the piece before, or nothing for everything."""

    merchant: MerchantRef | None = None
    since: Cursor | None = None
    limit: Slice = 500


class ChangeView(View, frozen=True, kw_only=True):
    """What the channel may sell of a product; of a bundle, how many whole ones."""

    sku: str
    available: int
    changed_at: datetime


class ChangesView(View, frozen=True, kw_only=True):
    """A piece of the feed. Ask again with `since` = `next`; `more` says whether there is something at once."""

    items: list[ChangeView]
    next: str
    more: bool


class AcknowledgeInput(Input, frozen=True, kw_only=True):
    """Up to where the channel has taken in what it read."""

    merchant: MerchantRef | None = None
    next: Cursor


class OrdersSyncView(View, frozen=True, kw_only=True):
    """How far a channel is behind what happened to its orders; lags over its last thousand acknowledgements."""

    backlog: int
    late: int
    oldest_at: datetime | None
    oldest_age_seconds: int
    lag_p50_ms: int | None
    lag_p95_ms: int | None
    target_seconds: int
    open_problems: int


class SyncView(View, frozen=True, kw_only=True):
    """How far a channel is behind: how many products changed since what it acknowledged, and since when."""

    channel: str
    acknowledged: str
    acknowledged_at: datetime | None
    behind: int
    behind_since: datetime | None
    lag_seconds: int
    orders: OrdersSyncView


@get("/v1/channels/{code}/stock", permission="stock.read")
async def changes(tx: Tx, code: Word, query: ChangesQuery) -> ChangesView:
    """What a channel may sell, as it changes: each product at its latest place, nothing skipped, repeats harmless."""
    channel = await scope.channel_meant(tx, query.merchant, code, "query.merchant")
    found = await channels.changes(tx, channel.id, _place(query.since, "query.since"), limit=query.limit)
    items = [ChangeView(sku=one.sku, available=one.available, changed_at=one.changed_at) for one in found.items]
    return ChangesView(items=items, next=page.encode_cursor(found.position), more=found.goes_on)


@post(
    "/v1/channels/{code}/stock/acknowledge",
    permission="channel.sync",
    why_unkeyed="a place is acknowledged once, however often it is said",
)
async def acknowledge(tx: Tx, code: Word, body: AcknowledgeInput) -> SyncView:
    """Say how far the channel has taken in what it read; it never goes back."""
    channel = await scope.channel_meant(tx, body.merchant, code)
    try:
        await channels.acknowledge(tx, channel, _place(body.next, "next"))
    except channels.NeverTold as refusal:
        raise type(refusal)("next", **refusal.params) from None
    return await _sync(tx, channel)


@get("/v1/channels/{code}/sync", permission="stock.read")
async def sync(tx: Tx, code: Word, query: OfMerchant) -> SyncView:
    """How far a channel is behind what it was told."""
    return await _sync(tx, await scope.channel_meant(tx, query.merchant, code, "query.merchant"))


def _place(cursor: str | None, path: str) -> int:
    if cursor is None:
        return 0
    place = page.decode_cursor(cursor)
    if place is None:
        raise Malformed(path, what="not a place that the feed gave out", what_zh="不是推送给出的位置")
    return place


async def _sync(tx: Tx, channel: inventory.Channel) -> SyncView:
    one = await channels.sync(tx, channel.id)
    lag = 0 if one.behind_since is None else int((tx.now - one.behind_since).total_seconds())
    return SyncView(
        channel=channel.code, acknowledged=page.encode_cursor(one.acknowledged), acknowledged_at=one.acknowledged_at,
        behind=one.behind, behind_since=one.behind_since, lag_seconds=max(0, lag),
        orders=await _orders(tx, channel.id),
    )  # fmt: skip


async def _orders(tx: Tx, channel_id: int) -> OrdersSyncView:
    one = await channel_orders.sync(tx, channel_id)
    age = 0 if one.oldest_at is None else int((tx.now - one.oldest_at).total_seconds())
    return OrdersSyncView(
        backlog=one.backlog, late=one.late, oldest_at=one.oldest_at, oldest_age_seconds=age, lag_p50_ms=one.lag_p50_ms,
        lag_p95_ms=one.lag_p95_ms, target_seconds=int(channel_orders.TARGET.total_seconds()),
        open_problems=one.open_problems,
    )  # fmt: skip


ROUTES = [changes, acknowledge, sync]
