"""What a channel sent itself leaves our books as what we send does: stock by a movement, and parcels with their numbers."""

from typing import TYPE_CHECKING

from dingdan.areas import fulfilment, inventory, orders
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.model import PartKind, ProblemKind
from dingdan.areas.channel_orders.rules.shipping import Shipping, shipping
from dingdan.plumbing.tx import Tx

if TYPE_CHECKING:
    from dingdan.areas.channel_orders.advancing import Stand


async def look(tx: Tx, stand: "Stand") -> dict[int, Shipping]:
    """What channels sent of their orders and our books do not know yet: {our order: its parcels}; says what is odd."""
    found: dict[int, Shipping] = {}
    for source, order in stand.pairs:
        parts = stand.parts[source.id]
        sent = [part for part in parts if part.kind is PartKind.SHIPMENT]
        if not sent:
            continue
        one = shipping(source, parts)
        if one.odd:
            stand.note(source, ProblemKind.UNKNOWN_CARRIER, carriers=list(one.odd))
        if all(part.booked is not None for part in sent) or order.cancelled_at is not None:
            continue
        if one.is_whole and order.dispatch_locked_at is None:
            found[order.id] = one
        elif order.shipped_at is None:
            stand.note(source, ProblemKind.PART_SHIPPED, whole=one.is_whole,
                       picked_here=order.dispatch_locked_at is not None)  # fmt: skip
    there = await inventory.can_leave(tx, found) if found else set()
    return {order_id: one for order_id, one in found.items() if order_id in there}


async def dispatch(tx: Tx, stand: "Stand", sent: dict[int, Shipping]) -> None:
    """Let go what channels sent, of orders that are confirmed; the others follow when they are."""
    now = await orders.get(tx, sent) if sent else {}
    ready = {i: sent[i].parcels for i, order in now.items() if order.state is orders.OrderState.CONFIRMED}
    if not ready:
        return
    await fulfilment.record_elsewhere(tx, ready)
    await store.set_booked(tx, {
        part.id: 0
        for source, order in stand.pairs if order.id in ready
        for part in stand.parts[source.id] if part.kind is PartKind.SHIPMENT
    })  # fmt: skip
