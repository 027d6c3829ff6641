"""Which carrier each work's parcel is best given to: the lanes to its buyer, rights and grades of carriers, the promise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dingdan.areas import addresses, carriers, catalog, identity, inventory, orders, packing
from dingdan.areas.fulfilment.model import Work
from dingdan.areas.fulfilment.reading import works as read_works
from dingdan.areas.fulfilment.refusals import WorkUnknown
from dingdan.kernel.address import Address
from dingdan.plumbing.tx import Tx


async def suggest_one(tx: Tx, work_id: int, *, grams: int | None = None) -> list[carriers.Option]:
    """Every carrier's service that touches the way of a work, the suggested one first; none where nobody keeps lanes.

    Raises WorkUnknown.
    """
    works = await read_works(tx, [work_id])
    if work_id not in works:
        raise WorkUnknown
    found = await orders.get(tx, [works[work_id].order_id])
    return (await suggest(tx, works.values(), found, grams=grams)).get(work_id, [])


async def suggest(
    tx: Tx, works: Iterable[Work], found: Mapping[int, orders.Order], *, grams: int | None = None
) -> dict[int, list[carriers.Option]]:
    """The same for many works of these orders, by work; those are left out that no lane is kept for.

    What the packer weighed counts before what the products weigh, and `grams` before both.
    """
    own = [work for work in works if work.order_id in found]
    keys = await destinations(tx, {work.order_id: found[work.order_id] for work in own})
    lanes = await carriers.lanes_for(tx, keys.values(), all_carriers=True)
    touched = [work for work in own if lanes[keys[work.order_id]].lanes]
    if not touched:
        return {}
    order_ids = {work.order_id for work in touched}
    promises, lines = await orders.promises(tx, order_ids), await orders.lines(tx, order_ids)
    weights = await _weights(tx, touched) if grams is None else {}
    places = await inventory.warehouses(tx, {work.warehouse_id for work in touched})
    traits = await _traits(tx, touched, keys, lanes, places)
    options = {}
    for work in touched:
        key, place = keys[work.order_id], places[work.warehouse_id]
        asked = carriers.Ask(
            warehouse_id=place.id, zone=place.zone, country=addresses.region_of(place.return_address).country,
            service=promises.get(work.order_id, {}).get("service"),
        )  # fmt: skip
        moments = [line.arrive_by for line in lines[work.order_id] if line.arrive_by is not None]
        want = carriers.Parcelled(
            key=work.id, arrive_by=max(moments, default=None), grams=grams or weights.get(work.id), ask=asked
        )
        options[work.id] = carriers.choose(lanes[key], traits[_between(key, place)], want, tx.now)
    return options


async def destinations(tx: Tx, found: Mapping[int, orders.Order]) -> dict[int, carriers.LaneKey]:
    """Where each order goes. The promise knows the district, unless the address was changed since."""
    people = await identity.contacts(tx, {order.contact_id for order in found.values()})
    promises = await orders.promises(tx, found)
    keys = {}
    for order_id, order in found.items():
        who = people[order.contact_id]
        going = addresses.region_of(
            Address(name="", phone="", country=who.country, province=who.province, city=who.city, detail="")
        )
        promised = str(promises.get(order_id, {}).get("region") or "")
        region = promised if promised.startswith(going.code) else going.code
        keys[order_id] = carriers.LaneKey(order.merchant_id, going.country, region)
    return keys


async def _weights(tx: Tx, works: Sequence[Work]) -> dict[int, int]:
    """What each work weighs: by the scales, or by its products where every one of them has a weight."""
    order_ids = {work.order_id for work in works}
    parts = await inventory.parts_of(tx, order_ids)
    goods = await catalog.by_ids(tx, {part.product_id for each in parts.values() for part in each})
    found = {}
    for work in works:
        here = [part for part in parts.get(work.order_id, []) if part.warehouse_id == work.warehouse_id]
        each = [(goods[part.product_id].weight_grams, part.quantity) for part in here if part.product_id in goods]
        if each and all(weight for weight, _ in each):
            found[work.id] = sum(weight * quantity for weight, quantity in each)
    boxes = await packing.boxes_of(tx, order_ids)
    return found | {box.work_id: box.grams for box in boxes if box.grams is not None}


async def _traits(
    tx: Tx,
    works: Sequence[Work],
    keys: Mapping[int, carriers.LaneKey],
    lanes: Mapping[carriers.LaneKey, carriers.Lanes],
    places: Mapping[int, inventory.Warehouse],
) -> dict[tuple[Any, ...], dict[int, carriers.Trait]]:
    """What is known of the carriers on each way, by the way."""
    named: dict[tuple[Any, ...], dict[int, str]] = defaultdict(dict)
    for work in works:
        key = keys[work.order_id]
        named[_between(key, places[work.warehouse_id])] |= {lane.carrier_id: lane.carrier for lane in lanes[key].lanes}
    rights = await carriers.assignable(tx, {(way[0], code) for way, names in named.items() for code in names.values()})
    traits = {}
    for way, names in named.items():
        standings = await carriers.standings(tx, names, way[1], way[2])
        traits[way] = {i: carriers.Trait(rights[way[0], code], standings[i]) for i, code in names.items()}
    return traits


def _between(key: carriers.LaneKey, place: inventory.Warehouse) -> tuple[int, str, str]:
    """A merchant, and the places that its parcels go between."""
    leaving = addresses.region_of(place.return_address)
    return (
        key.merchant_id, carriers.place_of(leaving.country, leaving.code), carriers.place_of(key.country, key.region)
    )  # fmt: skip
