"""Yes, no, or no longer wanted: by a person, by the buyer, or because nobody answered in time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import get_args

from msgspec.structs import replace

from dingdan.areas import merchants, orders, policies
from dingdan.areas.returns import store
from dingdan.areas.returns.events import (
    ReturnApproved,
    ReturnEscalated,
    ReturnRefused,
    ReturnWithdrawn,
)
from dingdan.areas.returns.lifecycle import DECISION, Decision, Journey
from dingdan.areas.returns.model import Alternative, Return
from dingdan.areas.returns.promises import REVIEW, SEND_BY
from dingdan.areas.returns.reading import hold, hold_one
from dingdan.areas.returns.refusals import RefusalUnfounded, StateForbids
from dingdan.areas.returns.rules.silence import may_pass
from dingdan.kernel.event import Moved
from dingdan.kernel.times import end_of_window
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

ALTERNATIVES: tuple[str, ...] = get_args(Alternative)
BY_SILENCE = "review.silence"


async def approve(tx: Tx, return_id: int) -> Return:
    """A person says yes; the refund will be at the price paid, whatever was claimed.

    Raises ReturnUnknown or StateForbids.
    """
    held = await hold_one(tx, return_id)
    _demand(held, "approve")
    (approved,) = await _approve(tx, [held], is_automatic=False)
    return approved


async def refuse(tx: Tx, return_id: int, *, reason: str, rule: str, alternatives: Sequence[str]) -> Return:
    """A person says no, by a rule of the order's policy, and says what the buyer can do instead (R2.3, R2.5).

    Raises ReturnUnknown, StateForbids or RefusalUnfounded.
    """
    held = await hold_one(tx, return_id)
    _demand(held, "refuse")
    policy = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id]
    unfounded = {
        "reason": reason not in policies.DECISIONS,
        "rule": rule not in policy.document.rules,
        "alternatives": not alternatives or not set(alternatives) <= set(ALTERNATIVES),
    }
    if any(unfounded.values()):
        path = next(field for field, is_wrong in unfounded.items() if is_wrong)
        raise RefusalUnfounded(path, reasons=", ".join(policies.DECISIONS), alternatives=", ".join(ALTERNATIVES))
    offered = list(dict.fromkeys(alternatives))
    values = {"decided_at": tx.now, "refusal_reason": reason, "alternatives": offered, "rules": [*held.rules, rule]}
    moved = await store.move(tx, "decision", "refuse", [return_id], **values)
    await deadlines.call_off(tx, REVIEW, [return_id])
    tx.announce(ReturnRefused(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id, rule=rule,
                              move=moved[return_id], reason=reason))  # fmt: skip
    return replace(held, decision=Decision.REFUSED, version=moved[return_id].version, **values)


async def withdraw(tx: Tx, return_id: int) -> Return:
    """The buyer keeps the goods after all; they may apply again. Raises ReturnUnknown or StateForbids."""
    held = await hold_one(tx, return_id)
    _demand(held, "withdraw")
    if held.journey is not Journey.AT_BUYER:
        raise StateForbids(state=str(held.journey), verb="withdraw")
    moved = await store.move(tx, "decision", "withdraw", [return_id])
    await deadlines.call_off(tx, REVIEW, [return_id])
    await deadlines.call_off(tx, SEND_BY, [return_id])
    tx.announce(ReturnWithdrawn(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                move=moved[return_id]))  # fmt: skip
    return replace(held, decision=Decision.WITHDRAWN, version=moved[return_id].version)


async def time_out_review(tx: Tx, return_ids: Sequence[int]) -> None:
    """Nobody answered in time: what the buyer could have had without a reason is approved, the rest goes up.

    A claimed price that was not paid is never approved by silence, nor is anything where the merchant wants none.
    """
    waiting = [r for r in (await hold(tx, return_ids)).values() if r.decision is Decision.REQUESTED]
    owners = await merchants.by_ids(tx, {r.merchant_id for r in waiting})
    versions = await policies.by_ids(tx, {r.policy_id for r in waiting})
    sold = await orders.get(tx, {r.order_id for r in waiting})
    bought = {(n.order_id, n.line_no): n for rows in (await orders.lines(tx, sold)).values() for n in rows}
    lines = await store.lines_of(tx, waiting)
    passing = [
        r for r in waiting
        if owners[r.merchant_id].settings.silence_approves
        and may_pass(r.review_reasons, [bought[n.order_id, n.line_no] for n in lines[r.id]],
                     versions[r.policy_id].document, delivered_at=sold[r.order_id].with_buyer_since,
                     requested_at=r.requested_at)
    ]  # fmt: skip
    await _approve(tx, passing, is_automatic=True, rule=BY_SILENCE)
    rest = {r.id: r for r in waiting if r not in passing}
    tx.announce(*(
        ReturnEscalated(subject_id=i, merchant_id=rest[i].merchant_id, order_id=rest[i].order_id)
        for i in await store.escalate(tx, rest)
    ))  # fmt: skip


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
    owners = await merchants.by_ids(tx, {r.merchant_id for r in held})
    versions = await policies.by_ids(tx, {r.policy_id for r in held})
    until = {r.id: send_by(owners[r.merchant_id], versions[r.policy_id], tx.now) for r in held}
    moved = await store.move(tx, "decision", "approve", until, decided_at=tx.now)
    await store.note_send_by(tx, until)
    await deadlines.call_off(tx, REVIEW, until)
    await deadlines.schedule(tx, SEND_BY, [
        deadlines.Due(r.id, r.merchant_id, until[r.id], r.order_id) for r in held if r.journey is Journey.AT_BUYER
    ])  # fmt: skip
    announce_approved(tx, held, moved, is_automatic=is_automatic, rule=rule)
    return [
        replace(r, decision=Decision.APPROVED, version=moved[r.id].version, decided_at=tx.now, send_by=until[r.id])
        for r in held
    ]


def _demand(held: Return, verb: str) -> None:
    if held.decision not in DECISION.moves[verb].sources:
        raise StateForbids(state=str(held.decision), verb=verb)
