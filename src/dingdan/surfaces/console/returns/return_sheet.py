"""One return with everything that a decision needs, in the order in which people look: reasons, proof, words, money, history."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dingdan.areas import (
    identity,
    inspection,
    packing,
    policies,
    refunds,
    returns,
    talks,
)
from dingdan.kernel.refusal import Text
from dingdan.overviews import return_page, return_thread, timeline
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import waiting
from dingdan.surfaces.console.returns import return_choices, return_facts
from dingdan.surfaces.console.returns import return_words as words
from dingdan.surfaces.console.returns.return_around import Around, around
from dingdan.surfaces.shared.pages import naming, story, vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import (
    Chip,
    Facts,
    Fuse,
    Ledger,
    Link,
    Picture,
    Pictures,
    Reason,
    Reasons,
    Say,
    Section,
    Sheet,
    Steps,
    Talk,
    Turn,
)

R = returns.Decision


@screen("/returns/{return_id}", permission="return.read")
async def show(tx: Tx, return_id: int) -> Sheet:
    """One return with everything around it."""
    a = await around(tx, return_id)
    held, thread = a.held, await return_thread.of_return(tx, return_id)
    review = next((one for one in a.clocks if one.kind == returns.REVIEW.name), None)
    chips: list[Any] = [_stands(held)]
    if held.escalated and held.decision is R.REQUESTED:
        chips.append(Chip(Text("Escalated", "已升级"), "blocked"))
    spoken = naming.spoken(held.order_id)
    chips.append(Link(naming.place("order", held.order_id), Text(f"Order {spoken}", f"订单 {spoken}"), is_code=True))
    if review is not None and held.decision is R.REQUESTED:
        chips.append(Fuse(review.at, tx.now, review.at - held.requested_at if review.at else None,
                          review.paused_at is not None, Text("for the buyer's proof", "等待买家补充")))  # fmt: skip
    return Sheet(
        title=Text("Return", "售后单"), kind=words.joined(words.RESOLUTIONS[held.resolution], a.seller),
        number=naming.spoken(return_id), key=naming.ref("return", return_id), full=naming.place("return", return_id),
        chips=chips, lead=_since(a), stamp=_stamp(held), acts=await return_choices.possible(tx, a),
        main=[
            *await _unsent(tx, return_id), _suggestion(tx, a), *await _evidence(tx, a), *_talk(thread), *return_facts.offers(a.offers, a.currency),
            *await return_facts.preview(tx, a), *return_facts.quotes(a, await _parts(tx, a)),
            return_facts.history(await return_page.numbers(tx, held.order_id)),
            *await return_facts.goods_back(tx, a),
            *await _ledger(tx, a),
        ],
        side=[_steps(held), _clocks(a), _links(a), *_policy(a)],
        live=["return"],
    )  # fmt: skip


async def _unsent(tx: Tx, return_id: int) -> list[Section]:
    """What was written to the buyer and still waits."""
    found = [(one.remark.held_until, one.remark.said_by_kind, one.remark.said_by, one.text)
             for one in await talks.unsent(tx, return_id)]  # fmt: skip
    return waiting.words(tx, found, f"{naming.place('return', return_id)}/unsay")


def _stands(held: returns.Return) -> Chip:
    """The one word for where a return stands."""
    if held.decision is not R.APPROVED:
        return vocabulary.chip("return_decision", held.decision)
    if held.outcome is not returns.Outcome.OPEN:
        return vocabulary.chip("return_outcome", held.outcome)
    return vocabulary.chip("return_journey", held.journey)


def _stamp(held: returns.Return) -> Chip | None:
    if held.outcome is returns.Outcome.SETTLED:
        return Chip(Text("SETTLED", "已完结"), "done")
    if held.decision is R.REFUSED:
        return Chip(Text("REFUSED", "已拒绝"), "blocked")
    return Chip(Text("WITHDRAWN", "已撤销"), "closed") if held.decision is R.WITHDRAWN else None


def _since(a: Around) -> Any:
    """How long the buyer had the goods when they asked."""
    if a.order.with_buyer_since is None:
        return Text("asked before delivery", "签收前申请")
    days = max(0, (a.held.requested_at - a.order.with_buyer_since).days)
    return Text(f"asked {days} d after delivery", f"签收后 {days} 天申请")


def _suggestion(tx: Tx, a: Around) -> Section:
    """What the rules say, check by check, each with where it stands; under one sentence while somebody has to decide."""
    w, held = a.weighed, a.held
    is_waiting = held.decision is R.REQUESTED
    lead = words.SUGGESTIONS[w.suggestion] if is_waiting else Text("What was looked at", "审核依据")
    title = (
        lead
        if not is_waiting
        else Text(f"{lead.en} {words.WAY_BACK[w.way_back].en}", f"{lead.zh}{words.WAY_BACK[w.way_back].zh}")
    )
    found = []
    for line in w.lines:
        label = None if len(w.lines) == 1 else _title(a, line.line.line_no)
        for check in line.checks:
            tone = "good" if check.is_passed else "bad" if check.code in policies.DECISIONS else "warn"
            found.append(Reason(tone, _labelled(label, check.text), words.rule(w.document, check.rule)))  # type: ignore[arg-type]
        known = w.document.reasons.get(line.line.reason)
        if known is not None:
            said = Text(f"Reason: {known.en}; fault: {words.FAULTS[line.line.fault].en}",
                        f"原因：{known.zh}；责任方：{words.FAULTS[line.line.fault].zh}")  # fmt: skip
            found.append(Reason("plain", _labelled(label, said), words.rule(w.document, known.rule)))
        if line.window_end is not None:
            until = words.by_then(line.window_end, tx.now)
            said = Text(f"The right lasts until {until.en}.", f"可申请至 {until.zh}。")
            if line.window_end < held.requested_at:
                said = Text(
                    f"The period for a matter of course ended {until.en}.", f"当然可退期限已于 {until.zh} 届满。"
                )
            found.append(Reason("plain", _labelled(label, said)))
    # The lines have said some of it already.
    told = {check.code for line in w.lines for check in line.checks}
    found += [Reason("warn", words.full_reason(code)) for code in held.review_reasons if code not in told]
    if held.refusal_reason is not None:
        found.append(
            Reason(
                "bad",
                words.full_reason(held.refusal_reason),
                words.rule(w.document, held.rules[-1] if held.rules else ""),
            )
        )
    if held.decision is R.REFUSED:
        found.append(_instead(tx, a))
    if w.shots_missing and is_waiting:
        there = Text(", ".join(s.en for s in w.shots_missing), "、".join(s.zh for s in w.shots_missing))
        found.append(Reason("warn", Text(f"Not shown yet: {there.en}.", f"尚缺凭证：{there.zh}。")))
    found.append(_if_nobody_acts(tx, a))
    return Reasons(title, found)


def _instead(tx: Tx, a: Around) -> Reason:
    """What the buyer was offered with the no, and until when they can appeal."""
    there = [words.INSTEAD[code] for code in a.held.alternatives if code in words.INSTEAD]
    ways = Text(", ".join(one.en for one in there), "、".join(one.zh for one in there))
    if a.held.appealed_at is not None or a.held.decided_at is None:
        return Reason("plain", Text(f"Instead: {ways.en}.", f"替代方案：{ways.zh}。"))
    until = words.by_then(a.held.decided_at + timedelta(days=a.weighed.document.asking.appeal_days), tx.now)
    return Reason(
        "plain",
        Text(
            f"Instead: {ways.en}. The buyer can appeal until {until.en}.",
            f"替代方案：{ways.zh}。买家可在 {until.zh} 前申诉。",
        ),
    )


def _if_nobody_acts(tx: Tx, a: Around) -> Reason:
    """What happens by itself, and when."""
    soonest = next((one for one in a.clocks if one.at is not None), None)
    if a.held.decision is R.REQUESTED:
        review = next((one for one in a.clocks if one.kind == returns.REVIEW.name), None)
        if review is None:
            return Reason(
                "warn",
                Text("Nobody answered in time: it waits for a decision, whatever happens.", "审核已超时，须人工决定。"),
            )
        if review.paused_at is not None and a.question is not None:
            until = words.by_then(a.question.answer_by, tx.now)
            return Reason("plain", Text(f"The clock stands still for the buyer's proof, until {until.en} at the latest.",
                                        f"等待买家补充，时限暂停，最晚 {until.zh} 恢复。"))  # fmt: skip
        until = words.by_then(review.at, tx.now)
        if a.weighed.passes_by_silence:
            return Reason(
                "plain",
                Text(
                    f"If nobody acts it is approved by itself, {until.en}.", f"若无人处理，将于 {until.zh} 自动通过。"
                ),
            )
        return Reason(
            "plain",
            Text(f"If nobody acts it goes up to the lead, {until.en}.", f"若无人处理，将于 {until.zh} 升级至主管。"),
        )
    if soonest is None or soonest.kind not in words.IF_NOT:
        return Reason("plain", Text("Nothing happens by itself here.", "此处没有自动处理。"))
    until, then = words.by_then(soonest.at, tx.now), words.IF_NOT[soonest.kind]
    return Reason("plain", Text(f"{then.en}, {until.en}.", f"{until.zh}{then.zh}。"))


def _labelled(label: Text | None, text: Text) -> Text:
    return text if label is None else Text(f"{label.en}: {text.en}", f"{label.zh}：{text.zh}")


def _title(a: Around, line_no: int) -> Text:
    return naming.in_tongues(a.sold[line_no].title)


async def _evidence(tx: Tx, a: Around) -> list[Section]:
    """What the buyer showed beside how the goods left and how they came back."""
    count = len(a.held.evidence)
    title = Text(f"Proof ({count})", f"凭证（{count}）")
    if not tx.actor.may("evidence.read"):
        return [Pictures(title, [], words.no_right_to_see(count))] if count else []
    known = {shot.code: Text(shot.en, shot.zh) for shots in a.weighed.document.asking.shots.values() for shot in shots}
    shown = [
        Picture(
            f"/evidence/{naming.ref('evidence', one.id)}", known.get(one.shot, Text("Shown by the buyer", "买家凭证")),
            "image" if one.sort == "photo" else "video",
            [one.at, Text("another buyer showed the same before", "其他用户曾使用相同图片")] if one.is_seen_before else one.at,
        )
        for one in a.shown
    ]  # fmt: skip
    boxes = [
        Picture(f"/evidence/boxes/{naming.ref('picture', one.id)}", Text("How it left", "出库照片"), note=one.at)
        for one in await packing.pictures_of(tx, [a.order.id])
    ]
    looks = [
        Picture(
            f"/evidence/looks/{naming.ref('inspection_picture', one.id)}",
            Text("How it came back", "验货照片"),
            note=one.at,
        )
        for one in (await inspection.pictures_of(tx, [a.held.id])).get(a.held.id, [])
    ]
    return [Pictures(title, [*shown, *boxes, *looks], Text("Nothing was shown.", "买家未提供凭证。"))]


def _talk(thread: Sequence[return_thread.Entry]) -> list[Section]:
    """What both sides wrote, oldest first; nothing where nobody did."""
    turns: dict[str, Turn] = {"buyer": "customer", "seller": "us"}
    said = [
        Say(words.side(one.side), one.at, one.text or f"+{len(one.evidence)}", turns[one.side])
        for one in thread if one.side in turns
    ]  # fmt: skip
    return [Talk(Text("Words", "沟通"), said)] if said else []


async def _parts(tx: Tx, a: Around) -> Sequence[refunds.Part]:
    return (await refunds.parts(tx, [a.refund.id])).get(a.refund.id, []) if a.refund is not None else []


def _steps(held: returns.Return) -> Section:
    """Whose turn it is, step by step."""
    is_decided, is_open = held.decision is not R.REQUESTED, held.outcome is returns.Outcome.OPEN
    steps: list[tuple[Text, Turn, bool]] = [(Text("We decide", "我方审核"), "us", is_decided)]
    if held.decision in (R.REFUSED, R.WITHDRAWN):
        steps.append((Text("Closed", "关闭"), "closed", True))
    elif held.resolution in returns.WITHOUT_GOODS:
        steps.append((Text("Money goes back", "退款"), "system", held.settled_at is not None))
    else:
        steps += [
            (Text("Buyer sends it", "买家寄回"), "customer", held.journey is not returns.Journey.AT_BUYER),
            (Text("On its way", "退货运输"), "carrier", held.received_at is not None),
            (Text("We look at it", "我方验货"), "us", is_decided and not is_open),
            (words.LAST_STEP.get(str(held.resolution), Text("Money goes back", "退款")), "system", held.settled_at is not None),
        ]  # fmt: skip
    now = next((n for n, (_, _, is_over) in enumerate(steps) if not is_over), len(steps))
    return Steps(Text("Whose turn", "进度"), [
        (text, turn, "done" if n < now else "now" if n == now else "later") for n, (text, turn, _) in enumerate(steps)
    ])  # fmt: skip


def _clocks(a: Around) -> Section:
    return Facts(Text("Clocks", "时限"), [
        (words.CLOCKS.get(one.kind, Text(one.kind, one.kind)),
         one.at if one.at is not None else Text("stands still", "暂停")) for one in a.clocks if one.kind in words.CLOCKS
    ] or [(Text("None runs", "无"), None)])  # fmt: skip


def _links(a: Around) -> Section:
    rows: list[tuple[Text, Any]] = [(Text("Order", "订单"), naming.link("order", a.held.order_id))]
    if a.refund is not None:
        rows.append(
            (Text("Refund", "退款单"), [naming.link("refund", a.refund.id), vocabulary.chip("refund", a.refund.state)])
        )
    rows += [
        (words.LINKS[one.kind], [naming.link(one.kind, one.id), vocabulary.chip(one.kind, one.state)])
        for one in a.linked
    ]
    return Facts(Text("Belongs to", "关联"), rows)


def _policy(a: Around) -> list[Section]:
    """The policy by its version, and the rules of it that decided, in full."""
    document = a.weighed.document
    rules = list(dict.fromkeys(code for line in a.weighed.lines for code in line.rules if code in document.rules))
    said = [document.rules[code] for code in rules[:6]]
    return [
        Facts(Text("Policy that applies", "适用的退货政策"), [
            (Text("Policy", "政策"), Link(naming.place("policy", a.policy.id), f"{a.policy.code} {a.policy.version}")),
            (Text("Frozen when placed", "下单时锁定"), a.order.placed_at),
        ]),
        Reasons(Text("Its rules, in full", "相关条款"), [Reason("plain", Text(one.en, one.zh), one.article) for one in said]),
    ]  # fmt: skip


async def _ledger(tx: Tx, a: Around) -> list[Section]:
    facts = await timeline.of_return(tx, a.held.id)
    staff = {fact.actor_id for fact in facts if fact.actor_kind == "staff" and fact.actor_id}
    people = {number: one.name for number, one in (await identity.staff_by_ids(tx, staff)).items()}
    return [Ledger(Text("Timeline", "时间线"), story.entries(facts, a.currency, people))]


ROUTES = [show]
