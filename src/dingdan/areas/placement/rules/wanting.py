"""What a basket asks of other areas: prices, stock, a promise, a way to pay; each question built in one place."""

from collections.abc import Sequence
from datetime import date, timedelta

from dingdan.areas import addresses, carriers, customs, inventory, merchants, payments, pricing
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.rules.cases import MAX_QUANTITY, Case, Facts, Part, Wish
from dingdan.kernel.address import Address
from dingdan.kernel.times import local_date


def price_of(case: Case, part: Part) -> pricing.Ask:
    """What one merchant's part costs. It names the coupons of the whole basket; points are for the first part."""
    basket, settings = case.basket, part.merchant.settings
    ref = ref_of(basket)
    buyer_id = case.facts.buyers.get((part.merchant.id, ref))
    region = addresses.region_of(basket.ship_to) if basket.ship_to is not None else addresses.Region("", "")
    return pricing.Ask(
        merchant_id=part.merchant.id, channel=basket.channel, currency=case.currency, items=items_of(case, part),
        now=case.facts.now, buyer_key=buyer_id, person=case.facts.people.get(ref),
        is_first_order=buyer_id is None or buyer_id not in case.facts.known,
        coupons=basket.coupons if ref not in case.facts.waits else (),
        points=basket.points if part is case.parts[0] else 0, country=region.country, region=region.code,
        freight=pricing.FreightRule(settings.freight, settings.free_freight_from), way=_way_of(case, part),
    )  # fmt: skip


def ref_of(basket: Basket) -> str:
    """What the shop calls whoever buys; empty while nobody knows."""
    return basket.buyer.ref.strip() if basket.buyer is not None else ""


def items_of(case: Case, part: Part) -> tuple[pricing.Item, ...]:
    """The lines of a part that have a price."""
    return tuple(
        pricing.Item(line_no, wish.offer.sku, wish.offer.product_id, wish.offer.category, wish.offer.flags,
                     wish.offer.prices[case.currency], wish.item.quantity, wish.offer.weight_grams)
        for line_no, wish in enumerate(part.wishes, start=1)
        if wish.offer is not None and case.currency in wish.offer.prices
    )  # fmt: skip


def places_of(case: Case, part: Part) -> tuple[int, ...]:
    """The warehouses that may serve a part, nearest first; where only one does, nothing is measured."""
    channel = part.channel
    if channel is None:
        return ()
    if not channel.warehouse_ids or case.basket.ship_to is None:
        return channel.served_from
    known = [case.facts.warehouses[place] for place in channel.served_from if place in case.facts.warehouses]
    return inventory.nearest(known, case.basket.ship_to) or channel.served_from


def caps_of(basket: Basket, merchant: merchants.Merchant) -> list[tuple[str, str, int]]:
    """Whose unpaid units count: (buyer or device, the shop's word for them, how many they may keep)."""
    settings, buyer = merchant.settings, basket.buyer
    caps = (
        ("buyer", buyer.ref.strip() if buyer else "", settings.unpaid_units_per_buyer),
        ("device", basket.device.strip(), settings.unpaid_units_per_device),
    )
    return [(kind, ref, most) for kind, ref, most in caps if ref and most is not None]


def stock_of(case: Case, part: Part, order_id: int) -> list[inventory.Want]:
    """What one merchant's part wants from the shelves, as the order that it becomes."""
    assert part.channel is not None
    places, may_split = places_of(case, part), part.merchant.settings.split_orders
    known = case.facts.holders
    keys = [(part.merchant.id, kind, ref) for kind, ref, _ in caps_of(case.basket, part.merchant)] if known else []
    holders = tuple(known[key] for key in keys if key in known)
    return [
        inventory.Want(order_id, line_no, part.merchant.id, wish.offer.product_id, wish.item.quantity, places,
                       part.channel.id, may_split, wish.offer.components, holders)
        for line_no, wish in enumerate(part.wishes, start=1)
        if wish.offer is not None and is_countable(wish)
    ]  # fmt: skip


def is_countable(wish: Wish) -> bool:
    """Whether a quantity makes sense at all."""
    return 1 <= wish.item.quantity <= MAX_QUANTITY


def lane_key(merchant_id: int, ship_to: Address) -> carriers.LaneKey:
    """Whose goods go where."""
    region = addresses.region_of(ship_to)
    return carriers.LaneKey(merchant_id, region.country, region.code)


def promise_of(
    case: Case, part: Part, quote: pricing.Quote | None = None
) -> carriers.Promise | carriers.NotDeliverable | None:
    """When a part leaves and arrives if it is paid now, a presale if its balance is paid on the last day.

    None while it is not known whence or whereto.
    """
    lanes, ask = _lanes_of(case, part), _travel_of(case, part, quote)
    return carriers.promise(lanes, ask, case.facts.now) if lanes is not None and ask is not None else None


def _way_of(case: Case, part: Part) -> pricing.Way:
    """What the way of a part costs on top of its carriage; nothing while it is not known whence or whereto."""
    lanes = _lanes_of(case, part)
    # Most lanes ask for nothing, and then nothing is measured.
    if lanes is None or not any(lane.surcharge for lane in lanes.lanes):
        return pricing.ORDINARY_WAY
    ask = _travel_of(case, part, None)
    return pricing.Way(*carriers.surcharge(lanes, ask, case.currency)) if ask is not None else pricing.ORDINARY_WAY


def _lanes_of(case: Case, part: Part) -> carriers.Lanes | None:
    ship_to = case.basket.ship_to
    return case.facts.lanes.get(lane_key(part.merchant.id, ship_to)) if ship_to is not None else None


def _travel_of(case: Case, part: Part, quote: pricing.Quote | None) -> carriers.Ask | None:
    """How a part is to travel, from the nearest warehouse."""
    places = places_of(case, part)
    if not places or places[0] not in case.facts.warehouses:
        return None
    house, settings = case.facts.warehouses[places[0]], part.merchant.settings
    return carriers.Ask(
        warehouse_id=house.id, zone=house.zone, country=addresses.region_of(house.return_address).country,
        service=case.basket.service, ship_within_hours=settings.ship_within_hours,
        transit_days=(settings.transit_days_min, settings.transit_days_max),
        not_before=_paid_on(quote, house.zone, hours=settings.ship_within_hours),
    )  # fmt: skip


def _paid_on(quote: pricing.Quote | None, zone: str, *, hours: int) -> date | None:
    """A presale leaves no earlier than what is promised after the last moment of its balance."""
    if quote is None or quote.deposit is None:
        return None
    return local_date(quote.deposit.balance_until + timedelta(hours=hours), zone)


def payment_of(case: Case, total: int | None) -> payments.Wanted:
    """What is to be paid for all orders of a basket."""
    return payments.Wanted(
        currency=case.currency, amount=total, channel=case.basket.channel,
        country=case.basket.ship_to.country if case.basket.ship_to is not None else "",
    )  # fmt: skip


def ways_of(facts: Facts, merchant_ids: Sequence[int]) -> list[payments.Way]:
    """The ways to pay that every one of these merchants takes, in the first one's order."""
    first, *others = [list(facts.ways.get(i, ())) for i in merchant_ids] or [[]]
    names = [{(way.provider, way.method) for way in some} for some in others]
    return [way for way in first if all((way.provider, way.method) in some for some in names)]


def import_of(case: Case, part: Part, quote: pricing.Quote) -> int:
    """What a part takes of a person's yearly quota; nothing where it is not imported into China or not paid in its money."""
    to = case.basket.ship_to
    if to is None or to.country != "CN" or case.currency != customs.CURRENCY:
        return 0
    return sum(
        priced.net for wish, priced in zip(part.wishes, quote.lines, strict=True)
        if wish.offer is not None and customs.FLAG in wish.offer.flags
    )  # fmt: skip


def importer_of(case: Case) -> str:
    """The number of the papers of whoever takes goods through customs; empty where nobody does."""
    return addresses.plain_number(case.basket.identity.number) if case.basket.identity is not None else ""
