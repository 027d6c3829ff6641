"""Orders: the list, one order with its money and its ledger, and what can be done with it."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from dingdan.areas import access, catalog, identity, orders
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import headline, order_list, order_page, timeline
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import looks, scope
from dingdan.surfaces.shared.pages import clocks, naming, story, vocabulary
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
    Link,
    Listing,
    Pictured,
    Row,
    Section,
    Sheet,
    Sums,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import Code as ReasonCode

WHY = (
    ("buyer_request", Text("The buyer asks", "买家要求")), ("out_of_stock", Text("Out of stock", "缺货")),
    ("address_unclear", Text("The address is not clear", "地址不明")), ("suspected_fraud", Text("Looks like fraud", "疑似欺诈")),
    ("other", Text("Something else", "其他")),
)  # fmt: skip


class OrdersQuery(ListQuery, frozen=True, kw_only=True):
    """Which orders."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: orders.OrderState | None = None


class ReasonForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: ReasonCode


@screen("/orders", permission="order.read")
async def listed(tx: Tx, query: OrdersQuery) -> Listing:
    """Orders within reach, newest first."""
    wanted = order_list.Filter(merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state)
    found = await order_list.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: _row(one, names),
        title=Text("All orders", "全部订单"), live=["order"],
        columns=[
            Column("number", Text("Order", "订单")), Column("placed", Text("Placed", "下单时间")),
            Column("merchant", Text("Merchant", "商家")), Column("stands", Text("Stands", "状态")),
            Column("units", Text("Units", "件数"), is_number=True), Column("total", Text("Total", "金额"), is_number=True),
            Column("refunded", Text("Refunded", "已退款"), is_number=True), Column("channel", Text("Channel", "渠道")),
        ],
        views=[View(Text("All", "全部")), *(
            View(vocabulary.chip("order", state).text, {"state": state})
            for state in ("awaiting_payment", "held", "confirmed", "completed", "cancelled")
        )],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("state", Text("State", "状态"), vocabulary.options("order")),
        ],
        empty=Empty(
            Text("No orders yet.", "还没有订单。"),
            Text("Connect a channel, import a file, or place one through the API.", "接入渠道、导入文件，或通过 API 下单。"),
            Link("/docs", Text("API reference", "API 文档")),
        ),
    )  # fmt: skip


def _row(one: order_list.Row, names: dict[int | None, Text]) -> Row:
    return Row(naming.ref("order", one.id), naming.place("order", one.id), {
        "number": Two(Code(naming.spoken(one.id)), Code(one.reference) if one.reference else None),
        "placed": one.placed_at, "merchant": names.get(one.merchant_id),
        "stands": vocabulary.chip("headline", headline.of(one)), "units": one.units, "total": Money(one.total, one.currency),
        "refunded": Money(one.refunded, one.currency) if one.refunded else None, "channel": one.channel,
    }, Money(one.total, one.currency))  # fmt: skip


@screen("/orders/{order_id}", permission="order.read")
async def show(tx: Tx, order_id: int) -> Sheet:
    """One order with everything around it."""
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    names = (await order_page.names(tx, [order_id]))[order_id]
    around = await order_page.around(tx, order_id)
    seller = (await naming.merchant_names(tx, [order.merchant_id]))[order.merchant_id]
    facts = await timeline.of_order(tx, order_id)
    return Sheet(
        title=Text("Order", "订单"), kind=Text(f"Order, {seller.en}, {names.channel}", f"订单 · {seller.zh} · {names.channel}"),
        number=naming.spoken(order_id), key=naming.ref("order", order_id), full=naming.place("order", order_id),
        chips=[vocabulary.chip("headline", headline.of(order)), *([Code(order.reference)] if order.reference else [])],
        lead=order.placed_at, stamp=_stamp(order), acts=_acts(tx, order),
        main=[
            _items(order, lines, await catalog.by_ids(tx, {line.product_id for line in lines})), *_around(order, around),
            await story.ledger(tx, Text("Timeline", "时间线"), facts, order.currency),
        ],
        side=[
            _money(order), await _customer(tx, order), await _clocks(tx, {order_id, *(fact.subject_id for fact in facts)}),
            Facts(Text("Policy that applies", "适用的退货政策"), [
                (Text("Policy", "政策"), Link(naming.place("policy", order.policy_id), f"{names.policy} {names.policy_version}")),
                (Text("Frozen when placed", "下单时锁定"), order.placed_at),
            ]),
        ],
        live=["order"],
    )  # fmt: skip


@act("/orders/{order_id}/cancel", permission="order.cancel")
async def cancel(tx: Tx, order_id: int, form: ReasonForm) -> Done:
    """Cancel an order that has not left; what was paid goes back by itself."""
    await orders.cancel(tx, order_id, reason=form.reason)
    return Done(text=Text("Order cancelled", "订单已取消"))


@act("/orders/{order_id}/hold", permission="order.hold")
async def hold(tx: Tx, order_id: int, form: ReasonForm) -> Done:
    """Stop an order before it is picked."""
    await orders.hold(tx, order_id, reason=form.reason)
    return Done(text=Text("Order held", "订单已挂起"))


@act("/orders/{order_id}/release", permission="order.hold")
async def release(tx: Tx, order_id: int) -> Done:
    """Let a held order go on."""
    await orders.release(tx, order_id)
    return Done(text=Text("Order goes on", "订单已放行"))


@act("/orders/{order_id}/reveal", permission="order.read_contact", is_secret=True)
async def reveal(tx: Tx, order_id: int) -> Done:
    """Show who bought, once; that somebody looked is a fact."""
    order = await orders.get_one(tx, order_id)
    contact = await identity.contact(tx, order.contact_id)
    access.note_contact_shown(tx, order_id, order.merchant_id)
    erased = Text("erased", "已删除")
    if contact is None or contact.is_erased:
        return Done(text=erased, to=naming.place("order", order_id), shown=[(Text("Name", "姓名"), erased.zh)])
    where = contact.address
    lines = [contact.province, contact.city, *((where.district, where.detail) if where else ())]
    return Done(
        text=Text("The buyer of this order", "该订单的买家"), to=naming.place("order", order_id),
        shown=[
            (Text("Name", "姓名"), contact.name), (Text("Phone", "电话"), contact.phone),
            (Text("Address", "地址"), " ".join(line for line in lines if line)),
        ],
    )  # fmt: skip


def _acts(tx: Tx, order: orders.Order) -> list[Act]:
    here, can = naming.place("order", order.id), set(orders.actions(order))
    too_late = Text("It is being picked, or is over.", "订单已在拣货或已结束。")
    why = Field("reason", Text("Why", "原因"), "choice", options=WHY)
    possible = [
        ("return.apply", "return", Act(
            "return", Text("Start a return", "发起退货"), f"{here}/return", "R", tone="first", is_link=True,
            why_not=None if "return" in can else Text("Nothing has left yet: cancel it instead.", "尚未发货，可直接取消订单。"),
        )),
        ("order.hold", "hold", Act("hold", Text("Hold", "挂起"), f"{here}/hold", "H", [why], why_not=None if "hold" in can else too_late)),
        ("order.hold", "release", Act("release", Text("Release", "放行"), f"{here}/release", "L")),
        ("order.read_contact", "reveal", Act(
            "reveal", Text("Show contact", "查看联系方式"), f"{here}/reveal",
            warns=Text("It is noted that you looked.", "查看记录将写入审计日志。"),
        )),
        ("order.cancel", "cancel", Act(
            "cancel", Text("Cancel", "取消订单"), f"{here}/cancel", fields=[why], tone="danger",
            warns=Text("What was paid goes back by itself. This cannot be undone.", "已付款项将自动退回，且不可撤销。"),
            why_not=None if "cancel" in can else too_late,
        )),
    ]  # fmt: skip
    return [
        one for permission, name, one in possible if tx.actor.may(permission) and (name != "release" or name in can)
    ]


def _stamp(order: orders.Order) -> Chip | None:
    if order.refunded and order.refunded == order.total:
        return Chip(Text("REFUNDED", "已全额退款"), "done")
    return vocabulary.chip("order", order.state) if order.state in ("completed", "cancelled", "expired") else None


def _items(order: orders.Order, lines: list[orders.OrderLine], offers: Mapping[int, catalog.Offer]) -> Section:
    columns = [
        Column("item", Text("Item", "商品")), Column("units", Text("Units", "数量"), is_number=True),
        Column("price", Text("Unit price", "单价"), is_number=True), Column("discount", Text("Discount", "优惠"), is_number=True),
        Column("paid", Text("Paid", "实付"), is_number=True), Column("promise", Text("Ship by", "最晚发货")),
    ]  # fmt: skip
    return Table(Text("Items", "商品"), columns, [
        Row(str(line.line_no), None, {
            "item": Pictured(looks.shows(offers[line.product_id]), Two(naming.in_tongues(line.title), Code(line.sku))),
            "units": Two(line.quantity, Text(f"{line.cancelled} cancelled", f"取消 {line.cancelled}")) if line.cancelled else line.quantity,
            "price": Money(line.unit_price, order.currency), "discount": Money(-line.discount, order.currency),
            "paid": Money(line.net, order.currency), "promise": line.ship_by,
        }) for line in lines
    ])  # fmt: skip


def _around(order: orders.Order, around: order_page.Around) -> list[Section]:
    found: list[Section] = []
    if around.parcels:
        found.append(Table(Text("Parcels", "包裹"), [
            Column("number", Text("Tracking number", "运单号")), Column("carrier", Text("Carrier", "承运商")),
            Column("stands", Text("Stands", "状态")), Column("sent", Text("Sent", "发出")), Column("last", Text("Last scan", "最后扫描")),
        ], [Row(str(one.id), None, {
            "number": Link(naming.place("parcel", one.id), one.tracking_number, is_code=True), "carrier": one.carrier,
            "stands": vocabulary.chip("parcel", one.state), "sent": one.dispatched_at, "last": one.last_scan_at,
        }) for one in around.parcels]))  # fmt: skip
    if around.returns:
        found.append(Table(Text("Returns", "退货"), [
            Column("number", Text("Return", "售后单")), Column("decision", Text("Decision", "审核")),
            Column("journey", Text("Goods", "货物")), Column("units", Text("Units", "件数"), is_number=True),
        ], [Row(str(one.id), naming.place("return", one.id), {
            "number": naming.link("return", one.id), "decision": vocabulary.chip("return_decision", one.decision),
            "journey": vocabulary.chip("return_journey", one.journey), "units": one.units,
        }) for one in around.returns]))  # fmt: skip
    money = [
        *(("payment", "payment", Text("Payment", "付款"), one.id, one.state, one.amount, one.started_at) for one in around.payments),
        *(("refund", "refund", Text("Refund", "退款"), one.id, one.state, -one.amount, one.requested_at) for one in around.refunds),
    ]  # fmt: skip
    if money:
        found.append(Table(Text("Payments and refunds", "付款与退款"), [
            Column("what", Text("What", "类型")), Column("number", Text("Number", "编号")), Column("stands", Text("Stands", "状态")),
            Column("at", Text("When", "时间")), Column("amount", Text("Amount", "金额"), is_number=True),
        ], [Row(str(number), None, {
            "what": words, "number": naming.link("refund", number) if kind == "refund" else Code(naming.spoken(number)),
            "stands": vocabulary.chip(machine, state), "at": at, "amount": Money(amount, order.currency),
        }) for kind, machine, words, number, state, amount, at in money]))  # fmt: skip
    return found


def _money(order: orders.Order) -> Section:
    def amount(value: int) -> Money:
        return Money(value, order.currency)

    rows = [
        (Text("Items", "商品"), amount(order.goods), False), (Text("Discount", "优惠"), amount(-order.discount), False),
        (Text("Shipping", "运费"), amount(order.freight), False), (Text("Tax", "税费"), amount(order.tax), False),
        (Text("Total", "合计") if order.paid_at is None else Text("Paid", "实付"), amount(order.total), True),
    ]  # fmt: skip
    if order.paid_at is not None:
        rows += [(Text("Refunded", "已退款"), amount(-order.refunded), False),
                 (Text("Still refundable", "剩余可退"), amount(order.total - order.refunded), True)]  # fmt: skip
    return Sums(Text("Money", "金额"), [row for row in rows if row[1].amount or row[2]])


async def _customer(tx: Tx, order: orders.Order) -> Section:
    contact = await identity.contact(tx, order.contact_id)
    if contact is None:
        return Facts(Text("Customer", "买家"), [])
    seen = identity.mask(contact)
    address = seen.address
    where = " ".join(part for part in (seen.province, seen.city, address.district if address else "") if part)
    return Facts(Text("Customer", "买家"), [
        (Text("Name", "姓名"), seen.name or Text("erased", "已删除")), (Text("Phone", "电话"), Code(seen.phone)),
        (Text("Ship to", "收货地址"), where),
    ])  # fmt: skip


async def _clocks(tx: Tx, subject_ids: set[int]) -> Section:
    found = [one for one in await deadlines.of_subjects(tx, subject_ids) if not clocks.is_quiet(one.kind)]
    none = [(Text("Nothing runs", "无进行中的时限"), None)]
    return Facts(Text("Clocks", "时限"), [
        clocks.shown(one.kind, due_at=one.at, started_at=one.started_at, now=tx.now, is_paused=one.paused_at is not None,
                     waiting_for=one.waiting_for) for one in found
    ] or none)  # fmt: skip


ROUTES = [listed, show, cancel, hold, release, reveal]
