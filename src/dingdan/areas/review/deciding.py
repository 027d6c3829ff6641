"""Yes or no, by a person: an order goes on or ends."""

from collections.abc import Iterable, Mapping

from dingdan.areas import orders
from dingdan.areas.review import reading, store
from dingdan.areas.review.events import (
    ReviewApproved,
    ReviewForceAsked,
    ReviewForced,
    ReviewRejected,
    ReviewSigned,
    ReviewWithdrawn,
)
from dingdan.areas.review.lifecycle import UNDECIDED
from dingdan.areas.review.model import Answer, Review
from dingdan.areas.review.promises import EVERY_CLOCK
from dingdan.areas.review.rules import signing
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def approve(tx: Tx, review_id: int, *, answers: Mapping[str, Answer], reason: str | None = None) -> Review:
    """Say yes with every question answered; where one person is not enough, the next one's yes lets the order go.

    With a question answered with no this asks that the order goes all the same, for a `reason`; only somebody who may
    force orders can say the second yes to that, and nobody where the law asks the question. Raises ReviewUnknown,
    OrderOver, StateForbids, NotYours, BlockedByRisk, SameHand, OutsiderNeeded, ForceNotYours, or at once every question
    without an answer, a reason that is missing and what the law does not let pass.
    """
    held = await reading.hold_one(tx, review_id)
    by = signing.hand_of(tx.actor)
    _, terms = await store.terms(tx)
    yes = signing.decide_yes(
        held.review, answers, by=by, total=held.order.total, currency=held.order.currency, terms=terms, reason=reason,
        may_force=tx.actor.may(signing.FORCE),
    )  # fmt: skip
    merchant_id, order_id = held.review.merchant_id, held.review.order_id
    if yes.why_second:
        moved = await store.move(
            tx, "sign", [review_id], answers=yes.answers, signed_by_kind=by.kind, signed_by=by.id,
            signed_is_own=by.is_own, second_reasons=list(yes.why_second), force_reason=yes.reason, claimed_by_kind=None,
            claimed_by=None, claimed_at=None,
        )  # fmt: skip
        tx.announce(ReviewSigned(subject_id=review_id, merchant_id=merchant_id, order_id=order_id,
                                 move=moved[review_id], why=list(yes.why_second)))  # fmt: skip
        if yes.reason is not None:
            tx.announce(ReviewForceAsked(subject_id=review_id, merchant_id=merchant_id, order_id=order_id,
                                         failed=list(yes.failed), reason=yes.reason))  # fmt: skip
    else:
        moved = await store.move(tx, "approve", [review_id], answers=yes.answers, decided_by_kind=by.kind,
                                 decided_by=by.id, decided_at=tx.now)  # fmt: skip
        await orders.release_reviewed(tx, [held.order.id])
        await stop_clocks(tx, [review_id])
        if yes.failed and yes.reason is not None:
            tx.announce(ReviewForced(subject_id=review_id, merchant_id=merchant_id, order_id=order_id,
                                     failed=list(yes.failed), reason=yes.reason,
                                     by_kind=held.review.signed_by_kind or "", by_id=held.review.signed_by or 0))  # fmt: skip
        tx.announce(ReviewApproved(subject_id=review_id, merchant_id=merchant_id, order_id=order_id,
                                   move=moved[review_id], is_automatic=False))  # fmt: skip
    return await reading.get_one(tx, review_id)


async def reject(tx: Tx, review_id: int, *, reason: str) -> Review:
    """Say no: the order is cancelled with this reason, its stock is free, and all that was paid goes back.

    Raises ReviewUnknown, OrderOver, StateForbids or NotYours.
    """
    held = await reading.hold_one(tx, review_id)
    by = signing.hand_of(tx.actor)
    signing.demand_claimed(held.review, "reject", by)
    moved = await store.move(tx, "reject", [review_id], decided_by_kind=by.kind, decided_by=by.id, decided_at=tx.now,
                             reject_reason=reason)  # fmt: skip
    await orders.cancel_reviewed(tx, {held.order.id: reason})
    await stop_clocks(tx, [review_id])
    tx.announce(ReviewRejected(subject_id=review_id, merchant_id=held.review.merchant_id,
                               order_id=held.review.order_id, move=moved[review_id], reason=reason,
                               is_automatic=False))  # fmt: skip
    return await reading.get_one(tx, review_id)


async def withdraw(tx: Tx, order_ids: Iterable[int]) -> None:
    """Orders ended while they were looked at: there is nothing left to decide."""
    held = await reading.hold(tx, await store.undecided_of(tx, list(order_ids)))
    over = {
        i: one.review for i, one in held.items()
        if one.review.state in UNDECIDED and one.order.under_review_since is None
    }  # fmt: skip
    moved = await store.move(tx, "withdraw", over) if over else {}
    await stop_clocks(tx, moved)
    tx.announce(*(
        ReviewWithdrawn(subject_id=i, merchant_id=over[i].merchant_id, order_id=over[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip


async def stop_clocks(tx: Tx, review_ids: Iterable[int]) -> None:
    """Nothing happens to these by itself any more."""
    ids = list(review_ids)
    for clock in EVERY_CLOCK if ids else ():
        await deadlines.call_off(tx, clock, ids)
