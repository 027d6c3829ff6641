"""The order goes on, but not as it was placed."""

from collections.abc import Mapping

from dingdan.areas import inventory
from dingdan.areas.orders import cancelling, rules, running_short, store
from dingdan.areas.orders.events import OrderLinesCancelled
from dingdan.areas.orders.model import Cancellation
from dingdan.areas.orders.reading import lock_one
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
