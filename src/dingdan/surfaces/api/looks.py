"""How things look to buyers: pictures of products, and the colour and name of a shop's pages."""

import msgspec
from litestar import Response

from dingdan.areas import catalog, merchants
from dingdan.plumbing import files
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, looks, scope
from dingdan.surfaces.shared.doors import Ask, post, put
from dingdan.surfaces.shared.looks import FORMS
from dingdan.surfaces.shared.wire import Input, MerchantRef, OfMerchant, Sku, View, Word, json_response, ref


class PictureGoneInput(Input, frozen=True, kw_only=True):
    """Whose product; a platform key must say."""

    merchant: MerchantRef | None = None


class ThemeInput(Input, frozen=True, kw_only=True):
    """The colour of buyers' pages as `#` and six hexadecimal digits, or none; without `has_logo` its picture is taken away."""

    accent: Word | None = None
    has_logo: bool = True


class ProductPictureView(View, frozen=True, kw_only=True):
    """The picture of a product: a square, at an address that changes with it."""

    product_id: str
    sku: str
    picture: str | None


class ThemeView(View, frozen=True, kw_only=True):
    """How buyers' pages of a merchant look. On dark pages the colour is lightened to `accent_on_dark`."""

    merchant: str
    accent: str | None
    accent_on_dark: str | None
    logo: str | None


@post(
    "/v1/products/{sku:path}/picture",
    permission="product.write",
    why_unkeyed="a picture is known by what is in it: the same one twice is kept once",
    takes=", ".join(FORMS),
    answers=ProductPictureView,
    max_body_bytes=files.MAX_PICTURE_BYTES,
)
async def show(ask: Ask, sku: Sku, query: OfMerchant) -> Response[bytes]:
    """Give a product a picture; it is drawn anew as a square on white, without place, camera or comments."""
    bodies.demand_media_type(ask.request, *FORMS)
    async with ask.db.reading(ask.actor) as tx:
        merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
        if (merchant_id, sku.strip()) not in await catalog.offers(tx, [(merchant_id, sku.strip())]):
            raise catalog.ProductUnknown("path.sku", sku=sku)
    name = await looks.keep_picture(ask.settings, await ask.request.body())

    async def keep(tx: Tx) -> catalog.Offer:
        return await catalog.set_picture(tx, merchant_id, sku, name)

    kept = await within(ask.db, ask.actor, keep, name="catalog.set_picture")
    return json_response(msgspec.json.encode(_picture(kept)))


@post("/v1/products/{sku:path}/drop-picture", permission="product.write")
async def hide(tx: Tx, sku: Sku, body: PictureGoneInput | None = None) -> ProductPictureView:
    """Take the picture of a product away."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant if body else None)
    return _picture(await catalog.set_picture(tx, merchant_id, sku, None))


@put("/v1/merchants/{code}/theme", permission="merchant.write")
async def dress(tx: Tx, code: Word, body: ThemeInput) -> ThemeView:
    """Say how buyers' pages of a merchant look. A colour that cannot be read on white is refused, with one that can."""
    shop = await scope.merchant_meant(tx, code, "path.code")
    after = await merchants.set_accent(tx, shop.id, body.accent)
    return _theme(after if body.has_logo else await merchants.set_logo(tx, shop.id, None))


@post(
    "/v1/merchants/{code}/logo",
    permission="merchant.write",
    why_unkeyed="a picture is known by what is in it: the same one twice is kept once",
    takes=", ".join(FORMS),
    answers=ThemeView,
    max_body_bytes=files.MAX_PICTURE_BYTES,
)
async def name(ask: Ask, code: Word) -> Response[bytes]:
    """Show the name of a merchant as a picture at the head of its buyers' pages; it is drawn anew on white."""
    bodies.demand_media_type(ask.request, *FORMS)
    async with ask.db.reading(ask.actor) as tx:
        shop = await scope.merchant_meant(tx, code, "path.code")
    kept = await looks.keep_logo(ask.settings, await ask.request.body())

    async def keep(tx: Tx) -> merchants.Merchant:
        return await merchants.set_logo(tx, shop.id, kept)

    return json_response(msgspec.json.encode(_theme(await within(ask.db, ask.actor, keep, name="merchants.set_logo"))))


def _picture(offer: catalog.Offer) -> ProductPictureView:
    return ProductPictureView(product_id=ref("product", offer.product_id), sku=offer.sku, picture=looks.shows(offer))


def _theme(shop: merchants.Merchant) -> ThemeView:
    dark = None if shop.accent is None else merchants.theme_of(shop.accent).dark
    return ThemeView(
        merchant=ref("merchant", shop.id), accent=shop.accent, accent_on_dark=dark, logo=looks.logo_href(shop)
    )


ROUTES = [show, hide, dress, name]
