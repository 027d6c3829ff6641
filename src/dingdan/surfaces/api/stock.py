"""Stock: what lies where, and what is spoken for."""

from dingdan.areas import catalog, inventory
from dingdan.overviews import stock_list
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


class CountInput(Input, frozen=True, kw_only=True):
    """Units that somebody counted. With `if_on_hand` it is refused where the books say something else by now."""

    merchant: MerchantRef | None = None
    on_hand: int
    if_on_hand: int | None = None


class LevelView(View, frozen=True, kw_only=True):
    """What there is of a product in a warehouse.

    `available` can still be sold: on_hand - reserved - safety - held. `quarantine` came back and waits for a look,
    `in_transit` is on its way from another warehouse. Nothing is sold where it is `frozen`. `bin` is its shelf.
    """

    warehouse: str
    on_hand: int
    reserved: int
    held: int
    safety: int
    available: int
    quarantine: int
    in_transit: int
    frozen: bool
    bin: str | None


class StockView(View, frozen=True, kw_only=True):
    """A product with what there is of it in each warehouse."""

    product: str
    sku: str
    levels: list[LevelView]


class StockQuery(PageQuery, frozen=True, kw_only=True):
    """Whose stock, where, and of what."""

    merchant: MerchantRef | None = None
    warehouse: Word | None = None
    sku: Sku | None = None


@put("/v1/stock/{warehouse}/{sku:path}", permission="stock.write")
async def count(tx: Tx, warehouse: Word, sku: Sku, body: CountInput) -> LevelView:
    """Set what is on hand to what was counted; the difference is written down as a movement."""
    place = await scope.warehouse_meant(tx, body.merchant, warehouse, "path.warehouse")
    found = await catalog.offers(tx, [(place.merchant_id, sku)])
    if not found:
        raise catalog.ProductUnknown("path.sku", sku=sku)
    product_id = found[place.merchant_id, sku].product_id
    wanted = inventory.Count(place.merchant_id, place.id, product_id, body.on_hand, body.if_on_hand)
    with rows.one_of_a_set():
        await inventory.count(tx, [wanted])
    return level_view(warehouse, await stock_list.at(tx, place.merchant_id, warehouse, sku))


@get("/v1/stock", permission="stock.read")
async def listed(tx: Tx, query: StockQuery) -> Page[StockView]:
    """A merchant's stock by product; products that no warehouse ever had are not listed."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    asked = slice_of(query)
    found = await stock_list.page(tx, merchant_id, asked.asked, warehouse=query.warehouse, sku=query.sku)
    return page_of(asked, found, _view)


def _view(row: stock_list.Row) -> StockView:
    return StockView(
        product=ref("product", row.id), sku=row.sku, levels=[level_view(one.warehouse, one) for one in row.levels]
    )


def level_view(warehouse: str, one: stock_list.Level | inventory.StockLevel) -> LevelView:
    """What there is of one product in one warehouse, as it is shown."""
    return LevelView(
        warehouse=warehouse, on_hand=one.on_hand, reserved=one.reserved, held=one.held, safety=one.safety,
        available=one.on_hand - one.reserved - one.safety - one.held, quarantine=one.quarantine,
        in_transit=one.in_transit, frozen=one.is_frozen, bin=one.bin,
    )  # fmt: skip


ROUTES = [count, listed]
