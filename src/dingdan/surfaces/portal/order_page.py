"""The order: everything that a buyer checks about it, on one screen, and what they can do with it now."""

from collections.abc import Mapping, Sequence

from dingdan.areas import access, identity, invoices, merchants, orders, payments, policies, pricing, returns, talks
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import headline, order_page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import order_forms, pages, return_around, return_page, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.shared.pages import formatting, naming, vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import Act, Facts, Link, Own, Part, Reason, Say, Section, Sums, Talk, Two

# The reason that asks for the most that the law gives without one.
PLAIN = "NO_REASON"
IN_A_RETURN = Reason("plain", Text("In a return already.", "已在售后中。"))
NO_WHY = Text("Cannot be returned without a reason.", "不支持无理由退货。")


@screen("/my/{order_id}", permission="order.read")
async def show(tx: Tx, order_id: int, guest: access.Guest) -> Own:
    """One order for its buyer."""
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    around = await order_page.around(tx, order_id)
    names = (await order_page.names(tx, [order_id]))[order_id]
    shop = await pages.seller(tx, order.merchant_id)
    name = naming.in_tongues(shop.name)
    can = _can(tx, order, is_told_elsewhere=names.is_told_elsewhere)
    verdicts, going = await _verdicts(tx, order), _going(order_id, around)
    pictured, taken = await pages.pictures(tx, lines), await returns.taken_units(tx, order_id)
    if all(line.left <= taken.get(line.line_no, 0) for line in lines):
        can.discard("return")
    return pages.page(
        Text("Your order", "您的订单"), guest, number=ids.spoken(order_id),
        lead=Text(f"Sold by {name.en}, placed {formatting.long(order.placed_at, 'en')}",
                  f"{name.zh} · 下单时间 {formatting.long(order.placed_at, 'zh')}"),
        card=await _first_card(tx, order, lines, around), acts=[*going, *await order_forms.first(tx, order, can, is_returning=bool(going))],
        main=[
            Part(Text("Items", "商品"), "items.html", {"lines": [
                _line(line, verdict, order.currency, picture=pictured.get(line.product_id), taken=taken.get(line.line_no, 0)) for line, verdict in zip(lines, verdicts, strict=True)
            ]}),
            await _money(tx, order), _payment(order, around), await _where(tx, order, lines), *_returns(order_id, around),
            *await _papers(tx, order_id), *await _written(tx, order_id, name),
        ],
        more=await order_forms.more(tx, order, can), links=await _links(tx, order, around, shop),
    )  # fmt: skip


def _can(tx: Tx, order: orders.Order, *, is_told_elsewhere: bool) -> set[str]:
    """What may be done now; what was bought on a channel is changed there."""
    return {one for one in orders.actions(order) if not (is_told_elsewhere and one.startswith("change_"))}


async def _verdicts(tx: Tx, order: orders.Order) -> Sequence[policies.Verdict | None]:
    """What the order's policy says about each line, were it to come back without a reason."""
    return await returns.judge_lines(tx, order, PLAIN)


async def _first_card(
    tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine], around: order_page.Around
) -> Card:
    """How the return stands, where the goods are there and one goes on: whoever has one comes for its money."""
    going = _open_returns(around)
    if len(going) == 1 and headline.of(order) in ("delivered", "completed"):
        return return_page.card(await return_around.load(tx, await returns.get_one(tx, going[0].id)))
    return await card(tx, order, lines)


async def card(tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine]) -> Card:
    """Whose turn it is with an order, until when, and what it comes to."""
    word = headline.of(order)
    chip, total = vocabulary.chip("headline", word), Money(order.total, order.currency)
    ship = max((line.ship_by for line in lines if line.ship_by), default=None)
    arrive = max((line.arrive_by for line in lines if line.arrive_by), default=None)
    paid = Text("Total", "合计")
    if word == "awaiting_payment":
        return Card(chip=chip, text=await _pay_words(tx, order), until=order.pay_by,
                    until_words=Text("Pay by", "请于此前付款"), amount=total, amount_words=Text("To pay", "应付"))  # fmt: skip
    if word == "in_transit":
        return Card(chip=chip, text=Text("It is on its way to you.", "商品已发出，正在运输途中。"), until=arrive,
                    until_words=Text("Arrives by", "预计送达"), amount=total, amount_words=paid)  # fmt: skip
    if word == "delivered":
        due = (await orders.receipt_due(tx, [order.id])).get(order.id)
        return Card(chip=chip, text=Text("It was delivered. Is everything right?", "商品已签收，一切都好吗？"), until=due,
                    until_words=Text("Counts as received on", "自动确认收货时间"), amount=total, amount_words=paid)  # fmt: skip
    if word in ("to_pick", "picking"):
        return Card(chip=chip, text=Text("We are getting it ready.", "我们正在为您备货。"), until=ship,
                    until_words=Text("Leaves by", "最晚发货"), amount=total, amount_words=paid)  # fmt: skip
    words = {
        "review": Text("We take a second look at it before it leaves.", "发货前我们正在进行复核。"),
        "on_hold": Text(
            "It stands still for the moment. We will tell you how it goes on.", "订单暂缓处理，进展会通知您。"
        ),
        "completed": Text("It is complete. Your rights to return go on.", "订单已完成，退货权利不受影响。"),
        "cancelled": Text(
            "It is cancelled. What you paid goes back the way it came.", "订单已取消，已付款项原路退回。"
        ),
        "expired": Text(
            "It was not paid in time and has ended. Nothing was taken.", "订单超时未付款已关闭，未产生扣款。"
        ),
    }
    return Card(chip=chip, text=words.get(word, chip.text), amount=total, amount_words=paid)


async def _pay_words(tx: Tx, order: orders.Order) -> Text:
    """What to do about the money: what became of the last try first."""
    tries = (await payments.of_orders(tx, [order.id])).get(order.id, [])
    last = max(tries, key=lambda one: one.id, default=None)
    why = payments.failure_of(last) if last is not None else None
    if why is not None:
        more = Text("Nothing was taken.", "未产生扣款。")
        again = (
            Text("Try again, or another way.", "请重试或更换支付方式。")
            if why.can_retry
            else Text("Try another way.", "请更换支付方式。")
        )
        return Text(f"{why.message.en} {more.en} {again.en}", f"{why.message.zh}{more.zh}{again.zh}")
    if last is not None and last.state is payments.PaymentState.UNKNOWN:
        return Text("We do not know yet whether your payment went through. Wait, and do not pay twice.",
                    "支付结果确认中，请稍候，请勿重复付款。")  # fmt: skip
    return Text("Pay, and it goes on its way.", "付款后即为您安排发货。")


def _line(
    line: orders.OrderLine, verdict: policies.Verdict | None, currency: str, *, picture: str | None, taken: int
) -> Mapping[str, object]:
    return {
        "product_id": line.product_id, "picture": picture, "title": naming.in_tongues(line.title), "quantity": line.quantity, "left": line.left,
        "price": Money(line.unit_price, currency), "net": Money(line.net, currency),
        "says": IN_A_RETURN if taken and taken >= line.left else eligibility(verdict),
    }  # fmt: skip


def eligibility(verdict: policies.Verdict | None) -> Reason:
    """Whether a line can come back without a reason, in words with a date."""
    if verdict is None:
        return Reason("plain", Text("No returns", "不可退货"))
    if verdict.exclusion is None and verdict.is_allowed:
        if verdict.window_end is None:
            return Reason(
                "good",
                Text("Can be returned; the days begin when it has arrived.", "支持无理由退货，期限自签收后起算。"),
            )
        end = verdict.window_end
        return Reason("good", Text(
            f"Can be returned until {pages.until(end).en}", f"可退至 {pages.until(end).zh}"
        ))  # fmt: skip
    why = next((policies.DECISIONS[one] for one in verdict.reasons if one in policies.DECISIONS), NO_WHY)
    more = Text(" Faults can be claimed all the same.", "质量问题仍可申请售后。")
    return Reason("plain", Text(why.en + more.en, why.zh + more.zh))


async def _money(tx: Tx, order: orders.Order) -> Section:
    def amount(value: int) -> Money:
        return Money(value, order.currency)

    layers = (await pricing.layers(tx, [order.id])).get(order.id, ())
    off = [
        (Text(one.layer.label.en, one.layer.label.zh), amount(-one.layer.amount), False)
        for one in layers if one.layer.effect == "off" and one.layer.amount
    ]  # fmt: skip
    if sum(-each[1].amount for each in off) != order.discount:
        off = [(Text("Discounts", "优惠"), amount(-order.discount), False)]
    rows = [
        (Text("Items", "商品"), amount(order.goods), False), *off, (Text("Shipping", "运费"), amount(order.freight), False),
        (Text("Tax", "税费"), amount(order.tax), False),
        (Text("Total", "合计"), amount(order.total), True),
        *([(Text("Paid back", "已退款"), amount(-order.refunded), False)] if order.refunded else []),
    ]  # fmt: skip
    keep = Text("Shipping", "运费")
    return Sums(Text("What it costs", "费用明细"), [row for row in rows if row[1].amount or row[2] or row[0] == keep])


def _payment(order: orders.Order, around: order_page.Around) -> Section:
    paid = [
        (order_forms.way_words(one.provider, one.method),
         Two(Money(one.amount, one.currency), vocabulary.chip("payment", one.state)))
        for one in around.payments if one.state not in ("voided",)
    ]  # fmt: skip
    back = [
        (Text("Paid back", "退款"), Two(Money(one.amount, one.currency), vocabulary.chip("refund", one.state)))
        for one in around.refunds
    ]
    none = [(Text("Payment", "付款"), Text("Nothing paid yet", "尚未付款"))]
    return Facts(Text("Payment", "付款"), [*(paid or none), *back])


async def _where(tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine]) -> Section:
    contact = await identity.contact(tx, order.contact_id)
    rows: list[tuple[Text, object]] = []
    if contact is not None and contact.address is not None:
        at = contact.address
        rows.append((Text("To", "收货人"), f"{at.name} {at.phone}"))
        rows.append((Text("Address", "地址"), " ".join(
            part for part in (at.province, at.city, at.district, at.detail, at.postcode) if part)))  # fmt: skip
    ship = max((line.ship_by for line in lines if line.ship_by), default=None)
    arrive = max((line.arrive_by for line in lines if line.arrive_by), default=None)
    if order.shipped_at is None and ship is not None:
        rows.append((Text("Leaves by", "最晚发货"), pages.until(ship)))
    if order.shipped_at is not None:
        rows.append((Text("Left", "发货时间"), order.shipped_at))
    if order.delivered_at is not None:
        rows.append((Text("Arrived", "签收时间"), order.delivered_at))
    elif arrive is not None:
        rows.append((Text("Arrives by", "预计送达"), pages.until(arrive)))
    return Facts(Text("Delivery", "配送"), rows)


def _open_returns(around: order_page.Around) -> list[order_page.CameBack]:
    return [one for one in around.returns if one.outcome == "open" and one.decision in ("requested", "approved")]


def _going(order_id: int, around: order_page.Around) -> list[Act]:
    """The way to a return that goes on: who has one comes for it."""
    return [
        Act(f"return-{one.id}", Text("See your return", "查看售后进度"), pages.of(order_id, "return", "returns", one.id),
            tone="first", is_link=True)
        for one in _open_returns(around)
    ]  # fmt: skip


def _returns(order_id: int, around: order_page.Around) -> list[Section]:
    if not around.returns:
        return []
    return [Facts(Text("Returns", "退换货"), [
        (pages.units(one.units), [
            vocabulary.chip("return_decision" if one.decision != "approved" else "return_journey",
                            one.decision if one.decision != "approved" else one.journey),
            Link(pages.of(order_id, "return", "returns", one.id), Text("See how it stands", "查看进度")),
        ]) for one in around.returns
    ])]  # fmt: skip


async def _written(tx: Tx, order_id: int, seller: Text) -> list[Section]:
    """What was written to the buyer about the order."""
    found = [one for one in await orders.notes(tx, [order_id], shown_only=True) if one.text]
    return (
        [Talk(Text("Messages to you", "给您的留言"), [Say(seller, one.note.at, one.text, "us") for one in found])]
        if found
        else []
    )


async def _papers(tx: Tx, order_id: int) -> list[Section]:
    wishes, made = await invoices.of_order(tx, order_id)
    rows: list[tuple[Text, object]] = [
        (Text("Invoice", "发票"), Link(pages.of(order_id, "invoice", "invoices", one.id), one.written_number or "", is_code=True))
        for one in made if one.state is invoices.InvoiceState.ISSUED
    ]  # fmt: skip
    rows += [
        (Text("Asked for", "已申请"), vocabulary.chip("invoice_request", one.state))
        for one in wishes
        if one.state == "asked"
    ]
    return [Facts(Text("Invoices", "发票"), rows)] if rows else []


async def _links(tx: Tx, order: orders.Order, around: order_page.Around, shop: merchants.Merchant) -> list[Link]:
    found: list[Link] = []
    if around.parcels:
        found.append(Link(pages.here(order.id, "tracking"), Text("Where is it?", "查看物流")))
    found += [
        Link(pages.of(order.id, "case", "cases", case.id), Text(f"Problem: {document.title.en}", f"问题处理：{document.title.zh}"))
        for case, document in await within.told_cases(tx, order.id)
    ]  # fmt: skip
    found.append(Link(pages.here(order.id, "help"), Text("Report a problem", "反馈问题")))
    found.append(Link(pages.here(order.id, "messages"), Text("Messages", "消息记录")))
    found.append(Link(f"/policy/{shop.code}", Text("Return policy of this shop", "店铺退货政策")))
    terms = await talks.terms(tx, order.id)
    if terms.is_offered:
        found.append(Link(pages.here(order.id, "withdraw"), Text("Withdraw from contract here", "在此撤回合同")))
    return found


ROUTES = [show]
