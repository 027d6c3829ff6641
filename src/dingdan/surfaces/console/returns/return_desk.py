"""Returns: the queue of those that wait for an answer, approving many with a dry run, and the list of all."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import policies, returns
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import return_list, return_page, return_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.returns import return_words as words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming, rendering, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Filter,
    Fuse,
    Listing,
    Row,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Id, Word

BUYER_ASKED = Text("waits for the buyer's proof", "待买家补充凭证")
MOST_AT_ONCE = 50


class QueueQuery(ListQuery, frozen=True, kw_only=True):
    """Which applications; `flag` is one of why a person must look."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    resolution: returns.Resolution | None = None
    flag: Word | None = None
    escalated: bool | None = None
    paused: bool | None = None


class ReturnsQuery(ListQuery, frozen=True, kw_only=True):
    """Which returns."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    decision: returns.Decision | None = None
    journey: returns.Journey | None = None
    outcome: returns.Outcome | None = None
    resolution: returns.Resolution | None = None
    order: Id | None = None


class ManyForm(Form, frozen=True, kw_only=True):
    """Several returns."""

    keys: Annotated[list[Id], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Weighed(msgspec.Struct, frozen=True):
    """What approving would do to one return: its money, or why it is left out."""

    id: int
    item: Text
    money: Money | None
    why_not: Text | None


@screen("/q/returns", permission="return.decide")
async def queue(tx: Tx, query: QueueQuery) -> Listing:
    """Applications that nobody has decided, what is due first at the top."""
    wanted = return_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), resolution=query.resolution, reason=query.flag,
        escalated=query.escalated, is_paused=query.paused,
    )  # fmt: skip
    found = await return_queue.page(tx, wanted, slice_of(query))
    goods = await return_page.goods(tx, [one.id for one in found])
    documents = await _documents(tx, goods)
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    done = await return_page.decided_lately(tx)
    return listing(
        found, lambda one: _waiting(one, goods.get(one.id, []), documents, names=names, tx=tx),
        title=Text("Return review", "退货审核"), live=["return", "question", "offer"], is_queue=True,
        lead=Text(f"{done} answered by people in the last 24 hours", f"近 24 小时人工已处理 {done} 单"),
        columns=[
            Column("left", Text("Time left", "剩余时间")), Column("item", Text("Return, item", "售后单 / 商品")),
            Column("why", Text("Reason, flags", "原因 / 标记")), Column("paid", Text("Asked for", "申请金额"), is_number=True),
            Column("merchant", Text("Merchant, wanted", "商家 / 类型")),
        ],
        views=[
            View(Text("Due first", "最快超时")), View(Text("Escalated", "已升级"), {"escalated": "true"}),
            View(Text("Proof asked", "待补凭证"), {"paused": "true"}),
            View(Text("Without return", "仅退款"), {"resolution": "refund_only"}),
            View(Text("Price differs", "价格不符"), {"flag": "price_mismatch"}), View(Text("Appeals", "申诉"), {"flag": "APPEALED"}),
        ],
        filters=[
            *await choosing.by_merchant(tx),
            Filter("resolution", Text("Wanted", "类型"), words.ASKABLE), Filter("flag", Text("Flag", "标记"), tuple(words.FLAGS.items())),
        ],
        empty=Empty(
            Text("Every application is answered.", "所有申请均已处理。"),
            Text(f"{done} answered by people in the last 24 hours.", f"近 24 小时人工已处理 {done} 单。"),
        ),
        bulk=[Act("approve", Text("Approve selected: see what it does", "批量通过（先预览）"), "/q/returns/dry-run")],
    )  # fmt: skip


def _waiting(
    one: return_queue.Row,
    goods: Sequence[return_page.Goods],
    documents: dict[int, policies.PolicyDocument],
    *,
    names: dict[int | None, Text],
    tx: Tx,
) -> Row:
    span = one.due_at - one.requested_at if one.due_at is not None else None
    return Row(naming.ref("return", one.id), naming.place("return", one.id), {
        "left": Fuse(one.due_at, tx.now, span, one.is_paused, BUYER_ASKED if one.is_paused else None)
        if one.due_at or one.is_paused else Chip(Text("with the lead", "主管处理中"), "blocked"),
        "item": Two(Code(naming.spoken(one.id)), item_of(goods)),
        "why": Two(
            words.reason(documents[goods[0].policy_id], goods[0].reason) if goods else "",
            words.joined(words.flags(one.review_reasons), words.evidence_count(one.shown) if one.shown else None),
        ),
        "paid": Money(one.paid, one.currency),
        "merchant": Two(names.get(one.merchant_id), words.RESOLUTIONS.get(one.resolution, one.resolution)),
    }, Money(one.paid, one.currency))  # fmt: skip


def item_of(goods: Sequence[return_page.Goods]) -> Text:
    """What is in a return, in one line: its first item, and how many more."""
    if not goods:
        return Text("–", "–")
    title, more = naming.in_tongues(goods[0].title), len(goods) - 1
    count = f" × {goods[0].quantity}" if goods[0].quantity > 1 else ""
    return Text(
        f"{title.en}{count}" + (f" and {more} more" if more else ""),
        f"{title.zh}{count}" + (f" 等 {more + 1} 种" if more else ""),
    )


async def _documents(tx: Tx, goods: dict[int, list[return_page.Goods]]) -> dict[int, policies.PolicyDocument]:
    versions = await policies.by_ids(tx, {one.policy_id for lines in goods.values() for one in lines})
    return {number: policy.document for number, policy in versions.items()}


@screen("/returns", permission="return.read")
async def listed(tx: Tx, query: ReturnsQuery) -> Listing:
    """Returns within reach, newest first."""
    order_id = ids.decode("order", query.order) if query.order is not None else None
    if query.order is not None and order_id is None:
        raise Malformed("query.order", what="not a number of an order", what_zh="不是有效的订单编号")
    wanted = return_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), decision=query.decision, journey=query.journey,
        outcome=query.outcome, resolution=query.resolution, order_id=order_id,
    )  # fmt: skip
    found = await return_list.page(tx, wanted, slice_of(query))
    goods = await return_page.goods(tx, [one.id for one in found])
    documents = await _documents(tx, goods)
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: _any(one, goods.get(one.id, []), documents, names),
        title=Text("All returns", "全部售后单"), live=["return", "refund"],
        columns=[
            Column("item", Text("Return, item", "售后单 / 商品")), Column("asked", Text("Asked for", "申请时间")),
            Column("why", Text("Reason, wanted", "原因 / 类型")), Column("decision", Text("Decision", "审核")),
            Column("journey", Text("Goods", "货物")), Column("outcome", Text("Outcome", "结果")),
            Column("merchant", Text("Merchant", "商家")), Column("order", Text("Order", "订单")),
            Column("paid", Text("Amount", "金额"), is_number=True),
        ],
        views=[
            View(Text("All", "全部")), View(Text("To answer", "待审核"), {"decision": "requested"}),
            View(Text("To be sent", "待寄回"), {"decision": "approved", "journey": "at_buyer", "outcome": "open"}),
            View(Text("On their way", "退货在途"), {"journey": "sent", "outcome": "open"}),
            View(Text("To inspect", "待验货"), {"journey": "received", "outcome": "open"}),
            View(Text("Refused", "已拒绝"), {"decision": "refused"}),
        ],
        filters=[
            *await choosing.by_merchant(tx),
            Filter("decision", Text("Decision", "审核"), vocabulary.options("return_decision")),
            Filter("journey", Text("Goods", "货物"), vocabulary.options("return_journey")),
            Filter("outcome", Text("Outcome", "结果"), vocabulary.options("return_outcome")),
            Filter("resolution", Text("Wanted", "类型"), tuple(words.RESOLUTIONS.items())),
        ],
        empty=Empty(
            Text("No returns yet.", "还没有售后单。"),
            Text("Buyers ask for them on their order's page; people start them from an order.", "买家在订单页申请，员工也可从订单发起。"),
        ),
    )  # fmt: skip


def _any(
    one: return_list.Row,
    goods: Sequence[return_page.Goods],
    documents: dict[int, policies.PolicyDocument],
    names: dict[int | None, Text],
) -> Row:
    paid = Money(sum(line.paid for line in goods), goods[0].currency) if goods else None
    return Row(naming.ref("return", one.id), naming.place("return", one.id), {
        "item": Two(Code(naming.spoken(one.id)), item_of(goods)), "asked": one.requested_at,
        "why": Two(
            words.reason(documents[goods[0].policy_id], goods[0].reason) if goods else "",
            words.RESOLUTIONS.get(one.resolution, one.resolution),
        ),
        "decision": vocabulary.chip("return_decision", one.decision),
        "journey": vocabulary.chip("return_journey", one.journey) if one.decision == "approved" else None,
        "outcome": vocabulary.chip("return_outcome", one.outcome) if one.outcome != "open" else None,
        "merchant": names.get(one.merchant_id), "order": naming.link("order", one.order_id), "paid": paid,
    }, paid)  # fmt: skip


@itself("POST", "/q/returns/dry-run", permission="return.decide")
async def dry_run(ask: Ask) -> Response[str]:
    """What approving the selected returns would do: to which, for how much, and which are left out and why."""
    form: ManyForm = forms.as_form(ManyForm, (await forms.read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        weighed = await _weigh_many(tx, form.keys)
        frame = frame_of(ask.request, tx.now)
    totals: dict[str, int] = {}
    for one in weighed:
        if one.money is not None and one.why_not is None:
            totals[one.money.currency] = totals.get(one.money.currency, 0) + one.money.amount
    html = rendering.draw(
        "returns_dry_run.html", frame, going=[one for one in weighed if one.why_not is None],
        left_out=[one for one in weighed if one.why_not is not None],
        totals=[Money(amount, currency) for currency, amount in sorted(totals.items())],
        keys=[(naming.ref("return", one.id), naming.spoken(one.id)) for one in weighed if one.why_not is None],
    )  # fmt: skip
    return page_response(html)


@act("/q/returns/approve", permission="return.decide")
async def approve_many(tx: Tx, form: ManyForm) -> Done:
    """Approve the selected returns that can be approved by now; the others are left as they are."""
    weighed = await _weigh_many(tx, form.keys, lock=True)
    going = [one.id for one in weighed if one.why_not is None]
    for number in going:
        await returns.approve(tx, number)
    left_out = len(weighed) - len(going)
    return Done(text=Text(
        f"{len(going)} approved" + (f", {left_out} left as they were" if left_out else ""),
        f"已通过 {len(going)} 单" + (f"，{left_out} 单未变更" if left_out else ""),
    ))  # fmt: skip


async def _weigh_many(tx: Tx, keys: Sequence[str], *, lock: bool = False) -> list[Weighed]:
    numbers = [ids.decode("return", key) for key in keys]
    for n, number in enumerate(numbers):
        await scope.demand_reach(tx, "return", number, f"keys[{n}]")
    wanted = sorted({number for number in numbers if number is not None})
    held: dict[int, Any] = await (returns.hold(tx, wanted) if lock else returns.get(tx, wanted))
    goods = await return_page.goods(tx, wanted)
    found = []
    for number in wanted:
        why_not, money = why_not_approved(tx, held[number]), None
        if why_not is None:
            quote = (await returns.weigh(tx, number)).quote
            money = Money(quote.amount, quote.currency) if quote is not None else None
        found.append(Weighed(number, item_of(goods.get(number, [])), money, why_not))
    return found


def why_not_approved(tx: Tx, held: returns.Return) -> Text | None:
    """Why this person cannot approve a return now; None where they can."""
    if "approve" not in returns.actions(held):
        chip = vocabulary.chip("return_decision", held.decision)
        return Text(f"It is decided: {chip.text.en}.", f"已处理：{chip.text.zh}。")
    if held.appealed_at is not None and (held.decided_by_kind, held.decided_by) == (str(tx.actor.kind), tx.actor.id):
        return Text("You refused it; somebody else decides about the appeal.", "您曾拒绝该申请，申诉须由其他人员处理。")
    return None


ROUTES = [queue, listed, dry_run, approve_many]
