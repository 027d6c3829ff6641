"""On its way, arrived, received, done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from dingdan.areas import merchants
from dingdan.areas.orders import rules, store
from dingdan.areas.orders.events import (
    OrderCompleted,
    OrderDelivered,
    OrderReceived,
    OrderRefunded,
    OrderShipped,
)
from dingdan.areas.orders.model import Order
from dingdan.areas.orders.promises import AUTO_RECEIVE
from dingdan.areas.orders.reading import lock_one
from dingdan.plumbing import deadlines
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

    The period runs from dispatch, but never less than the merchant's days after the signature (ECL art. 51: the
    moment of signature is the moment of delivery, whenever we heard of it).
    """
    delivered = await store.get(tx, await store.stamp(tx, "delivered_at", signed_at))
    owners = await merchants.by_ids(tx, {order.merchant_id for order in delivered})
    dues = []
    for order in delivered:
        settings = owners[order.merchant_id].settings
        after_dispatch = (order.shipped_at or tx.now) + timedelta(days=settings.auto_confirm_days)
        after_delivery = signed_at[order.id] + timedelta(days=settings.auto_confirm_days_after_delivery)
        dues.append(deadlines.Due(order.id, order.merchant_id, max(after_dispatch, after_delivery)))
        tx.announce(OrderDelivered(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id))
    await deadlines.schedule(tx, AUTO_RECEIVE, dues)


async def receive(tx: Tx, order_id: int) -> None:
    """The buyer says that the goods are here.

    Raises OrderUnknown, StateForbids, NotShippedYet, or AfterSaleOpen while the clock of receipt stands still.
    """
    order = await lock_one(tx, order_id)
    clocks = await deadlines.of_subjects(tx, [order_id])
    rules.decide_receive(order, is_stopped=any(c.kind == AUTO_RECEIVE.name and c.at is None for c in clocks))
    await _complete(tx, [order], is_automatic=False)


async def receive_automatically(tx: Tx, ids: Sequence[int]) -> None:
    """Nobody objected in time. Orders that were not delivered or are done already are left alone."""
    ready = [order for order in await store.lock(tx, ids) if order.state == "confirmed" and order.delivered_at]
    await _complete(tx, ready, is_automatic=True)


async def _complete(tx: Tx, ready: Sequence[Order], *, is_automatic: bool) -> None:
    by_id = {order.id: order for order in ready}
    await store.stamp(tx, "received_at", dict.fromkeys(by_id, tx.now))
    moved = await store.move(tx, "complete", by_id, completed_at=tx.now)
    await deadlines.call_off(tx, AUTO_RECEIVE, by_id)
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
    await deadlines.call_off(tx, AUTO_RECEIVE, moved)
    tx.announce(*(
        OrderCompleted(subject_id=i, merchant_id=ready[i].merchant_id, order_id=i, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip


async def note_refunded(tx: Tx, amounts: dict[int, int]) -> None:
    """Money went back to the buyers of these orders: {order: minor units}."""
    for row in await store.add_refunded(tx, amounts):
        tx.announce(OrderRefunded(subject_id=row["id"], merchant_id=row["merchant_id"], order_id=row["id"],
                                  amount=row["amount"], refunded=row["refunded"], currency=row["currency"]))  # fmt: skip
