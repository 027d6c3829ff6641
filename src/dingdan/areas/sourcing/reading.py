"""How orders stand, where their units could be sent from, and what splitting them would come to."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from dingdan.areas import carriers, fulfilment, inventory, merchants, orders, packing
from dingdan.areas.sourcing import refusals, rules
from dingdan.areas.sourcing.model import Offer, Split, Standing, Units
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Orders as they stand, the warehouses of their merchants, and what lies on the shelves that may serve them."""

    standings: dict[int, Standing]
    houses: dict[int, inventory.Warehouse]
    shelves: rules.Shelves

    def house(self, merchant_id: int, code: str) -> inventory.Warehouse | None:
        """A merchant's warehouse by its code."""
        return next((one for one in self.houses.values() if (one.merchant_id, one.code) == (merchant_id, code)), None)


async def look(tx: Tx, order_ids: Collection[int]) -> Seen:
    """Read what splitting orders hangs on; those of locked orders stand still, shelves aside."""
    found = await orders.get(tx, order_ids)
    sellers = await merchants.by_ids(tx, {order.merchant_id for order in found.values()})
    houses = {one.id: one for i in sorted(sellers) for one in await inventory.warehouses_of(tx, i)}
    lines, parts = await orders.lines(tx, found), await inventory.parts_of(tx, found, is_held=True)
    works: dict[int, list[fulfilment.Work]] = {}
    for work in await fulfilment.works_of(tx, found):
        works.setdefault(work.order_id, []).append(work)
    channels = await inventory.channels_by_ids(tx, {order.channel_id for order in found.values()})
    keys = await fulfilment.destinations(tx, found)
    lanes = await carriers.lanes_for(tx, keys.values())
    promises, together = await orders.promises(tx, found), await _together(tx, found)
    shelves = await inventory.shelves_at(tx, {
        (house.id, part.product_id)
        for i, order in found.items() for house in houses.values() if house.merchant_id == order.merchant_id
        for part in parts.get(i, ())
    })  # fmt: skip
    return Seen(standings={
        i: Standing(
            order=order, lines=tuple(lines[i]), works=tuple(works.get(i, ())),
            parts={line_no: own for (_, line_no), own in inventory.by_line(parts.get(i, ())).items()},
            channel=channels[order.channel_id], settings=sellers[order.merchant_id].settings, lanes=lanes[keys[i]],
            service=promises.get(i, {}).get("service"), together=together.get(i, frozenset()),
        )
        for i, order in sorted(found.items())
    }, houses=houses, shelves=shelves)  # fmt: skip


async def _together(tx: Tx, order_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The warehouses that keep what was agreed to travel with each order."""
    standing = [one for one in await packing.consents_of(tx, order_ids) if one.withdrawn_at is None]
    others = {i: {other for one in standing if i in one.order_ids for other in one.order_ids} - {i} for i in order_ids}
    places = await inventory.places_of(tx, {i for some in others.values() for i in some}, is_held=True)
    return {i: frozenset(place for other in some for place in places.get(other, ())) for i, some in others.items()}


async def offers(tx: Tx, order_id: int) -> tuple[Standing, list[Offer]]:
    """How an order stands, and every warehouse of its merchant with what is free there. Raises OrderUnknown."""
    await orders.get_one(tx, order_id)
    seen = await look(tx, [order_id])
    standing = seen.standings[order_id]
    found = []
    for house in seen.houses.values():
        wants = rules.wants(standing, {line.line_no: line.left for line in standing.lines}, house.id)
        stands = rules.of_the_place(standing, house, tx.now)
        free = {want.line_no: inventory.free_units(want, house.id, seen.shelves) for want in wants}
        made = rules.promise_from(standing, house, tx.now)
        promise = made if isinstance(made, carriers.Promise) else None
        found.append(Offer(warehouse=house, free=free, why_not=tuple(stands), promise=promise))
    return standing, found


async def why_not(tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine]) -> Refusal | None:
    """Why no unit of an order can be sent from another warehouse, whatever is free there; None where some can."""
    stands = rules.of_the_order(order, lines)
    if not stands:
        channel = (await inventory.channels_by_ids(tx, [order.channel_id]))[order.channel_id]
        places = (await inventory.places_of(tx, [order.id], is_held=True)).get(order.id, [])
        stands = rules.stuck(places, await fulfilment.works_of(tx, [order.id]), channel)
    return stands[0] if stands else None


async def foresee(tx: Tx, wanted: Mapping[int, Units], warehouse: str) -> dict[int, Split | Refusal]:
    """What sending units of orders from a warehouse (its code) would come to, or why not; nothing is locked or changed."""
    seen = await look(tx, wanted)
    return judge(tx, seen, wanted, warehouse)


async def foresee_product(tx: Tx, order_ids: Collection[int], sku: str, warehouse: str) -> dict[int, Split | Refusal]:
    """The same for all units of a product that orders wait for elsewhere."""
    seen = await look(tx, order_ids)
    return judge(tx, seen, of_product(seen, sku, warehouse), warehouse, sku=sku)


def of_product(seen: Seen, sku: str, warehouse: str) -> dict[int, Units]:
    """All units of a product that orders could send from a warehouse."""
    return {
        i: rules.all_of(one, sku, house.id) if (house := seen.house(one.order.merchant_id, warehouse)) else {}
        for i, one in seen.standings.items()
    }


def judge(
    tx: Tx, seen: Seen, wanted: Mapping[int, Units], warehouse: str, *, sku: str = ""
) -> dict[int, Split | Refusal]:
    """Orders one after the other, as each would find the shelves after those before it."""
    found: dict[int, Split | Refusal] = {}
    for i, standing in seen.standings.items():
        units, house = wanted[i], seen.house(standing.order.merchant_id, warehouse)
        if house is None:
            found[i] = inventory.WarehouseUnknown("warehouse", code=warehouse)
            continue
        stands = rules.problems(standing, units, house, seen.shelves, tx.now)
        if not units and not stands:
            stands = [refusals.NoneElsewhere("lines", sku=sku)]
        if stands:
            found[i] = as_one(stands)
            continue
        inventory.allocate(rules.wants(standing, units, house.id), seen.shelves)
        found[i] = rules.split(standing, units, house, seen.houses, tx.now)
    return found


def as_one(problems: Sequence[Refusal]) -> Refusal:
    """What was found as a single no."""
    return problems[0] if len(problems) == 1 else Refusals(problems)
