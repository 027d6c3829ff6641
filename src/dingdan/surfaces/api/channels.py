"""Channels: where orders come from, and which warehouse serves them."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from dingdan.areas import inventory
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import (
    Currency,
    Input,
    List,
    MerchantRef,
    OfMerchant,
    Translations,
    View,
    Word,
    ref,
)


class ChannelInput(Input, frozen=True, kw_only=True):
    """A channel as it shall be; `warehouse` is the code of its first choice, `warehouses` of others that may serve it.

    Each order comes from the nearest that has all of it.
    """

    merchant: MerchantRef | None = None
    name: Translations
    currency: Currency
    warehouse: Word
    warehouses: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    active: bool = True


class ChannelView(View, frozen=True, kw_only=True):
    """A sales channel."""

    id: str
    merchant: str
    code: str
    name: dict[str, str]
    currency: str
    warehouse: str
    warehouses: list[str]
    active: bool


@put("/v1/channels/{code}", permission="channel.write")
async def save(tx: Tx, code: Word, body: ChannelInput) -> ChannelView:
    """Add a channel, or change the merchant's one with this code."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    await inventory.save_channel(
        tx,
        inventory.SaveChannel(
            merchant_id=merchant_id, code=code, name=body.name, currency=body.currency, warehouse=body.warehouse,
            active=body.active, warehouses=body.warehouses,
        ),
    )  # fmt: skip
    return await _show(tx, merchant_id, code)


@get("/v1/channels", permission="channel.read")
async def listed(tx: Tx, query: OfMerchant) -> List[ChannelView]:
    """A merchant's channels."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    found = await inventory.channels_of(tx, merchant_id)
    codes = {one.id: one.code for one in await inventory.warehouses_of(tx, merchant_id)}
    return List(items=[_view(one, codes) for one in found])


@get("/v1/channels/{code}", permission="channel.read")
async def show(tx: Tx, code: Word, query: OfMerchant) -> ChannelView:
    """One channel of a merchant."""
    return await _show(tx, await scope.merchant_id_meant(tx, query.merchant, "query.merchant"), code)


async def _show(tx: Tx, merchant_id: int, code: str) -> ChannelView:
    found = (await inventory.channels(tx, [(merchant_id, code)])).get((merchant_id, code))
    if found is None:
        raise scope.NothingThere("path.code")
    places = await inventory.warehouses(tx, found.served_from)
    return _view(found, {place.id: place.code for place in places.values()})


def _view(one: inventory.Channel, codes: Mapping[int, str]) -> ChannelView:
    return ChannelView(
        id=ref("channel", one.id), merchant=ref("merchant", one.merchant_id), code=one.code, name=one.name,
        currency=one.currency, warehouse=codes[one.warehouse_id],
        warehouses=[codes[place] for place in one.warehouse_ids], active=one.active,
    )  # fmt: skip


ROUTES = [save, listed, show]
