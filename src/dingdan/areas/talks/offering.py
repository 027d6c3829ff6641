"""Something instead of what was asked for: offered by one side, taken, declined or countered by the other, each once."""

from datetime import timedelta

from dingdan.areas import abuse, credit, orders, policies, returns
from dingdan.areas.talks import store
from dingdan.areas.talks.events import (
    OfferCountered,
    OfferDeclined,
    OfferMade,
    OfferTaken,
    OfferWithdrawn,
)
from dingdan.areas.talks.lifecycle import OFFER, OfferState
from dingdan.areas.talks.model import CREDIT_TEXTS, WITHOUT_AMOUNT, Offer, OfferKind, Propose, Side
from dingdan.areas.talks.promises import OFFER_EXPIRY
from dingdan.areas.talks.reading import TALKED_ABOUT, Held, get_offer, hold
from dingdan.areas.talks.refusals import (
    ConsentMissing,
    NothingToTalkAbout,
    NotYourOffer,
    OfferOpen,
    OfferRests,
    OfferStateForbids,
    OfferUnfit,
)
from dingdan.areas.talks.rules import worth
from dingdan.areas.talks.saying import write
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# Where the seller is at fault, or may be, what is offered may be owed.
GIVEN_FREELY = frozenset({"buyer", "none"})


async def offer(tx: Tx, return_id: int, wanted: Propose, *, side: Side) -> Offer:
    """Offer something instead. One offer about a return is open at a time, and it has its time.

    Raises ReturnUnknown, NothingToTalkAbout, OfferOpen, OfferUnfit or WordsUnfit.
    """
    held = await hold(tx, return_id)
    if any(one.state is OfferState.OPEN for one in await store.offers_of(tx, [return_id])):
        raise OfferOpen
    return await _make(tx, held, wanted, side=side, counters=None)


async def counter(tx: Tx, offer_id: int, wanted: Propose, *, side: Side) -> Offer:
    """Answer an offer with another one. Raises OfferUnknown, OfferStateForbids, NotYourOffer, or what `offer` raises."""
    held, before = await _hold(tx, offer_id, "counter")
    _demand_other(before, side)
    moved = await store.move_offers(tx, "counter", [offer_id], ended_at=tx.now)
    await deadlines.call_off(tx, OFFER_EXPIRY, moved)
    tx.announce(OfferCountered(subject_id=offer_id, merchant_id=before.merchant_id, order_id=before.order_id,
                               move=moved[offer_id], return_id=before.return_id))  # fmt: skip
    return await _make(tx, held, wanted, side=side, counters=offer_id)


async def take(tx: Tx, offer_id: int, *, side: Side, consent_text: str | None = None) -> Offer:
    """Take what the other side offers: the return is granted that way, and paid in the same step.

    Credit in the place of money needs the buyer's consent to a text that is known.
    Raises OfferUnknown, OfferStateForbids, NotYourOffer, ConsentMissing, or what returns.agree raises.
    """
    held, one = await _hold(tx, offer_id, "take")
    _demand_other(one, side)
    values: dict[str, object] = {"ended_at": tx.now}
    if one.kind is OfferKind.STORE_CREDIT:
        if consent_text not in CREDIT_TEXTS:
            raise ConsentMissing("consent_text", known=", ".join(CREDIT_TEXTS))
        values |= {"consent_text": consent_text, "consented_at": tx.now}
        values["purse_id"] = await _give_credit(tx, held.order, one)
    await returns.agree(tx, one.return_id, returns.Agreement(returns.Resolution(str(one.kind)), one.amount))
    moved = await store.move_offers(tx, "take", [offer_id], **values)
    await deadlines.call_off(tx, OFFER_EXPIRY, moved)
    tx.announce(OfferTaken(subject_id=offer_id, merchant_id=one.merchant_id, order_id=one.order_id,
                           move=moved[offer_id], return_id=one.return_id, kind=str(one.kind), amount=one.amount,
                           currency=one.currency))  # fmt: skip
    return await get_offer(tx, offer_id)


async def decline(tx: Tx, offer_id: int, *, side: Side) -> Offer:
    """Do not want it. Raises OfferUnknown, OfferStateForbids or NotYourOffer."""
    _, one = await _hold(tx, offer_id, "decline")
    _demand_other(one, side)
    moved = await store.move_offers(tx, "decline", [offer_id], ended_at=tx.now)
    await deadlines.call_off(tx, OFFER_EXPIRY, moved)
    tx.announce(OfferDeclined(subject_id=offer_id, merchant_id=one.merchant_id, order_id=one.order_id,
                              move=moved[offer_id], return_id=one.return_id))  # fmt: skip
    return await get_offer(tx, offer_id)


async def take_back(tx: Tx, offer_id: int, *, side: Side) -> Offer:
    """Think again about one's own offer. Raises OfferUnknown, OfferStateForbids or NotYourOffer."""
    _, one = await _hold(tx, offer_id, "withdraw")
    if one.side is not side:
        raise NotYourOffer
    moved = await store.move_offers(tx, "withdraw", [offer_id], ended_at=tx.now)
    await deadlines.call_off(tx, OFFER_EXPIRY, moved)
    tx.announce(OfferWithdrawn(subject_id=offer_id, merchant_id=one.merchant_id, order_id=one.order_id,
                               move=moved[offer_id], return_id=one.return_id))  # fmt: skip
    return await get_offer(tx, offer_id)


async def _make(tx: Tx, held: Held, wanted: Propose, *, side: Side, counters: int | None) -> Offer:
    one = held.one
    if one.decision not in TALKED_ABOUT:
        raise NothingToTalkAbout(state=str(one.decision))
    # Whoever takes it is asked for the consent, and that must be the buyer.
    if side is Side.BUYER and wanted.kind is OfferKind.STORE_CREDIT:
        raise OfferUnfit("kind", most=0, why="credit is offered by the seller and taken by the buyer",
                         why_zh="店铺余额须由商家提出、用户同意")  # fmt: skip
    lines = (await returns.lines(tx, [one]))[one.id]
    sold = (await orders.lines(tx, [one.order_id]))[one.order_id]
    if side is Side.SELLER and all(line.fault in GIVEN_FREELY for line in lines):
        await _demand_offers(tx, held)
    most = worth.most(wanted.kind, worth.of_units(lines, sold))
    is_fit = wanted.amount == 0 if wanted.kind in WITHOUT_AMOUNT else 0 < wanted.amount <= most
    if not is_fit:
        raise OfferUnfit("amount", most=most, why="the amount does not fit", why_zh="金额不合适")
    if wanted.text:
        await write(tx, held, side=side, code="offered", text=wanted.text)
    document = (await policies.by_ids(tx, [one.policy_id]))[one.policy_id].document
    new = Offer(
        id=tx.mint(), return_id=one.id, order_id=one.order_id, merchant_id=one.merchant_id, kind=wanted.kind,
        state=OfferState.OPEN, version=1, currency=held.order.currency, amount=wanted.amount, side=side,
        made_by_kind=str(tx.actor.kind), made_by=tx.actor.id, made_at=tx.now,
        expires_at=tx.now + timedelta(hours=document.asking.offer_hours), ended_at=None, counters=counters,
        consent_text=None, consented_at=None, purse_id=None,
    )  # fmt: skip
    await store.add_offer(tx, new)
    await deadlines.schedule(tx, OFFER_EXPIRY, [
        deadlines.Due(new.id, new.merchant_id, new.expires_at, new.order_id)
    ])  # fmt: skip
    tx.announce(OfferMade(subject_id=new.id, merchant_id=new.merchant_id, order_id=new.order_id,
                          move=born(OFFER, new.id), return_id=new.return_id, kind=str(new.kind), amount=new.amount,
                          currency=new.currency, side=str(side)))  # fmt: skip
    return new


async def _demand_offers(tx: Tx, held: Held) -> None:
    """What nobody owes is not offered while two people say that this buyer does not play fair. Raises OfferRests."""
    found = await abuse.standings(tx, [held.order.buyer_id], lock=True)
    standing = found.get(held.order.buyer_id)
    if standing is not None and abuse.Measure.NO_EXTRAS in standing.measures:
        raise OfferRests


async def _hold(tx: Tx, offer_id: int, verb: str) -> tuple[Held, Offer]:
    """An offer that stands still, because its order is locked."""
    held = await hold(tx, (await get_offer(tx, offer_id)).return_id)
    one = await get_offer(tx, offer_id)
    if one.state not in OFFER.moves[verb].sources or one.expires_at <= tx.now:
        raise OfferStateForbids(state=str(one.state) if one.expires_at > tx.now else "lapsed", verb=verb)
    return held, one


def _demand_other(one: Offer, side: Side) -> None:
    if one.side is side:
        raise NotYourOffer


async def _give_credit(tx: Tx, order: orders.Order, one: Offer) -> int:
    (purse,) = await credit.grant(tx, [
        credit.Grant(merchant_id=order.merchant_id, buyer_id=order.buyer_id, kind=credit.PurseKind.BALANCE,
                     unit=one.currency, amount=one.amount, reason="return")
    ])  # fmt: skip
    return purse.id
