"""Disputes: who waits for whom, and one dispute with both sides' proof beside what we know."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from dingdan.areas import disputes, evidence, merchants, policies, returns
from dingdan.areas.talks import Side
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import dispute_queue, order_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.returns import dispute_acts, return_words
from dingdan.surfaces.console.returns import dispute_words as words
from dingdan.surfaces.console.returns.dispute_around import Around, around
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Chip,
    Code,
    Column,
    Empty,
    Facts,
    Filter,
    Fuse,
    Link,
    Listing,
    Part,
    Picture,
    Row,
    Section,
    Sheet,
    Table,
    Two,
    View,
)

STANDS_STILL = Text("the police, a court or the two sides", "等待公安、法院或双方协商")


class DisputesQuery(ListQuery, frozen=True, kw_only=True):
    """Which disputes; without a state all that are open."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: disputes.DisputeState | None = None
    issue: disputes.Issue | None = None
    turn: Literal["buyer", "seller", "platform"] | None = None


@screen("/q/disputes", permission="dispute.read")
async def queue(tx: Tx, query: DisputesQuery) -> Listing:
    """Disputes within reach, what is due first at the top."""
    wanted = dispute_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant),
        state=query.state,
        issue=query.issue,
        turn=query.turn,
    )
    found = await dispute_queue.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: _row(one, names, tx),
        title=Text("Disputes", "纠纷"), live=["dispute", "ruling"], is_queue=True,
        columns=[
            Column("left", Text("Time left", "剩余时间")), Column("number", Text("Dispute, about", "纠纷 / 对象")),
            Column("issue", Text("Issue", "争议类型")), Column("stands", Text("Stands", "状态")),
            Column("merchant", Text("Merchant", "商家")),
        ],
        views=[
            View(Text("Open", "处理中")), View(Text("To rule", "待裁决"), {"turn": "platform"}),
            View(Text("Seller's turn", "待商家"), {"turn": "seller"}), View(Text("Buyer's turn", "待买家"), {"turn": "buyer"}),
            View(Text("Carried out", "已执行"), {"state": "executed"}),
        ],
        filters=[
            *await choosing.by_merchant(tx),
            Filter("state", Text("State", "状态"), vocabulary.options("dispute")),
            Filter("issue", Text("Issue", "争议类型"), tuple(words.ISSUES.items())),
        ],
        empty=Empty(
            Text("Nobody is at odds.", "没有待处理的纠纷。"),
            Text("A dispute opens when a buyer or a merchant asks the platform, from a refused return or a case.",
                 "买家或商家可从被拒绝的售后单或异常单申请平台介入。"),
        ),
    )  # fmt: skip


def _row(one: dispute_queue.Row, names: dict[int | None, Text], tx: Tx) -> Row:
    is_over = one.state in ("executed", "withdrawn", "agreed")
    chips: list[Any] = [vocabulary.chip("dispute", one.state)]
    if one.is_proposed:
        chips.append(Chip(Text("second signature", "待第二人签署"), "us"))
    silent = (
        None
        if one.silent is None
        else Text(f"{return_words.side(one.silent).en} silent", f"{return_words.side(one.silent).zh}逾期未举证")
    )
    opened = Text(f"opened by the {one.side}", f"{return_words.side(one.side).zh}申请")
    return Row(naming.ref("dispute", one.id), naming.place("dispute", one.id), {
        "left": None if is_over else Fuse(one.due_at, tx.now, is_paused=one.stands_still, waits_for=STANDS_STILL if one.stands_still else None),
        "number": Two(Code(naming.spoken(one.id)), _about(one.subject, one.subject_id)),
        "issue": Two(words.ISSUES[one.issue], return_words.joined(opened, silent)), "stands": chips,
        "merchant": names.get(one.merchant_id),
    })  # fmt: skip


def _about(subject: str, number: int) -> Link:
    spoken = naming.spoken(number)
    label = {"return": Text(f"Return {spoken}", f"售后单 {spoken}"), "case": Text(f"Case {spoken}", f"异常单 {spoken}")}
    return Link(
        naming.place(subject, number), label.get(subject, Text(f"Order {spoken}", f"订单 {spoken}")), is_code=True
    )


@screen("/disputes/{dispute_id}", permission="dispute.read")
async def show(tx: Tx, dispute_id: int) -> Sheet:
    """One dispute: both sides and our facts side by side, who has to prove what, rulings, clocks."""
    a = await around(tx, dispute_id)
    one = a.dispute
    owner = (await merchants.by_ids(tx, [one.merchant_id]))[one.merchant_id]
    seller = naming.in_tongues(owner.name)
    clocks = await deadlines.of_subjects(tx, [dispute_id])
    soonest = next((clock for clock in clocks if clock.kind in words.CLOCKS), None)
    chips: list[Any] = [vocabulary.chip("dispute", one.state), _about(one.subject, one.subject_id)]
    if soonest is not None:
        chips.append(Fuse(soonest.at, tx.now, None, soonest.paused_at is not None, STANDS_STILL))
    return Sheet(
        title=Text("Dispute", "纠纷"), kind=return_words.joined(Text("Dispute", "纠纷"), words.ISSUES[one.issue], seller),
        number=naming.spoken(dispute_id), key=naming.ref("dispute", dispute_id), full=naming.place("dispute", dispute_id),
        chips=chips, lead=one.opened_at, stamp=_stamp(one), acts=await dispute_acts.possible(tx, a),
        main=[
            await _columns(tx, a), _claim(a), *[section for told in a.rulings for section in _ruling(a, told)],
        ],
        side=[
            Facts(Text("Clocks", "时限"), [
                (words.CLOCKS[clock.kind], clock.at if clock.at else Text("stands still", "暂停"))
                for clock in clocks if clock.kind in words.CLOCKS
            ] or [(Text("None runs", "无"), None)]),
            _proofs(a), *_standstills(a), _links(a),
        ],
        live=["dispute", "ruling"],
    )  # fmt: skip


def _stamp(one: disputes.Dispute) -> Chip | None:
    is_over = one.state in (
        disputes.DisputeState.EXECUTED,
        disputes.DisputeState.AGREED,
        disputes.DisputeState.WITHDRAWN,
    )
    return vocabulary.chip("dispute", one.state) if is_over else None


async def _columns(tx: Tx, a: Around) -> Section:
    """What the buyer says and shows, what the merchant does, and what we know of it ourselves."""
    shown = {one.id: one for one in await evidence.of_orders(tx, [a.order.id])} if tx.actor.may("evidence.read") else {}
    said = [(told.thing, told.text) for told in a.entries if isinstance(told.thing, disputes.DisputeEntry)]
    return Part(Text("Both sides, and what we know", "双方举证与平台事实"), "dispute_columns.html", {
        "sides": [
            (return_words.side(side), [_entry(one, text, shown) for one, text in said if one.side is side], turn)
            for side, turn in ((Side.BUYER, "customer"), (Side.SELLER, "us"))
        ],
        "facts": await _facts(tx, a), "may_see": tx.actor.may("evidence.read"),
    })  # fmt: skip


def _entry(one: disputes.DisputeEntry, text: str, shown: dict[int, evidence.Evidence]) -> dict[str, Any]:
    pictures = [
        Picture(f"/evidence/{naming.ref('evidence', i)}", Text("Proof", "凭证"),
                "image" if shown[i].sort == "photo" else "video", shown[i].at)
        for i in one.evidence if i in shown
    ]  # fmt: skip
    return {"at": one.at, "is_silent": one.code == "silent", "text": text, "pictures": pictures,
            "hidden": len(one.evidence) - len(pictures)}  # fmt: skip


async def _facts(tx: Tx, a: Around) -> list[tuple[Text, Any]]:
    """The listing as it was bought, the way, the decision and what inspections found."""
    order, claimed = a.order, {line.line_no for line in a.dispute.claim}
    rows: list[tuple[Text, Any]] = [
        (Text("Bought as", "购买时商品"), Two(naming.in_tongues(line.title), [Code(line.sku), Money(line.unit_price, order.currency)]))
        for line in a.sold.values() if line.line_no in claimed
    ]  # fmt: skip
    rows.append((Text("Ordered", "下单"), order.placed_at))
    for parcel in (await order_page.around(tx, order.id)).parcels:
        rows.append(
            (
                Text("Parcel", "包裹"),
                Two([parcel.carrier, Code(parcel.tracking_number)], vocabulary.chip("parcel", parcel.state)),
            )
        )
        rows.append((Text("Last scan", "最后扫描"), parcel.delivered_at or parcel.last_scan_at))
    if a.dispute.subject == "return":
        held = await returns.get_one(tx, a.dispute.subject_id)
        rows.append((Text("Return", "售后"), [vocabulary.chip("return_decision", held.decision), held.decided_at]))
        if held.refusal_reason is not None:
            rows.append((Text("Refused because", "拒绝原因"), return_words.full_reason(held.refusal_reason)))
        rows += [
            (Text("Inspection", "验货"), Two(
                [Text("accepted", "通过") if one.is_accepted else Text("not accepted", "未通过"), Text(f"grade {one.grade}", f"等级 {one.grade}")],
                one.note or None))
            for one in await returns.findings(tx, held.id)
        ]  # fmt: skip
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    rows.append(
        (Text("Policy", "政策"), Link(naming.place("policy", order.policy_id), f"{document.id} {document.version}"))
    )
    rows.append((Text("Paid back so far", "已退款"), Money(order.refunded, order.currency)))
    return rows


def _lines(a: Around, lines: Sequence[disputes.Wish]) -> list[Row]:
    return [Row(str(one.line_no), None, {
        "item": naming.in_tongues(a.sold[one.line_no].title), "units": one.quantity, "outcome": words.OUTCOMES[one.outcome],
        "amount": Money(one.amount, a.dispute.currency) if one.amount else None,
    }) for one in lines]  # fmt: skip


COLUMNS = [
    Column("item", Text("Item", "商品")), Column("units", Text("Units", "数量"), is_number=True),
    Column("outcome", Text("What becomes of it", "处理方式")), Column("amount", Text("Taken off", "折价"), is_number=True),
]  # fmt: skip


def _claim(a: Around) -> Section:
    side = return_words.side(a.dispute.side)
    return Table(Text(f"What the {side.en.lower()} claims", f"{side.zh}诉求"), COLUMNS, _lines(a, a.dispute.claim))


def _ruling(a: Around, told: disputes.Told) -> list[Section]:
    one = told.thing
    assert isinstance(one, disputes.Ruling)
    label = words.INSTANCES[one.instance]
    return [
        Table(label, COLUMNS, _lines(a, one.lines)),
        Facts(Text(f"{label.en}: why and at whose expense", f"{label.zh}：理由与责任"), [
            (Text("Stands", "状态"), [vocabulary.chip("ruling", one.state), one.ruled_at]),
            (Text("Whose fault", "责任方"), words.FAULTS[one.fault]), (Text("Way back paid by", "退货运费"), words.BEARS[one.freight]),
            (Text("Carried out by", "执行方"), words.EXECUTORS[one.executor]), (Text("Worth", "金额"), Money(one.worth, a.dispute.currency)),
            *((Text("Rule", "依据"), a.rule_words.get(rule, rule)) for rule in one.rules),
            (Text("Reason", "理由"), told.text or Text("erased", "已删除")),
            (Text("Second signature", "第二人签署"), one.signed_at if one.signed_at else
             Text("waited for", "待签署") if one.state is disputes.RulingState.PROPOSED else Text("not needed", "无需")),
        ]),
    ]  # fmt: skip


def _proofs(a: Around) -> Section:
    """Who has to prove what, in which order, and what became of it."""
    return Table(Text("Who has to prove what", "举证责任"), [
        Column("side", Text("Side", "一方")), Column("what", Text("What", "内容")), Column("stands", Text("Stands", "状态")),
    ], [Row(str(p.n), None, {
        "side": return_words.side(p.turn.side), "what": Two(p.turn.what, Text(
            "silence loses" if p.turn.bears else "may answer", "逾期承担不利后果" if p.turn.bears else "可答辩")),
        "stands": words.STANDINGS[p.standing],
    }) for p in a.proofs])  # fmt: skip


def _standstills(a: Around) -> list[Section]:
    if not a.standstills:
        return []
    return [Table(Text("Standing still", "中止记录"), [
        Column("why", Text("Why", "原因")), Column("from", Text("From", "开始")), Column("end", Text("Ended", "结束")),
    ], [Row(str(s.id), None, {
        "why": Two(words.STILL[s.reason], Code(s.number) if s.number else None), "from": s.began_at,
        "end": Two(s.ended_at, words.ENDS.get(s.outcome or "", s.outcome)) if s.ended_at else s.until,
    }) for s in a.standstills])]  # fmt: skip


def _links(a: Around) -> Section:
    rows: list[tuple[Text, Any]] = [(Text("Order", "订单"), naming.link("order", a.order.id))]
    if a.dispute.subject != "order":
        rows.append((Text("About", "对象"), _about(a.dispute.subject, a.dispute.subject_id)))
    if a.dispute.case_id is not None:
        rows.append((Text("Carried out by case", "执行异常单"), naming.link("case", a.dispute.case_id)))
    if a.dispute.accepted:
        rows.append((Text("Accepted by", "已接受"), [return_words.side(side) for side in a.dispute.accepted]))
    return Facts(Text("Belongs to", "关联"), rows)


ROUTES = [queue, show]
