"""One order with everything around it: its items, its money, its ledger, and who bought."""

from collections.abc import Mapping, Sequence
from typing import Any

from dingdan.areas import cases, catalog, feedback, fulfilment, identity, inventory, orders, placement, settlements
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import headline, order_page, timeline
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import combining, order_bar, order_customs, order_keeping, order_notes
from dingdan.surfaces.shared import looks
from dingdan.surfaces.shared.pages import clocks, naming, reasons, story, vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import (
    Chip,
    Code,
    Column,
    Facts,
    Link,
    Pictured,
    Row,
    Say,
    Section,
    Sheet,
    Sums,
    Table,
    Talk,
    Two,
)


@screen("/orders/{order_id}", permission="order.read")
async def show(tx: Tx, order_id: int) -> Sheet:
    """One order with everything around it."""
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    names = (await order_page.names(tx, [order_id]))[order_id]
    around = await order_page.around(tx, order_id)
    seller = (await naming.merchant_names(tx, [order.merchant_id]))[order.merchant_id]
    facts = await timeline.of_order(tx, order_id)
    seen = await order_bar.look(tx, order, lines, is_told_elsewhere=names.is_told_elsewhere)
    tags, keeper = (seen.tags, seen.keeper) if tx.actor.may("note.read") else ([], None)
    return Sheet(
        title=Text("Order", "订单"), kind=Text(f"Order, {seller.en}, {names.channel}", f"订单 · {seller.zh} · {names.channel}"),
        number=naming.spoken(order_id), key=naming.ref("order", order_id), full=naming.place("order", order_id),
        chips=[
            vocabulary.chip("headline", headline.of(order)), *([Code(order.reference)] if order.reference else []),
            *(Chip(Text(tag, tag), "closed") for tag in tags), *order_keeping.chip(keeper),
        ],
        lead=order.placed_at, stamp=_stamp(order), acts=order_bar.acts(tx, seen),
        main=[
            *await order_notes.unsent(tx, order_id),
            _items(order, lines, await catalog.by_ids(tx, {line.product_id for line in lines})), *combining.section(seen.near, seen.standing), *_around(order, around), *_cases(seen.cases),
            *await order_customs.section(tx, order_id, lines), *await _feedback(tx, order_id),
            await story.ledger(tx, Text("Timeline", "时间线"), facts, order.currency, said=await order_notes.said(tx, order_id)),
        ],
        side=[
            _money(order), await _customer(tx, order, facts), *await _places(tx, order_id), await _clocks(tx, {order_id, *(fact.subject_id for fact in facts)}),
            Facts(Text("Policy that applies", "适用的退货政策"), [
                (Text("Policy", "政策"), Link(naming.place("policy", order.policy_id), f"{names.policy} {names.policy_version}")),
                (Text("Frozen when placed", "下单时锁定"), order.placed_at),
            ]),
            *await _books(tx, order_id),
        ],
        live=["order"],
    )  # fmt: skip


def _cases(found: Sequence[cases.Case]) -> list[Section]:
    if not found:
        return []
    return [Table(Text("Exceptions", "异常单"), [
        Column("number", Text("Case", "异常单")), Column("kind", Text("Kind", "类型")), Column("stands", Text("Stands", "状态")),
        Column("at", Text("Opened", "登记时间")),
    ], [Row(str(one.id), naming.place("case", one.id), {
        "number": naming.link("case", one.id), "kind": reasons.text(one.kind, reasons.CASE),
        "stands": vocabulary.chip("case", one.state), "at": one.opened_at,
    }) for one in found])]  # fmt: skip


async def _feedback(tx: Tx, order_id: int) -> list[Section]:
    if not tx.actor.may("feedback.read"):
        return []
    found = await feedback.of_orders(tx, [order_id])
    words = await feedback.words(tx, found)
    if not found:
        return []
    hidden = Text(" (hidden)", "（已隐藏）")
    return [Talk(Text("Feedback", "评价"), [
        Say(Text(f"Buyer, {one.rating} of 5{hidden.en if one.hidden_at else ''}", f"买家 {one.rating}/5{hidden.zh if one.hidden_at else ''}"),
            one.given_at, said.text)
        for one, said in zip(found, words, strict=True)
    ])]  # fmt: skip


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


async def _customer(tx: Tx, order: orders.Order, facts: Sequence[timeline.Entry]) -> Section:
    by = next((one.actor_id for one in facts if one.wire == placement.OrderPlacedOnBehalf.wire), None)
    hand = (await identity.staff_by_ids(tx, [by])).get(by) if by is not None else None
    taken = [(Text("Taken down by", "代客下单"), hand.name)] if hand else []
    contact = await identity.contact(tx, order.contact_id)
    if contact is None:
        return Facts(Text("Customer", "买家"), taken)
    seen = identity.mask(contact)
    address = seen.address
    where = " ".join(part for part in (seen.province, seen.city, address.district if address else "") if part)
    return Facts(Text("Customer", "买家"), [
        (Text("Name", "姓名"), seen.name or Text("erased", "已删除")), (Text("Phone", "电话"), Code(seen.phone)),
        (Text("Ship to", "收货地址"), where), *taken,
    ])  # fmt: skip


async def _places(tx: Tx, order_id: int) -> list[Section]:
    """From which warehouses an order is sent that is sent from several, and how far each of them is."""
    places = (await inventory.places_of(tx, [order_id])).get(order_id, [])
    if len(places) < 2:
        return []
    houses, works = await inventory.warehouses(tx, places), await fulfilment.works_of(tx, [order_id])
    stands = {one.warehouse_id: vocabulary.chip("work", one.state) for one in works}
    return [Facts(Text("Sent from several warehouses", "多仓发货"), [
        (naming.in_tongues(houses[one].name), stands.get(one)) for one in places
    ])]  # fmt: skip


async def _books(tx: Tx, order_id: int) -> list[Section]:
    """The way from what was paid to the merchant's account that it stands in, and to the invoices."""
    ways: list[tuple[Text, Any]] = []
    if tx.actor.may("settlement.read"):
        accounts = dict.fromkeys(line.settlement_id for line in await settlements.lines_of_order(tx, order_id))
        ways += [(Text("Account", "结算单"), naming.link("settlement", one)) for one in accounts]
        here = f"{naming.place('order', order_id)}/settlement"
        ways.append(
            (Text("Line by line", "结算明细"), Link(here, Text("What it meant for the merchant", "对商家的结算影响")))
        )
    if tx.actor.may("invoice.read"):
        ways.append(
            (
                Text("Invoices", "发票"),
                Link(f"{naming.place('order', order_id)}/invoices", Text("Ask and read", "申请与查看")),
            )
        )
    return [Facts(Text("Accounts and invoices", "结算与发票"), ways)] if ways else []


async def _clocks(tx: Tx, subject_ids: set[int]) -> Section:
    found = [one for one in await deadlines.of_subjects(tx, subject_ids) if not clocks.is_quiet(one.kind)]
    none = [(Text("Nothing runs", "无进行中的时限"), None)]
    return Facts(Text("Clocks", "时限"), [
        clocks.shown(one.kind, due_at=one.at, started_at=one.started_at, now=tx.now, is_paused=one.paused_at is not None,
                     waiting_for=one.waiting_for) for one in found
    ] or none)  # fmt: skip


ROUTES = [show]
