"""What buyers' pages look like: the colour of a shop, its name as a picture, and pictures of its goods."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import catalog, merchants
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import looks, scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import NEEDED, Form, Upload
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Link,
    Listing,
    Part,
    Row,
    Sheet,
    Two,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Word

PICTURES = "image/jpeg,image/png,image/webp"
SAMPLES = ("#1b6b3a", "#8a3b1e", "#2440b3", "#7a2e86", "#0b6470")


class LookQuery(ListQuery, frozen=True, kw_only=True):
    """Whose pages."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class AccentForm(Form, frozen=True, kw_only=True):
    """A colour, or nothing for none."""

    accent: Annotated[str, Meta(max_length=20)] = ""


@screen("/storefront", permission="merchant.write")
async def own(tx: Tx, query: LookQuery) -> Sheet | Listing:
    """The pages of one's own shop, or the shops to choose from."""
    if tx.actor.merchant_id is not None:
        return await _sheet(tx, (await merchants.by_ids(tx, [tx.actor.merchant_id]))[tx.actor.merchant_id])
    asked = slice_of(query)
    return listing(
        await merchants.listed(tx, Page(asked.limit + 1, asked.after)),
        lambda one: Row(naming.ref("merchant", one.id), f"/storefront/{one.code}", {
            "name": Two(naming.in_tongues(one.name), Code(one.code)), "accent": Code(one.accent) if one.accent else None,
            "logo": Text("a picture", "图片") if one.logo else Text("in words", "文字"),
        }),
        title=Text("Buyers' pages", "买家页面外观"), columns=[
            Column("name", Text("Merchant", "商家")), Column("accent", Text("Colour", "主色")), Column("logo", Text("Name", "店名")),
        ], empty=Empty(Text("There is no merchant yet.", "还没有商家。")),
    )  # fmt: skip


@screen("/storefront/{merchant}", permission="merchant.write")
async def show(tx: Tx, merchant: Word) -> Sheet:
    """The pages of one shop's buyers."""
    return await _sheet(tx, await scope.merchant_meant(tx, merchant))


@act("/storefront/{merchant}/accent", permission="merchant.write")
async def accent(tx: Tx, merchant: Word, form: AccentForm) -> Done:
    """Give the pages a colour; one that cannot be read is refused, with one that can."""
    shop = await scope.merchant_meant(tx, merchant)
    await merchants.set_accent(tx, shop.id, form.accent or None)
    return _done(shop, Text("Colour changed", "主色已修改"))


@act("/storefront/{merchant}/logo", permission="merchant.write")
async def logo(tx: Tx, merchant: Word, form: Form, files: list[Upload], settings: Settings) -> Done:
    """Show the name as a picture."""
    shop = await scope.merchant_meant(tx, merchant)
    await merchants.set_logo(tx, shop.id, await looks.keep_logo(settings, _one(files).content))
    return _done(shop, Text("Name changed", "店名图片已更新"))


@act("/storefront/{merchant}/no-logo", permission="merchant.write")
async def no_logo(tx: Tx, merchant: Word) -> Done:
    """Show the name in words."""
    shop = await scope.merchant_meant(tx, merchant)
    await merchants.set_logo(tx, shop.id, None)
    return _done(shop, Text("Name in words", "已改为文字店名"))


@act("/stock/{product_id}/picture", permission="product.write")
async def picture(tx: Tx, product_id: int, form: Form, files: list[Upload], settings: Settings) -> Done:
    """Give a product a picture."""
    offer = await _offer(tx, product_id)
    await catalog.set_picture(tx, offer.merchant_id, offer.sku, await looks.keep_picture(settings, _one(files).content))
    return Done(text=Text("Picture changed", "图片已更新"), to=f"/stock/{naming.ref('product', product_id)}")


@act("/stock/{product_id}/no-picture", permission="product.write")
async def no_picture(tx: Tx, product_id: int) -> Done:
    """Take the picture of a product away."""
    offer = await _offer(tx, product_id)
    await catalog.set_picture(tx, offer.merchant_id, offer.sku, None)
    return Done(text=Text("Picture taken away", "图片已移除"), to=f"/stock/{naming.ref('product', product_id)}")


async def _sheet(tx: Tx, shop: merchants.Merchant) -> Sheet:
    here = f"/storefront/{shop.code}"
    theme = None if shop.accent is None else merchants.theme_of(shop.accent)
    without = [Act("no-logo", Text("Name in words", "改用文字店名"), f"{here}/no-logo")] if shop.logo else []
    return Sheet(
        title=Text("Buyers' pages", "买家页面外观"), kind=Text("Buyers' pages", "买家页面外观"), number=shop.code,
        key=naming.ref("merchant", shop.id), full=here, lead=naming.in_tongues(shop.name), live=["merchant"],
        acts=[
            Act("accent", Text("Choose the colour", "设置主色"), f"{here}/accent", tone="first", fields=[
                Field("accent", Text("Colour", "主色"), value=shop.accent, is_needed=False, longest=7, hint=Text(
                    "As # and six digits. White must be readable on it (4.5 to 1); for dark pages we lighten it. Empty: none.",
                    "格式为 # 加六位。白字须清晰可读（对比度 4.5:1）；深色页面自动调亮。留空为不设置。")),
            ]),
            Act("logo", Text("Show the name as a picture", "上传店名图片"), f"{here}/logo", fields=[
                Field("files", Text("Picture", "图片"), "files", accept=PICTURES, hint=Text(
                    "Drawn anew on white, at most 480 by 120 pixels.", "将重新绘制为白底，最大 480×120 像素。")),
            ]),
            *without,
        ],
        main=[Part(Text("As buyers see it", "买家所见"), "look.html", {"shop": shop, "theme": theme, "samples": SAMPLES})],
        side=[Facts(Text("Colours", "颜色"), [
            (Text("Chosen", "主色"), Code(shop.accent) if shop.accent else Text("none: ink", "未设置（墨色）")),
            (Text("On dark pages", "深色页面"), Code(theme.dark) if theme else None),
            (Text("Pictures of goods", "商品图片"), Link("/stock", Text("Product by product, at the stock", "在库存中逐个设置"))),
            (Text("To look at it", "查看效果"), Link(f"/policy/{shop.code}", Text("Return policy as buyers read it", "买家所见退货政策"))),
        ])],
    )  # fmt: skip


async def _offer(tx: Tx, product_id: int) -> catalog.Offer:
    found = (await catalog.by_ids(tx, [product_id])).get(product_id)
    if found is None:
        raise catalog.ProductUnknown("product", sku="-")
    return found


def _one(files: list[Upload]) -> Upload:
    if len(files) != 1:
        raise Malformed("files", what=NEEDED.en, what_zh=NEEDED.zh)
    return files[0]


def _done(shop: merchants.Merchant, text: Text) -> Done:
    return Done(text=text, to=f"/storefront/{shop.code}")


ROUTES = [own, show, accent, logo, no_logo, picture, no_picture]
