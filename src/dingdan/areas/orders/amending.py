"""The order goes on, but not as it was placed."""

from collections.abc import Mapping, Sequence

from dingdan.areas import inventory
from dingdan.areas.orders import cancelling, noting, rules, running_short, store
from dingdan.areas.orders.events import (
    OrderAddressChanged,
    OrderLinesCancelled,
    OrderQuantitiesChanged,
    OrderServedElsewhere,
)
from dingdan.areas.orders.model import Cancellation, NewAddress, Order, OrderLine, Served
from dingdan.areas.orders.reading import lock_one, promises
from dingdan.kernel.times import iso
from dingdan.plumbing.tx import Tx


async def cancel_lines(tx: Tx, order_id: int, units: Mapping[int, int], *, reason: str) -> Cancellation:
    """Cancel units {line number: how many} of a paid order that nobody picks yet; what they cost goes back by itself.

    Units that are missing in the warehouse can be cancelled as long as the order has not left whole. With its last
    unit the order ends as if it had been cancelled whole. Raises OrderUnknown, StateForbids, AlreadyDispatched,
    NothingPaidYet, or LineUnknown and UnitsUnfit together.
    """
    order = await lock_one(tx, order_id)
    missing = (await inventory.waiting_units(tx, [order_id])).get(order_id, {}) if order.short_since else {}
    goes_on = rules.decide_cancel_lines(order, await store.lines(tx, [order_id]), units, missing)
    decision = Cancellation(order_id, was_paid=True, reason=reason)
    if not units:
        return decision
    if not goes_on:
        await cancelling.end(tx, [order], reason)
        return decision
    counted = await store.cancel_units(tx, order_id, units)
    assert counted == len(units), "units were cancelled past the order's lock"
    by_line = {str(line_no): quantity for line_no, quantity in sorted(units.items())}
    amendment_id = await store.add_amendment(tx, order, "lines_cancelled", reason, units=by_line)
    places = await inventory.release_units(tx, {(order_id, line_no): n for line_no, n in units.items()})
    await store.note_warehouses(tx, places)
    if order.short_since is not None:
        await running_short.end_short(tx, [order_id])
    tx.announce(OrderLinesCancelled(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                                    amendment_id=amendment_id, units=by_line, reason=reason))  # fmt: skip
    return decision


async def change_address(tx: Tx, order: Order, lines: Sequence[OrderLine], to: NewAddress, *, reason: str) -> None:
    """Send a locked order elsewhere. What was promised before is kept with the amendment.

    Raises StateForbids or AlreadyDispatched.
    """
    rules.decide_change(order)
    first = lines[0]
    was = {
        "promise": (await promises(tx, [order.id])).get(order.id),
        "ship_by": iso(first.ship_by) if first.ship_by else None,
        "arrive_by": iso(first.arrive_by) if first.arrive_by else None,
    }
    await store.set_address(tx, order.id, to)
    amendment_id = await store.add_amendment(
        tx, order, "address_changed", reason, contact_id=order.contact_id, was=was, waived=to.waived
    )
    tx.announce(OrderAddressChanged(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id,
                                    amendment_id=amendment_id, contact_id=to.contact_id, reason=reason,
                                    waived=to.waived))  # fmt: skip


async def note_served_elsewhere(tx: Tx, found: Sequence[Order], served: Sequence[Served]) -> None:
    """Write on locked orders that other warehouses send some of their units; what was agreed with buyers stays."""
    await store.note_warehouses(tx, {one.order_id: one.first for one in served})
    sellers = {order.id: order.merchant_id for order in found}
    tx.announce(*(
        OrderServedElsewhere(
            subject_id=one.order_id, merchant_id=sellers[one.order_id], order_id=one.order_id,
            warehouse_id=one.warehouse_id,
            warehouse_ids=sorted({place for places in one.taken.values() for place in places}),
            units={str(line_no): sum(places.values()) for line_no, places in sorted(one.taken.items())},
        )
        for one in served
    ))  # fmt: skip


async def note_replaced(tx: Tx, order_id: int, units: Mapping[int, int], *, reason: str) -> None:
    """Write on a new order that it took an unpaid one's place, with these quantities by line number.

    Who looked after that one, and its tags, pass to it.
    """
    order = await lock_one(tx, order_id)
    assert order.replaces is not None, "an order that replaces none has nothing to say about it"
    by_line = {str(line_no): quantity for line_no, quantity in sorted(units.items())}
    amendment_id = await store.add_amendment(tx, order, "quantities_changed", reason, units=by_line)
    await noting.hand_on(tx, [order])
    tx.announce(OrderQuantitiesChanged(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                                       amendment_id=amendment_id, replaced_order_id=order.replaces, units=by_line,
                                       reason=reason, total=order.total, currency=order.currency))  # fmt: skip
