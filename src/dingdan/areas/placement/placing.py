"""The hot path: baskets in, orders out, many at once. One bad basket never hurts its neighbours."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas import identity, inventory, orders, policies, pricing
from dingdan.areas.placement import alarming
from dingdan.areas.placement.checking import check, mend, suspicions
from dingdan.areas.placement.loading import load
from dingdan.areas.placement.model import Basket, Placed, PlacedOrder
from dingdan.areas.placement.refusals import NotEnoughStock
from dingdan.areas.placement.rules.cases import Part
from dingdan.areas.placement.rules.checks import person
from dingdan.areas.placement.rules.judging import Verdict
from dingdan.areas.placement.rules.rationing import ration
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


class Ready(msgspec.Struct, frozen=True):
    """One merchant's part of a sound basket; only stock is still to be held. `place` is the basket's in the batch."""

    place: int
    order_id: int
    checkout_id: int
    basket: Basket
    part: Part
    channel: inventory.Channel
    policy: policies.Policy
    currency: str
    quote: pricing.Quote


async def place(tx: Tx, baskets: Sequence[Basket]) -> list[Placed | Refusal]:
    """Turn baskets into orders: a result for each, in their order; a refused basket leaves nothing behind.

    Amounts are computed here, stock is held in this transaction, and the pay-by clock starts. A basket with things of
    several merchants becomes an order for each of them, all or none.
    """
    facts = await load(tx, baskets, is_taking=True)
    verdicts = check(baskets, facts)
    ready = _ready(tx, verdicts)
    refused: dict[int, list[Refusal]] = {n: [*v.problems] for n, v in enumerate(verdicts) if v.problems}
    refused |= ration({n: v.case for n, v in enumerate(verdicts) if n not in refused})
    await _take(tx, ready, refused)
    kept = [one for one in ready if one.place not in refused]
    await _record(tx, kept)
    told = await mend(tx, facts, {n: (baskets[n], problems) for n, problems in refused.items()})
    await alarming.note_suspicious(tx, [s for n in refused for s in suspicions(verdicts[n].case)])
    placed = _placed(tx, kept)
    return [told[n] if n in told else placed[n] for n in range(len(baskets))]


def _ready(tx: Tx, verdicts: Sequence[Verdict]) -> list[Ready]:
    """The parts of sound baskets with the ids of what they become."""
    sound = [(n, verdict) for n, verdict in enumerate(verdicts) if not verdict.problems]
    new_ids = iter(tx.mint_many(sum(len(verdict.case.parts) + 1 for _, verdict in sound)))
    found = []
    for n, verdict in sound:
        case, checkout_id = verdict.case, next(new_ids)
        for part, quote in zip(case.parts, verdict.quotes or (), strict=True):
            assert part.channel is not None, "a sound basket has its channels"
            assert part.policy is not None, "a sound basket has its policies"
            found.append(Ready(n, next(new_ids), checkout_id, case.basket, part, part.channel, part.policy,
                               case.currency, quote))  # fmt: skip
    return found


async def _take(tx: Tx, ready: Sequence[Ready], refused: dict[int, list[Refusal]]) -> None:
    """Take what is limited: the shops' numbers, then stock. What could not be had is added to `refused`."""
    place_of = {one.order_id: one.place for one in ready}
    named = [(one.part.merchant.id, one.basket.reference, one.order_id) for one in ready if one.basket.reference]
    given = {order_id: reference for _, reference, order_id in named}
    for order_id, owner in (await orders.claim_references(tx, named)).items():
        problem = orders.ReferenceTaken("reference", reference=given[order_id], order=owner)
        refused.setdefault(place_of[order_id], []).append(problem)
    wanting = [one for one in ready if one.place not in refused]
    shortages = await inventory.reserve(tx, [w for one in wanting for w in _wants(one)], together=_together(wanting))
    short_of = {one.order_id: one.part.wishes for one in ready} if shortages else {}
    for short in shortages:
        wish = short_of[short.order_id][short.line_no - 1]
        refused.setdefault(place_of[short.order_id], []).append(
            NotEnoughStock(f"lines[{wish.place}].quantity", sku=wish.item.sku, wanted=short.wanted, free=short.free)
        )
    await orders.drop_references(tx, [one for one in named if place_of[one[2]] in refused])


def _wants(one: Ready) -> list[inventory.Want]:
    return [
        inventory.Want(one.order_id, line_no, one.part.merchant.id, one.channel.warehouse_id,
                       wish.offer.product_id, wish.item.quantity)
        for line_no, wish in enumerate(one.part.wishes, start=1)
        if wish.offer is not None
    ]  # fmt: skip


def _together(ready: Sequence[Ready]) -> dict[int, int]:
    """Orders that get all of their stock or none of it together: {order: checkout}; most stand alone."""
    parts = Counter(one.place for one in ready)
    return {one.order_id: one.checkout_id for one in ready if parts[one.place] > 1}


async def _record(tx: Tx, kept: Sequence[Ready]) -> None:
    if not kept:
        return
    known = await identity.remember_buyers(tx, [person(one.basket, one.part.merchant.id) for one in kept])
    await orders.record(tx, [
        orders.NewOrder(
            id=one.order_id, merchant_id=one.part.merchant.id, checkout_id=one.checkout_id, channel_id=one.channel.id,
            warehouse_id=one.channel.warehouse_id, buyer_id=who.buyer_id, contact_id=who.contact_id,
            currency=one.currency, goods=one.quote.goods, discount=one.quote.discount, freight=one.quote.freight,
            tax=one.quote.tax, total=one.quote.total, policy_id=one.policy.id, policy_hash=one.policy.hash,
            reference=one.basket.reference, pay_by=_pay_by(tx, one), lines=_lines(tx, one),
        )
        for one, who in zip(kept, known, strict=True)
    ])  # fmt: skip


def _lines(tx: Tx, one: Ready) -> list[orders.OrderLine]:
    return [
        orders.OrderLine(
            order_id=one.order_id, line_no=line_no, merchant_id=one.part.merchant.id, product_id=wish.offer.product_id,
            sku=wish.offer.sku, title=wish.offer.title, category=wish.offer.category, flags=list(wish.offer.flags),
            quantity=wish.item.quantity, unit_price=priced.unit_price, goods=priced.goods, discount=priced.discount,
            tax=priced.tax, confirmed_text=wish.item.confirmed, confirmed_at=tx.now if wish.item.confirmed else None,
        )
        for line_no, (wish, priced) in enumerate(zip(one.part.wishes, one.quote.lines, strict=True), start=1)
        if wish.offer is not None
    ]  # fmt: skip


def _pay_by(tx: Tx, one: Ready) -> datetime:
    return tx.now + timedelta(minutes=one.part.merchant.settings.pay_within_minutes)


def _placed(tx: Tx, kept: Sequence[Ready]) -> dict[int, Placed]:
    """What each basket became: {place: its orders}."""
    parts: dict[int, list[Ready]] = {}
    for one in kept:
        parts.setdefault(one.place, []).append(one)
    found = {}
    for n, mine in parts.items():
        made = tuple(PlacedOrder(o.order_id, o.part.merchant.id, o.quote.total, _pay_by(tx, o)) for o in mine)
        found[n] = Placed(made[0].order_id, sum(o.total for o in made), mine[0].currency,
                          min(o.pay_by for o in made), mine[0].checkout_id, made)  # fmt: skip
    return found
