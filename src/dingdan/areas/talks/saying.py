"""Buyer and seller write to each other about a return; the words are sealed, and the other side is told."""

from collections.abc import Sequence

from dingdan.areas import identity, returns
from dingdan.areas.talks import store
from dingdan.areas.talks.events import ReturnRemarked
from dingdan.areas.talks.model import LONGEST, MOST_REMARKS, Remark, Side
from dingdan.areas.talks.reading import Held, hold
from dingdan.areas.talks.refusals import WordsUnfit
from dingdan.plumbing.tx import Tx


async def say(tx: Tx, return_id: int, *, side: Side, text: str, evidence: Sequence[int] = ()) -> Remark:
    """Say something about a return, whatever became of it. Raises ReturnUnknown, WordsUnfit or EvidenceUnknown."""
    held = await hold(tx, return_id)
    return await write(tx, held, side=side, code="said", text=text, evidence=evidence)


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


async def write(tx: Tx, held: Held, *, side: Side, code: str, text: str, evidence: Sequence[int] = ()) -> Remark:
    """Write down what one side says about a return that stands still."""
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
        said_by_kind=str(tx.actor.kind), said_by=tx.actor.id, at=tx.now,
    )  # fmt: skip
    await store.add_remark(tx, new)
    tx.announce(ReturnRemarked(subject_id=held.one.id, merchant_id=held.order.merchant_id, order_id=held.order.id,
                               side=str(side), code=code))  # fmt: skip
    return new
