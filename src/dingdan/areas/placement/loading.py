"""Look up what a batch of baskets needs: one query for each kind of thing, however many baskets there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas import (
    carriers,
    catalog,
    credit,
    customs,
    identity,
    inventory,
    merchants,
    orders,
    payments,
    policies,
    pricing,
)
from dingdan.areas.placement import store
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.rules import wanting
from dingdan.areas.placement.rules.cases import MAX_LINES, Case, Facts, Part, case_of
from dingdan.kernel import ids
from dingdan.plumbing import tries
from dingdan.plumbing.tx import Tx


async def load(tx: Tx, baskets: Sequence[Basket], *, is_taking: bool = False, is_again: bool = False) -> Facts:
    """What is needed to judge baskets, stock aside. Merchants beyond the actor's reach do not exist.

    Who `is_taking` waits for others who order the same limited things for the same buyers. What an order had already
    `is_again` looked up, whoever guessed at codes meanwhile.
    """
    wanted = {(item.merchant_id or b.merchant_id, item.sku) for b in baskets for item in b.items}
    channels = {(b.merchant_id, b.channel) for b in baskets}
    channels |= {(item.merchant_id, b.channel) for b in baskets for item in b.items if item.merchant_id}
    reached = {merchant_id for merchant_id, _ in channels if tx.actor.reaches(merchant_id)}
    asked = sorted(key for key in channels if key[0] in reached)
    to = {wanting.lane_key(m, b.ship_to) for b in baskets if b.ship_to is not None for m in reached}
    # One round trip for all that hangs on nothing but the baskets: each of them costs more than what it brings.
    found, offers, through, places, lanes, editions, terms = await tx.ask_all(
        merchants.asking(reached),
        catalog.asking_offers(sorted(key for key in wanted if key[0] in reached)),
        inventory.asking_channels(asked),
        inventory.asking_warehouses_behind(asked),
        carriers.asking_lanes_for(to, tx.now),
        pricing.asking_editions(sorted(reached)),
        policies.asking_in_force(sorted(reached), tx.now),
    )
    facts = Facts(
        tx.now,
        found,
        through,
        offers,
        await policies.whole(tx, terms),
        await _bought(tx, baskets, offers, is_taking=is_taking),
        places,
        lanes,
        await payments.ways(tx, found) if any(b.payment is not None for b in baskets) else {},
        imported=await _imported(tx, baskets, offers, is_taking=is_taking),
    )
    return await _with_terms(tx, facts, baskets, editions, is_again=is_again)


async def _imported(
    tx: Tx, baskets: Sequence[Basket], offers: Mapping[tuple[int, str], catalog.Offer], *, is_taking: bool
) -> dict[str, int]:
    """What whoever takes goods of these baskets through customs imported before; most goods are from nowhere abroad."""
    if not any(customs.FLAG in offer.flags for offer in offers.values()):
        return {}
    numbers = {basket.identity.number for basket in baskets if basket.identity is not None}
    return await customs.imported(tx, numbers, is_taking=is_taking)


async def wait_for_limits(tx: Tx, baskets: Sequence[Basket]) -> None:
    """Wait for others who order the same limited things for the same buyers; whoever locks an order does it before."""
    keys = {(item.merchant_id or b.merchant_id, item.sku) for b in baskets for item in b.items}
    await _bought(tx, baskets, await catalog.offers(tx, sorted(keys)), is_taking=True)


async def _with_terms(
    tx: Tx, facts: Facts, baskets: Sequence[Basket], editions: pricing.Editions, *, is_again: bool
) -> Facts:
    """The same with all that prices depend on. Who buys is looked up only where a price may depend on it."""
    books = await pricing.books_of(tx, facts.merchants, editions)
    personal = {merchant_id for merchant_id, book in books.items() if book.is_personal}
    refs = {
        (merchant_id, b.buyer.ref.strip())
        for b in baskets if b.buyer is not None
        for item in b.items for merchant_id in [item.merchant_id or b.merchant_id]
        if b.coupons or b.points or personal & {merchant_id, None}
    }  # fmt: skip
    buyers = await identity.find_buyers(tx, refs) if refs else {}
    people = {ref: identity.person_number(tx, ref) for _, ref in refs}
    facts = msgspec.structs.replace(
        facts,
        buyers=buyers,
        people=people,
        waits={} if is_again else await _waits(tx, baskets, people),
        known=frozenset(await orders.bought_before(tx, buyers.values())),
        holders=_holders(tx, facts, baskets),
    )
    asks = [wanting.price_of(case, part) for b in baskets for case in [case_of(b, facts)] for part in case.parts]
    return msgspec.structs.replace(facts, terms=await pricing.terms_for(tx, asks, books))


async def _waits(tx: Tx, baskets: Sequence[Basket], people: Mapping[str, int]) -> dict[str, datetime]:
    """Whose coupon codes are not looked up, and until when: of all where whoever asks named too many wrong ones."""
    refs = {wanting.ref_of(basket) for basket in baskets if basket.coupons}
    if not refs:
        return {}
    own = pricing.actor_word(tx.actor)
    words = {ref: pricing.person_word(people[ref]) for ref in refs if ref in people}
    until = await tries.waiting(tx, pricing.GUESSES, {own, *words.values()})
    found = {ref: [until[word] for word in (own, words.get(ref, "")) if word in until] for ref in refs}
    return {ref: max(some) for ref, some in found.items() if some}


async def _bought(
    tx: Tx, baskets: Sequence[Basket], offers: Mapping[tuple[int, str], catalog.Offer], *, is_taking: bool
) -> dict[tuple[int, str, int], int]:
    """What the buyers of these baskets had before of things of which a buyer gets so many; most things are not such."""
    if all(offer.max_per_buyer is None for offer in offers.values()):
        return {}
    wanted = sorted({
        (offer.merchant_id, basket.buyer.ref, offer.product_id)
        for basket in baskets
        if basket.buyer is not None
        for item in basket.items
        for offer in [offers.get((item.merchant_id or basket.merchant_id, item.sku))]
        if offer is not None and offer.max_per_buyer is not None
    })  # fmt: skip
    if is_taking:
        await store.lock_limits(tx, wanted)
    buyers = await identity.find_buyers(tx, {(merchant_id, ref) for merchant_id, ref, _ in wanted})
    keys = [(buyers[m, ref], product_id) for m, ref, product_id in wanted if (m, ref) in buyers]
    units = await orders.units_bought(tx, keys)
    return {(m, ref, p): units.get((buyers[m, ref], p), 0) for m, ref, p in wanted if (m, ref) in buyers}


async def look_closer(tx: Tx, facts: Facts, baskets: Sequence[Basket]) -> Facts:
    """The same with what is read where nothing is taken: free stock, numbers that are given away, other channels."""
    # Of a basket with too many lines the first ones are looked at: leaving the others out is its way out.
    baskets = [msgspec.structs.replace(basket, items=basket.items[:MAX_LINES]) for basket in baskets]
    facts = await _with_variants(tx, facts, [case_of(basket, facts) for basket in baskets])
    cases = [case_of(basket, facts) for basket in baskets]
    shelves = {
        (place, product_id)
        for case in cases
        for part in case.parts
        for place in wanting.places_of(case, part)
        for offer in _offers_around(part, facts)
        for product_id, _ in offer.components or ((offer.product_id, 1),)
    }
    references: dict[int, set[str]] = {}
    for case in cases:
        if case.basket.reference:
            for part in case.parts:
                references.setdefault(part.merchant.id, set()).add(case.basket.reference)
    lost = {
        part.merchant.id
        for case in cases
        if any(part.channel is None or not part.channel.active for part in case.parts)
        for part in case.parts
    }
    return msgspec.structs.replace(
        facts,
        shelves=await inventory.shelves_at(tx, shelves),
        kept=await inventory.kept_by(tx, {holder.hash for holder in facts.holders.values()}),
        points=await credit.points_of(tx, facts.buyers.values()),
        ways=facts.ways or await payments.ways(tx, facts.merchants),
        references={
            (merchant_id, reference): order_id
            for merchant_id, wanted in references.items()
            for reference, order_id in (await orders.by_reference(tx, merchant_id, wanted)).items()
        },
        other_channels={merchant_id: await inventory.channels_of(tx, merchant_id) for merchant_id in lost},
        guest=f"guest-{ids.spoken(tx.mint())}",
    )


async def _with_variants(tx: Tx, facts: Facts, cases: Sequence[Case]) -> Facts:
    """The same with the products that could stand in for those of the baskets."""
    words = {
        (wish.offer.merchant_id, wish.offer.variant_of)
        for case in cases
        for part in case.parts
        for wish in part.wishes
        if wish.offer is not None and wish.offer.variant_of is not None
    }
    if not words:
        return facts
    variants = await catalog.variants(tx, words)
    others = {(offer.merchant_id, offer.sku): offer for some in variants.values() for offer in some}
    return msgspec.structs.replace(facts, variants=variants, offers={**others, **facts.offers})


def _holders(tx: Tx, facts: Facts, baskets: Sequence[Basket]) -> dict[tuple[int, str, str], inventory.Holder]:
    """Whose unpaid units are capped, hashed; most merchants cap nobody's."""
    capped = [
        m for m in facts.merchants.values()
        if m.settings.unpaid_units_per_buyer is not None or m.settings.unpaid_units_per_device is not None
    ]  # fmt: skip
    return {
        (merchant.id, kind, ref): inventory.holder(tx, kind, merchant.id, ref, most=most)
        for merchant in capped
        for basket in baskets
        for kind, ref, most in wanting.caps_of(basket, merchant)
    }


def _offers_around(part: Part, facts: Facts) -> list[catalog.Offer]:
    """What a part wants, and what could stand in for it."""
    found = []
    for wish in part.wishes:
        if wish.offer is not None:
            found.append(wish.offer)
            found += facts.variants.get((wish.offer.merchant_id, wish.offer.variant_of or ""), ())
    return found
