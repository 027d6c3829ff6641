"""Units of orders are sent from another warehouse than before, because somebody says so; all of an order or nothing."""

from collections.abc import Collection, Mapping

from dingdan.areas import fulfilment, inventory, orders
from dingdan.areas.sourcing import rules
from dingdan.areas.sourcing.model import Split, Units
from dingdan.areas.sourcing.reading import Seen, as_one, judge, look, of_product
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


async def split(tx: Tx, order_id: int, units: Units, warehouse: str) -> Split:
    """Send units {line number: how many} of an order from a warehouse (its code) that keeps them elsewhere by now.

    All units to one warehouse join what was split. Promise, price and freight stay as they were bought. Raises
    OrderUnknown, or all that stands against it.
    """
    await orders.lock_one(tx, order_id)
    found = (await _split(tx, await look(tx, [order_id]), {order_id: units}, warehouse))[order_id]
    if isinstance(found, Refusal):
        raise found
    return found


async def split_product(tx: Tx, order_ids: Collection[int], sku: str, warehouse: str) -> dict[int, Split | Refusal]:
    """Send all units of a product that these orders wait for elsewhere from one warehouse, each order by itself.

    Says for each what it came to, or why nothing of it was changed.
    """
    await orders.lock(tx, order_ids)
    seen = await look(tx, order_ids)
    return await _split(tx, seen, of_product(seen, sku, warehouse), warehouse, sku=sku)


async def _split(
    tx: Tx, seen: Seen, wanted: Mapping[int, Units], warehouse: str, *, sku: str = ""
) -> dict[int, Split | Refusal]:
    """Of locked orders those that nothing stands against; the shelves have the last word."""
    found = judge(tx, seen, wanted, warehouse, sku=sku)
    going = {i: one for i, one in found.items() if isinstance(one, Split)}
    if not going:
        return found
    served = await inventory.serve_from(
        tx, {(i, line_no): n for i in going for line_no, n in wanted[i].items()},
        {i: one.warehouse_id for i, one in going.items()},
        channels={i: seen.standings[i].channel.id for i in going},
        spared={i: rules.in_hand(seen.standings[i]) for i in going},
    )  # fmt: skip
    for i in going.keys() - served.warehouse_of.keys():
        place, lines = seen.houses[going[i].warehouse_id], list(wanted[i])
        found[i] = as_one([
            rules.too_few(seen.standings[i], one, place, f"lines[{lines.index(one.line_no)}]")
            for one in served.short if one.order_id == i
        ])  # fmt: skip
    moved = {i: going[i] for i in served.warehouse_of}
    await orders.note_served_elsewhere(tx, [seen.standings[i].order for i in moved], [
        orders.Served(i, one.warehouse_id, served.warehouse_of[i], one.taken) for i, one in moved.items()
    ])  # fmt: skip
    await fulfilment.follow_stock(tx, moved)
    return found
