"""Transfers: goods that go from one warehouse to another in two steps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import catalog, inventory
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Input,
    MerchantRef,
    Page,
    PageQuery,
    Quantity,
    Sku,
    View,
    Word,
    allowed,
    page_of,
    ref,
    slice_of,
)

VERBS = {"sent": ["receive"]}
ACTIONS = {"receive": "stock.move"}


class TransferLineInput(Input, frozen=True, kw_only=True):
    """Units of a product that leave."""

    sku: Sku
    quantity: Quantity


class TransferInput(Input, frozen=True, kw_only=True):
    """What leaves which warehouse for which."""

    merchant: MerchantRef | None = None
    from_warehouse: Word
    to_warehouse: Word
    lines: Annotated[list[TransferLineInput], Meta(min_length=1, max_length=1_000)]


class ArrivedInput(Input, frozen=True, kw_only=True):
    """Units that came in, and units that will not come any more."""

    sku: Sku
    arrived: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    missing: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class ReceiveTransferInput(Input, frozen=True, kw_only=True):
    """What arrived; without lines everything that was on its way."""

    lines: Annotated[list[ArrivedInput], Meta(max_length=1_000)] | None = None


class TransferLineView(View, frozen=True, kw_only=True):
    """Units of a product: sent, arrived, missing and still on their way."""

    sku: str
    quantity: int
    arrived: int
    missing: int
    in_transit: int


class TransferView(View, frozen=True, kw_only=True):
    """Goods between two warehouses."""

    id: str
    merchant: str
    from_warehouse: str
    to_warehouse: str
    state: inventory.TransferState
    sent_at: datetime
    arrived_at: datetime | None
    lines: list[TransferLineView]
    deadline_at: datetime | None
    available_actions: list[str]


class TransferQuery(PageQuery, frozen=True, kw_only=True):
    """Whose transfers."""

    merchant: MerchantRef | None = None


@post("/v1/transfers", permission="stock.move", status=201)
async def send(tx: Tx, body: TransferInput) -> TransferView:
    """Send goods to another warehouse: they leave the shelf and are on their way, for sale in neither."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    named = [(body.from_warehouse, line.sku) for line in body.lines]
    shelves = await scope.shelves_meant(tx, merchant_id, named, "lines", place_path="from_warehouse")
    to = await scope.warehouse_meant(tx, body.merchant, body.to_warehouse, "to_warehouse")
    lines = tuple((product_id, line.quantity) for (_, product_id), line in zip(shelves, body.lines, strict=True))
    sent = await inventory.send_transfer(tx, inventory.SendTransfer(merchant_id, shelves[0][0], to.id, lines))
    return await _show(tx, sent)


@post("/v1/transfers/{transfer_id}/receive", permission="stock.move")
async def receive(tx: Tx, transfer_id: int, body: ReceiveTransferInput | None = None) -> TransferView:
    """Take in what came; parcels of one transfer may come one by one. Missing units are written off."""
    arrivals = None
    if body is not None and body.lines is not None:
        found = await inventory.transfer(tx, transfer_id)
        offers = await catalog.by_ids(tx, {line.product_id for line in found.lines})
        products = {offer.sku: i for i, offer in offers.items()}
        arrivals = [inventory.Arrived(products.get(line.sku, 0), line.arrived, line.missing) for line in body.lines]
    return await _show(tx, await inventory.receive_transfer(tx, transfer_id, arrivals))


@get("/v1/transfers", permission="stock.read")
async def listed(tx: Tx, query: TransferQuery) -> Page[TransferView]:
    """A merchant's transfers, oldest first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    asked = slice_of(query)
    found = await inventory.transfers_of(tx, merchant_id, asked.with_one_more)
    words = await _words(tx, found)
    return page_of(asked, found, lambda one: _view(tx, one, *words))


@get("/v1/transfers/{transfer_id}", permission="stock.read")
async def show(tx: Tx, transfer_id: int) -> TransferView:
    """One transfer."""
    return await _show(tx, await inventory.transfer(tx, transfer_id))


async def _show(tx: Tx, one: inventory.Transfer) -> TransferView:
    return _view(tx, one, *await _words(tx, [one]))


async def _words(tx: Tx, found: list[inventory.Transfer]) -> tuple[dict[int, str], dict[int, str]]:
    """The codes of warehouses and the SKUs of products that transfers name."""
    places = await inventory.warehouses(tx, {place for one in found for place in (one.from_id, one.to_id)})
    offers = await catalog.by_ids(tx, {line.product_id for one in found for line in one.lines})
    return {i: place.code for i, place in places.items()}, {i: offer.sku for i, offer in offers.items()}


def _view(tx: Tx, one: inventory.Transfer, codes: Mapping[int, str], skus: Mapping[int, str]) -> TransferView:
    return TransferView(
        id=ref("transfer", one.id), merchant=ref("merchant", one.merchant_id), from_warehouse=codes[one.from_id],
        to_warehouse=codes[one.to_id], state=one.state, sent_at=one.sent_at, arrived_at=one.arrived_at,
        lines=[
            TransferLineView(sku=skus[line.product_id], quantity=line.quantity, arrived=line.arrived,
                             missing=line.missing, in_transit=line.open)
            for line in one.lines
        ],
        deadline_at=None, available_actions=allowed(tx.actor, VERBS.get(str(one.state), []), ACTIONS),
    )  # fmt: skip


ROUTES = [send, receive, listed, show]
