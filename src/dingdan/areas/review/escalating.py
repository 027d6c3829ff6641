"""Up to a lead: because a person says so, or because the time is over; and risk's word that nothing goes."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas.review import reading, store
from dingdan.areas.review.events import ReviewBlocked, ReviewDueSoon, ReviewEscalated, ReviewUnblocked
from dingdan.areas.review.lifecycle import RUNNING, UNDECIDED
from dingdan.areas.review.model import Review
from dingdan.areas.review.promises import ESCALATE, WARN
from dingdan.areas.review.rules import signing
from dingdan.areas.review.rules.signing import demand
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

OVERDUE = "overdue"


async def escalate(tx: Tx, review_id: int, *, reason: str) -> Review:
    """Hand a review to a lead, whoever has it. Raises ReviewUnknown, OrderOver, NeedsPerson or StateForbids."""
    held = await reading.hold_one(tx, review_id)
    signing.hand_of(tx.actor)
    demand(held.review, "escalate")
    await _escalate(tx, {review_id: held.review}, reason)
    return await reading.get_one(tx, review_id)


async def warn(tx: Tx, review_ids: Sequence[int]) -> None:
    """Most of the time is over: say so of what nobody has decided."""
    waiting = [one for one in (await reading.get(tx, review_ids)).values() if one.state in RUNNING]
    tx.announce(*(
        ReviewDueSoon(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id) for one in waiting
    ))  # fmt: skip


async def escalate_overdue(tx: Tx, review_ids: Sequence[int]) -> None:
    """The limit is over and nobody has decided: a lead takes over. What a lead has already stays there."""
    held = await reading.hold(tx, review_ids)
    await _escalate(
        tx, {i: one.review for i, one in held.items() if one.review.state in RUNNING and not one.review.escalated_at},
        OVERDUE,
    )  # fmt: skip


async def block(tx: Tx, review_id: int, *, reason: str) -> Review:
    """Risk says that the order must not go; unless that is taken back, time ends it with all the money back.

    Raises ReviewUnknown, OrderOver or StateForbids.
    """
    held = await _undecided(tx, review_id, "block")
    if held.blocked_at is None:
        await store.block(tx, [review_id], tx.now)
        tx.announce(ReviewBlocked(subject_id=review_id, merchant_id=held.merchant_id, order_id=held.order_id,
                                  reason=reason))  # fmt: skip
    return await reading.get_one(tx, review_id)


async def unblock(tx: Tx, review_id: int) -> Review:
    """Risk takes its block back. Raises ReviewUnknown, OrderOver or StateForbids."""
    held = await _undecided(tx, review_id, "unblock")
    if held.blocked_at is not None:
        await store.block(tx, [review_id], None)
        tx.announce(ReviewUnblocked(subject_id=review_id, merchant_id=held.merchant_id, order_id=held.order_id))
    return await reading.get_one(tx, review_id)


async def _undecided(tx: Tx, review_id: int, verb: str) -> Review:
    held = await reading.hold_one(tx, review_id)
    if held.review.state not in UNDECIDED:
        demand(held.review, "withdraw")
    return held.review


async def _escalate(tx: Tx, going_up: Mapping[int, Review], reason: str) -> None:
    moved = await store.move(
        tx, "escalate", going_up, owner="lead", escalated_at=tx.now, claimed_by_kind=None, claimed_by=None,
        claimed_at=None,
    ) if going_up else {}  # fmt: skip
    await store.bring_forward(tx, moved)
    await _stop(tx, moved)
    tx.announce(*(
        ReviewEscalated(subject_id=i, merchant_id=going_up[i].merchant_id, order_id=going_up[i].order_id,
                        move=moved[i], reason=reason)
        for i in sorted(moved)
    ))  # fmt: skip


async def _stop(tx: Tx, review_ids: Iterable[int]) -> None:
    for clock in (WARN, ESCALATE):
        await deadlines.call_off(tx, clock, list(review_ids))
