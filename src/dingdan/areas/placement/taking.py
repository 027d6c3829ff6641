"""Taking what there is only so much of: numbers, coupons, points, units; what a refused basket took goes back at once."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import carriers, credit, identity, inventory, orders, policies, pricing
from dingdan.areas.placement.model import Basket, Instead
from dingdan.areas.placement.rules import wanting
from dingdan.areas.placement.rules.cases import Case, Part
from dingdan.areas.placement.rules.checks import in_request, not_enough, person
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


class Ready(msgspec.Struct, frozen=True):
    """One merchant's part of a sound basket, with the id of the order that it becomes; `place` is the basket's."""

    place: int
    order_id: int
    checkout_id: int
    case: Case
    part: Part
    channel: inventory.Channel
    policy: policies.Policy
    quote: pricing.Quote
    promise: carriers.Promise | None

    @property
    def basket(self) -> Basket:
        """The basket it is a part of."""
        return self.case.basket

    @property
    def person(self) -> identity.Person:
        """Who buys, as the merchant knows them."""
        return person(self.basket, self.part.merchant.id)


class Taken(msgspec.Struct, frozen=True):
    """From where orders are served first, and who is known already because something was taken in their name."""

    warehouse_of: Mapping[int, int]
    known: dict[int, identity.Known]


Refused = dict[int, list[Refusal]]


async def take(
    tx: Tx,
    ready: Sequence[Ready],
    refused: Refused,
    recognised: identity.Recognised,
    instead: Instead | None = None,
) -> Taken:
    """Take everything for baskets that are not refused, in the order of locks; what could not be had is added there.

    What an order kept whose place is taken is free at that moment, and its buyer is known.
    """
    named = [(one.part.merchant.id, one.basket.reference, one.order_id) for one in ready if one.basket.reference]
    await _numbers(tx, ready, named, refused)
    known = await _in_names(tx, _left(ready, refused), recognised, instead)
    await _coupons(tx, _left(ready, refused), known, refused)
    await _points(tx, _left(ready, refused), known, refused)
    if instead is not None:
        await inventory.release(tx, [instead.order.id])
    warehouse_of = await _units(tx, _left(ready, refused), refused)
    place_of = {one.order_id: one.place for one in ready}
    gone = [order_id for order_id, place in place_of.items() if place in refused]
    await orders.drop_references(tx, [one for one in named if place_of[one[2]] in refused])
    if instead is None and (in_vain := [order_id for order_id in gone if order_id in known]):
        await pricing.drop_claims(tx, in_vain)
        await credit.drop_holds(tx, in_vain)
        await identity.drop_contacts(tx, [known[order_id].contact_id for order_id in in_vain])
    return Taken(warehouse_of, known)


def _left(ready: Sequence[Ready], refused: Refused) -> list[Ready]:
    return [one for one in ready if one.place not in refused]


async def _numbers(tx: Tx, ready: Sequence[Ready], named: Sequence[tuple[int, str, int]], refused: Refused) -> None:
    place_of = {one.order_id: one.place for one in ready}
    given = {order_id: reference for _, reference, order_id in named}
    for order_id, owner in (await orders.claim_references(tx, named)).items():
        problem = orders.ReferenceTaken("reference", reference=given[order_id], order=owner)
        refused.setdefault(place_of[order_id], []).append(problem)


async def _in_names(
    tx: Tx, ready: Sequence[Ready], recognised: identity.Recognised, instead: Instead | None
) -> dict[int, identity.Known]:
    """Whoever takes something in their own name has to be known before."""
    if instead is not None:
        who = identity.Known(instead.order.buyer_id, instead.order.contact_id)
        return {one.order_id: who for one in ready}
    some = [one for one in ready if one.quote.uses or one.quote.points_used]
    if not some:
        return {}
    people = await identity.remember_buyers(tx, [one.person for one in some], recognised)
    return {one.order_id: who for one, who in zip(some, people, strict=True)}


async def _coupons(tx: Tx, ready: Sequence[Ready], known: Mapping[int, identity.Known], refused: Refused) -> None:
    by_id = {one.order_id: one for one in ready if one.order_id in known}
    if not by_id:
        return
    uses = {order_id: one.quote.uses_by(known[order_id].buyer_id, _person(tx, one)) for order_id, one in by_id.items()}
    claimed = await pricing.claim(tx, uses, {order_id: one.checkout_id for order_id, one in by_id.items()})
    for order_id, no in claimed.items():
        one = by_id[order_id]
        refused.setdefault(one.place, []).append(in_request(no, [wish.place for wish in one.part.wishes]))


def _person(tx: Tx, one: Ready) -> int:
    return identity.person_number(tx, one.basket.buyer.ref if one.basket.buyer else "")


async def _points(tx: Tx, ready: Sequence[Ready], known: Mapping[int, identity.Known], refused: Refused) -> None:
    holds = [
        credit.Hold(order_id=one.order_id, merchant_id=one.part.merchant.id, amount=one.quote.points_used,
                    buyer_id=known[one.order_id].buyer_id)
        for one in ready if one.quote.points_used
    ]  # fmt: skip
    place_of = {one.order_id: one.place for one in ready}
    for order_id, no in (await credit.hold(tx, holds) if holds else {}).items():
        refused.setdefault(place_of[order_id], []).append(type(no)("points", **no.params))


async def _units(tx: Tx, ready: Sequence[Ready], refused: Refused) -> Mapping[int, int]:
    """Hold units; says from which warehouse each order is served first."""
    wants = [want for one in ready for want in wanting.stock_of(one.case, one.part, one.order_id)]
    reserved = await inventory.reserve(tx, wants, together=_together(ready))
    by_id = {one.order_id: one for one in ready} if reserved.short else {}
    for short in reserved.short:
        one = by_id[short.order_id]
        refused.setdefault(one.place, []).append(not_enough(one.part, short))
    return reserved.warehouse_of


def _together(ready: Sequence[Ready]) -> dict[int, int]:
    """Orders that get all of their stock or none of it together: {order: checkout}; most stand alone."""
    parts = Counter(one.place for one in ready)
    return {one.order_id: one.checkout_id for one in ready if parts[one.place] > 1}
