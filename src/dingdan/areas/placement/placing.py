"""The hot path: baskets in, orders out, many at once. One bad basket never hurts its neighbours."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dingdan.areas import credit, identity, orders, payments, pricing
from dingdan.areas.placement import alarming, taking
from dingdan.areas.placement.checking import check, mend, suspicions, wrong_codes
from dingdan.areas.placement.loading import load
from dingdan.areas.placement.model import Basket, Instead, Placed, PlacedOrder
from dingdan.areas.placement.rules import agreeing
from dingdan.areas.placement.rules.checks import person
from dingdan.areas.placement.rules.judging import Verdict, ration
from dingdan.areas.placement.taking import Ready, Taken
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import tries
from dingdan.plumbing.tx import Tx


async def place(tx: Tx, baskets: Sequence[Basket], *, instead: Instead | None = None) -> list[Placed | Refusal]:
    """Turn baskets into orders: a result for each, in their order; a refused basket leaves nothing behind.

    Amounts are computed here, stock is held in this transaction, and the pay-by clock starts. A basket with things of
    several merchants becomes an order for each of them, all or none. A basket that comes `instead` of an order, which has
    ended and keeps its units until now, is judged at that one's terms; of it a refusal is for the caller to raise.
    """
    facts = await load(tx, baskets, is_taking=True, is_again=instead is not None)
    if instead is not None:
        facts = agreeing.in_place_of(facts, instead)
    verdicts = check(baskets, facts)
    ready = _ready(tx, verdicts)
    refused: dict[int, list[Refusal]] = {n: [*v.problems] for n, v in enumerate(verdicts) if v.problems}
    refused |= ration({n: v.case for n, v in enumerate(verdicts) if n not in refused})
    taken = await taking.take(tx, ready, refused, instead)
    kept = [one for one in ready if one.place not in refused]
    await _record(tx, kept, taken, instead)
    told = await mend(tx, facts, {n: (baskets[n], problems) for n, problems in refused.items()})
    await alarming.note_suspicious(tx, [s for n in refused for s in suspicions(verdicts[n].case)])
    await tries.note(tx, pricing.GUESSES, wrong_codes(tx, verdicts))
    placed = _placed(tx, kept, instead)
    return [told[n] if n in told else placed[n] for n in range(len(baskets))]


def _ready(tx: Tx, verdicts: Sequence[Verdict]) -> list[Ready]:
    """The parts of sound baskets with the ids of what they become."""
    sound = [(n, verdict) for n, verdict in enumerate(verdicts) if not verdict.problems]
    new_ids = iter(tx.mint_many(sum(len(verdict.case.parts) + 1 for _, verdict in sound)))
    found = []
    for n, verdict in sound:
        case, checkout_id = verdict.case, next(new_ids)
        for part, quote, promise in zip(case.parts, verdict.quotes or (), verdict.promises, strict=True):
            assert part.channel is not None, "a sound basket has its channels"
            assert part.policy is not None, "a sound basket has its policies"
            found.append(Ready(n, next(new_ids), checkout_id, case, part, part.channel, part.policy, quote, promise))
    return found


async def _record(tx: Tx, kept: Sequence[Ready], taken: Taken, instead: Instead | None) -> None:
    if not kept:
        return
    fresh = [one for one in kept if one.order_id not in taken.known]
    people = await identity.remember_buyers(tx, [person(one.basket, one.part.merchant.id) for one in fresh])
    known = taken.known | {one.order_id: who for one, who in zip(fresh, people, strict=True)}
    await orders.record(tx, [
        orders.NewOrder(
            id=one.order_id, merchant_id=one.part.merchant.id, checkout_id=one.checkout_id, channel_id=one.channel.id,
            warehouse_id=taken.warehouse_of[one.order_id], buyer_id=known[one.order_id].buyer_id,
            contact_id=known[one.order_id].contact_id, currency=one.case.currency, goods=one.quote.goods,
            discount=one.quote.discount, freight=one.quote.freight, tax=one.quote.tax, total=one.quote.total,
            policy_id=one.policy.id, policy_hash=one.policy.hash, reference=one.basket.reference,
            pay_by=_pay_by(tx, one, instead), lines=_lines(tx, one), promise=one.promise.basis if one.promise else None,
            replaces=instead.order.id if instead is not None else None,
        )
        for one in kept
    ])  # fmt: skip
    await pricing.record(tx, {one.order_id: one.quote for one in kept})
    presold = {one.order_id: (one.part.merchant.id, one.quote.deposit) for one in kept if one.quote.deposit}
    if presold:
        await payments.agree_deposits(tx, presold)
    paid = [one.order_id for one in kept if one.quote.total == 0]
    if paid:
        # What coupons and points pay whole owes nothing and waits for nobody.
        await credit.capture(tx, paid)
        await orders.mark_paid(tx, paid)


def _lines(tx: Tx, one: Ready) -> list[orders.OrderLine]:
    ship_by, arrive_by = (one.promise.ship_by, one.promise.arrive_by) if one.promise else (None, None)
    return [
        orders.OrderLine(
            order_id=one.order_id, line_no=line_no, merchant_id=one.part.merchant.id, product_id=wish.offer.product_id,
            sku=wish.offer.sku, title=wish.offer.title, category=wish.offer.category, flags=list(wish.offer.flags),
            quantity=wish.item.quantity, unit_price=priced.unit_price, goods=priced.goods, discount=priced.discount,
            tax=priced.tax, confirmed_text=wish.item.confirmed, confirmed_at=tx.now if wish.item.confirmed else None,
            ship_by=ship_by, arrive_by=arrive_by,
        )
        for line_no, (wish, priced) in enumerate(zip(one.part.wishes, one.quote.lines, strict=True), start=1)
        if wish.offer is not None
    ]  # fmt: skip


def _pay_by(tx: Tx, one: Ready, instead: Instead | None) -> datetime:
    """Whoever changes their mind gets no more time: units are not kept from others for ever."""
    if instead is not None:
        return instead.order.pay_by
    return tx.now + timedelta(minutes=one.part.merchant.settings.pay_within_minutes)


def _placed(tx: Tx, kept: Sequence[Ready], instead: Instead | None) -> dict[int, Placed]:
    """What each basket became: {place: its orders}."""
    parts: dict[int, list[Ready]] = {}
    for one in kept:
        parts.setdefault(one.place, []).append(one)
    found = {}
    for n, mine in parts.items():
        made = tuple(PlacedOrder(o.order_id, o.part.merchant.id, o.quote.total, _pay_by(tx, o, instead)) for o in mine)
        found[n] = Placed(made[0].order_id, sum(o.total for o in made), mine[0].case.currency,
                          min(o.pay_by for o in made), mine[0].checkout_id, made)  # fmt: skip
    return found
