"""Orders made elsewhere that do not fit: stopped until what is wrong is gone, and never refused."""

from collections.abc import Iterable, Mapping

from dingdan.areas.orders import rules, store
from dingdan.areas.orders.events import OrderHeld, OrderReleased
from dingdan.plumbing.tx import Tx

SNAGGED = "channel_problem"


async def snag(tx: Tx, ids: Iterable[int]) -> None:
    """Stop orders because of how they came; one that is not paid yet is stopped when it is, one that left is let be."""
    ready = {order.id: order for order in await store.lock(tx, ids) if rules.may_be_snagged(order)}
    if not ready:
        return
    await store.set_wait(tx, "snagged_since", ready, since=tx.now)
    moved = await store.move(tx, "hold", ready)
    tx.announce(*(
        OrderHeld(subject_id=i, merchant_id=ready[i].merchant_id, order_id=i, move=moved[i], reason=SNAGGED)
        for i in sorted(moved)
    ))  # fmt: skip


async def unsnag(tx: Tx, ids: Iterable[int]) -> None:
    """What was wrong is gone: the orders go on, unless a second look is still taken at them."""
    caught = {order.id: order for order in await store.lock(tx, ids) if order.snagged_since is not None}
    if not caught:
        return
    await store.set_wait(tx, "snagged_since", caught, since=None)
    free = [i for i, o in caught.items() if o.under_review_since is None and o.short_since is None]
    moved = await store.move(tx, "release", free) if free else {}
    tx.announce(*(
        OrderReleased(subject_id=i, merchant_id=caught[i].merchant_id, order_id=i, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip


async def note_paid_after_end(tx: Tx, ids: Iterable[int]) -> None:
    """Where money is kept elsewhere we may hear of it after the order ended; it counts as paid all the same."""
    ended = [
        order.id for order in await store.lock(tx, ids) if order.paid_at is None and order.cancelled_at is not None
    ]
    await store.stamp(tx, "paid_at", dict.fromkeys(ended, tx.now))


async def readdress(tx: Tx, contacts: Mapping[int, int]) -> set[int]:
    """Send orders to whom their channel names now: {order: contact}; says which had not begun to leave."""
    open_orders = [order.id for order in await store.lock(tx, contacts) if rules.may_be_snagged(order)]
    await store.set_contacts(tx, {order_id: contacts[order_id] for order_id in open_orders})
    return set(open_orders)
