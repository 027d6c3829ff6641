"""Goods come, go and are held back; what happened to them, move by move."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import inventory
from dingdan.overviews import movements
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.stock import LevelView, level_view
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.wire import (
    Code,
    Input,
    List,
    MerchantRef,
    Page,
    PageQuery,
    Sku,
    View,
    Word,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

Units = Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)]


class MoveInput(Input, frozen=True, kw_only=True):
    """One move. `verb`: receive, adjust (may be below zero), write_off, hold, release; `why` is a code like damaged.

    With `held` units are received into hold, or written off from there.
    """

    verb: inventory.Verb
    warehouse: Word
    sku: Sku
    quantity: Units
    why: Code | None = None
    held: bool = False


class MovesInput(Input, frozen=True, kw_only=True):
    """Moves of one merchant's goods, all or none."""

    merchant: MerchantRef | None = None
    moves: Annotated[list[MoveInput], Meta(min_length=1, max_length=500)]


class PlaceInput(Input, frozen=True, kw_only=True):
    """A product in a warehouse."""

    warehouse: Word
    sku: Sku


class ThawInput(Input, frozen=True, kw_only=True):
    """Where a product may be sold again."""

    merchant: MerchantRef | None = None
    places: Annotated[list[PlaceInput], Meta(min_length=1, max_length=500)]


class SafetyInput(Input, frozen=True, kw_only=True):
    """How many units are kept back for nobody."""

    merchant: MerchantRef | None = None
    safety: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class BinInput(Input, frozen=True, kw_only=True):
    """On which shelf it lies: zone-aisle-shelf, as in `A-02-10`; null where nobody knows."""

    merchant: MerchantRef | None = None
    bin: Annotated[str, Meta(min_length=1, max_length=60)] | None


class PlacedLevelView(View, frozen=True, kw_only=True):
    """What there is of a product in a warehouse, after a move."""

    sku: str
    level: LevelView


class MovementView(View, frozen=True, kw_only=True):
    """One change of one bucket: on_hand, held (a part of it), quarantine or in_transit. It is never changed."""

    id: str
    at: datetime
    warehouse: str
    sku: str
    bucket: str
    quantity: int
    reason: str
    why: str | None
    order_id: str | None


class MovementQuery(PageQuery, frozen=True, kw_only=True):
    """Whose movements, where, and of what."""

    merchant: MerchantRef | None = None
    warehouse: Word | None = None
    sku: Sku | None = None


@post("/v1/stock-movements", permission="stock.move")
async def move(tx: Tx, body: MovesInput) -> List[PlacedLevelView]:
    """Receive, adjust, write off, hold back or let go.

    Where less is left than orders hold, nothing more is sold from there, and the fact `stock.short` names the orders
    that cannot be served.
    """
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    places = await scope.shelves_meant(tx, merchant_id, [(m.warehouse, m.sku) for m in body.moves], "moves")
    wanted = [
        inventory.Move(m.verb, merchant_id, place, product_id, m.quantity, m.why, m.held)
        for m, (place, product_id) in zip(body.moves, places, strict=True)
    ]
    with scope.under("moves"):
        await inventory.move(tx, wanted)
    return await _levels(tx, merchant_id, [(m.warehouse, m.sku) for m in body.moves], places)


@post("/v1/stock/thaw", permission="stock.approve")
async def thaw(tx: Tx, body: ThawInput) -> List[PlacedLevelView]:
    """Sell again what was frozen; refused while the books still say less than is promised."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    named = [(one.warehouse, one.sku) for one in body.places]
    places = await scope.shelves_meant(tx, merchant_id, named, "places")
    with scope.under("places"):
        await inventory.thaw(tx, places)
    return await _levels(tx, merchant_id, named, places)


@put("/v1/safety-stock/{warehouse}/{sku:path}", permission="stock.write")
async def set_safety(tx: Tx, warehouse: Word, sku: Sku, body: SafetyInput) -> PlacedLevelView:
    """Keep units of a product back in a warehouse: they are there and are not sold."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    ((place, product_id),) = await scope.shelves_meant(tx, merchant_id, [(warehouse, sku)], "path")
    await inventory.set_safety(tx, [inventory.SetSafety(merchant_id, place, product_id, body.safety)])
    return (await _levels(tx, merchant_id, [(warehouse, sku)], [(place, product_id)])).items[0]


@put("/v1/bins/{warehouse}/{sku:path}", permission="stock.write")
async def set_bin(tx: Tx, warehouse: Word, sku: Sku, body: BinInput) -> PlacedLevelView:
    """Say on which shelf a product lies: pick lists show it and are sorted by it."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    ((place, product_id),) = await scope.shelves_meant(tx, merchant_id, [(warehouse, sku)], "path")
    await inventory.set_bins(tx, merchant_id, {(place, product_id): body.bin})
    return (await _levels(tx, merchant_id, [(warehouse, sku)], [(place, product_id)])).items[0]


@get("/v1/stock-movements", permission="stock.read")
async def listed(tx: Tx, query: MovementQuery) -> Page[MovementView]:
    """What happened to a merchant's goods, oldest first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    asked = slice_of(query)
    found = await movements.page(tx, merchant_id, asked.asked, warehouse=query.warehouse, sku=query.sku)
    return page_of(asked, found, _view)


async def _levels(
    tx: Tx, merchant_id: int, named: Sequence[tuple[str, str]], places: Sequence[tuple[int, int]]
) -> List[PlacedLevelView]:
    """The levels of shelves by their words (warehouse, SKU) and ids, each once."""
    levels = {(one.warehouse_id, one.product_id): one for one in await inventory.stock_levels(
        tx, merchant_id, {product_id for _, product_id in places})}  # fmt: skip
    return List(items=[
        PlacedLevelView(sku=sku, level=level_view(warehouse, levels[place]))
        for (warehouse, sku), place in dict(zip(named, places, strict=True)).items()
    ])  # fmt: skip


def _view(row: movements.Row) -> MovementView:
    return MovementView(
        id=ref("movement", row.id), at=row.at, warehouse=row.warehouse, sku=row.sku, bucket=row.bucket,
        quantity=row.quantity, reason=row.reason, why=row.why, order_id=ref_or_none("order", row.order_id),
    )  # fmt: skip


ROUTES = [move, thaw, set_safety, set_bin, listed]
