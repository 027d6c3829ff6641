"""Products and their prices."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import catalog, placement
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import looks, rows, scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    Input,
    Line,
    MerchantRef,
    MoneyInput,
    OfMerchant,
    Page,
    PageQuery,
    Quantity,
    Sku,
    Titles,
    View,
    Word,
    page_of,
    ref,
    slice_of,
)


class ComponentInput(Input, frozen=True, kw_only=True):
    """A product that lies in a bundle, and how many of it in each."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=1_000)] = 1


class ProductInput(Input, frozen=True, kw_only=True):
    """A product as it shall be. Flags: presale, custom_made, cross_border, perishable, virtual, intimate, numbered.

    With `components` it is a bundle: what is kept in stock, picked and sent are those. Products with one word in
    `variant_of` are variants of one thing. `gtin` is the number below the bars of the thing; of what is `numbered` each
    piece has a serial number, which is asked for when it is packed.
    """

    merchant: MerchantRef | None = None
    title: Titles
    category: Line
    flags: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    active: bool = True
    components: Annotated[tuple[ComponentInput, ...], Meta(max_length=50)] = ()
    weight_grams: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    min_quantity: Quantity = 1
    max_quantity: Quantity | None = None
    max_per_buyer: Quantity | None = None
    variant_of: Word | None = None
    gtin: Word | None = None


class PriceInput(Input, frozen=True, kw_only=True):
    """What one unit costs in one currency; prices in other currencies stay. It is never sold below its `floor`.

    Without a `floor` the one that is there stays; an amount of 0 takes it away.
    """

    merchant: MerchantRef | None = None
    price: MoneyInput
    floor: MoneyInput | None = None


class ComponentView(View, frozen=True, kw_only=True):
    """A product that lies in a bundle, and how many of it in each."""

    sku: str
    quantity: int


class ReleaseInput(Input, frozen=True, kw_only=True):
    """Whose product; a platform key must say."""

    merchant: MerchantRef | None = None


class ProductView(View, frozen=True, kw_only=True):
    """A product with its price in every currency it has one in."""

    id: str
    merchant: str
    sku: str
    title: dict[str, str]
    category: str
    flags: Sequence[str]
    active: bool
    prices: list[Money]
    floors: list[Money]
    components: list[ComponentView]
    weight_grams: int
    min_quantity: int
    max_quantity: int | None
    max_per_buyer: int | None
    variant_of: str | None
    gtin: str | None
    is_price_paused: bool
    # Where its picture is, on this host.
    picture: str | None


class ProductQuery(PageQuery, frozen=True, kw_only=True):
    """Whose products."""

    merchant: MerchantRef | None = None


class _Row(msgspec.Struct, frozen=True):
    id: int
    offer: catalog.Offer


@put("/v1/products/{sku:path}", permission="product.write")
async def save(tx: Tx, sku: Sku, body: ProductInput) -> ProductView:
    """Add a product, or change the merchant's one with this SKU."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    wanted = catalog.SaveProduct(
        merchant_id=merchant_id,
        sku=sku,
        title=body.title,
        category=body.category,
        flags=body.flags,
        active=body.active,
        components=tuple((one.sku, one.quantity) for one in body.components),
        weight_grams=body.weight_grams,
        min_quantity=body.min_quantity,
        max_quantity=body.max_quantity,
        max_per_buyer=body.max_per_buyer,
        variant_of=body.variant_of,
        gtin=body.gtin,
    )
    with rows.one_of_a_set():
        await catalog.save_products(tx, [wanted])
    return await _show(tx, merchant_id, sku.strip())


@put("/v1/prices/{sku:path}", permission="price.write")
async def set_price(tx: Tx, sku: Sku, body: PriceInput) -> ProductView:
    """Set what a product costs in one currency."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    if body.floor is not None and body.floor.currency != body.price.currency:
        raise Malformed("floor.currency", what="not the currency of the price", what_zh="与售价币种不一致")
    wanted = catalog.SavePrice(
        merchant_id=merchant_id, sku=sku, currency=body.price.currency, amount=body.price.amount,
        floor=None if body.floor is None else body.floor.amount,
    )  # fmt: skip
    with rows.one_of_a_set():
        await catalog.save_prices(tx, [wanted])
    return await _show(tx, merchant_id, sku.strip())


@get("/v1/products", permission="product.read")
async def listed(tx: Tx, query: ProductQuery) -> Page[ProductView]:
    """A merchant's products, oldest first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    asked = slice_of(query)
    offers = await catalog.listed(tx, merchant_id, asked.with_one_more)
    skus = await _skus(tx, offers)
    return page_of(asked, [_Row(offer.product_id, offer) for offer in offers], lambda row: _view(row.offer, skus))


@get("/v1/products/{sku:path}", permission="product.read")
async def show(tx: Tx, sku: Sku, query: OfMerchant) -> ProductView:
    """One product of a merchant."""
    return await _show(tx, await scope.merchant_id_meant(tx, query.merchant, "query.merchant"), sku)


@post("/v1/products/{sku:path}/release-price", permission="price.write")
async def release_price(tx: Tx, sku: Sku, body: ReleaseInput | None = None) -> ProductView:
    """Say that the prices of a product are meant, however unusual: it is sold again, at these prices."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant if body else None)
    try:
        await placement.release_prices(tx, [(merchant_id, sku)])
    except Refusal as refusal:
        raise rows.without_path(refusal, "[0].sku") from None
    return await _show(tx, merchant_id, sku)


async def _show(tx: Tx, merchant_id: int, sku: str) -> ProductView:
    found = await catalog.offers(tx, [(merchant_id, sku)])
    if (merchant_id, sku) not in found:
        raise catalog.ProductUnknown("path.sku", sku=sku)
    return _view(found[merchant_id, sku], await _skus(tx, list(found.values())))


async def _skus(tx: Tx, offers: Sequence[catalog.Offer]) -> dict[int, str]:
    """The SKUs of what lies in bundles."""
    inside = {product_id for offer in offers for product_id, _ in offer.components}
    return {i: offer.sku for i, offer in (await catalog.by_ids(tx, inside)).items()} if inside else {}


def _view(offer: catalog.Offer, skus: Mapping[int, str]) -> ProductView:
    return ProductView(
        id=ref("product", offer.product_id), merchant=ref("merchant", offer.merchant_id), sku=offer.sku,
        title=offer.title, category=offer.category, flags=offer.flags, active=offer.active,
        prices=[Money(amount, currency) for currency, amount in sorted(offer.prices.items())],
        floors=[Money(amount, currency) for currency, amount in sorted(offer.floors.items()) if amount],
        components=[ComponentView(sku=skus[i], quantity=units) for i, units in offer.components],
        weight_grams=offer.weight_grams, min_quantity=offer.min_quantity, max_quantity=offer.max_quantity,
        max_per_buyer=offer.max_per_buyer, variant_of=offer.variant_of, gtin=offer.gtin,
        is_price_paused=offer.is_paused, picture=looks.shows(offer),
    )  # fmt: skip


ROUTES = [save, set_price, release_price, listed, show]
