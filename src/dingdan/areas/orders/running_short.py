"""Units that an order holds are nowhere: it waits for them, or for the buyer's word, and goes on when it has either."""

from collections.abc import Collection, Iterable, Sequence

from dingdan.areas import inventory
from dingdan.areas.orders import store
from dingdan.areas.orders.events import OrderHeld, OrderReleased
from dingdan.areas.orders.lifecycle import OrderState
from dingdan.areas.orders.model import Order
from dingdan.plumbing.tx import Tx

SHORT = "short"


async def run_short(tx: Tx, order: Order, losses: Sequence[inventory.Loss], *, may_split: bool) -> inventory.Lost:
    """Take units that were not found, or not fit, off a locked order; the same shelf gives others if it can, and other

    warehouses where the order may be split.

    What nobody has keeps the order from being shipped whole until it came, or was cancelled.
    """
    served = await inventory.channels_by_ids(tx, [order.channel_id])
    places = served[order.channel_id].served_from if may_split and order.channel_id in served else ()
    lost = await inventory.lose(tx, losses, places=places, channel_id=order.channel_id)
    await store.note_warehouses(tx, {order.id: lost.first})
    if lost.waiting:
        await store.set_wait(tx, "short_since", [order.id], since=tx.now)
    return lost


async def stop_short(tx: Tx, order: Order) -> None:
    """Nothing of a short order goes until its units came or the buyer has spoken; nobody picks it."""
    moved = await store.move(tx, "hold", [order.id])
    tx.announce(*(
        OrderHeld(subject_id=i, merchant_id=order.merchant_id, order_id=i, move=step, reason=SHORT)
        for i, step in moved.items()
    ))  # fmt: skip


async def short(tx: Tx, merchant_ids: Collection[int]) -> list[int]:
    """Orders of merchants that wait for units, the oldest first."""
    return await store.short(tx, merchant_ids)


async def serve_short(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Give orders the units that they wait for, where all of those have come; says which of them were not stopped.

    Those that were stopped go on by their release, past whoever looks at released orders.
    """
    waiting = {order.id: order for order in await store.lock(tx, ids) if order.short_since is not None}
    there = await inventory.could_hold(tx, waiting) if waiting else set()
    served = await inventory.hold_again(tx, sorted(there)) if there else set()
    await end_short(tx, served)
    return {i for i in served if waiting[i].state is OrderState.CONFIRMED}


async def end_short(tx: Tx, ids: Iterable[int]) -> None:
    """Orders that wait for nothing any more: those that were stopped for it go on, unless something else stops them."""
    caught = {order.id: order for order in await store.lock(tx, ids) if order.short_since is not None}
    still = await inventory.waiting_units(tx, caught) if caught else {}
    ready = {i: order for i, order in caught.items() if i not in still}
    if not ready:
        return
    await store.set_wait(tx, "short_since", ready, since=None)
    free = [
        i for i, order in ready.items()
        if order.state is OrderState.HELD and order.under_review_since is None and order.snagged_since is None
    ]  # fmt: skip
    moved = await store.move(tx, "release", free) if free else {}
    tx.announce(*(
        OrderReleased(subject_id=i, merchant_id=ready[i].merchant_id, order_id=i, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip
