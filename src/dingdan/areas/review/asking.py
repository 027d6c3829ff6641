"""The buyer is asked once; meanwhile our clock stands still and theirs runs."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from dingdan.areas import identity
from dingdan.areas.review import reading, store
from dingdan.areas.review.events import ReviewAnswered, ReviewAsked, ReviewUnanswered
from dingdan.areas.review.lifecycle import ReviewState
from dingdan.areas.review.model import Review
from dingdan.areas.review.promises import ANSWER, RUNNING_CLOCKS
from dingdan.areas.review.rules import signing
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def ask(tx: Tx, review_id: int, *, questions: Sequence[str], text: str) -> Review:
    """Ask the buyer for what is missing: codes for everybody, words for them alone.

    Raises ReviewUnknown, OrderOver, StateForbids, NotYours or AskedAlready.
    """
    held = await reading.hold_one(tx, review_id)
    signing.decide_ask(held.review, signing.hand_of(tx.actor))
    _, terms = await store.terms(tx)
    answer_by = tx.now + timedelta(hours=terms.answer_within_hours)
    (sealed,) = await identity.seal(tx, [(held.review.buyer_id, text.encode())])
    moved = await store.move(
        tx, "ask", [review_id], asked_at=tx.now, answer_by=answer_by, questions=list(questions), question_sealed=sealed
    )
    for clock in RUNNING_CLOCKS:
        await deadlines.pause(tx, clock, [review_id])
    await deadlines.schedule(tx, ANSWER, [
        deadlines.Due(review_id, held.review.merchant_id, answer_by, held.review.order_id)
    ])  # fmt: skip
    tx.announce(ReviewAsked(subject_id=review_id, merchant_id=held.review.merchant_id, order_id=held.review.order_id,
                            move=moved[review_id], questions=list(questions)))  # fmt: skip
    return await reading.get_one(tx, review_id)


async def answer(tx: Tx, review_id: int, *, text: str) -> Review:
    """The buyer's answer; our clock runs on with what was left. Raises ReviewUnknown, OrderOver or StateForbids."""
    held = await reading.hold_one(tx, review_id)
    signing.demand(held.review, "answer")
    (sealed,) = await identity.seal(tx, [(held.review.buyer_id, text.encode())])
    moved = await store.move(tx, "answer", [review_id], answered_at=tx.now, answer_sealed=sealed)
    await _go_on(tx, [review_id])
    tx.announce(ReviewAnswered(subject_id=review_id, merchant_id=held.review.merchant_id,
                               order_id=held.review.order_id, move=moved[review_id]))  # fmt: skip
    return await reading.get_one(tx, review_id)


async def go_on_without_answer(tx: Tx, review_ids: Sequence[int]) -> None:
    """The buyer did not answer in time: whoever asked decides by what is known."""
    waiting = {i: held.review for i, held in (await reading.hold(tx, review_ids)).items()
               if held.review.state is ReviewState.ASKED}  # fmt: skip
    moved = await store.move(tx, "go_on", waiting) if waiting else {}
    await _go_on(tx, moved)
    tx.announce(*(
        ReviewUnanswered(subject_id=i, merchant_id=waiting[i].merchant_id, order_id=waiting[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip


async def _go_on(tx: Tx, review_ids: Collection[int]) -> None:
    """Row and clocks alike move on by the time that the buyer took."""
    await store.put_off(tx, review_ids)
    await deadlines.call_off(tx, ANSWER, review_ids)
    for clock in RUNNING_CLOCKS:
        await deadlines.resume(tx, clock, review_ids, at_least=timedelta())
