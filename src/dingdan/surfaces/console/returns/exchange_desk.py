"""Exchanges and repairs: what comes back at the left, what goes out at the right, and what waits for a word."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import catalog, exchanges, orders, returns
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import exchange_queue, goods_list, repair_queue, timeline
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.returns import goods_desk
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, story, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Fuse,
    Ledger,
    Listing,
    Row,
    Section,
    Sheet,
    Sums,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import LineNo, Sku

WAITS = {
    "merchant": Text("us", "我方"), "buyer": Text("the buyer", "买家"), "carrier": Text("the carrier", "承运商"), "customer": Text("the buyer", "买家"),
}  # fmt: skip
VIEWS = [
    View(Text("Exchanges", "换货")),
    View(Text("Repairs", "维修"), {"show": "repairs"}),
    View(Text("To dispose", "待处置商品"), {"show": "goods"}),
]


class TradesQuery(ListQuery, frozen=True, kw_only=True):
    """Exchanges, repairs, or goods that wait for somebody who says what becomes of them."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    show: Literal["exchanges", "repairs", "goods"] = "exchanges"


class WishForm(Form, frozen=True, kw_only=True):
    """What is wanted for a line instead of what there is none of."""

    line_no: LineNo
    sku: Sku


@screen("/exchanges", permission="return.read")
async def listed(tx: Tx, query: TradesQuery) -> Listing:
    """What is due first at the top."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    narrowing = await choosing.by_merchant(tx)
    if query.show == "repairs":
        return await _repairs(tx, query, merchant_id, narrowing)
    if query.show == "goods":
        found = await goods_list.page(tx, goods_list.Filter(merchant_id=merchant_id), slice_of(query))
        return await goods_desk.as_list(tx, found, filters=narrowing, views=VIEWS)
    trades = await exchange_queue.page(tx, exchange_queue.Filter(merchant_id=merchant_id), slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in trades})
    return listing(
        trades, lambda one: Row(naming.ref("exchange", one.id), naming.place("exchange", one.id), {
            "due": Fuse(one.due_at, tx.now, is_paused=one.due_at is None, waits_for=WAITS.get(one.waits_for or "")),
            "back": Two(Code(naming.spoken(one.return_id)), Text(f"{one.units} units back", f"退回 {one.units} 件")),
            "merchant": names.get(one.merchant_id), "comes": vocabulary.chip("return_journey", one.journey),
            "goes": Two(_goes(one), Code(naming.spoken(one.sent_order_id)) if one.worth is not None else Text("no order yet", "未生成换发订单")),
            "difference": None if one.price is None or one.worth is None else Money(one.price - one.worth, one.currency),
        }), is_queue=True,
        title=Text("Exchanges and repairs", "换货与维修"), live=["exchange", "return"], views=VIEWS, filters=narrowing,
        columns=[
            Column("due", Text("Due", "时限")), Column("back", Text("Comes back", "退回")), Column("merchant", Text("Merchant", "商家")),
            Column("comes", Text("Goods", "退回状态")), Column("goes", Text("Goes out", "换发")),
            Column("difference", Text("Difference", "差价"), is_number=True),
        ],
        empty=Empty(Text("No exchange is under way.", "没有进行中的换货。"), Text("Buyers ask for one when they return something.", "买家可在申请售后时选择换货。")),
    )  # fmt: skip


def _goes(one: exchange_queue.Row) -> Chip:
    chip = vocabulary.chip("exchange", one.state)
    return Chip(Text(f"{chip.text.en}, sent ahead", f"{chip.text.zh} · 已先发"), chip.turn) if one.is_ahead else chip


async def _repairs(tx: Tx, query: TradesQuery, merchant_id: int | None, narrowing: list[Filter]) -> Listing:
    found = await repair_queue.page(tx, repair_queue.Filter(merchant_id=merchant_id), slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("repair", one.id), naming.place("repair", one.id), {
            "due": Fuse(one.due_at, tx.now, is_paused=one.due_at is None, waits_for=WAITS.get(one.waits_for or "")),
            "back": Two(Code(naming.spoken(one.return_id)), Text(f"{one.units} units", f"{one.units} 件")), "merchant": names.get(one.merchant_id),
            "comes": vocabulary.chip("return_journey", one.journey), "stands": vocabulary.chip("repair", one.state), "asked": one.asked_at,
        }), is_queue=True,
        title=Text("Exchanges and repairs", "换货与维修"), live=["repair", "return"], views=VIEWS, filters=narrowing,
        columns=[
            Column("due", Text("Due", "时限")), Column("back", Text("Return", "售后单")), Column("merchant", Text("Merchant", "商家")),
            Column("comes", Text("Goods", "退回状态")), Column("stands", Text("Repair", "维修")), Column("asked", Text("Asked", "申请时间")),
        ],
        empty=Empty(Text("No repair is under way.", "没有进行中的维修。"), Text("Goods that come to be mended stand here until they are with the buyer again.", "送修商品会在此显示，直至寄回买家。")),
    )  # fmt: skip


@screen("/exchanges/{exchange_id}", permission="return.read")
async def show(tx: Tx, exchange_id: int) -> Sheet:
    """One exchange: what comes back, what goes out, what it costs or brings."""
    one = await exchanges.get_one(tx, exchange_id)
    held, order = await returns.get_one(tx, one.return_id), await orders.get_one(tx, one.order_id)
    lines = (await exchanges.lines_of(tx, [exchange_id]))[exchange_id]
    sold = {line.line_no: line for line in (await orders.lines(tx, [one.order_id]))[one.order_id]}
    offers = await catalog.by_ids(tx, {line.product_id for line in lines})
    seller = (await naming.merchant_names(tx, [one.merchant_id]))[one.merchant_id]
    clocks = [
        clock
        for clock in await deadlines.of_subjects(tx, [one.id, one.return_id, one.sent_order_id])
        if clock.at is not None
    ]
    main: list[Section] = [Table(Text("Comes back, and what goes out for it", "退回与换发"), [
        Column("back", Text("Comes back", "退回")), Column("units", Text("Units", "件数"), is_number=True), Column("out", Text("Goes out", "换发")),
        Column("sent", Text("Sent for", "已换发"), is_number=True),
    ], [Row(str(line.line_no), None, {
        "back": Two(naming.in_tongues(sold[line.line_no].title), Code(sold[line.line_no].sku)), "units": line.quantity,
        "out": Two(naming.in_tongues(offers[line.product_id].title), Code(offers[line.product_id].sku)), "sent": line.sent,
    }) for line in lines])]  # fmt: skip
    sums = _sums(one, order.currency)
    if sums is not None:
        main.append(sums)
    facts = await timeline.of_return(tx, one.return_id)
    main.append(Ledger(Text("Timeline", "时间线"), story.entries(facts, order.currency, {})))
    return Sheet(
        title=Text("Exchange", "换货"), kind=Text(f"Exchange, {seller.en}", f"换货 · {seller.zh}"), number=naming.spoken(exchange_id),
        key=naming.ref("exchange", exchange_id), full=naming.place("exchange", exchange_id),
        chips=[vocabulary.chip("return_journey", str(held.journey)), vocabulary.chip("exchange", str(one.state))],
        lead=one.asked_at, acts=_acts(tx, one, held, [sold[line.line_no] for line in lines]), main=main, live=["exchange"],
        side=[Facts(Text("Two sides", "两侧单据"), [
            (Text("Return", "售后单"), naming.link("return", one.return_id)), (Text("First order", "原订单"), naming.link("order", one.order_id)),
            (Text("Order that goes out", "换发订单"), naming.link("order", one.sent_order_id) if one.replaced_at else Text("not written yet", "未生成")),
            (Text("Sent ahead", "先行换发"), one.ahead_at), (Text("Due", "时限"), Fuse(min(clock.at for clock in clocks if clock.at), tx.now) if clocks else None),
            *([(Text("Why nothing is sent", "未换发原因"), one.why)] if one.why else []),
        ])],
    )  # fmt: skip


def _sums(one: exchanges.Exchange, currency: str) -> Section | None:
    if one.worth is None or one.price is None:
        return None
    return Sums(Text("Difference", "差价"), [
        (Text("What goes out costs", "换发商品价格"), Money(one.price, currency), False),
        (Text("What came back was worth", "退回商品实付"), Money(-one.worth, currency), False),
        (Text("The buyer pays, or gets back", "买家补付（负数为退还）"), Money(one.price - one.worth, currency), True),
    ])  # fmt: skip


def _acts(tx: Tx, one: exchanges.Exchange, held: returns.Return, lines: list[orders.OrderLine]) -> list[Act]:
    here, can = naming.place("exchange", one.id), set(exchanges.actions(one, held, exchanges.MAY_HAVE_MONEY))
    possible = [
        ("exchange.ship_ahead", "ship_ahead", Act("ahead", Text("Send it ahead", "先行换发"), f"{here}/ship-ahead", "H", tone="first",
            warns=Text("It leaves before the goods have come back.", "将在收到退回商品前发出。"))),
        ("return.apply", "change", Act("change", Text("Take another item", "改换其他商品"), f"{here}/change", "O", [
            Field("line_no", Text("Instead of", "原商品"), "choice", options=[(str(line.line_no), naming.in_tongues(line.title)) for line in lines], value=str(lines[0].line_no) if lines else None),
            Field("sku", Text("SKU that is wanted now", "改换的 SKU"), longest=120)])),
        ("return.apply", "take_money", Act("money", Text("Turn into money", "转为退款"), f"{here}/take-money", "F", tone="danger",
            warns=Text("Nothing is sent; the price goes back.", "不再换发，改为退款。"))),
    ]  # fmt: skip
    return [made for permission, verb, made in possible if verb in can and tx.actor.may(permission)]


@act("/exchanges/{exchange_id}/ship-ahead", permission="exchange.ship_ahead")
async def ship_ahead(tx: Tx, exchange_id: int) -> Done:
    """Send what is wanted before the goods have come, where the policy trusts the buyer."""
    await exchanges.ship_ahead(tx, exchange_id)
    return Done(text=Text("It goes out now", "已安排先行换发"))


@act("/exchanges/{exchange_id}/change", permission="return.apply")
async def change(tx: Tx, exchange_id: int, form: WishForm) -> Done:
    """Take something else, because there is none of what was wanted."""
    await exchanges.change(tx, exchange_id, {form.line_no: form.sku})
    return Done(text=Text("Changed", "已改换"))


@act("/exchanges/{exchange_id}/take-money", permission="return.apply")
async def take_money(tx: Tx, exchange_id: int) -> Done:
    """Take the money instead."""
    await exchanges.take_money(tx, exchange_id)
    return Done(text=Text("Turned into money", "已转为退款"))


ROUTES = [listed, show, ship_ahead, change, take_money]
