"""The buyer is asked for more, once; meanwhile the clock of our answer stands still and theirs runs (R2.7)."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from dingdan.areas import policies, returns
from dingdan.areas.talks import store
from dingdan.areas.talks.events import QuestionAnswered, QuestionAsked, QuestionLapsed
from dingdan.areas.talks.lifecycle import QUESTION, QuestionState
from dingdan.areas.talks.model import Question, Side
from dingdan.areas.talks.promises import ANSWER
from dingdan.areas.talks.reading import hold
from dingdan.areas.talks.refusals import AskedAlready, NeverAsked, NotAsked, NothingToTalkAbout
from dingdan.areas.talks.saying import write
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def ask(tx: Tx, return_id: int, *, shots: Sequence[str], text: str) -> Question:
    """Ask the buyer for more: shots by code, and words. Raises ReturnUnknown, NothingToTalkAbout, AskedAlready,

    NeverAsked where no reason is needed, or WordsUnfit.
    """
    held = await hold(tx, return_id)
    one = held.one
    if one.decision is not returns.Decision.REQUESTED:
        raise NothingToTalkAbout(state=str(one.decision))
    document = (await policies.by_ids(tx, [one.policy_id]))[one.policy_id].document
    lines = (await returns.lines(tx, [one]))[one.id]
    is_by_right = one.resolution is returns.Resolution.REFUND
    if is_by_right and all(document.reasons[line.reason].kind == "no_reason" for line in lines):
        raise NeverAsked
    if return_id in await store.questions(tx, [return_id]):
        raise AskedAlready
    await write(tx, held, side=Side.SELLER, code="asked", text=text)
    new = Question(
        id=tx.mint(), return_id=return_id, order_id=one.order_id, merchant_id=one.merchant_id,
        state=QuestionState.ASKED, version=1, shots=list(dict.fromkeys(shots)), asked_at=tx.now,
        answer_by=tx.now + timedelta(hours=document.asking.answer_hours), answered_at=None,
    )  # fmt: skip
    await store.add_question(tx, new)
    await deadlines.pause(tx, returns.REVIEW, [return_id])
    await deadlines.schedule(tx, ANSWER, [deadlines.Due(return_id, one.merchant_id, new.answer_by, one.order_id)])
    tx.announce(QuestionAsked(subject_id=new.id, return_id=return_id, merchant_id=one.merchant_id, order_id=one.order_id,
                            move=born(QUESTION, new.id), shots=new.shots))  # fmt: skip
    return new


async def answer(tx: Tx, return_id: int, *, text: str, evidence: Sequence[int] = ()) -> Question:
    """The buyer answers, in words or by showing more; our clock runs on with what was left.

    Raises ReturnUnknown, NotAsked, WordsUnfit or EvidenceUnknown.
    """
    held = await hold(tx, return_id)
    asked = (await store.questions(tx, [return_id])).get(return_id)
    if asked is None or asked.state is not QuestionState.ASKED:
        raise NotAsked
    await write(tx, held, side=Side.BUYER, code="answered", text=text, evidence=evidence)
    moved = await store.move_questions(tx, "answer", [asked.id], answered_at=tx.now)
    await _go_on(tx, [return_id])
    tx.announce(QuestionAnswered(subject_id=asked.id, return_id=return_id, merchant_id=asked.merchant_id, order_id=asked.order_id,
                               move=moved[asked.id]))  # fmt: skip
    return (await store.questions(tx, [return_id]))[return_id]


async def go_on_without_answer(tx: Tx, return_ids: Sequence[int]) -> None:
    """The buyer did not answer in time: whoever asked decides by what is known."""
    found = await returns.hold(tx, return_ids)
    asked = {one.id: one for one in (await store.questions(tx, found)).values() if one.state is QuestionState.ASKED}
    moved = await store.move_questions(tx, "lapse", asked) if asked else {}
    await _go_on(tx, [asked[i].return_id for i in moved])
    tx.announce(*(
        QuestionLapsed(subject_id=i, return_id=asked[i].return_id, merchant_id=asked[i].merchant_id, order_id=asked[i].order_id,
                         move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip


async def _go_on(tx: Tx, return_ids: Collection[int]) -> None:
    await deadlines.call_off(tx, ANSWER, return_ids)
    await deadlines.resume(tx, returns.REVIEW, return_ids, at_least=timedelta())
