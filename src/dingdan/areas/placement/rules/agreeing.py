"""An order as a basket again, at the terms that were agreed: so that a change of it is judged like a new one."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dingdan.areas import addresses, carriers, catalog, identity, inventory, orders, policies, pricing
from dingdan.areas.placement.model import Basket, Buyer, Instead, Item
from dingdan.areas.placement.rules.cases import Case, Facts, Part, case_of
from dingdan.areas.placement.rules.checks import ADDRESS_CHECKS
from dingdan.areas.placement.rules.judging import Verdict
from dingdan.kernel.address import Address


def basket_of(
    order: orders.Order,
    lines: Sequence[orders.OrderLine],
    quantities: Mapping[int, int],
    *,
    channel: str,
    contact: identity.Contact,
    ship_to: Address,
) -> Basket:
    """The basket that an order came from, with these quantities by line number; what is at none is left out.

    Of whoever bought it holds the shop's own id only, so that no way out tells more.
    """
    return Basket(
        merchant_id=order.merchant_id, channel=channel, buyer=Buyer(contact.ref), ship_to=ship_to,
        items=tuple(
            Item(line.sku, quantities[line.line_no], line.confirmed_text)
            for line in lines if quantities[line.line_no]
        ),
        currency=order.currency, reference=order.reference,
    )  # fmt: skip


def as_agreed(facts: Facts, lines: Sequence[orders.OrderLine], quantities: Mapping[int, int], currency: str) -> Facts:
    """The same with the unit prices of the order. What the buyer has already, they may have: whether a product is still

    sold, and whether its price is doubted, counts only for lines that grow.
    """
    offers = dict(facts.offers)
    for line in lines:
        key = (line.merchant_id, line.sku)
        offer = offers.get(key) or _offer(line)
        offer = msgspec.structs.replace(offer, prices={**offer.prices, currency: line.unit_price})
        if quantities[line.line_no] <= line.left:
            offer = msgspec.structs.replace(offer, active=True, is_paused=False, usual={}, floors={})
        offers[key] = offer
    return msgspec.structs.replace(facts, offers=offers)


def _offer(line: orders.OrderLine) -> catalog.Offer:
    """What is not in the catalogue any more, as it was sold."""
    return catalog.Offer(line.product_id, line.merchant_id, line.sku, line.title, line.category, tuple(line.flags),
                         active=False, prices={})  # fmt: skip


def in_place_of(facts: Facts, instead: Instead) -> Facts:
    """The same at the terms of the order whose place is taken: its unit prices and its policy."""
    return under(as_agreed(facts, instead.lines, instead.quantities, instead.order.currency), instead.policy)


def under(facts: Facts, policy: policies.Policy) -> Facts:
    """The same with the policy that an order is bound to in the place of the one in force."""
    held = {(merchant.id, merchant.policy): policy for merchant in facts.merchants.values()}
    return msgspec.structs.replace(facts, policies=held)


def served_from(facts: Facts, place: int) -> Facts:
    """The same where only one warehouse serves, whatever serves the channel now; and the merchant, open or closed."""
    return msgspec.structs.replace(
        facts,
        merchants={i: msgspec.structs.replace(one, active=True) for i, one in facts.merchants.items()},
        channels={
            key: msgspec.structs.replace(one, warehouse_id=place, warehouse_ids=())
            for key, one in facts.channels.items()
        },
    )


def places_around(facts: Facts, ship_to: Address | None) -> tuple[int, ...]:
    """Every warehouse of the channel, nearest first."""
    places = tuple(dict.fromkeys(place for channel in facts.channels.values() for place in channel.served_from))
    known = [facts.warehouses[place] for place in places if place in facts.warehouses]
    return (inventory.nearest(known, ship_to) if ship_to is not None else ()) or places


def papers(name: str, number: str) -> addresses.Identity | None:
    """Papers for customs, where any were shown."""
    return addresses.Identity(name, number) if name or number else None


def judge_address(basket: Basket, facts: Facts) -> Verdict:
    """What stands against sending these goods there, and nothing else."""
    case = case_of(basket, facts)
    return Verdict(case, tuple(problem for check in ADDRESS_CHECKS for problem in check(case)), None)


def is_reached(verdicts: Iterable[Verdict]) -> bool:
    """Whether a way leads to an address from everywhere that something comes from."""
    return not any(isinstance(one, carriers.Undeliverable) for verdict in verdicts for one in verdict.problems)


class Worth(msgspec.Struct, frozen=True):
    """What the buyer pays for the goods of each line, before points in all, and for carriage and tax on top.

    `is_carried_free`: promotions pay the carriage.
    """

    nets: tuple[int, ...]
    worth: int
    freight: int
    tax: int
    is_carried_free: bool


def costs_more(ask: pricing.Ask, former: pricing.Ask, terms: pricing.Terms, paid: Worth) -> int:
    """What carriage and tax come to more at an address than at the former one, at the tariffs of today, and than was

    paid; 0 for less. Carriage that a promotion paid whole costs the buyer nothing at the other address either.
    """
    freight, tax = pricing.added(ask, terms, paid.nets, worth=paid.worth)
    freight_before, tax_before = pricing.added(former, terms, paid.nets, worth=paid.worth)
    more = 0 if paid.is_carried_free else freight - max(freight_before, paid.freight)
    return max(0, more + tax - max(tax_before, paid.tax))


def worth_of(order: orders.Order, lines: Sequence[orders.OrderLine], layers: Sequence[pricing.Charged]) -> Worth:
    """The same of an order as it stands; units that were cancelled do not count."""
    nets = tuple(line.net * line.left // line.quantity for line in lines if line.left)
    points = sum(one.layer.amount for one in layers if one.layer.kind == "points")
    is_free = order.freight == 0 and any(one.layer.effect == "freight_off" for one in layers)
    return Worth(nets, sum(nets) + points, order.freight, order.tax, is_free)


def coupons_of(layers: Sequence[pricing.Charged]) -> tuple[tuple[str, ...], int]:
    """The codes and the points that went into the price of an order."""
    codes = dict.fromkeys(one.layer.code for one in layers if one.layer.code is not None)
    return tuple(codes), sum(one.layer.points for one in layers)


def only_part(case: Case) -> Part:
    """The one part of a basket that was one order."""
    (part,) = case.parts
    return part


def channel_with(channels: Iterable[inventory.Channel], channel_id: int) -> inventory.Channel:
    """The channel that an order came through."""
    return next(one for one in channels if one.id == channel_id)
