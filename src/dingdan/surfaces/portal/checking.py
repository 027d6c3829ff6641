"""Everything a buyer reviews before they submit an order: amounts, address, what cannot be returned, what they confirm (O1.9)."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import catalog, inventory, merchants, placement
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import itself, shown
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import Facts, Own, Part, Reason, Reasons, Section, Sums
from dingdan.surfaces.shared.wire import Short

OPEN = "prices, stock and policy are the same for everybody; nothing is held or written"
_LINE = re.compile(r"(.{1,100}):(\d{1,5})")
# What a first look at the page shows, where nothing is real.
DEMO = {"merchant": "lantern", "lines": ("MUG-CELADON:2", "NAMEPLATE:1")}
DEMO_ADDRESS = {
    "name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市", "district": "西湖区",
    "detail": "文三路 478 号",
}  # fmt: skip


class BasketForm(Form, frozen=True, kw_only=True):
    """A basket: lines as `SKU:count`, where it goes, and which lines the buyer confirmed that they cannot be returned."""

    merchant: Short = ""
    channel: Short = ""
    lines: Annotated[tuple[Annotated[str, Meta(max_length=110)], ...], Meta(max_length=50)] = ()
    confirmed: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(max_length=50)] = ()
    name: Short = ""
    phone: Short = ""
    country: Short = ""
    province: Short = ""
    city: Short = ""
    district: Short = ""
    detail: Annotated[str, Meta(max_length=500)] = ""
    postcode: Short = ""


@itself("GET", "/check", why_open=OPEN)
async def first(ask: Ask) -> Response[str]:
    """The page with a basket of the demo, or empty."""
    words = {
        **{name: [text] for name, text in DEMO_ADDRESS.items()},
        "merchant": [str(DEMO["merchant"])],
        "lines": list(DEMO["lines"]),
    }
    return await _shown(ask, words if ask.settings.mode == "sandbox" else {})


@itself("POST", "/check", why_open=OPEN)
async def again(ask: Ask) -> Response[str]:
    """The same for another basket, or once more for this one."""
    return await _shown(ask, (await read(ask.request)).words)


async def _shown(ask: Ask, words: Mapping[str, Sequence[str]]) -> Response[str]:
    form: BasketForm = as_form(BasketForm, {name: list(values) for name, values in words.items()})
    async with ask.db.reading(SYSTEM) as tx:
        shop = await merchants.by_code(tx, form.merchant) if form.merchant else None
        if shop is not None and shop.active:
            pages.dress(ask, shop)
        made = await _page(tx, form, shop)
        return shown(ask.request, made, tx.now, typed=words)


async def _page(tx: Tx, form: BasketForm, shop: merchants.Merchant | None) -> Own:
    title = Text("Check your order", "核对订单")
    items = [(fit[1], int(fit[2])) for one in form.lines if (fit := _LINE.fullmatch(one))]
    if shop is None or not shop.active or not items:
        lead = Text("Say which shop and what you want.", "请填写店铺和商品。")
        return pages.page(
            title, None, template="check.html", lead=lead, quoted=None, form=form, orders=(), total=None, problems=()
        )
    found = await _quote(tx, shop, form, items, {})
    asked = {line.sku: line.asks.version for one in found.orders for line in one.lines if line.asks is not None}
    confirmed = {sku: version for sku, version in asked.items() if sku in form.confirmed}
    if confirmed:
        found = await _quote(tx, shop, form, items, confirmed)
    known = {sku: offer for (_, sku), offer in (await catalog.offers(tx, [(shop.id, sku) for sku, _ in items])).items()}
    return pages.page(
        title, None, template="check.html", quoted=found, form=form,
        lead=Text("Nothing is ordered yet. Check it, and change what is not right.", "订单尚未提交，请核对，如有误可修改。"),
        problems=tuple(one.problem for one in found.found if one.blocks),
        total=None if found.total is None else Money(found.total, found.currency),
        orders=[_order(one, found.currency, form, confirmed, known) for one in found.orders],
    )  # fmt: skip


async def _quote(
    tx: Tx, shop: merchants.Merchant, form: BasketForm, items: Sequence[tuple[str, int]], confirmed: Mapping[str, str]
) -> placement.Quoted:
    channel = form.channel or next((one.code for one in await inventory.channels_of(tx, shop.id)), "")
    at = Address(
        name=form.name, phone=form.phone, country=form.country, province=form.province, city=form.city,
        district=form.district, detail=form.detail, postcode=form.postcode,
    )  # fmt: skip
    (found,) = await placement.quote(tx, [placement.Basket(
        merchant_id=shop.id, channel=channel, buyer=None, ship_to=at if form.detail or form.name else None,
        items=tuple(placement.Item(sku, units, confirmed.get(sku)) for sku, units in items),
    )])  # fmt: skip
    return found


def _order(
    one: placement.QuotedOrder,
    currency: str,
    form: BasketForm,
    confirmed: Mapping[str, str],
    known: Mapping[str, catalog.Offer],
) -> dict[str, Any]:
    def amount(value: int | None) -> Money:
        return Money(value or 0, currency)

    seller = naming.in_tongues(one.seller)
    rows = [
        (Text("Items", "商品"), amount(one.goods), False), (Text("Discounts", "优惠"), amount(-(one.discount or 0)), False),
        (Text("Shipping", "运费"), amount(one.freight), False), (Text("Tax", "税费"), amount(one.tax), False),
        (Text("Total", "合计"), amount(one.total), True),
    ]  # fmt: skip
    main: list[Section] = [Part(Text(f"From {seller.en}", f"{seller.zh}"), "items.html", {"lines": [
        {**_picture(known.get(line.sku)), "title": naming.in_tongues(line.title), "quantity": line.quantity, "left": line.quantity,
         "price": amount(line.unit_price), "net": amount(line.goods - line.discount), "says": _returnable(line)}
        for line in one.lines
    ]})]  # fmt: skip
    if one.total is not None:
        shipping = Text("Shipping", "运费")
        main.append(
            Sums(
                Text("What it costs", "费用明细"),
                [row for row in rows if row[1].amount or row[2] or row[0] == shipping],
            )
        )
    if form.detail:
        to = " ".join(part for part in (form.province, form.city, form.district, form.detail, form.postcode) if part)
        main.append(Facts(Text("Where it goes", "收货信息"), [
            (Text("To", "收货人"), f"{form.name} {form.phone}"), (Text("Address", "地址"), to),
            *([(Text("Leaves by", "最晚发货"), pages.until(one.promise.ship_by)), (Text("Arrives by", "预计送达"), pages.until(one.promise.arrive_by))] if one.promise else []),
        ]))  # fmt: skip
    if one.policy is not None:
        main.append(Reasons(Text("Return policy", "退货政策"), [Reason("plain", Text(
            f"{one.policy.en}, version {one.policy.version}", f"{one.policy.zh} · 版本 {one.policy.version}"), one.policy.hash[:12])]))  # fmt: skip
    asks = [
        {"sku": line.sku, "title": naming.in_tongues(line.title), "words": Text(line.asks.en, line.asks.zh), "is_given": line.sku in confirmed}
        for line in one.lines if line.asks is not None
    ]  # fmt: skip
    return {"main": main, "asks": asks}


def _picture(offer: catalog.Offer | None) -> dict[str, Any]:
    return {"product_id": offer.product_id if offer else 0, "picture": offer.picture if offer else None}


def _returnable(line: placement.QuotedLine) -> Reason:
    if line.excluded is not None:
        return Reason("warn", Text("Cannot be returned without a reason", "不支持无理由退货"))
    if line.asks is not None:
        return Reason(
            "good",
            Text("Can be returned, unless you confirm below that it cannot", "支持无理由退货，除非您在下方确认不适用"),
        )
    return Reason("good", Text("Can be returned without a reason", "支持无理由退货"))


ROUTES = [first, again]
