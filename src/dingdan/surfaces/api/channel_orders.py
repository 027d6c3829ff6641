"""Orders made on channels: recorded whatever they say; what does not fit, and what is told back."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas import channel_orders, inventory
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import channel_order_list
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import channel_order_views as views
from dingdan.surfaces.api.channel_order_views import ChannelOrderRow, ChannelOrderView, RecordedView, UpdateView
from dingdan.surfaces.shared import bodies, scope
from dingdan.surfaces.shared.channel_words import ToldInput
from dingdan.surfaces.shared.doors import Ask, get, post, put
from dingdan.surfaces.shared.problems import ProblemItem, problem_item, status_of
from dingdan.surfaces.shared.wire import (
    Code,
    Id,
    Input,
    MerchantRef,
    OfMerchant,
    Page,
    PageQuery,
    Sku,
    View,
    Word,
    number,
    page_of,
    slice_of,
)

MOST = 500
UNKEYED = "a channel's number is recorded once, however often it is told"


class OneInput(ToldInput, frozen=True, kw_only=True):
    """An order of a channel; a platform key names the merchant."""

    merchant: MerchantRef | None = None


# Whatever stands in the list is answered, so that anything may; this is what is understood.
_SCHEMA = msgspec.json.schema_components([ToldInput], ref_template="#/components/schemas/{name}")[1]
_ANYTHING = {"anyOf": [_SCHEMA["ToldInput"], {"description": "Anything else is refused, by itself."}]}


class BulkInput(Input, frozen=True, kw_only=True):
    """Orders, each read by itself: one that has not the right form is answered by itself too."""

    merchant: MerchantRef | None = None
    orders: Annotated[
        list[Annotated[msgspec.Raw, Meta(extra_json_schema=_ANYTHING)]], Meta(min_length=1, max_length=MOST)
    ]


class BulkResult(View, frozen=True, kw_only=True):
    """What became of one order: the status that a request of its own would have been answered with."""

    status: int
    order: RecordedView | None
    problems: list[ProblemItem]


class BulkView(View, frozen=True, kw_only=True):
    """A result for each order, in the order of the request."""

    results: list[BulkResult]


Problem = Literal[
    "any", "unknown_sku", "no_policy", "no_stock", "sums_differ", "overpaid", "refund_exceeds", "address_unusable",
    "changed", "cancelled_too_late", "ended_here", "unknown_carrier",
    "part_shipped", "import_limit",
]  # fmt: skip


class ListQuery(PageQuery, frozen=True, kw_only=True):
    """Which orders: by the channel's number, or those with an open problem of a kind, or with any."""

    merchant: MerchantRef | None = None
    number: Word | None = None
    problem: Problem | None = None


class UpdatesQuery(PageQuery, frozen=True, kw_only=True):
    """Whose updates, and after which."""

    merchant: MerchantRef | None = None


class RetryInput(Input, frozen=True, kw_only=True):
    """Whose; a platform key must say."""

    merchant: MerchantRef | None = None


class ResolveInput(Input, frozen=True, kw_only=True):
    """Why it may stay as it is; without `problems` all that are open."""

    reason: Code
    problems: Annotated[tuple[channel_orders.ProblemKind, ...], Meta(max_length=20)] = ()


class SkuEntry(Input, frozen=True, kw_only=True):
    """The channel's word for a product, and ours."""

    sku: Sku
    ours: Sku


class SkuMapInput(Input, frozen=True, kw_only=True):
    """Words to be kept; others stay as they are."""

    merchant: MerchantRef | None = None
    entries: Annotated[list[SkuEntry], Meta(min_length=1, max_length=1_000)]


class SkuMapSaved(View, frozen=True, kw_only=True):
    """How many words were kept, and how many orders that waited for one were looked at again."""

    entries: int
    orders: int


class SkuMapQuery(Input, frozen=True, kw_only=True):
    """Which part of the map: the words behind one."""

    merchant: MerchantRef | None = None
    after: Sku | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 500


class SkuPairView(View, frozen=True, kw_only=True):
    """The channel's word for a product, and ours."""

    sku: str
    ours: str


class SkuMapView(View, frozen=True, kw_only=True):
    """A part of the map; `next` is the word to go on behind."""

    items: list[SkuPairView]
    next: str | None


class AcknowledgeInput(Input, frozen=True, kw_only=True):
    """The updates that the channel has."""

    merchant: MerchantRef | None = None
    ids: Annotated[list[Id], Meta(min_length=1, max_length=1_000)]


class Acknowledged(View, frozen=True, kw_only=True):
    """How many of them it had not acknowledged before."""

    acknowledged: int


@post("/v1/channels/{code}/orders", permission="channel_order.write", why_unkeyed=UNKEYED)
async def tell(tx: Tx, code: Word, body: OneInput) -> RecordedView:
    """Record an order whose contract was formed on the channel; it is never refused for what it says.

    Said twice, late or out of order it ends in the same place. `problems` names what does not fit and holds it.
    """
    channel = await scope.channel_meant(tx, body.merchant, code)
    (made,) = await channel_orders.take_in(tx, channel, [body.as_told()])
    return views.recorded(made)


@post("/v1/channels/{code}/orders/bulk", permission="channel_order.write", why_unkeyed=UNKEYED)
async def tell_many(ask: Ask, code: Word, body: BulkInput) -> BulkView:
    """Record up to 500 orders, a result for each in the order of the request; none hurts another."""
    async with ask.db.reading(ask.actor) as tx:
        channel = await scope.channel_meant(tx, body.merchant, code)
    read = [_read(raw) for raw in body.orders]
    told = [one.as_told() for one in read if isinstance(one, ToldInput)]
    made = iter(await do(ask.db, ask.actor, channel_orders.take_in, channel, told) if told else [])
    return BulkView(results=[
        _refused(one) if isinstance(one, Refusal)
        else BulkResult(status=200, order=views.recorded(next(made)), problems=[])
        for one in read
    ])  # fmt: skip


@get("/v1/channels/{code}/orders", permission="channel_order.read")
async def listed(tx: Tx, code: Word, query: ListQuery) -> Page[ChannelOrderRow]:
    """Orders of a channel, newest first, with what does not fit about them."""
    channel = await scope.channel_meant(tx, query.merchant, code, "query.merchant")
    wanted = channel_order_list.Filter(channel_id=channel.id, number=query.number, problem=query.problem)
    asked = slice_of(query)
    return page_of(asked, await channel_order_list.page(tx, wanted, asked.asked), views.row)


@get("/v1/channels/{code}/orders/{channel_order_id}", permission="channel_order.read")
async def show(tx: Tx, code: Word, channel_order_id: int, query: OfMerchant) -> ChannelOrderView:
    """One order as its channel told it, with every problem it has or had and what can be done."""
    await _of_channel(tx, code, query.merchant, channel_order_id, "query.merchant")
    return await views.one(tx, channel_order_id)


@post("/v1/channels/{code}/orders/{channel_order_id}/retry", permission="channel_order.write")
async def retry(tx: Tx, code: Word, channel_order_id: int, body: RetryInput | None = None) -> ChannelOrderView:
    """Try again what could not be done: write the order, take stock, book what waits."""
    await _of_channel(tx, code, body.merchant if body else None, channel_order_id)
    await channel_orders.retry(tx, channel_order_id)
    return await views.one(tx, channel_order_id)


@post("/v1/channels/{code}/orders/{channel_order_id}/resolve", permission="channel_order.write")
async def resolve(tx: Tx, code: Word, channel_order_id: int, body: ResolveInput) -> ChannelOrderView:
    """Live with what does not fit, for a reason; the order goes on when nothing else holds it."""
    await _of_channel(tx, code, None, channel_order_id)
    await channel_orders.resolve(tx, channel_order_id, body.problems, reason=body.reason)
    return await views.one(tx, channel_order_id)


@put("/v1/channels/{code}/sku-map", permission="channel_order.write")
async def save_sku_map(tx: Tx, code: Word, body: SkuMapInput) -> SkuMapSaved:
    """Say what the channel calls our products; orders that waited for one of these words are written."""
    channel = await scope.channel_meant(tx, body.merchant, code)
    pairs = [channel_orders.SkuPair(one.sku.strip(), one.ours.strip()) for one in body.entries]
    written = await channel_orders.save_sku_map(tx, channel, pairs)
    return SkuMapSaved(entries=len(pairs), orders=written)


@get("/v1/channels/{code}/sku-map", permission="channel_order.read")
async def sku_map(tx: Tx, code: Word, query: SkuMapQuery) -> SkuMapView:
    """What the channel calls our products, where it calls them otherwise."""
    channel = await scope.channel_meant(tx, query.merchant, code, "query.merchant")
    found = await channel_orders.sku_map(tx, channel.id, after=query.after or "", limit=query.limit + 1)
    shown = found[: query.limit]
    items = [SkuPairView(sku=pair.sku, ours=pair.ours) for pair in shown]
    return SkuMapView(items=items, next=shown[-1].sku if len(found) > query.limit else None)


@get("/v1/channels/{code}/updates", permission="channel_order.read")
async def updates(tx: Tx, code: Word, query: UpdatesQuery) -> Page[UpdateView]:
    """What happened here to the channel's orders and it has not acknowledged, oldest first."""
    channel = await scope.channel_meant(tx, query.merchant, code, "query.merchant")
    asked = slice_of(query)
    found = await channel_orders.updates(tx, channel.id, asked.with_one_more)
    return page_of(asked, found, lambda one: views.update(one, tx.now))


@post(
    "/v1/channels/{code}/updates/ack",
    permission="channel_order.write",
    why_unkeyed="an update is acknowledged once, however often it is said",
)
async def acknowledge(tx: Tx, code: Word, body: AcknowledgeInput) -> Acknowledged:
    """Say which updates the channel has; they are not handed out again."""
    channel = await scope.channel_meant(tx, body.merchant, code)
    ids = [number("channel_update", text, f"ids[{i}]") for i, text in enumerate(body.ids)]
    return Acknowledged(acknowledged=await channel_orders.acknowledge(tx, channel, ids))


async def _of_channel(
    tx: Tx, code: str, merchant: str | None, channel_order_id: int, path: str = "merchant"
) -> inventory.Channel:
    """The channel must be the order's own. Raises NothingThere or ChannelOrderUnknown."""
    row = await channel_order_list.one(tx, channel_order_id)
    if merchant is not None:
        await scope.merchant_id_meant(tx, merchant, path)
    channels = {one.code: one for one in await inventory.channels_of(tx, row.merchant_id)}
    if code not in channels or channels[code].id != row.channel_id:
        raise channel_orders.ChannelOrderUnknown("path.code")
    return channels[code]


def _read(raw: msgspec.Raw) -> ToldInput | Refusal:
    try:
        return msgspec.json.decode(raw, type=ToldInput)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return bodies.malformed(error)


def _refused(refusal: Refusal) -> BulkResult:
    return BulkResult(status=status_of(refusal), order=None, problems=[problem_item(one) for one in refusal.problems])


ROUTES = [
    tell, tell_many, listed, show, retry, resolve, save_sku_map, sku_map, updates, acknowledge,
]  # fmt: skip
