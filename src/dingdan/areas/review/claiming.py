"""Taking the next reviews in hand, and giving one back."""

from collections.abc import Sequence

from dingdan.areas.review import reading, store
from dingdan.areas.review.events import ReviewClaimed, ReviewPutBack
from dingdan.areas.review.model import Review
from dingdan.areas.review.refusals import NotYours
from dingdan.areas.review.rules import signing
from dingdan.plumbing.tx import Tx

MAX_CLAIM = 50


async def claim(
    tx: Tx, *, limit: int, merchant_id: int | None = None, owner: str | None = None, ids: Sequence[int] | None = None
) -> list[Review]:
    """Take the next reviews, what is due first; two reviewers never get the same one. Raises NeedsPerson.

    `ids` takes only these, where nobody else has them. May give fewer than asked for, also none.
    """
    by = signing.hand_of(tx.actor)
    _, terms = await store.terms(tx)
    mine = await store.next_due(
        tx, merchant_id=merchant_id if tx.actor.merchant_id is None else tx.actor.merchant_id, owner=owner, ids=ids,
        limit=min(limit, MAX_CLAIM), by=(by.kind, by.id, by.is_own and terms.own_staff_needs_second),
    )  # fmt: skip
    moved = await store.move(
        tx, "claim", mine, claimed_by_kind=by.kind, claimed_by=by.id, claimed_at=tx.now
    ) if mine else {}  # fmt: skip
    taken = await reading.get(tx, list(moved))
    tx.announce(*(
        ReviewClaimed(subject_id=i, merchant_id=taken[i].merchant_id, order_id=taken[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip
    return sorted(taken.values(), key=lambda one: (one.due_at, one.id))


async def take_in_hand(tx: Tx, review_id: int) -> Review:
    """Have it, claiming it where nobody does, for whoever mends something about its order and decides nothing yet.

    Raises ReviewUnknown, OrderOver, NeedsPerson, SameHand, NotYours or StateForbids.
    """
    held, by = await reading.hold_one(tx, review_id), signing.hand_of(tx.actor)
    if (held.review.claimed_by_kind, held.review.claimed_by) != (by.kind, by.id):
        if not await claim(tx, limit=1, ids=[review_id]):
            signing.demand_other_hand(held.review, by)
            raise NotYours
        held = await reading.hold_one(tx, review_id)
    signing.demand_claimed(held.review, "put_back", by)
    return held.review


async def put_back(tx: Tx, review_id: int) -> Review:
    """Give a review back so that somebody else can take it; its clock runs on.

    Raises ReviewUnknown, OrderOver, StateForbids or NotYours.
    """
    held = await reading.hold_one(tx, review_id)
    signing.demand_claimed(held.review, "put_back", signing.hand_of(tx.actor))
    moved = await store.move(tx, "put_back", [review_id], claimed_by_kind=None, claimed_by=None, claimed_at=None)
    tx.announce(ReviewPutBack(subject_id=review_id, merchant_id=held.review.merchant_id,
                              order_id=held.review.order_id, move=moved[review_id]))  # fmt: skip
    return await reading.get_one(tx, review_id)
