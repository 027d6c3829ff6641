"""Offers end by themselves: when their time is over, and when the return that they are about is decided otherwise."""

from collections.abc import Iterable, Sequence

from dingdan.areas import returns
from dingdan.areas.talks import store
from dingdan.areas.talks.events import OfferLapsed, OfferWithdrawn
from dingdan.areas.talks.lifecycle import OfferState, QuestionState
from dingdan.areas.talks.promises import ANSWER, OFFER_EXPIRY
from dingdan.areas.talks.reading import TALKED_ABOUT
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def lapse_offers(tx: Tx, offer_ids: Sequence[int]) -> None:
    """Nobody took them in time."""
    await returns.hold(tx, {one.return_id for one in await store.offers(tx, offer_ids)})
    due = {
        one.id: one for one in await store.offers(tx, offer_ids)
        if one.state is OfferState.OPEN and one.expires_at <= tx.now
    }  # fmt: skip
    moved = await store.move_offers(tx, "lapse", due, ended_at=tx.now) if due else {}
    tx.announce(*(
        OfferLapsed(subject_id=i, merchant_id=due[i].merchant_id, order_id=due[i].order_id, move=moved[i],
                    return_id=due[i].return_id)
        for i in sorted(moved)
    ))  # fmt: skip


async def close(tx: Tx, return_ids: Iterable[int]) -> None:
    """What was open about these returns is over, where there is nothing to talk about any more."""
    found = await returns.hold(tx, return_ids)
    over = [i for i, one in found.items() if one.decision not in TALKED_ABOUT]
    offers = {one.id: one for one in await store.offers_of(tx, over) if one.state is OfferState.OPEN}
    moved = await store.move_offers(tx, "withdraw", offers, ended_at=tx.now) if offers else {}
    await deadlines.call_off(tx, OFFER_EXPIRY, moved)
    tx.announce(*(
        OfferWithdrawn(subject_id=i, merchant_id=offers[i].merchant_id, order_id=offers[i].order_id, move=moved[i],
                       return_id=offers[i].return_id)
        for i in sorted(moved)
    ))  # fmt: skip
    asked = [one for one in (await store.questions(tx, over)).values() if one.state is QuestionState.ASKED]
    await deadlines.call_off(tx, ANSWER, [one.return_id for one in asked])
