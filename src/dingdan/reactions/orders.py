"""What follows from facts about orders."""

from collections.abc import Sequence

from dingdan.areas import fulfilment, orders, payments, placement, refunds, returns
from dingdan.plumbing.tx import Tx

Ready = orders.OrderPaid | orders.OrderRevived | orders.OrderReleased
Ended = orders.OrderCancelled | orders.OrderExpired
Stopped = orders.OrderCancelled | orders.OrderHeld


async def queue_for_fulfilment(tx: Tx, facts: Sequence[Ready]) -> None:
    """A confirmed order waits to be picked."""
    await fulfilment.queue(tx, [fact.subject_id for fact in facts])


async def withdraw_from_fulfilment(tx: Tx, facts: Sequence[Stopped]) -> None:
    """An order that was stopped is not picked."""
    await fulfilment.withdraw(tx, [fact.subject_id for fact in facts])


async def close_payments(tx: Tx, facts: Sequence[Ended]) -> None:
    """An order that ended takes no more money."""
    await payments.void(tx, [fact.subject_id for fact in facts])


async def refund_what_was_paid(tx: Tx, facts: Sequence[orders.OrderCancelled]) -> None:
    """What was paid for a cancelled order goes back."""
    await refunds.refund_cancelled(tx, [fact.subject_id for fact in facts])


async def tell_of_cancelled_stock(tx: Tx, facts: Sequence[orders.OrderCancelled]) -> None:
    """Who waits for what the order held may be told."""
    await placement.tell_of_freed_stock(tx, [fact.subject_id for fact in facts])


async def tell_of_expired_stock(tx: Tx, facts: Sequence[orders.OrderExpired]) -> None:
    """Who waits for what the order held may be told."""
    await placement.tell_of_freed_stock(tx, [fact.subject_id for fact in facts])


async def mind_receipt(tx: Tx, facts: Sequence[orders.OrderDelivered]) -> None:
    """The clock of automatic receipt does not start while a return is open already."""
    await returns.mind_receipt(tx, [fact.subject_id for fact in facts])
