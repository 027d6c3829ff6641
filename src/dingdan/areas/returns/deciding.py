"""Yes, no, or no longer wanted: by a person, by the buyer, or because nobody answered in time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import get_args

from msgspec.structs import replace

from dingdan.areas import fulfilment, merchants, orders, policies, refunds, transit
from dingdan.areas.returns import store
from dingdan.areas.returns.events import (
    ReturnAgreed,
    ReturnAppealed,
    ReturnApproved,
    ReturnEscalated,
    ReturnRefused,
    ReturnWithdrawn,
)
from dingdan.areas.returns.lifecycle import DECISION, Decision, Journey, Outcome
from dingdan.areas.returns.model import (
    APPEALED,
    INTERCEPTING,
    Agreement,
    Alternative,
    Resolution,
    Return,
    ReturnLine,
)
from dingdan.areas.returns.promises import REVIEW, SEND_BY, review_limit
from dingdan.areas.returns.reading import hold, hold_one, taken_units
from dingdan.areas.returns.refusals import (
    AppealOver,
    QuantityExceeded,
    ReductionUnfit,
    RefusalUnfounded,
    SameHand,
    StateForbids,
)
from dingdan.areas.returns.resolving import pay_without_goods, small_enough, uncall
from dingdan.areas.returns.rules.resolving import WITHOUT_GOODS, may_pass
from dingdan.kernel.event import Moved
from dingdan.kernel.money import part_of_units, split
from dingdan.kernel.times import end_of_window
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

ALTERNATIVES: tuple[str, ...] = get_args(Alternative)
BY_SILENCE = "review.silence"
BY_SILENCE_SMALL = "review.silence_small"
BY_INTERCEPTION = "transit.intercepted"
# What a look at a return without a reason may find: the period, an exclusion, the quantity (Measures 31). That somebody is
# suspected of something is why we look, and never why we say no (R7.2).
GROUNDS_WITHOUT_REASON = frozenset({
    "OUT_OF_WINDOW", "EXCLUDED_BY_LAW", "EXCLUDED_CONFIRMED", "QTY_EXCEEDED", "DUPLICATE_CASE",
})  # fmt: skip


async def approve(tx: Tx, return_id: int) -> Return:
    """A person says yes; the refund will be at the price paid, whatever was claimed.

    Raises ReturnUnknown, StateForbids, SameHand, or what refunds refuse where the goods stay.
    """
    held = await hold_one(tx, return_id)
    _demand(held, "approve")
    _demand_other_hand(tx, held)
    (approved,) = await _approve(tx, [held], is_automatic=False)
    return approved


async def approve_plain(tx: Tx, held: Return) -> Return:
    """What the policy alone allows needs nobody; the caller has judged a return that stands still."""
    (approved,) = await _approve(tx, [held], is_automatic=True)
    return approved


async def refuse(tx: Tx, return_id: int, *, reason: str, rule: str, alternatives: Sequence[str]) -> Return:
    """A person says no, by a rule of the order's policy, and says what the buyer can do instead (R2.3, R2.5).

    Raises ReturnUnknown, StateForbids, SameHand or RefusalUnfounded.
    """
    held = await hold_one(tx, return_id)
    _demand(held, "refuse")
    _demand_other_hand(tx, held)
    policy = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id]
    lines = (await store.lines_of(tx, [held]))[held.id]
    grounds = grounds_for(held, lines, policy.document)
    unfounded = {
        "reason": reason not in grounds,
        "rule": rule not in policy.document.rules,
        "alternatives": not alternatives or not set(alternatives) <= set(ALTERNATIVES),
    }
    if any(unfounded.values()):
        path = next(field for field, is_wrong in unfounded.items() if is_wrong)
        raise RefusalUnfounded(path, reasons=", ".join(sorted(grounds)), alternatives=", ".join(ALTERNATIVES))
    offered = list(dict.fromkeys(alternatives))
    values = {"decided_at": tx.now, "refusal_reason": reason, "alternatives": offered, "rules": [*held.rules, rule],
              "decided_by_kind": str(tx.actor.kind), "decided_by": tx.actor.id}  # fmt: skip
    moved = await store.move(tx, "decision", "refuse", [return_id], **values)
    await deadlines.call_off(tx, REVIEW, [return_id])
    tx.announce(ReturnRefused(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id, rule=rule,
                              move=moved[return_id], reason=reason))  # fmt: skip
    return replace(held, decision=Decision.REFUSED, version=moved[return_id].version, **values)


def grounds_for(held: Return, lines: Sequence[ReturnLine], document: policies.PolicyDocument) -> frozenset[str]:
    """Why a return may be refused: codes of policies.DECISIONS. One without a reason only for what the law lets count."""
    is_without_reason = held.resolution is Resolution.REFUND and all(
        document.reasons[line.reason].kind == "no_reason" for line in lines
    )
    return GROUNDS_WITHOUT_REASON if is_without_reason else frozenset(policies.DECISIONS) - {"ABUSE_HOLD"}


async def withdraw(tx: Tx, return_id: int) -> Return:
    """The buyer keeps the goods after all; they may apply again. Raises ReturnUnknown or StateForbids."""
    held = await hold_one(tx, return_id)
    _demand(held, "withdraw")
    if held.journey is not Journey.AT_BUYER:
        raise StateForbids(state=str(held.journey), verb="withdraw")
    if held.outcome is not Outcome.OPEN or held.paid_early_at is not None:
        raise StateForbids(state=str(held.outcome) if held.paid_early_at is None else "paid early", verb="withdraw")
    moved = await store.move(tx, "decision", "withdraw", [return_id])
    await deadlines.call_off(tx, REVIEW, [return_id])
    await deadlines.call_off(tx, SEND_BY, [return_id])
    tx.announce(ReturnWithdrawn(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                move=moved[return_id]))  # fmt: skip
    return replace(held, decision=Decision.WITHDRAWN, version=moved[return_id].version)


async def appeal(tx: Tx, return_id: int) -> Return:
    """The buyer does not accept the no: it waits for somebody else, with a clock of its own. Once, and in its time.

    Raises ReturnUnknown, StateForbids, AppealOver, or QuantityExceeded where the units are spoken for by now.
    """
    held = await hold_one(tx, return_id)
    _demand(held, "appeal")
    policy = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id]
    days = policy.document.asking.appeal_days
    if held.appealed_at is not None or held.decided_at is None or tx.now > held.decided_at + timedelta(days=days):
        raise AppealOver(days=days)
    await _demand_free(tx, held)
    moved = await store.move(tx, "decision", "appeal", [return_id])
    await store.note(tx, return_id, review_reasons=[*held.review_reasons, APPEALED], appealed_at=tx.now, decided_at=None,
                     escalated=False)  # fmt: skip
    owner = (await merchants.by_ids(tx, [held.merchant_id]))[held.merchant_id]
    counted = (await deadlines.counting(tx, REVIEW, {held.merchant_id}))[held.merchant_id]
    due = counted.add(tx.now, review_limit(owner, policy))
    await deadlines.schedule(tx, REVIEW, [deadlines.Due(held.id, held.merchant_id, due, held.order_id)])
    tx.announce(ReturnAppealed(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                               move=moved[return_id]))  # fmt: skip
    return await hold_one(tx, return_id)


async def agree(tx: Tx, return_id: int, on: Agreement) -> Return:
    """Buyer and seller settled on something else than was asked for: it is granted, and paid.

    Raises ReturnUnknown, StateForbids, ReductionUnfit, QuantityExceeded, or what refunds refuse.
    """
    held = await hold_one(tx, return_id)
    _demand(held, "agree")
    if held.decision is Decision.REFUSED:
        await _demand_free(tx, held)
    lines = (await store.lines_of(tx, [held]))[return_id]
    offs = await _offs(tx, held, lines, on)
    settled = replace(held, resolution=on.resolution, decision=Decision.APPROVED, decided_at=tx.now)
    moved = await store.move(tx, "decision", "agree", [return_id], decided_at=tx.now, refusal_reason=None)
    await store.note(tx, return_id, resolution=str(on.resolution))
    await store.take_off(tx, settled, offs)
    await deadlines.call_off(tx, REVIEW, [return_id])
    await _await_goods(tx, [settled])
    tx.announce(ReturnAgreed(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                             move=moved[return_id], resolution=str(on.resolution), amount=sum(offs.values())))  # fmt: skip
    policy = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id]
    await pay_without_goods(tx, [settled], {policy.id: policy.document})
    return await hold_one(tx, return_id)


async def time_out_review(tx: Tx, return_ids: Sequence[int]) -> None:
    """Nobody answered in time: what the buyer could have had without a reason is approved, and so is what is small.

    The rest goes up. Nothing that must be looked at, such as a claimed price that was not paid, is approved by
    silence, nor is anything where the merchant wants none.
    """
    waiting = [r for r in (await hold(tx, return_ids)).values() if r.decision is Decision.REQUESTED]
    owners = await merchants.by_ids(tx, {r.merchant_id for r in waiting})
    versions = await policies.by_ids(tx, {r.policy_id for r in waiting})
    sold = await orders.get(tx, {r.order_id for r in waiting})
    bought = {(n.order_id, n.line_no): n for rows in (await orders.lines(tx, sold)).values() for n in rows}
    lines = await store.lines_of(tx, waiting)
    heard = [r for r in waiting if owners[r.merchant_id].settings.silence_approves]
    passing = [
        r for r in heard
        if may_pass(r.review_reasons, [bought[n.order_id, n.line_no] for n in lines[r.id]],
                    versions[r.policy_id].document, delivered_at=sold[r.order_id].with_buyer_since,
                    requested_at=r.requested_at)
    ]  # fmt: skip
    small = [
        r for r in heard
        if r not in passing and await small_enough(tx, r, lines[r.id], versions[r.policy_id].document)
    ]  # fmt: skip
    await _approve(tx, passing, is_automatic=True, rule=BY_SILENCE)
    await _approve(tx, small, is_automatic=True, rule=BY_SILENCE_SMALL)
    rest = {r.id: r for r in waiting if r not in passing and r not in small}
    tx.announce(*(
        ReturnEscalated(subject_id=i, merchant_id=rest[i].merchant_id, order_id=rest[i].order_id)
        for i in await store.escalate(tx, rest)
    ))  # fmt: skip


async def follow_interceptions(tx: Tx, came: Mapping[int, bool]) -> None:
    """What carriers said about parcels of orders {order: whether they bring one back} that somebody wants no more.

    When all of an order comes back its money does too (Taobao 23); what does not is for a person to decide about.
    """
    found = await hold(tx, [r.id for r in await store.returns_of(tx, came)])
    waiting = [r for r in found.values() if r.decision is Decision.REQUESTED and INTERCEPTING in r.review_reasons]
    if not waiting:
        return
    parcels = await fulfilment.parcels_of(tx, {r.order_id for r in waiting})
    said = await transit.interceptions(tx, [parcel.id for parcel in parcels])
    missing = {
        line.order_id
        for parcel in parcels for line in parcel.lines
        if (one := said.get(parcel.id)) is None or one.answer is None or one.why is not None
    }  # fmt: skip
    await uncall(tx, [r for r in waiting if not came[r.order_id]])
    back = [r for r in waiting if came[r.order_id] and r.order_id not in missing]
    await _approve(tx, back, is_automatic=True, rule=BY_INTERCEPTION)


async def mind_receipt(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let the returns of these orders stand against completion as they are by now; late or twice, it comes out the same."""
    wanted = sorted(set(order_ids))
    await orders.lock(tx, wanted)
    standing = await store.open_and_over(tx, wanted)
    await orders.object(tx, _objections(standing, is_open=True))
    await orders.settle_objections(tx, _objections(standing, is_open=False))


def _objections(standing: Iterable[tuple[int, int, bool]], *, is_open: bool) -> list[orders.Objection]:
    return [
        orders.Objection(order_id, "return", return_id, "return_open")
        for order_id, return_id, stands in standing
        if stands is is_open
    ]


def send_by(merchant: merchants.Merchant, policy: policies.Policy, now: datetime) -> datetime:
    """Until when the goods are to be sent: whole days in the merchant's zone, never fewer than the policy gives."""
    return end_of_window(now, max(merchant.settings.send_back_days, policy.document.send_back_days), merchant.zone)


def announce_approved(
    tx: Tx, approved: Iterable[Return], moved: Mapping[int, Moved], *, is_automatic: bool, rule: str = ""
) -> None:
    """Say which returns are allowed, by which rules."""
    tx.announce(*(
        ReturnApproved(subject_id=r.id, merchant_id=r.merchant_id, order_id=r.order_id, move=moved[r.id],
                       rule=rule or ",".join(r.rules), is_automatic=is_automatic)
        for r in approved
    ))  # fmt: skip


async def _approve(tx: Tx, held: Sequence[Return], *, is_automatic: bool, rule: str = "") -> list[Return]:
    if not held:
        return []
    versions = await policies.by_ids(tx, {r.policy_id for r in held})
    hand = {} if is_automatic else {"decided_by_kind": str(tx.actor.kind), "decided_by": tx.actor.id}
    moved = await store.move(tx, "decision", "approve", [r.id for r in held], decided_at=tx.now, **hand)
    await deadlines.call_off(tx, REVIEW, moved)
    until = await _await_goods(tx, held)
    announce_approved(tx, held, moved, is_automatic=is_automatic, rule=rule)
    approved = [
        replace(r, decision=Decision.APPROVED, version=moved[r.id].version, decided_at=tx.now,
                send_by=until.get(r.id), **hand)
        for r in held
    ]  # fmt: skip
    return await pay_without_goods(tx, approved, {i: policy.document for i, policy in versions.items()})


async def _await_goods(tx: Tx, held: Sequence[Return]) -> dict[int, datetime]:
    """Until when the goods of each are to be sent, where any are; a clock runs for those that the buyer still has."""
    owners = await merchants.by_ids(tx, {r.merchant_id for r in held})
    versions = await policies.by_ids(tx, {r.policy_id for r in held})
    until = {
        r.id: send_by(owners[r.merchant_id], versions[r.policy_id], tx.now)
        for r in held if r.resolution not in WITHOUT_GOODS
    }  # fmt: skip
    await store.note_send_by(tx, until)
    await deadlines.schedule(tx, SEND_BY, [
        deadlines.Due(r.id, r.merchant_id, until[r.id], r.order_id)
        for r in held if r.id in until and r.journey is Journey.AT_BUYER
    ])  # fmt: skip
    return until


async def _demand_free(tx: Tx, held: Return) -> None:
    """Units that the return let go when it ended must not be somebody else's by now. Raises QuantityExceeded."""
    taken = await taken_units(tx, held.order_id)
    sold = {line.line_no: line for line in (await orders.lines(tx, [held.order_id]))[held.order_id]}
    for line in (await store.lines_of(tx, [held]))[held.id]:
        left = sold[line.line_no].left - taken.get(line.line_no, 0)
        if line.quantity > left:
            raise QuantityExceeded(wanted=line.quantity, left=max(0, left))


async def _offs(tx: Tx, held: Return, lines: Sequence[ReturnLine], on: Agreement) -> dict[int, int]:
    """What is taken off each line for what was agreed on; nothing where the units are paid back whole."""
    if on.resolution is not Resolution.KEEP:
        return {}
    sold = {line.line_no: line for line in (await orders.lines(tx, [held.order_id]))[held.order_id]}
    left = await refunds.goods_left(tx, [held.order_id])
    nets = [
        max(0, min(left[held.order_id, n.line_no], part_of_units(
            sold[n.line_no].net, sold[n.line_no].quantity, before=0, taken=n.quantity
        )))
        for n in lines
    ]  # fmt: skip
    if not 0 < on.amount <= sum(nets):
        raise ReductionUnfit("amount", most=sum(nets))
    return {line.line_no: off for line, off in zip(lines, split(on.amount, nets), strict=True) if off}


def _demand_other_hand(tx: Tx, held: Return) -> None:
    """An appeal is decided by somebody else than whoever said no."""
    if held.appealed_at is not None and (held.decided_by_kind, held.decided_by) == (str(tx.actor.kind), tx.actor.id):
        raise SameHand


def _demand(held: Return, verb: str) -> None:
    if held.decision not in DECISION.moves[verb].sources:
        raise StateForbids(state=str(held.decision), verb=verb)
