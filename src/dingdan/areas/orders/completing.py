"""On its way, arrived, received, done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from dingdan.areas.orders import receiving, rules, store
from dingdan.areas.orders.events import (
    OrderCompleted,
    OrderDelivered,
    OrderReceived,
    OrderRefunded,
    OrderShipped,
)
from dingdan.areas.orders.model import Order
from dingdan.areas.orders.reading import lock_one
from dingdan.plumbing.tx import Tx


async def lock_for_dispatch(tx: Tx, ids: Iterable[int]) -> dict[int, bool]:
    """Picking begins: from here a cancellation is refused.

    Says which orders may be picked, and of each whether it was open until now: an order that is served from several
    warehouses was closed when the first of them began.
    """
    return await store.lock_for_dispatch(tx, ids)


async def unlock_dispatch(tx: Tx, ids: Iterable[int]) -> None:
    """Picking was given up: the order can be cancelled again."""
    await store.unlock_dispatch(tx, ids)


async def note_shipped(tx: Tx, ids: Iterable[int]) -> None:
    """Everything of these orders has left, but for those that still wait for units."""
    for order in await store.get(tx, await store.stamp(tx, "shipped_at", dict.fromkeys(ids, tx.now))):
        tx.announce(OrderShipped(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id))


async def note_delivered(tx: Tx, signed_at: Mapping[int, datetime]) -> None:
    """Everything of these orders has arrived: {order: when it was signed for}. The clock of automatic receipt starts.

    How long it runs hangs on the goods, and never does it end before the merchant's days after the signature are over
    (ECL art. 51: the moment of signature is the moment of delivery, whenever we heard of it). What arrives after all when
    its order is over has no clock.
    """
    delivered = await store.get(tx, await store.stamp(tx, "delivered_at", signed_at))
    await receiving.start(tx, [order for order in delivered if not rules.is_over(order)], signed_at)
    for order in delivered:
        tx.announce(OrderDelivered(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id))


async def receive(tx: Tx, order_id: int) -> None:
    """The buyer says that the goods are here.

    Raises OrderUnknown, StateForbids, NotShippedYet, or AfterSaleOpen or ObjectionOpen while something is said against it.
    """
    order = await lock_one(tx, order_id)
    against = await store.objections(tx, [order_id], open_only=True)
    rules.decide_receive(order, {one.cause for one in against})
    await _complete(tx, [order], is_automatic=False)


async def receive_automatically(tx: Tx, ids: Sequence[int]) -> None:
    """Nobody objected in time. Orders that were not delivered, are done already or have something open are left alone."""
    locked = await store.lock(tx, ids)
    against = {one.order_id for one in await store.objections(tx, ids, open_only=True)}
    ready = [o for o in locked if o.state == "confirmed" and o.delivered_at and o.id not in against]
    await _complete(tx, ready, is_automatic=True)


async def _complete(tx: Tx, ready: Sequence[Order], *, is_automatic: bool) -> None:
    by_id = {order.id: order for order in ready}
    await store.stamp(tx, "received_at", dict.fromkeys(by_id, tx.now))
    moved = await store.move(tx, "complete", by_id, completed_at=tx.now)
    await receiving.end(tx, by_id)
    for order_id, step in sorted(moved.items()):
        merchant_id = by_id[order_id].merchant_id
        tx.announce(
            OrderReceived(subject_id=order_id, merchant_id=merchant_id, order_id=order_id, is_automatic=is_automatic),
            OrderCompleted(subject_id=order_id, merchant_id=merchant_id, order_id=order_id, move=step),
        )


async def complete_undelivered(tx: Tx, ids: Iterable[int]) -> None:
    """What left and never arrived was made good: these orders are done, and nobody received them."""
    ready = {
        order.id: order for order in await store.lock(tx, ids)
        if order.state == "confirmed" and order.shipped_at is not None and order.delivered_at is None
    }  # fmt: skip
    moved = await store.move(tx, "complete", ready, completed_at=tx.now) if ready else {}
    await receiving.end(tx, moved)
    tx.announce(*(
        OrderCompleted(subject_id=i, merchant_id=ready[i].merchant_id, order_id=i, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip


async def note_refunded(tx: Tx, amounts: dict[int, int], *, is_told: bool = True) -> None:
    """Money of these orders went back to their buyers, or on to what they get instead: {order: minor units}."""
    for row in await store.add_refunded(tx, amounts):
        tx.announce(OrderRefunded(subject_id=row["id"], merchant_id=row["merchant_id"], order_id=row["id"],
                                  amount=row["amount"], refunded=row["refunded"], currency=row["currency"],
                                  is_told=is_told))  # fmt: skip
