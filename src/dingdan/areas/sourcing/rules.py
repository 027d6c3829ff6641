"""Whether units of an order may be sent from another warehouse, decided by the rules it was placed by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from dingdan.areas import addresses, carriers, customs, fulfilment, inventory, orders
from dingdan.areas.sourcing import refusals
from dingdan.areas.sourcing.model import Held, Outlook, Split, Standing, Units
from dingdan.kernel.refusal import Refusal

Shelves = dict[tuple[int, int], inventory.Shelf]

_PICKED = (fulfilment.WorkState.PICKING, fulfilment.WorkState.PACKED)
_GOING_ON = (orders.OrderState.AWAITING_PAYMENT, orders.OrderState.CONFIRMED, orders.OrderState.HELD)


def in_hand(standing: Standing) -> set[int]:
    """The warehouses where somebody picks or has packed a share of the order."""
    return _busy(standing.works)


def _busy(works: Sequence[fulfilment.Work]) -> set[int]:
    return {work.warehouse_id for work in works if work.state in _PICKED}


def held(standing: Standing, line_no: int) -> list[Held]:
    """Where units of a line are kept, the warehouse that gives first last; of a bundle whole ones."""
    own = standing.parts.get(line_no, ())
    busy, found = in_hand(standing), []
    for place in reversed(inventory.givers(own)):
        pieces: dict[int, int] = {}
        for part in own:
            if part.warehouse_id == place:
                pieces[part.product_id] = pieces.get(part.product_id, 0) + part.quantity // part.each
        found.append(Held(place, min(pieces.values()), place in busy))
    return found


def movable(standing: Standing, line_no: int, place: int) -> int:
    """How many units of a line could be sent from a warehouse that do not lie there, and that nobody has in hand."""
    return sum(one.units for one in held(standing, line_no) if one.warehouse_id != place and not one.is_in_hand)


def all_of(standing: Standing, sku: str, place: int) -> dict[int, int]:
    """All units of a product that could be sent from a warehouse, by line."""
    found = {line.line_no: movable(standing, line.line_no, place) for line in standing.lines if line.sku == sku}
    return {line_no: units for line_no, units in found.items() if units}


def wants(standing: Standing, units: Units, place: int) -> list[inventory.Want]:
    """What the order would want of a warehouse; lines and numbers that make no sense are left out."""
    return [
        inventory.wish_at(place, own, n, standing.channel.id)
        for line_no, n in units.items()
        if n > 0 and (own := standing.parts.get(line_no))
    ]


def problems(
    standing: Standing, units: Units, place: inventory.Warehouse, shelves: Shelves, now: datetime
) -> list[Refusal]:
    """All that stands against sending these units from this warehouse, with where it stands in the request."""
    found = [*of_the_order(standing.order, standing.lines), *of_the_place(standing, place, now)]
    if standing.order.state not in _GOING_ON:
        return found
    if not standing.parts and standing.order.shipped_at is None:
        return [*found, refusals.NothingKept()]
    lines = {line.line_no: line for line in standing.lines}
    paths = {line_no: f"lines[{n}]" for n, line_no in enumerate(units)}
    for line_no, asked in units.items():
        if line_no not in lines:
            found.append(orders.LineUnknown(f"{paths[line_no]}.line_no", line_no=line_no))
            continue
        free, others = movable(standing, line_no, place.id), held(standing, line_no)
        busy = sum(one.units for one in others if one.is_in_hand and one.warehouse_id != place.id)
        if not 1 <= asked <= free:
            kind = refusals.UnitsInHand if free < asked <= free + busy else refusals.UnitsUnfit
            params = {"in_hand": busy} if kind is refusals.UnitsInHand else {}
            found.append(kind(f"{paths[line_no]}.quantity", line_no=line_no, asked=asked, movable=free, **params))
    short = inventory.shortages(wants(standing, units, place.id), shelves)
    return found + [too_few(standing, one, place, paths[one.line_no]) for one in short]


def too_few(standing: Standing, short: inventory.Shortage, place: inventory.Warehouse, path: str) -> Refusal:
    """That the other warehouse has too few free units of a line."""
    sku = next(line.sku for line in standing.lines if line.line_no == short.line_no)
    return refusals.TooFewThere(f"{path}.quantity", code=place.code, sku=sku, free=short.free, wanted=short.wanted)


def of_the_order(order: orders.Order, lines: Sequence[orders.OrderLine]) -> list[Refusal]:
    """What stands against sending anything of an order from elsewhere."""
    if order.state not in _GOING_ON:
        return [orders.StateForbids(state=str(order.state), verb="split")]
    if order.shipped_at is not None:
        return [orders.AlreadyDispatched()]
    if any(customs.FLAG in line.flags for line in lines if line.left):
        return [refusals.GoesThroughCustoms()]
    return []


def stuck(places: Collection[int], works: Sequence[fulfilment.Work], channel: inventory.Channel) -> list[Refusal]:
    """What stands against it where an order that still waits is kept."""
    if not places:
        return [refusals.NothingKept()]
    if set(places) <= _busy(works):
        return [orders.AlreadyDispatched()]
    if len(channel.served_from) == 1 and set(places) <= set(channel.served_from):
        return [refusals.OneWarehouse(channel=channel.code)]
    return []


def of_the_place(standing: Standing, place: inventory.Warehouse, now: datetime) -> list[Refusal]:
    """All that stands against a warehouse, whatever of the order it is to send."""
    found: list[Refusal] = []
    if not place.active:
        found.append(refusals.WarehouseClosed("warehouse", code=place.code))
    if place.id not in standing.channel.served_from:
        channel = standing.channel.code
        found.append(refusals.WarehouseServesNot("warehouse", code=place.code, channel=channel))
    if isinstance(promise_from(standing, place, now), carriers.NotDeliverable):
        key = standing.lanes.key
        found.append(refusals.NoWayFromThere("warehouse", code=place.code, country=key.country, region=key.region))
    if place.id in in_hand(standing):
        found.append(refusals.PlaceInHand("warehouse", code=place.code))
    if standing.together and place.id not in standing.together:
        found.append(refusals.TravelsTogether("warehouse", code=place.code))
    return found


def promise_from(
    standing: Standing, place: inventory.Warehouse, now: datetime
) -> carriers.Promise | carriers.NotDeliverable:
    """What could be promised now from a warehouse: as the order travels, or as it can where that is not to be had."""
    made: carriers.Promise | carriers.NotDeliverable
    for service in dict.fromkeys([standing.service, None]):
        made = carriers.promise(standing.lanes, carriers.Ask(
            warehouse_id=place.id, zone=place.zone, country=addresses.region_of(place.return_address).country,
            service=service, ship_within_hours=standing.settings.ship_within_hours,
            transit_days=(standing.settings.transit_days_min, standing.settings.transit_days_max),
        ), now)  # fmt: skip
        if isinstance(made, carriers.Promise):
            break
    return made


def taken(standing: Standing, units: Units, place: int) -> dict[int, dict[int, int]]:
    """From which warehouses units go {line number: {warehouse: units}}: the one that came last gives first."""
    found: dict[int, dict[int, int]] = {}
    for line_no, asked in units.items():
        left = asked
        for one in reversed(held(standing, line_no)):
            going = 0 if one.is_in_hand or one.warehouse_id == place else min(left, one.units)
            left -= going
            if going:
                found.setdefault(line_no, {})[one.warehouse_id] = going
    return found


def split(
    standing: Standing, units: Units, place: inventory.Warehouse, houses: Mapping[int, inventory.Warehouse],
    now: datetime,
) -> Split:  # fmt: skip
    """What a split that nothing stands against comes to."""
    going = taken(standing, units, place.id)
    kept = {
        one.warehouse_id
        for line in standing.lines
        for one in held(standing, line.line_no)
        if one.units > going.get(line.line_no, {}).get(one.warehouse_id, 0)
    }
    left = [houses[i] for i in dict.fromkeys(i for places in going.values() for i in places)]
    return Split(
        order_id=standing.order.id, warehouse_id=place.id, taken=going, parcels=len(kept | {place.id}),
        is_late=_late(standing, units, place, left, now),
    )  # fmt: skip


def _late(
    standing: Standing, units: Units, place: inventory.Warehouse, left: Sequence[inventory.Warehouse], now: datetime
) -> Outlook | None:
    made = promise_from(standing, place, now)
    here = [one for house in left if isinstance(one := promise_from(standing, house, now), carriers.Promise)]
    if not isinstance(made, carriers.Promise) or not here:
        return None
    lines = [line for line in standing.lines if line.line_no in units]
    ship_by = min((line.ship_by for line in lines if line.ship_by is not None), default=None)
    arrive_by = min((line.arrive_by for line in lines if line.arrive_by is not None), default=None)
    leaves_late = ship_by is not None and made.ship_by > max(ship_by, *(one.ship_by for one in here))
    comes_late = arrive_by is not None and made.arrive_by > max(arrive_by, *(one.arrive_by for one in here))
    if not (leaves_late or comes_late):
        return None
    return Outlook(
        ship_by=made.ship_by, arrive_by=made.arrive_by, promised_ship_by=ship_by, promised_arrive_by=arrive_by
    )
