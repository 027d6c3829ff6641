"""Pools: what a channel may count on of a product in a warehouse, and what it may not exceed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import catalog, inventory
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import (
    Input,
    MerchantRef,
    Page,
    PageQuery,
    Sku,
    View,
    Word,
    page_of,
    ref,
    slice_of,
)

Units = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class PoolInput(Input, frozen=True, kw_only=True):
    """A channel's allotment of a product in a warehouse; without a warehouse in the channel's first one.

    Other channels leave `guaranteed` units to it, it takes at most `most`, and `buffer` units are kept back from it.
    Units count from when the allotment was first set, or begin anew with `renew`. All of nothing ends it.
    """

    merchant: MerchantRef | None = None
    warehouse: Word | None = None
    guaranteed: Units = 0
    most: Units | None = None
    buffer: Units = 0
    renew: bool = False


class PoolView(View, frozen=True, kw_only=True):
    """An allotment as it stands; `taken` are units held or sold since it began."""

    id: str
    channel: str
    warehouse: str
    sku: str
    guaranteed: int
    most: int | None
    buffer: int
    taken: int
    since: datetime


class PoolsView(View, frozen=True, kw_only=True):
    """A channel's allotments of one product: none, or one for each warehouse."""

    items: list[PoolView]


class PoolQuery(PageQuery, frozen=True, kw_only=True):
    """Whose channel."""

    merchant: MerchantRef | None = None


@put("/v1/channels/{code}/pools/{sku:path}", permission="stock.write")
async def set_pool(tx: Tx, code: Word, sku: Sku, body: PoolInput) -> PoolsView:
    """Set what a channel may count on and may not exceed, so that none is starved by another."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    channel = await _channel(tx, merchant_id, code)
    warehouse = body.warehouse
    if warehouse is None:
        warehouse = (await inventory.warehouses(tx, [channel.warehouse_id]))[channel.warehouse_id].code
    ((place, product_id),) = await scope.shelves_meant(tx, merchant_id, [(warehouse, sku)], "", place_path="warehouse")
    wanted = inventory.SetPool(merchant_id, place, product_id, channel.id, body.guaranteed, body.most, body.buffer,
                               body.renew)  # fmt: skip
    with rows.one_of_a_set():
        await inventory.set_pools(tx, [wanted])
    found = await inventory.pools_of(tx, channel.id, product_id=product_id)
    words = await _words(tx, found)
    return PoolsView(items=[_view(one, code, *words) for one in found])


@get("/v1/channels/{code}/pools", permission="stock.read")
async def listed(tx: Tx, code: Word, query: PoolQuery) -> Page[PoolView]:
    """A channel's allotments, oldest first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    channel = await _channel(tx, merchant_id, code)
    asked = slice_of(query)
    found = await inventory.pools_of(tx, channel.id, after=asked.asked.after or 0, limit=asked.with_one_more.limit)
    words = await _words(tx, found)
    return page_of(asked, found, lambda one: _view(one, code, *words))


async def _channel(tx: Tx, merchant_id: int, code: str) -> inventory.Channel:
    found = (await inventory.channels(tx, [(merchant_id, code)])).get((merchant_id, code))
    if found is None:
        raise scope.NothingThere("path.code")
    return found


async def _words(tx: Tx, found: list[inventory.PoolLevel]) -> tuple[dict[int, str], dict[int, str]]:
    places = await inventory.warehouses(tx, {one.warehouse_id for one in found})
    offers = await catalog.by_ids(tx, {one.product_id for one in found})
    return {i: place.code for i, place in places.items()}, {i: offer.sku for i, offer in offers.items()}


def _view(one: inventory.PoolLevel, channel: str, codes: Mapping[int, str], skus: Mapping[int, str]) -> PoolView:
    return PoolView(
        id=ref("pool", one.id), channel=channel, warehouse=codes[one.warehouse_id], sku=skus[one.product_id],
        guaranteed=one.guaranteed, most=one.most, buffer=one.buffer, taken=one.taken, since=one.since,
    )  # fmt: skip


ROUTES = [set_pool, listed]
