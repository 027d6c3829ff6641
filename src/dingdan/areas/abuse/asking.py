"""The buyer wants a person to look, or does not accept what one said: each once, with a clock."""

import re

from dingdan.areas import identity
from dingdan.areas.abuse import store
from dingdan.areas.abuse.events import AbuseFlagAppealed, AbuseFlagAsked
from dingdan.areas.abuse.lifecycle import ABUSE_FLAG
from dingdan.areas.abuse.model import Flag
from dingdan.areas.abuse.promises import ANSWER, ANSWER_WITHIN
from dingdan.areas.abuse.reading import demand_buyer, get_one, hold_one
from dingdan.areas.abuse.refusals import AskedBefore, FlagStateForbids, WordsUnfit
from dingdan.kernel.event import Moved
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

LONGEST = 2_000
# PostgreSQL stores no NUL, and half a surrogate pair is no text.
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")


async def ask_review(tx: Tx, flag_id: int, *, buyer_ref: str, text: str) -> Flag:
    """Have a person look at it (PIPL art. 24); who gets no answer in time is free of it.

    Raises FlagUnknown, AskedBefore, FlagStateForbids or WordsUnfit.
    """
    held = await _hold(tx, flag_id, buyer_ref, text)
    if held.asked_at is not None:
        raise AskedBefore
    moved = await _move(tx, held, "ask", text, is_appeal=False)
    tx.announce(AbuseFlagAsked(subject_id=flag_id, merchant_id=held.merchant_id, move=moved))
    return await get_one(tx, flag_id)


async def appeal(tx: Tx, flag_id: int, *, buyer_ref: str, text: str) -> Flag:
    """Do not accept what a person confirmed: somebody else decides, and until then the hardest measure rests.

    Raises FlagUnknown, AskedBefore, FlagStateForbids or WordsUnfit.
    """
    held = await _hold(tx, flag_id, buyer_ref, text)
    if held.appealed_at is not None:
        raise AskedBefore
    moved = await _move(tx, held, "appeal", text, is_appeal=True)
    tx.announce(AbuseFlagAppealed(subject_id=flag_id, merchant_id=held.merchant_id, move=moved))
    return await get_one(tx, flag_id)


async def _hold(tx: Tx, flag_id: int, buyer_ref: str, text: str) -> Flag:
    await demand_buyer(tx, flag_id, buyer_ref)
    if len(text) > LONGEST or _UNFIT.search(text):
        raise WordsUnfit("text", longest=LONGEST)
    return await hold_one(tx, flag_id)


async def _move(tx: Tx, held: Flag, verb: str, text: str, *, is_appeal: bool) -> Moved:
    if held.state not in ABUSE_FLAG.moves[verb].sources or held.expires_at <= tx.now:
        raise FlagStateForbids(state=str(held.state) if held.expires_at > tx.now else "expired", verb=verb)
    stamp = {"appealed_at": tx.now} if is_appeal else {"asked_at": tx.now}
    moved = await store.move(tx, verb, [held.id], **stamp)
    if text:
        (words,) = await identity.seal(tx, [(held.buyer_id, text.encode())])
        await store.keep_words(tx, held.id, words, is_appeal=is_appeal)
    await deadlines.schedule(tx, ANSWER, [deadlines.Due(held.id, held.merchant_id, tx.now + ANSWER_WITHIN)])
    return moved[held.id]
