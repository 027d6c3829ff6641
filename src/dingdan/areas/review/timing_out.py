"""Nobody decided, so the rule does: the buyer has an answer when it was promised."""

from collections.abc import Mapping, Sequence

from dingdan.areas import orders
from dingdan.areas.review import reading, store
from dingdan.areas.review.deciding import stop_clocks
from dingdan.areas.review.events import ReviewApproved, ReviewRejected
from dingdan.areas.review.lifecycle import RUNNING
from dingdan.areas.review.model import Review
from dingdan.plumbing.tx import Tx

# What the order says it was cancelled for.
TIMED_OUT = "review_timed_out"
BLOCKED = "review_blocked"


async def decide_overdue(tx: Tx, review_ids: Sequence[int]) -> None:
    """All time is over: orders go on, but those that a rule or risk wants ended end with all the money back.

    So do those of which somebody found that a check failed: waiting does not stand in for the second person.
    """
    held = await reading.hold(tx, review_ids)
    due = {
        i: one.review for i, one in held.items()
        if one.review.state in RUNNING and one.order.under_review_since is not None
    }  # fmt: skip
    ending = {
        i: one for i, one in due.items()
        if one.on_timeout == "cancel" or one.blocked_at is not None or "no" in one.answers.values()
    }  # fmt: skip
    await _reject(tx, {i: one for i, one in ending.items() if one.blocked_at is not None}, BLOCKED)
    await _reject(tx, {i: one for i, one in ending.items() if one.blocked_at is None}, TIMED_OUT)
    await _approve(tx, {i: one for i, one in due.items() if i not in ending})
    await stop_clocks(tx, due)


async def _approve(tx: Tx, due: Mapping[int, Review]) -> None:
    if not due:
        return
    moved = await store.move(tx, "approve", due, decided_at=tx.now)
    await orders.release_reviewed(tx, [one.order_id for one in due.values()])
    tx.announce(*(
        ReviewApproved(subject_id=i, merchant_id=due[i].merchant_id, order_id=due[i].order_id, move=moved[i],
                       is_automatic=True)
        for i in sorted(moved)
    ))  # fmt: skip


async def _reject(tx: Tx, due: Mapping[int, Review], reason: str) -> None:
    if not due:
        return
    moved = await store.move(tx, "reject", due, decided_at=tx.now, reject_reason=reason)
    await orders.cancel_reviewed(tx, {one.order_id: reason for one in due.values()})
    tx.announce(*(
        ReviewRejected(subject_id=i, merchant_id=due[i].merchant_id, order_id=due[i].order_id, move=moved[i],
                       reason=reason, is_automatic=True)
        for i in sorted(moved)
    ))  # fmt: skip
