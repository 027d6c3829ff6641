"""The order ends before it left: cancelled by somebody, or expired for want of payment."""

from collections.abc import Mapping, Sequence

from dingdan.areas import inventory
from dingdan.areas.orders import rules, store
from dingdan.areas.orders.events import OrderCancelled, OrderExpired
from dingdan.areas.orders.lifecycle import OrderState
from dingdan.areas.orders.model import Cancellation, Order
from dingdan.areas.orders.promises import PAY_BY
from dingdan.areas.orders.reading import lock_one
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

REPLACED = "replaced"


async def cancel(tx: Tx, order_id: int, *, reason: str) -> Cancellation:
    """Cancel an order that has not left us; what was paid goes back by itself.

    Raises OrderUnknown, StateForbids or AlreadyDispatched.
    """
    order = await lock_one(tx, order_id)
    decision = rules.decide_cancel(order, reason)
    await end(tx, [order], reason)
    return decision


async def cancel_reviewed(tx: Tx, reasons: Mapping[int, str]) -> set[int]:
    """The second look ended badly: end these orders {order: reason}; says which were still looked at."""
    held = [order for order in await store.lock(tx, reasons) if order.under_review_since is not None]
    for reason in sorted({reasons[order.id] for order in held}):
        await end(tx, [order for order in held if reasons[order.id] == reason], reason)
    return {order.id for order in held}


async def end(tx: Tx, ending: Sequence[Order], reason: str) -> None:
    """End locked orders that may be cancelled."""
    by_id = {order.id: order for order in ending}
    values = {"cancelled_at": tx.now, "cancel_reason": reason, "under_review_since": None, "snagged_since": None}
    moved = await store.move(tx, "cancel", by_id, **values)
    await inventory.release(tx, by_id)
    await deadlines.call_off(tx, PAY_BY, by_id)
    tx.announce(*(
        OrderCancelled(subject_id=i, merchant_id=by_id[i].merchant_id, order_id=i, move=moved[i], reason=reason,
                       was_paid=by_id[i].paid_at is not None)
        for i in sorted(moved)
    ))  # fmt: skip


async def make_way(tx: Tx, order: Order) -> None:
    """End a locked order that nobody paid because another takes its place, and give its number to that one.

    Its units stay kept until the other takes its own (`inventory.release`), so that nobody comes between.
    """
    rules.decide_replace(order)
    moved = await store.move(tx, "cancel", [order.id], cancelled_at=tx.now, cancel_reason=REPLACED, snagged_since=None)
    if order.reference is not None:
        await store.drop_references(tx, [(order.merchant_id, order.reference, order.id)])
    await deadlines.call_off(tx, PAY_BY, [order.id])
    tx.announce(OrderCancelled(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id,
                               move=moved[order.id], reason=REPLACED, was_paid=False))  # fmt: skip


async def expire(tx: Tx, ids: Sequence[int]) -> None:
    """Close orders that nobody paid in time and free their stock, exactly once (the order's state is the judge)."""
    late = {
        order.id: order
        for order in await store.lock(tx, ids)
        if order.state is OrderState.AWAITING_PAYMENT and order.pay_by <= tx.now
    }
    moved = await store.move(tx, "expire", late, cancelled_at=tx.now)
    await inventory.release(tx, moved)
    tx.announce(*(
        OrderExpired(subject_id=i, merchant_id=late[i].merchant_id, order_id=i, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip
