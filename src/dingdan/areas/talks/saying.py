"""Buyer and seller write to each other about a return; the words are sealed, and the other side is told."""

from collections.abc import Sequence
from datetime import timedelta

from dingdan.areas import identity, returns
from dingdan.areas.talks import store
from dingdan.areas.talks.events import ReturnRemarked, ReturnRemarkHeld, ReturnRemarkTakenBack
from dingdan.areas.talks.model import LONGEST, MOST_REMARKS, Remark, Side
from dingdan.areas.talks.promises import WORDS_GO
from dingdan.areas.talks.reading import Held, hold
from dingdan.areas.talks.refusals import WordsGone, WordsUnfit
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

AT_ONCE = timedelta()


async def say(
    tx: Tx, return_id: int, *, side: Side, text: str, evidence: Sequence[int] = (), wait: timedelta = AT_ONCE
) -> Remark:
    """Say something about a return, whatever became of it: at once, or after a `wait` in which it can be taken back.

    Raises ReturnUnknown, WordsUnfit or EvidenceUnknown.
    """
    held = await hold(tx, return_id)
    return await write(tx, held, side=side, code="said", text=text, evidence=evidence, wait=wait)


async def unsay(tx: Tx, return_id: int) -> None:
    """Take back what one wrote oneself and what still waits. Raises ReturnUnknown, or WordsGone where nothing waits."""
    held = await hold(tx, return_id)
    gone, left = await store.unsay(tx, return_id, str(tx.actor.kind), tx.actor.id)
    if not gone:
        raise WordsGone
    if not left:
        await deadlines.call_off(tx, WORDS_GO, [return_id])
    tx.announce(ReturnRemarkTakenBack(subject_id=return_id, merchant_id=held.order.merchant_id, order_id=held.order.id,
                                      remarks=gone))  # fmt: skip


async def send_words(tx: Tx, return_ids: Sequence[int]) -> None:
    """What waited long enough is sent, unless it was taken back."""
    await returns.hold(tx, return_ids)
    _tell(tx, *await store.let_go(tx, return_ids))


async def refuse(
    tx: Tx, return_id: int, *, reason: str, rule: str, alternatives: Sequence[str], text: str = ""
) -> returns.Return:
    """Say no with a rule, a reason and what can be done instead, and add words of one's own to it.

    Raises what returns.refuse raises, or WordsUnfit.
    """
    refused = await returns.refuse(tx, return_id, reason=reason, rule=rule, alternatives=alternatives)
    if text:
        await write(tx, await hold(tx, return_id), side=Side.SELLER, code="refused", text=text)
    return refused


async def write(
    tx: Tx, held: Held, *, side: Side, code: str, text: str, evidence: Sequence[int] = (), wait: timedelta = AT_ONCE
) -> Remark:
    """Write down what one side says about a return that stands still; the other side is told, at once or after a `wait`."""
    words = text.strip()
    is_empty = not words and not evidence
    said = (await store.remark_counts(tx, [held.one.id])).get(held.one.id, 0)
    if is_empty or len(words) > LONGEST or "\0" in words or said >= MOST_REMARKS:
        raise WordsUnfit("text", longest=LONGEST, most=MOST_REMARKS)
    if evidence:
        await returns.show_more(tx, held.one, list(evidence))
    (sealed,) = await identity.seal(tx, [(held.order.buyer_id, words.encode())])
    new = Remark(
        id=tx.mint(), return_id=held.one.id, order_id=held.order.id, merchant_id=held.order.merchant_id,
        buyer_id=held.order.buyer_id, side=side, code=code, sealed=sealed, evidence=list(evidence),
        said_by_kind=str(tx.actor.kind), said_by=tx.actor.id, at=tx.now, held_until=tx.now + wait if wait else None,
    )  # fmt: skip
    await store.add_remark(tx, new)
    if new.held_until is None:
        _tell(tx, new)
        return new
    # What is written meanwhile goes out with it.
    await deadlines.schedule(tx, WORDS_GO, [
        deadlines.Due(held.one.id, held.order.merchant_id, new.held_until, held.order.id)
    ])  # fmt: skip
    tx.announce(ReturnRemarkHeld(subject_id=held.one.id, merchant_id=held.order.merchant_id, order_id=held.order.id,
                                 until=new.held_until))  # fmt: skip
    return new


def _tell(tx: Tx, *said: Remark) -> None:
    tx.announce(*(
        ReturnRemarked(subject_id=one.return_id, merchant_id=one.merchant_id, order_id=one.order_id, side=str(one.side),
                       code=one.code)
        for one in said
    ))  # fmt: skip
