"""Products and their prices."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import catalog, placement
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.wire import (
    Input,
    Line,
    MerchantRef,
    MoneyInput,
    OfMerchant,
    Page,
    PageQuery,
    Sku,
    Titles,
    View,
    page_of,
    ref,
    slice_of,
)


class ProductInput(Input, frozen=True, kw_only=True):
    """A product as it shall be. Flags: presale, custom_made, cross_border, perishable, virtual, intimate."""

    merchant: MerchantRef | None = None
    title: Titles
    category: Line
    flags: Annotated[tuple[Line, ...], Meta(max_length=20)] = ()
    active: bool = True


class PriceInput(Input, frozen=True, kw_only=True):
    """What one unit costs in one currency; prices in other currencies stay."""

    merchant: MerchantRef | None = None
    price: MoneyInput


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
    is_price_paused: bool


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
    )
    with rows.one_of_a_set():
        await catalog.save_products(tx, [wanted])
    return await _show(tx, merchant_id, sku.strip())


@put("/v1/prices/{sku:path}", permission="price.write")
async def set_price(tx: Tx, sku: Sku, body: PriceInput) -> ProductView:
    """Set what a product costs in one currency."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    wanted = catalog.SavePrice(merchant_id=merchant_id, sku=sku, currency=body.price.currency, amount=body.price.amount)
    with rows.one_of_a_set():
        await catalog.save_prices(tx, [wanted])
    return await _show(tx, merchant_id, sku.strip())


@get("/v1/products", permission="product.read")
async def listed(tx: Tx, query: ProductQuery) -> Page[ProductView]:
    """A merchant's products, oldest first."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    asked = slice_of(query)
    offers = await catalog.listed(tx, merchant_id, asked.with_one_more)
    return page_of(asked, [_Row(offer.product_id, offer) for offer in offers], lambda row: _view(row.offer))


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
    return _view(found[merchant_id, sku])


def _view(offer: catalog.Offer) -> ProductView:
    return ProductView(
        id=ref("product", offer.product_id), merchant=ref("merchant", offer.merchant_id), sku=offer.sku,
        title=offer.title, category=offer.category, flags=offer.flags, active=offer.active,
        prices=[Money(amount, currency) for currency, amount in sorted(offer.prices.items())],
        is_price_paused=offer.is_paused,
    )  # fmt: skip


ROUTES = [save, set_price, release_price, listed, show]
