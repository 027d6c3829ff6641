"""One order that is looked at again: why, with evidence and what mends it, and the decision."""

from typing import NamedTuple

from dingdan.areas import addresses, cases, identity, orders, packing, review
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import merge_suggestions, order_page, timeline
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import words
from dingdan.surfaces.console.orders import address_form, combining, review_words
from dingdan.surfaces.shared.pages import naming, reasons, story, vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Facts,
    Field,
    Fuse,
    Link,
    Reason,
    Reasons,
    Row,
    Say,
    Section,
    Sheet,
    Sums,
    Table,
    Talk,
    Two,
)

BY_LAW = Text("asked by law", "法定核对项")


@screen("/reviews/{review_id}", permission="review.read")
async def show(tx: Tx, review_id: int) -> Sheet:
    """One review: what failed first, then what is near it, then the order."""
    held = await review.get_one(tx, review_id)
    order = await orders.get_one(tx, held.order_id)
    contact = await identity.contact(tx, order.contact_id)
    flaws = addresses.check(contact.address) if contact is not None and contact.address is not None else []
    near, standing = await combining.near(tx, order.id), await combining.agreed(tx, order.id)
    names = await naming.merchant_names(tx, [held.merchant_id])
    around = await order_page.around(tx, order.id)
    facts = await timeline.of_order(tx, order.id)
    seller = names[held.merchant_id]
    return Sheet(
        title=Text("Review", "订单审核"), kind=Text(f"Review of an order, {seller.en}", f"订单审核 · {seller.zh}"),
        number=ids.spoken(order.id), key=naming.ref("review", review_id), full=naming.place("review", review_id),
        chips=[vocabulary.chip("review", held.state), Link(naming.place("order", order.id), Text("Order page", "订单页"))],
        lead=held.opened_at, stamp=vocabulary.chip("review", held.state) if held.decided_at else None,
        acts=await _acts(tx, _Seen(held, near, standing, flaws, _is_paid(order, around.payments))),
        main=[
            _reasons(held, order, flaws, around.payments), _checks(held),
            *await _talk(tx, held), *combining.section(near, standing),
            await _lines(tx, order), await story.ledger(tx, Text("Timeline", "时间线"), facts, order.currency),
        ],
        side=[await _clock(tx, held), _money(order), _payments(order, around.payments), _buyer(contact)],
        live=["review", "order"],
    )  # fmt: skip


class _Seen(NamedTuple):
    """A review with what its acts hang on."""

    held: review.Review
    near: list[merge_suggestions.Other]
    standing: list[packing.Consent]
    flaws: list[addresses.Flaw]
    is_paid: bool


async def _acts(tx: Tx, seen: _Seen) -> list[Act]:
    held = seen.held
    can, here = set(review.actions(held, tx.actor)), naming.place("review", held.id)
    is_open = "claim" in can or "put_back" in can
    others = Text("Somebody else has it, or the buyer is asked.", "由他人处理中或待用户答复。")
    over = Text("It is decided.", "已有结论。")
    why = over if held.decided_at is not None else None if is_open else others
    if review.why_alone(held, tx.actor) == "own_signature":
        why = review_words.NOT_TOGETHER["own_signature"]
    blocked = Text("Blocked as a risk.", "已被风控拦截。") if held.blocked_at is not None else None
    asked = Text("The buyer was asked once already.", "已询问过用户。") if held.asked_at is not None else None
    approve_words = Text("Sign second", "复核通过") if held.signed_by is not None else Text("Approve", "通过")
    if held.force_reason is not None:
        approve_words = Text("Confirm the force", "确认强制放行")
        why = why or (None if tx.actor.may("order.force") else review_words.NOT_YOURS_TO_FORCE)
    kinds = await cases.catalogue(tx, held.merchant_id) if tx.actor.may("case.open") else {}
    possible = [
        ("review.decide", Act("approve", approve_words, f"{here}/approve", "A", tone="first", why_not=why or blocked)),
        ("review.decide", Act("answers", Text("Answer each…", "逐项核对…"), f"{here}/approve", "W", _questions(held), why_not=why or blocked)),
        *_force_act(seen, here, why or blocked),
        ("review.decide", Act("ask", Text("Ask the buyer", "询问用户"), f"{here}/ask", "E", [
            Field("questions", Text("What about", "询问内容"), "choices", options=review_words.QUESTIONS),
            Field("text", Text("Words for the buyer", "给用户的话"), "prose", is_needed=False),
        ], why_not=why or asked, warns=Text("The clock stands still until they answer.", "等待答复期间计时暂停。"))),
        ("case.open", Act("issue", Text("Raise an issue", "转异常"), f"{here}/issue", "I", [
            Field("kind", Text("Kind", "类型"), "choice", options=[
                (code, words.of_case(kind)) for code, kind in sorted(kinds.items()) if kind.is_active]),
            Field("text", Text("What happened", "情况说明"), "prose", is_needed=False),
        ], why_not=over if held.decided_at is not None else None)),
        ("review.decide", Act(
            "address", Text("Mend the address", "更正地址"), f"{here}/address", "D", address_form.fields(seen.flaws), why_not=why,
        )),
        *(("consent.write", one) for one in combining.acts(here, seen.near, seen.standing)),
        ("review.decide", Act("escalate", Text("Escalate", "升级"), f"{here}/escalate", "L" if tx.actor.may("case.open") else "I", [
            Field("reason", Text("Why", "原因"), "choice", options=review_words.ESCALATIONS, value="needs_lead"),
        ], why_not=None if "escalate" in can else over if held.decided_at else Text("A lead has it.", "主管处理中。"))),
        *_block_acts(held, can, here),
        ("review.decide", Act("reject", Text("Reject", "驳回"), f"{here}/reject", "R", [
            Field("reason", Text("Why", "原因"), "choice", options=review_words.REJECTIONS),
        ], "danger", why, Text("The order ends and all that was paid goes back, freight too.", "订单将取消，已付款项（含运费）全部退回。"))),
    ]  # fmt: skip
    if "answer" in can:
        possible.append(("review.answer", Act("answer", Text("Note the buyer's answer", "代记用户答复"), f"{here}/answer", "N", [
            Field("text", Text("What the buyer says", "用户答复"), "prose")])))  # fmt: skip
    if "claim" in can:
        possible.append(("review.decide", Act("claim", Text("Take", "领取"), f"{here}/claim", "T")))
    if "put_back" in can:
        possible.append(("review.decide", Act("put_back", Text("Put back", "放回"), f"{here}/put_back", "U")))
    return [one for permission, one in possible if tx.actor.may(permission)]


def _force_act(seen: _Seen, here: str, why: Text | None) -> list[tuple[str, Act]]:
    """What asks that an order goes in spite of a failed check; not shown where somebody has asked already."""
    held = seen.held
    if held.force_reason is not None:
        return []
    may_fail = [(item.code, Text(item.en, item.zh)) for item in held.checklist if not item.is_statutory]
    only_law = Text("The law asks for every one of its checks.", "核对项均为法定要求，不可强制放行。")
    return [("review.decide", Act("force", Text("Force…", "强制放行…"), f"{here}/force", "F", [
        Field("wrong", Text("What is not in order", "不通过的核对项"), "choices", options=may_fail, value=_failing(seen)),
        Field("reason", Text("Why it goes all the same", "强制放行原因"), "choice", options=review_words.FORCES),
    ], "danger", why or (None if may_fail else only_law),
        Text("Somebody else who may force orders has to confirm it. Both names stay on record.", "须由另一名有强制放行权限的人员确认，两人姓名均留痕。"),
    ))]  # fmt: skip


def _failing(seen: _Seen) -> list[str]:
    """What is ticked as failed to begin with: what was found, else what the rule that stopped the order asks of its own.

    General questions stand first in every checklist, a rule's own behind them.
    """
    open_ = [item.code for item in seen.held.checklist if not item.is_statutory]
    found = {code for code, answer in seen.held.answers.items() if answer == "no"}
    found |= {"buyer_reachable"} if seen.flaws else set()
    found |= set() if seen.is_paid else {"payment_genuine"}
    return [code for code in open_ if code in found] or open_[-1:]


def _block_acts(held: review.Review, can: set[str], here: str) -> list[tuple[str, Act]]:
    if "unblock" in can:
        return [("review.block", Act("unblock", Text("Unblock", "解除拦截"), f"{here}/unblock", "B"))]
    reasons = [("risk", Text("Looks like fraud", "疑似欺诈")), ("account", Text("The account", "账号异常"))]
    return [("review.block", Act(
        "block", Text("Block", "拦截"), f"{here}/block", "B", [Field("reason", Text("Why", "原因"), "choice", options=reasons)],
        "danger", None if "block" in can else Text("It is decided.", "已有结论。"),
    ))]  # fmt: skip


def _questions(held: review.Review) -> list[Field]:
    options = [(item.code, Text(item.en, item.zh)) for item in held.checklist]
    given = {code for code, answer in held.answers.items() if answer != "yes"}
    return [
        Field("right", Text("Checked and in order", "已核对无误"), "choices", options=options,
              value=[code for code, _ in options if code not in given], is_needed=False),
        Field("without", Text("Does not apply", "不适用"), "choices", options=options, is_needed=False,
              value=[code for code, answer in held.answers.items() if answer == "not_applicable"]),
        Field("wrong", Text("Not in order", "不通过"), "choices", options=options, is_needed=False,
              value=[code for code, answer in held.answers.items() if answer == "no"],
              hint=Text("Then somebody who may force orders must sign second.", "勾选后须由有强制放行权限的人员复核。")),
        Field("reason", Text("Why it goes all the same", "强制放行原因"), "choice", options=review_words.FORCES, is_needed=False),
    ]  # fmt: skip


def _reasons(
    held: review.Review, order: orders.Order, flaws: list[addresses.Flaw], payments: list[order_page.Paid]
) -> Section:
    found = [Reason("warn", _why(one, order.currency), f"{one.rule} v{one.number}") for one in held.reasons]
    found += [Reason("bad", flaw.why, "") for flaw in flaws]
    if _is_paid(order, payments):
        found.append(Reason("good", Text("The payment fits the order.", "付款金额与订单一致。")))
    else:
        found.append(Reason("bad", Text("The payment does not cover the order.", "付款金额不足。")))
    if not flaws:
        found.append(Reason("good", Text("The address can be found.", "地址完整可送达。")))
    failed = [item for item in held.checklist if held.answers.get(item.code) == "no"]
    if held.force_reason is not None:
        because = reasons.text(held.force_reason, reasons.FORCE)
        found = [Reason("bad", Text(f"Failed: {item.en}", f"不通过：{item.zh}")) for item in failed] + found
        found.insert(0, Reason("bad", Text(f"Asked to go all the same: {because.en}", f"申请强制放行：{because.zh}")))
    if held.blocked_at is not None:
        found.insert(0, Reason("bad", Text("Risk blocked it: nobody can approve it.", "风控已拦截，不可通过。")))
    return Reasons(Text("Why it is looked at", "审核原因"), found)


def _is_paid(order: orders.Order, payments: list[order_page.Paid]) -> bool:
    return sum(one.amount for one in payments if one.state == "captured") >= order.total


def _why(reason: review.Reason, currency: str) -> Text:
    title, numbers = review_words.said(reason.title), review_words.evidence(reason, currency)
    return Text(f"{title.en}: {numbers.en}", f"{title.zh}：{numbers.zh}") if reason.numbers else title


def _checks(held: review.Review) -> Section:
    stands = {"yes": Chip(Text("yes", "是"), "done"), "no": Chip(Text("no", "否"), "blocked"),
              "not_applicable": Chip(Text("does not apply", "不适用"), "closed")}  # fmt: skip
    return Table(Text("Checklist: approving says yes to each", "核对项（直接通过即全部确认）"), [
        Column("question", Text("Question", "问题")), Column("answer", Text("Answer", "结果")),
    ], [Row(item.code, None, {
        "question": Two(Text(item.en, item.zh), BY_LAW) if item.is_statutory else Text(item.en, item.zh), "answer": stands.get(held.answers.get(item.code, "")),
    }) for item in held.checklist])  # fmt: skip


async def _talk(tx: Tx, held: review.Review) -> list[Section]:
    if held.asked_at is None:
        return []
    may_see = tx.actor.may("order.read_contact")
    said = await review.conversation(tx, held) if may_see else review.Conversation("", "")
    known = dict(review_words.QUESTIONS)
    about = ", ".join(known[one].en if one in known else one for one in held.questions)
    about_zh = "、".join(known[one].zh if one in known else one for one in held.questions)
    lines = [Say(Text(f"We asked: {about}", f"我方询问：{about_zh}"), held.asked_at, said.question, "us")]
    if held.answered_at is not None:
        lines.append(Say(Text("Buyer", "买家"), held.answered_at, said.answer))
    return [Talk(Text("With the buyer", "与买家沟通"), lines)]


async def _lines(tx: Tx, order: orders.Order) -> Section:
    lines = (await orders.lines(tx, [order.id]))[order.id]
    return Table(Text("Items", "商品"), [
        Column("item", Text("Item", "商品")), Column("units", Text("Units", "数量"), is_number=True),
        Column("price", Text("Unit price", "单价"), is_number=True), Column("paid", Text("Paid", "实付"), is_number=True),
    ], [Row(str(line.line_no), None, {
        "item": Two(naming.in_tongues(line.title), Code(line.sku)), "units": line.quantity,
        "price": Money(line.unit_price, order.currency), "paid": Money(line.net, order.currency),
    }) for line in lines])  # fmt: skip


async def _clock(tx: Tx, held: review.Review) -> Section:
    numbers = {number for number in (held.claimed_by, held.signed_by, held.decided_by) if number is not None}
    people = await identity.staff_by_ids(tx, numbers)
    is_asked = held.state is review.ReviewState.ASKED
    ends = {
        "approve": Text("it goes on by itself", "自动通过"),
        "cancel": Text("it is cancelled with all the money back", "自动取消并全额退款"),
    }
    items: list[tuple[Text, object]] = []
    if held.decided_at is None:
        items += [
            (Text("Due", "剩余时间"), Fuse(held.due_at, tx.now, held.due_at - held.opened_at, is_paused=is_asked,
                                        waits_for=Text("the buyer answers", "待用户答复") if is_asked else None)),
            (Text("If nobody decides", "无人处理时"), ends[held.on_timeout]), (Text("At the latest", "最晚"), held.decide_by),
        ]  # fmt: skip
    for label, number in ((Text("Taken by", "领取人"), held.claimed_by), (Text("First signature", "首签人"), held.signed_by),
                          (Text("Decided by", "决定人"), held.decided_by)):  # fmt: skip
        if number is not None:
            items.append((label, people[number].name if number in people else Code(naming.ref("staff", number))))
    items += [
        (Text("Two people, because", "须两人，因为"), review_words.SECONDS.get(why, Text(why, why)))
        for why in held.second_reasons
    ]
    return Facts(Text("Clock and hands", "时限与经办"), items)


def _money(order: orders.Order) -> Section:
    rows = [(Text("Items", "商品"), order.goods, False), (Text("Discount", "优惠"), -order.discount, False),
            (Text("Shipping", "运费"), order.freight, False), (Text("Tax", "税费"), order.tax, False),
            (Text("Total", "合计"), order.total, True)]  # fmt: skip
    return Sums(Text("Money", "金额"), [
        (label, Money(value, order.currency), last) for label, value, last in rows if value or last
    ])  # fmt: skip


def _payments(order: orders.Order, payments: list[order_page.Paid]) -> Section:
    return Facts(Text("Payment check", "付款核对"), [
        (Text(one.method, one.method), [vocabulary.chip("payment", one.state), Money(one.amount, order.currency)]) for one in payments
    ])  # fmt: skip


def _buyer(contact: identity.Contact | None) -> Section:
    if contact is None:
        return Facts(Text("Buyer", "买家"), [])
    seen = identity.mask(contact)
    district = seen.address.district if seen.address else ""
    return Facts(Text("Buyer", "买家"), [
        (Text("Name", "姓名"), seen.name or Text("erased", "已删除")), (Text("Phone", "电话"), Code(seen.phone)),
        (Text("Ship to", "收货地址"), " ".join(part for part in (seen.province, seen.city, district) if part)),
    ])  # fmt: skip


ROUTES = [show]
