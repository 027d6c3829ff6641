"""Tariffs: what carriage costs, which taxes are on what, what points are worth, and what a basket would come to."""

from typing import Annotated, Any
from urllib.parse import urlencode

from msgspec import Meta

from dingdan.areas import merchants, pricing
from dingdan.kernel.money import Money, is_currency
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.console.terms import promotion_words
from dingdan.surfaces.console.terms.tariff_form import place_of, place_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.forms import Typed, amount_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Cell,
    Column,
    Facts,
    Field,
    Link,
    Part,
    Row,
    Section,
    Sheet,
    Sums,
    Table,
    Two,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input, MerchantRef, Short

Count = Annotated[int, Meta(ge=0, le=100_000_000)]
FREE = pricing.FreightRule(0, None)


class PricesQuery(Input, frozen=True, kw_only=True):
    """Whose; and a basket to try it on: where to, for how much, how heavy."""

    merchant: MerchantRef | None = None
    country: Short = "CN"
    region: Short = ""
    currency: Short = ""
    worth: Typed = ""
    grams: Count = 1000
    pieces: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    category: Short = ""
    points: Count = 0
    cross_border: bool = False


def href(below: str, merchant: str | None, **more: str) -> str:
    """Where the tariffs of somebody are, or a page below."""
    words = ({"merchant": merchant} if merchant else {}) | more
    return f"/prices{below}" + (f"?{urlencode(words)}" if words else "")


async def currency_of(tx: Tx, merchant: str | None) -> str:
    """The currency that a merchant sells in; the platform's own is the house's."""
    owner = await scope.merchant_filter(tx, merchant)
    return "CNY" if owner is None else (await merchants.by_ids(tx, [owner]))[owner].currency


@screen("/prices", permission="product.read")
async def show(tx: Tx, query: PricesQuery) -> Sheet:
    """The rules in force, the platform's where there are none of one's own, and what a basket would come to."""
    owner = await scope.merchant_filter(tx, query.merchant)
    own, shared = await pricing.tariff(tx, owner), await pricing.tariff(tx, None)
    whose = (await naming.merchant_names(tx, [owner])).get(owner) or Text("the platform", "平台")
    may = tx.actor.may("price.write")
    side: list[Section] = [await _tried(tx, query, owner, own, shared)]
    if shops := await choosing.merchants_to_choose(tx):
        side.append(Facts(Text("Whose", "归属"), [
            (Text("The platform's hold where a merchant has none of its own.", "商家未设置时适用平台规则。"), Link("/prices", Text("Platform", "平台"))),
            *((name, Link(href("", code), Text("open", "打开"))) for code, name in shops),
        ]))  # fmt: skip
    main = [*_tables(own, query.merchant, may=may)]
    if owner is not None:
        main += [
            one for one in _tables(shared, None, may=False, is_shared=True) if not isinstance(one, Table) or one.rows
        ]
    return Sheet(
        title=Text("Carriage, taxes and points", "运费、税率与积分"), kind=Text(f"Prices of {whose.en}", f"{whose.zh}的价格规则"), full=href("", query.merchant),
        acts=[
            Act("freight", Text("Add a carriage rule", "新增运费规则"), href("/freight", query.merchant), "N", tone="first", is_link=True),
            Act("tax", Text("Add a tax rate", "新增税率"), href("/taxes", query.merchant), "T", is_link=True),
            Act("points", Text("Points", "积分抵扣"), href("/points", query.merchant), "P", is_link=True),
        ] if may else [],
        main=main, side=side, live=["tariff"],
    )  # fmt: skip


def _tables(book: pricing.Book, merchant: str | None, *, may: bool, is_shared: bool = False) -> list[Section]:
    """The three parts of a book."""

    def title(en: str, zh: str) -> Text:
        return Text(f"{en}, the platform's", f"{zh}（平台）") if is_shared else Text(en, zh)

    def name(part: str, one: Any) -> Cell:
        said = naming.in_tongues(one.name)
        return Link(href(part, merchant, rule=typed.mark_of(one)), said) if may else said

    return [
        Table(title("Carriage", "运费"), [
            Column("name", Text("Rule", "规则")), Column("place", Text("Where to", "送达地区")), Column("first", Text("First", "首重／首件")),
            Column("fee", Text("Costs", "费用"), is_number=True), Column("step", Text("Each further", "续重／续件")),
            Column("step_fee", Text("Costs", "费用"), is_number=True), Column("free", Text("Free from", "满额包邮"), is_number=True),
        ], [Row(typed.mark_of(one), None, {
            "name": name("/freight", one), "place": place_words(one.country, one.region), "first": _measure(one.first, one.by),
            "fee": Money(one.fee, one.currency), "step": _measure(one.step, one.by) if one.step_fee else None,
            "step_fee": Money(one.step_fee, one.currency) if one.step_fee else None,
            "free": Money(one.free_from, one.currency) if one.free_from is not None else None,
        }) for one in book.freight], Text("No rule: the flat fee of the merchant's settings holds, or the platform's rules.", "暂无规则：适用平台规则或商家设置中的固定运费。")),
        Table(title("Taxes", "税率"), [
            Column("name", Text("Rate", "税率")), Column("place", Text("Where to", "送达地区")), Column("goods", Text("Goods", "商品")),
            Column("rate", Text("Percent", "百分比"), is_number=True), Column("how", Text("How", "计税方式")), Column("freight", Text("On carriage", "运费计税")),
        ], [Row(typed.mark_of(one), None, {
            "name": name("/taxes", one), "place": place_words(one.country, one.region),
            "goods": Two(one.category or Text("all goods", "全部商品"), Text("cross-border", "跨境商品")) if one.cross_border else one.category or Text("all goods", "全部商品"),
            "rate": f"{one.rate / 100:g}%", "how": Text("in the price", "价内") if one.inclusive else Text("on top", "价外"), "freight": one.on_freight,
        }) for one in book.taxes], Text("No rate: prices are what is charged, and no tax is named.", "暂无税率：按标价收取，不单列税费。")),
        *([Facts(title("Points", "积分抵扣"), _points(book.points))] if book.points or not is_shared else []),
    ]  # fmt: skip


def _points(one: pricing.PointsRule | None) -> list[tuple[Text, Any]]:
    if one is None:
        return [(Text("They are worth", "抵扣"), Text("nothing: they are not taken", "未设置，不可抵扣"))]
    return [
        (Text(f"{one.points} points are worth", f"{one.points} 积分抵扣"), Money(one.amount, one.currency)),
        (Text("At most of the goods", "最多抵扣商品金额"), f"{one.most / 100:g}%"), (Text("Goods", "适用商品"), promotion_words.scope(one.scope)),
    ]  # fmt: skip


def _measure(number: int, by: str) -> Text:
    return Text(f"{number} g", f"{number} 克") if by == "grams" else Text(f"{number} pieces", f"{number} 件")


async def _tried(tx: Tx, query: PricesQuery, owner: int | None, own: pricing.Book, shared: pricing.Book) -> Section:
    """A basket to try the rules on, by the very rule that quotes and orders go by; promotions stay out."""
    found = (await merchants.by_ids(tx, [owner]))[owner] if owner is not None else None
    currency = query.currency or (found.currency if found else "CNY")
    sums, problems = None, list[Refusal]()
    if query.worth:
        try:
            flat = pricing.FreightRule(found.settings.freight, found.settings.free_freight_from) if found else FREE
            ask = _ask(tx, query, owner or 0, currency, flat)
            books: dict[int | None, pricing.Book] = {owner: own, None: shared}
            sums = _sums(pricing.quote(ask, pricing.Terms(books)), currency)
        except Refusal as told:
            problems = list(told.problems)
    return Part(Text("Try it on a basket", "试算"), "prices_try.html", {
        "href": "/prices", "sums": sums, "problems": problems, "fields": [
            *([Field("merchant", Text("Whose", "归属"), "hidden", value=query.merchant)] if query.merchant else []),
            Field("country", Text("Country", "国家或地区"), value=query.country, longest=100),
            Field("region", Text("Region", "省市区"), value=query.region or None, longest=100, is_needed=False, hint=Text("33, 3301; or its name in Chinese", "如浙江省或 33")),
            Field("worth", Text("Goods for", "商品金额"), "money", value=query.worth or None, currency=currency),
            Field("currency", Text("Currency", "币种"), value=currency, longest=3),
            Field("grams", Text("Weight in grams", "总重量（克）"), "number", value=query.grams), Field("pieces", Text("Pieces", "件数"), "number", value=query.pieces),
            Field("category", Text("Category", "类目"), value=query.category or None, longest=100, is_needed=False),
            Field("points", Text("Points to use", "使用积分"), "number", value=query.points), Field("cross_border", Text("Cross-border goods", "跨境商品"), "check", value=query.cross_border),
        ],
    })  # fmt: skip


def _ask(tx: Tx, query: PricesQuery, merchant_id: int, currency: str, flat: pricing.FreightRule) -> pricing.Ask:
    if not is_currency(currency):
        raise Malformed("currency", what="a currency we keep no accounts in", what_zh="不是系统支持的币种")
    place = place_of(query.country, query.region)
    flags = ("cross_border",) if query.cross_border else ()
    worth = amount_of(query.worth, currency, "worth")
    if worth < 0:
        raise Malformed("worth", what="an amount below zero", what_zh="金额不得为负")
    # All that it costs and weighs stands in the first line; the other pieces only count.
    items = [pricing.Item(1, "", 0, query.category, flags, worth, 1, query.grams)]
    if query.pieces > 1:
        items.append(pricing.Item(2, "", 0, query.category, flags, 0, query.pieces - 1))
    return pricing.Ask(
        merchant_id=merchant_id, channel="", currency=currency, items=tuple(items), now=tx.now, points=query.points,
        country=place.country, region=place.code, freight=flat,
    )  # fmt: skip


def _sums(quote: pricing.Quote, currency: str) -> Section:
    """What it comes to; what is in prices already, and carriage that was waived, are said below."""
    carriage = next((layer.label for layer in quote.layers if layer.effect == "freight"), Text("Freight", "运费"))
    rows: list[tuple[Text | str, Money, bool]] = [(Text("Goods", "商品"), Money(quote.goods, currency), False)]
    if quote.discount:
        rows.append((Text("Points", "积分抵扣"), Money(-quote.discount, currency), False))
    rows.append((carriage, Money(quote.freight, currency), False))
    rows += [
        (layer.label, Money(layer.amount, currency), False)
        for layer in quote.layers
        if layer.effect in ("tax", "freight_tax")
    ]
    rows.append((Text("To pay", "应付"), Money(quote.total, currency), True))
    notes = [problem.message.filled(problem.params) for problem in quote.problems]
    if quote.tax_included:
        said = typed.money_words(quote.tax_included, currency)
        notes.append(Text(f"Tax in it: {said.en}.", f"其中含税 {said.zh}。"))
    if any(layer.effect == "freight_waived" for layer in quote.layers):
        notes.append(Text("The goods come to enough: carriage is free.", "已达到包邮金额。"))
    note = Text(" ".join(one.en for one in notes), "".join(one.zh for one in notes)) if notes else None
    return Sums(Text("It would come to", "试算结果"), rows, note)


ROUTES = [show]
