"""Refunds: the queue of what waits for a person, and one refund to the cent with its way and its provider's answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from dingdan.areas import orders, payments, refunds, returns, settlements
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Text
from dingdan.overviews import refund_list, timeline
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, waiting
from dingdan.surfaces.console.house import hands
from dingdan.surfaces.console.money import refund_actions, refund_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, story, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Cell,
    Code,
    Column,
    Empty,
    Facts,
    Filter,
    Fuse,
    Ledger,
    Link,
    Listing,
    Row,
    Section,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import MerchantRef

Shelf = Literal["going", "trouble", "hand", "all"]
STATES: dict[str | None, tuple[str, ...] | None] = {
    None: ("requested",), "trouble": ("failed", "unknown"), "going": ("held",), "hand": ("offline",), "all": None,
}  # fmt: skip
EMPTY: dict[str | None, Empty] = {
    None: Empty(Text("No refunds waiting.", "没有待审批的退款。"),
                Text("What the policy decides alone is sent by itself; the rest comes here.", "政策可自动决定的退款会直接发出，其余在此审批。")),
    "going": Empty(Text("Nothing is about to go out.", "没有即将发出的款项。"),
                   Text("What somebody released stands here for a moment, and can be taken back.", "刚放款的退款会在此停留片刻，可收回。")),
    "trouble": Empty(Text("No refund failed, none is unknown.", "没有失败或结果未知的退款。"),
                     Text("Where a provider does not answer it is asked again by itself.", "渠道未答复时系统会自动查询。")),
    "hand": Empty(Text("Nothing is to be paid by hand.", "没有需要线下退款的款项。")),
    "all": Empty(Text("No refunds yet.", "还没有退款。"), Text("They begin with a return, a cancellation or a case.", "退货、取消订单或异常补偿会产生退款。")),
}  # fmt: skip


class RefundsQuery(ListQuery, frozen=True, kw_only=True):
    """Which refunds."""

    view: Shelf | None = None
    merchant: MerchantRef | None = None
    cause: refunds.Cause | None = None


@screen("/q/refunds", permission="refund.read")
async def queue(tx: Tx, query: RefundsQuery) -> Listing:
    """Refunds that wait for a person, or all of them."""
    wanted = refund_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), states=STATES[query.view], cause=query.cause
    )
    found = await refund_list.page(tx, wanted, slice_of(query))
    numbers = [one.id for one in found]
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    ways = await _ways(tx, numbers)
    signing = await refunds.prospects(tx, numbers) if tx.actor.may("refund.approve") else {}
    clocks = await _promises(tx, [one.cause_id for one in found if one.cause == refunds.Cause.RETURN])
    may_sign = tx.actor.may("refund.approve")
    bulk = {
        None: [Act("look", Text("Release …", "批量放款…"), "/q/refunds/look")],
        "going": [Act("take-back", waiting.TAKE_BACK, "/q/refunds/take-back")],
    }
    return listing(
        found, lambda one: _row(one, names, ways, signing, Fuse(clocks.get(one.cause_id), tx.now)),
        title=Text("Refunds", "退款"), live=["refund"], is_queue=True,
        columns=[
            Column("due", Text("Due, else asked", "承诺到账／申请")), Column("number", Text("Refund", "退款单")),
            Column("merchant", Text("Merchant and way", "商家与方式")), Column("stands", Text("Stands", "状态")),
            Column("amount", Text("Amount", "金额"), is_number=True),
        ],
        views=[
            View(Text("To approve", "待审批")), View(Text("About to go out", "即将放款"), {"view": "going"}), View(Text("Failed and unknown", "失败与未知"), {"view": "trouble"}),
            View(Text("By hand", "线下退款"), {"view": "hand"}), View(Text("All", "全部"), {"view": "all"}),
        ],
        filters=[
            *await choosing.by_merchant(tx),
            Filter("cause", Text("For", "来源"), list(refund_words.CAUSES.items())),
        ],
        empty=EMPTY[query.view],
        bulk=bulk.get(query.view, []) if may_sign else [],
    )  # fmt: skip


def _row(
    one: refund_list.Row, names: Mapping[int | None, Text], ways: Mapping[int, str],
    signing: Mapping[int, int | Refusal], fuse: Fuse,
) -> Row:  # fmt: skip
    amount = Money(one.amount, one.currency)
    return Row(naming.ref("refund", one.id), naming.place("refund", one.id), {
        "due": fuse if fuse.due_at and one.settled_at is None else one.requested_at,
        "number": Two(Code(naming.spoken(one.id)), refund_words.CAUSES[one.cause]),
        "merchant": Two(names.get(one.merchant_id), ways.get(one.id)),
        "stands": Two(vocabulary.chip("refund", one.state), _signature(signing.get(one.id)) if one.state == "requested" else ""),
        "amount": amount,
    }, amount)  # fmt: skip


def _signature(prospect: int | Refusal | None) -> Text | None:
    if prospect is None:
        return None
    if isinstance(prospect, Refusal):
        return Text("somebody else", "须他人审批")
    return Text("two needed", "须两人审批") if prospect else Text("yours is enough", "一人即可")


async def _ways(tx: Tx, numbers: Sequence[int]) -> dict[int, str]:
    """How the money of refunds goes back: the ways it was paid."""
    tenders = await refunds.tenders(tx, numbers) if numbers else {}
    paid = await payments.get(tx, {one.payment_id for some in tenders.values() for one in some})
    return {
        number: " + ".join(dict.fromkeys(paid[one.payment_id].method or paid[one.payment_id].provider for one in some
                                         if one.payment_id in paid))
        for number, some in tenders.items()
    }  # fmt: skip


async def _promises(tx: Tx, return_ids: Sequence[int]) -> dict[int, datetime | None]:
    found = await deadlines.of_subjects(tx, return_ids) if return_ids else []
    return {one.subject_id: one.at for one in found if one.kind == returns.REFUND_BY.name}


@screen("/refunds/{refund_id}", permission="refund.read")
async def show(tx: Tx, refund_id: int) -> Sheet:
    """One refund: what it is made of, how it goes back, and what the provider said."""
    refund = await refunds.get_one(tx, refund_id)
    sent = (await payments.sent_back(tx, [refund_id])).get(refund_id, [])
    by_hand = await _payout_of(tx, refund)
    seller = (await naming.merchant_names(tx, [refund.merchant_id]))[refund.merchant_id]
    stamp = vocabulary.chip("refund", refund.state) if refund.state in ("settled", "refused") else None
    return Sheet(
        title=Text("Refund", "退款单"), kind=Text(f"Refund, {seller.en}", f"退款单 · {seller.zh}"),
        number=naming.spoken(refund_id), key=naming.ref("refund", refund_id), full=naming.place("refund", refund_id),
        chips=[vocabulary.chip("refund", refund.state), Money(refund.amount, refund.currency)], lead=refund.requested_at,
        stamp=stamp, acts=await refund_actions.possible(tx, refund, by_hand),
        main=[
            *await _honest(tx, refund), await _made_of(tx, refund), await _split(tx, refund, sent),
            *(await _hand(tx, by_hand) if by_hand else []), await _log(tx, refund, sent),
        ],
        side=[await _who(tx, refund), await _why(tx, refund), await _when(tx, refund)],
        live=["refund"],
    )  # fmt: skip


async def _honest(tx: Tx, refund: refunds.Refund) -> list[Section]:
    """What is true where a state could be misread."""
    words = {
        "unknown": Text("The provider has not said whether the money left. Nothing may be sent again; ask it.",
                        "支付渠道尚未确认款项是否已退出。不可重复退款，请先向渠道查询。"),
        "failed": Text("The provider said no. Trying again uses the same number, so nothing can be paid twice.",
                       "渠道退款失败。重试使用同一编号，不会重复退款。"),
        "held": Text("Somebody let it go. Until this clock has run down it can be taken back; then the money goes out.",
                     "已放款。倒计时结束前可收回，之后款项发出。"),
        "offline": Text("No provider takes this money back. With the buyer's consent one person pays, another confirms.",
                        "渠道无法原路退回。经买家同意后，由一人付款、另一人确认。"),
    }.get(refund.state)  # fmt: skip
    if words is None:
        return []
    why = refund_words.failure(refund.failure)
    items: list[tuple[Text, object]] = [(Text("The provider's reason", "渠道原因"), why)] if why else []
    if refund.state is refunds.RefundState.HELD:
        clocks = await deadlines.of_subjects(tx, [refund.id])
        items += [
            (Text("Goes out in", "距发出"), Fuse(one.at, tx.now, waiting.WAIT))
            for one in clocks if one.kind == refunds.GOES_OUT.name
        ]  # fmt: skip
    return [Facts(Text("Where it stands", "当前情况"), items, note=words)]


async def _made_of(tx: Tx, refund: refunds.Refund) -> Section:
    parts = (await refunds.parts(tx, [refund.id])).get(refund.id, [])
    lines = {line.line_no: line for line in (await orders.lines(tx, [refund.order_id]))[refund.order_id]}
    rows = [
        Row(str(n), None, {
            "what": Two(refund_words.COMPONENTS[part.component], refund_words.BASES[part.basis] if part.basis else None),
            "item": Two(naming.in_tongues(lines[part.line_no].title), Code(lines[part.line_no].sku))
            if part.line_no in lines else Text("whole order", "整单"),
            "units": part.quantity or None, "rule": [Code(word) for word in (part.rule, part.clause) if word],
            "amount": Money(part.amount, refund.currency),
        }) for n, part in enumerate(parts)
    ]  # fmt: skip
    total = Row("total", None, {"what": Text("Refund", "退款合计"), "amount": Money(refund.amount, refund.currency)})
    return Table(Text("What it is made of", "退款明细"), [
        Column("what", Text("What", "项目")), Column("item", Text("Item", "商品")), Column("units", Text("Units", "数量"), is_number=True),
        Column("rule", Text("Rule and clause", "规则与条款")), Column("amount", Text("Amount", "金额"), is_number=True),
    ], [*rows, total])  # fmt: skip


async def _split(tx: Tx, refund: refunds.Refund, sent: Sequence[payments.Sent]) -> Section:
    tenders = (await refunds.tenders(tx, [refund.id])).get(refund.id, [])
    paid = await payments.get(tx, {one.payment_id for one in tenders})
    under = {one.payment_id: one for one in sent}

    def row(one: refunds.Tender) -> Row:
        payment, back = paid.get(one.payment_id), under.get(one.payment_id)
        key: Code | Text = Code(naming.ref("send_back", back.id)) if back else Text("given when sent", "发出时生成")
        way = list(dict.fromkeys((payment.method, payment.provider))) if payment else None
        said: list[Cell] = []
        if back is not None:
            said = [Text(f"asked {back.asks} times", f"已查询 {back.asks} 次")] if back.asks else []
            said += [refund_words.failure(back.failure)] if back.failure else []
        return Row(str(one.payment_id), None, {
            "payment": Two(Code(naming.spoken(one.payment_id)), way), "key": key,
            "stands": Two(vocabulary.chip("send_back", back.state), said) if back else None, "amount": Money(one.amount, refund.currency),
        })  # fmt: skip

    return Table(Text("The way back, payment by payment", "退款去向（按支付）"), [
        Column("payment", Text("Payment", "原支付")), Column("key", Text("Idempotency key", "幂等号")), Column("stands", Text("Stands", "状态")),
        Column("amount", Text("Amount", "金额"), is_number=True),
    ], [row(one) for one in tenders])  # fmt: skip


async def _payout_of(tx: Tx, refund: refunds.Refund) -> refunds.HandPayout | None:
    return None if refund.hand_payout_id is None else await refunds.hand_payout(tx, refund.hand_payout_id)


async def _hand(tx: Tx, one: refunds.HandPayout) -> list[Section]:
    names = await hands.named(tx, [(one.consented_by_kind, one.consented_by), (one.paid_by_kind, one.paid_by),
                                   (one.confirmed_by_kind, one.confirmed_by)])  # fmt: skip
    items = [
        (Text("Stands", "状态"), vocabulary.chip("hand_payout", one.state)), (Text("Amount of the transfer", "转账金额"), Money(one.amount, one.currency)),
        (Text("The buyer agreed to", "买家同意内容"), one.consent),
        (Text("Written down by", "登记人"), [names[one.consented_by_kind, one.consented_by], one.consented_at]),
    ]  # fmt: skip
    if one.paid_by_kind:
        items += [(Text("Receipt", "付款凭证号"), Code(one.receipt or "")),
                  (Text("Paid by", "付款人"), [names[one.paid_by_kind, one.paid_by], one.paid_at])]  # fmt: skip
    if one.confirmed_by_kind:
        items.append((Text("Confirmed by", "确认人"), [names[one.confirmed_by_kind, one.confirmed_by], one.ended_at]))
    return [Facts(Text("Paid by hand", "线下退款"), items)]


async def _log(tx: Tx, refund: refunds.Refund, sent: Sequence[payments.Sent]) -> Section:
    ours = {("refund", refund.id), *(("send_back", one.id) for one in sent)}
    if refund.hand_payout_id is not None:
        ours.add(("hand_payout", refund.hand_payout_id))
    told = [fact for fact in await timeline.of_order(tx, refund.order_id) if (fact.subject, fact.subject_id) in ours]
    names = await hands.named(tx, [(fact.actor_kind, fact.actor_id) for fact in told if fact.actor_kind == "staff"])
    people = {number: str(name) for (_, number), name in names.items() if number is not None}
    return Ledger(Text("What happened", "处理记录"), story.entries(told, refund.currency, people))


async def _who(tx: Tx, refund: refunds.Refund) -> Section:
    names = await hands.named(
        tx, [(refund.requested_by_kind, refund.requested_by), (refund.approved_by_kind, refund.approved_by)]
    )
    approved = names.get((refund.approved_by_kind or "", refund.approved_by), Text("nobody yet", "尚无"))
    return Facts(Text("Four eyes", "审批"), [
        (Text("Asked by", "申请人"), names[refund.requested_by_kind, refund.requested_by]),
        (Text("Approved by", "审批人"), [approved, refund.approved_at] if refund.approved_at else approved),
    ], note=Text("Whoever asked may not sign.", "申请人不得审批。"))  # fmt: skip


async def _why(tx: Tx, refund: refunds.Refund) -> Section:
    cause: Link | None = naming.link("return", refund.cause_id) if refund.cause is refunds.Cause.RETURN else None
    order = await orders.get_one(tx, refund.order_id)
    accounts = await settlements.lines_of_order(tx, order.id) if tx.actor.may("settlement.read") else []
    return Facts(Text("Where it comes from", "退款来源"), [
        (Text("Cause", "原因"), [refund_words.CAUSES[refund.cause], cause] if cause else refund_words.CAUSES[refund.cause]),
        (Text("Order", "订单"), naming.link("order", refund.order_id)),
        (Text("Paid for the order", "订单实付"), Money(order.total, order.currency)),
        (Text("Refunded so far", "已退款"), Money(order.refunded, order.currency)),
        *((Text("Account", "结算单"), naming.link("settlement", one)) for one in dict.fromkeys(line.settlement_id for line in accounts)),
    ])  # fmt: skip


async def _when(tx: Tx, refund: refunds.Refund) -> Section:
    due = (
        (await _promises(tx, [refund.cause_id])).get(refund.cause_id) if refund.cause is refunds.Cause.RETURN else None
    )
    items: list[tuple[Text, object]] = [(Text("Asked", "申请"), refund.requested_at)]
    if due is not None and refund.settled_at is None:
        items.append((Text("The law's last moment", "法定最晚到账"), Fuse(due, tx.now)))
    items += [
        (Text(one.way.en, one.way.zh), Text(f"{one.first} to {one.last}", f"{one.first} 至 {one.last}"))
        for one in await refunds.expected(tx, refund)
    ]
    if refund.settled_at:
        items.append((Text("Arrived", "到账"), refund.settled_at))
    return Facts(Text("When", "时间"), items)


ROUTES = [queue, show]
