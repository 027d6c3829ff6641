"""The order ends before it left: cancelled by somebody, or expired for want of payment."""

from collections.abc import Sequence

from dingdan.areas import inventory
from dingdan.areas.orders import rules, store
from dingdan.areas.orders.events import OrderCancelled, OrderExpired
from dingdan.areas.orders.lifecycle import OrderState
from dingdan.areas.orders.model import Cancellation
from dingdan.areas.orders.promises import PAY_BY
from dingdan.areas.orders.reading import lock_one
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def cancel(tx: Tx, order_id: int, *, reason: str) -> Cancellation:
    """Cancel an order that has not left us; what was paid goes back by itself.

    Raises OrderUnknown, StateForbids or AlreadyDispatched.
    """
    order = await lock_one(tx, order_id)
    decision = rules.decide_cancel(order, reason)
    moved = await store.move(tx, "cancel", [order_id], cancelled_at=tx.now, cancel_reason=reason)
    await inventory.release(tx, [order_id])
    await deadlines.call_off(tx, PAY_BY, [order_id])
    tx.announce(OrderCancelled(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                               move=moved[order_id], reason=reason, was_paid=decision.was_paid))  # fmt: skip
    return decision


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
