"""Sections of a return's sheet: the refund to the cent and how it changed, offers, the two sides in numbers, goods that came back."""

from collections.abc import Sequence

from dingdan.areas import refunds, returns, talks
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import order_page, return_page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.returns import return_words as words
from dingdan.surfaces.console.returns.return_around import Around
from dingdan.surfaces.shared.pages import formatting, naming, vocabulary
from dingdan.surfaces.shared.pages.screens import Code, Column, Facts, Row, Section, Sums, Table, Two

Line = tuple[Text | str, Money, bool]


async def preview(tx: Tx, a: Around) -> list[Section]:
    """What goes back to the cent, line by line and payment by payment; what is asked for by now, or what would be."""
    if a.weighed.quote is None:
        is_goods = a.held.resolution in returns.FOR_GOODS
        said = Text("No money is asked for: goods are given for goods.", "以货换货，不涉及退款。") if is_goods else Text(
            "There is nothing left to pay back.", "没有可退金额。")  # fmt: skip
        return [Facts(Text("Refund", "退款"), [(Text("Amount", "金额"), said)])]
    quote = a.weighed.quote
    parts, tenders = list(quote.parts), list(quote.tenders)
    if a.refund is not None:
        parts = (await refunds.parts(tx, [a.refund.id])).get(a.refund.id, [])
        tenders = (await refunds.tenders(tx, [a.refund.id])).get(a.refund.id, [])
    rows = _lines(a, parts)
    if a.refund is None:
        rows += _way_back(a)
    names = {one.id: one.method for one in (await order_page.around(tx, a.order.id)).payments}
    extra = 0 if a.refund is not None else a.weighed.reimburse - a.weighed.deduct
    total = sum(part.amount for part in parts) + extra
    if len(tenders) == 1 or extra:
        method = words.method(names.get(tenders[0].payment_id, "")) if tenders else Text("", "")
        rows.append((Text(f"Back by {method.en}", f"退回 {method.zh}"), Money(total, a.currency), True))
    else:
        rows += [
            (Text(f"Back by {m.en}", f"退回 {m.zh}"), Money(one.amount, a.currency), True)
            for one in tenders for m in [words.method(names.get(one.payment_id, ""))]
        ]  # fmt: skip
    title = (
        Text("Refund, to the cent", "退款明细（精确到分）")
        if a.refund
        else Text("Refund preview, to the cent", "退款预览（精确到分）")
    )
    return [Sums(title, rows, words.WAY_BACK[a.weighed.way_back])]


def _lines(a: Around, parts: Sequence[refunds.Part]) -> list[Line]:
    """Each line at its price, less what discounts took off it, then everything else by what it is."""
    rows: list[Line] = []
    for part in parts:
        sold = a.sold.get(part.line_no)
        if part.component == "goods" and sold is not None and part.quantity:
            title, gross = naming.in_tongues(sold.title), sold.unit_price * part.quantity
            rows.append(
                (
                    Text(f"{title.en} × {part.quantity}", f"{title.zh} × {part.quantity}"),
                    Money(gross, a.currency),
                    False,
                )
            )
            if gross != part.amount:
                rows.append((Text("Its share of discounts", "优惠分摊"), Money(part.amount - gross, a.currency), False))
            continue
        rows.append((words.part(part.component, part.rule), Money(part.amount, a.currency), False))
    return rows


def _way_back(a: Around) -> list[Line]:
    rows: list[Line] = []
    if a.weighed.reimburse:
        rows.append(
            (
                Text("The buyer's postage, the seller's to bear", "买家垫付的退货运费（商家承担）"),
                Money(a.weighed.reimburse, a.currency),
                False,
            )
        )
    if a.weighed.deduct:
        rows.append(
            (
                Text("The label we paid, the buyer's to bear", "我方垫付的退货运费（买家承担）"),
                Money(-a.weighed.deduct, a.currency),
                False,
            )
        )
    return rows


def quotes(a: Around, parts: Sequence[refunds.Part]) -> list[Section]:
    """Asked for, approved, after inspection: never a new number without its difference."""
    if a.weighed.quote is None:
        return []
    lines = [line.line for line in a.weighed.lines]
    full = a.weighed.quote.amount
    asked = sum(_claimed(a, line) for line in lines)
    stages: list[tuple[Text, int, Text]] = [(Text("Asked for", "申请"), asked, Text("", ""))]
    if a.held.decision is returns.Decision.APPROVED:
        why = _changed([], a.weighed.quote.parts)
        if any(line.claimed_unit_price is not None for line in lines):
            why = words.joined(Text("the price paid counts, not the claimed one", "按实付价格，不按声称价格"), why)
        stages.append((Text("Approved", "审核通过"), full, why))
    if a.refund is not None:
        label = (
            Text("After inspection", "验货后") if a.held.inspected_at is not None else Text("Asked back", "发起退款")
        )
        stages.append((label, a.refund.amount, _changed(lines, parts)))
    if len(stages) == 1:
        return []
    rows, before = [], stages[0][1]
    for n, (label, amount, why) in enumerate(stages):
        rows.append(Row(str(n), None, {
            "stage": label, "amount": Money(amount, a.currency),
            "step": Money(amount - before, a.currency) if amount != before else None, "why": why if amount != before else "",
        }))  # fmt: skip
        before = amount
    return [Table(Text("How the amount came about", "金额变化"), [
        Column("stage", Text("Stage", "阶段")), Column("amount", Text("Amount", "金额"), is_number=True),
        Column("step", Text("Difference", "差额"), is_number=True), Column("why", Text("Why", "原因")),
    ], rows)]  # fmt: skip


def _claimed(a: Around, line: returns.ReturnLine) -> int:
    """What a line was asked for: at the claimed price where one was claimed, else at the price paid."""
    if line.claimed_unit_price is not None:
        return line.claimed_unit_price * line.quantity
    if line.off:
        return line.off
    return next((one.paid for one in a.goods if one.line_no == line.line_no), 0)


def _changed(lines: Sequence[returns.ReturnLine], parts: Sequence[refunds.Part]) -> Text:
    """What made the refund another one than was approved."""
    rejected = sum(line.rejected for line in lines)
    missing = sum(line.quantity - line.accepted - line.rejected - line.lost for line in lines)
    said = []
    if rejected:
        said.append(Text(f"{rejected} not accepted", f"{rejected} 件未通过"))
    if missing > 0:
        said.append(Text(f"{missing} did not come", f"{missing} 件未收到"))
    beside = {(part.component, part.rule) for part in parts if part.component != "goods" and part.amount}
    return words.joined(*said, *(words.part(*one) for one in sorted(beside)))


def offers(found: Sequence[talks.Offer], currency: str) -> list[Section]:
    """Everything that was offered instead, newest last."""
    if not found:
        return []
    return [Table(Text("Offers", "替代方案"), [
        Column("what", Text("What", "方案")), Column("amount", Text("Amount", "金额"), is_number=True),
        Column("by", Text("By", "提出方")), Column("stands", Text("Stands", "状态")), Column("until", Text("Until", "有效期")),
    ], [Row(str(one.id), None, {
        "what": words.OFFERS[one.kind], "amount": Money(one.amount, currency) if one.amount else None, "by": words.side(one.side),
        "stands": vocabulary.chip("offer", one.state), "until": one.expires_at,
    }) for one in found])]  # fmt: skip


def history(n: return_page.Numbers) -> Section:
    """The buyer and the merchant in numbers; a large one is nobody's fault."""
    share = formatting.percent(n.returned, n.bought)
    mean = f"{n.asked / n.buyers:.1f}" if n.buyers else "0"
    granted, denied = formatting.percent(n.granted, n.asked), formatting.percent(n.denied, n.asked)
    return Facts(Text("In numbers", "历史数据"), [
        (Text("Buyer here", "买家（本店）"), Text(
            f"{n.orders} orders, {n.bought} units, {n.returned} came back ({share}); {n.rejected} of those not accepted",
            f"订单 {n.orders} 笔，商品 {n.bought} 件，退回 {n.returned} 件（{share}），其中未通过 {n.rejected} 件")),
        (Text("Buyer, 90 days", "买家（近 90 天）"), Text(
            f"{n.recent} returns asked for; buyers who return here ask {mean} times on average; refused so far: {n.refused}",
            f"申请 {n.recent} 次，本店有售后的买家人均 {mean} 次；累计被拒 {n.refused} 次")),
        (Text("Merchant, 90 days", "商家（近 90 天）"), Text(
            f"{n.asked} asked, {granted} granted, {denied} refused; {n.disputed} disputes, {n.lost} ruled to be its fault",
            f"申请 {n.asked} 单，通过率 {granted}，拒绝率 {denied}；纠纷 {n.disputed} 起，判商家责任 {n.lost} 起")),
    ])  # fmt: skip


async def goods_back(tx: Tx, a: Around) -> list[Section]:
    """Lines with what became of their units, the parcels they come in, and what the inspection found."""
    found: list[Section] = [_units(a)]
    parcels = await returns.parcels_of(tx, [a.held.id])
    if parcels:
        found.append(Table(Text("Parcels back", "退货包裹"), [
            Column("number", Text("Tracking number", "运单号")), Column("carrier", Text("Carrier", "承运商")),
            Column("sent", Text("Sent", "寄出")), Column("received", Text("Received", "签收")),
        ], [Row(str(one.id), None, {
            "number": Code(one.tracking_number), "carrier": one.carrier, "sent": one.sent_at, "received": one.received_at,
        }) for one in parcels]))  # fmt: skip
    looks = await returns.findings(tx, a.held.id)
    if looks:
        found.append(Table(Text("Inspection report", "验货报告"), [
            Column("line", Text("Item", "商品")), Column("units", Text("Units", "数量"), is_number=True),
            Column("intact", Text("Intact", "完好")), Column("grade", Text("Grade", "等级")),
            Column("then", Text("Then", "去向")), Column("note", Text("Note", "备注")), Column("at", Text("When", "时间")),
        ], [Row(str(n), None, {
            "line": naming.in_tongues(a.sold[one.line_no].title), "units": one.quantity,
            "intact": Text("accepted", "通过") if one.is_accepted else Text("not accepted", "未通过"), "grade": one.grade,
            "then": words.DISPOSITIONS.get(one.disposition, one.disposition), "note": one.note, "at": one.at,
        }) for n, one in enumerate(looks)]))  # fmt: skip
    return found


def _units(a: Around) -> Section:
    is_back = a.held.received_at is not None
    columns = [
        Column("item", Text("Item", "商品")), Column("units", Text("Units", "数量"), is_number=True),
        *([Column("received", Text("Received", "收到"), is_number=True), Column("accepted", Text("Accepted", "通过"), is_number=True),
           Column("rejected", Text("Not accepted", "未通过"), is_number=True)] if is_back else []),
        Column("why", Text("Reason", "原因")), Column("fault", Text("Fault", "责任方")), Column("paid", Text("Paid", "实付"), is_number=True),
    ]  # fmt: skip
    lines = {each.line.line_no: each.line for each in a.weighed.lines}
    return Table(Text("Items", "商品"), columns, [Row(str(one.line_no), None, {
        "item": Two(naming.in_tongues(one.title), Code(one.sku)), "units": one.quantity, "received": line.received,
        "accepted": line.accepted, "rejected": line.rejected, "why": words.reason(a.weighed.document, one.reason),
        "fault": words.FAULTS[line.fault], "paid": Money(one.paid, one.currency),
    }) for one in a.goods for line in [lines[one.line_no]]])  # fmt: skip
