"""What follows from facts about orders."""

from collections.abc import Sequence

from dingdan.areas import (
    channel_orders,
    customs,
    exchanges,
    fulfilment,
    inventory,
    orders,
    payments,
    pricing,
    refunds,
    review,
)
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx

Ready = orders.OrderPaid | orders.OrderRevived | orders.OrderReleased
Ended = orders.OrderCancelled | orders.OrderExpired
Stopped = orders.OrderCancelled | orders.OrderHeld | orders.OrderLinesCancelled


async def screen_for_review(tx: Tx, facts: Sequence[Ready]) -> None:
    """A paid order goes on at once, or is stopped for a second look."""
    await review.screen(tx, [fact.subject_id for fact in facts])


async def look_again(tx: Tx, facts: Sequence[orders.OrderAddressChanged]) -> None:
    """What was let pass is looked at where it goes now."""
    await review.look_again(tx, [fact.subject_id for fact in facts])


async def withdraw_from_review(tx: Tx, facts: Sequence[orders.OrderCancelled]) -> None:
    """Of an order that ended there is nothing left to look at."""
    await review.withdraw(tx, [fact.subject_id for fact in facts])


async def free_holdings(tx: Tx, facts: Sequence[orders.OrderPaid | orders.OrderRevived]) -> None:
    """Who paid keeps nothing from others any more."""
    await inventory.note_paid(tx, [fact.subject_id for fact in facts])


async def withdraw_from_fulfilment(tx: Tx, facts: Sequence[Stopped]) -> None:
    """An order that was stopped is not picked, nor what a warehouse no longer gives of one that goes on."""
    await fulfilment.withdraw(tx, [fact.subject_id for fact in facts])


async def follow_stock(tx: Tx, facts: Sequence[orders.OrderAddressChanged]) -> None:
    """What goes elsewhere may leave from elsewhere."""
    await fulfilment.follow_stock(tx, [fact.subject_id for fact in facts])


async def close_payments(tx: Tx, facts: Sequence[Ended]) -> None:
    """An order that ended takes no more money."""
    await payments.void(tx, [fact.subject_id for fact in facts])


async def refund_what_was_paid(tx: Tx, facts: Sequence[orders.OrderCancelled]) -> None:
    """What was paid for a cancelled order goes back."""
    ended = [fact.subject_id for fact in facts]
    await refunds.refund_cancelled(tx, ended, less=await exchanges.withhold(tx, ended))


async def refund_what_was_carried(tx: Tx, facts: Sequence[orders.OrderExpired]) -> None:
    """What was carried over to an order whose difference nobody paid goes back."""
    ended = [fact.subject_id for fact in facts]
    await refunds.refund_cancelled(tx, ended, less=await exchanges.withhold(tx, ended))


async def swap(tx: Tx, facts: Sequence[Event]) -> None:
    """What is sent instead of goods that came back is paid, on its way, there, or ended."""
    await exchanges.follow_orders(tx, list(dict.fromkeys(fact.subject_id for fact in facts)))


async def finish_what_left(tx: Tx, facts: Sequence[orders.OrderLinesCancelled]) -> None:
    """Where the cancelled units were all that an order still waited for, it has left whole."""
    await fulfilment.finish(tx, [fact.subject_id for fact in facts])


async def settle_deposits(tx: Tx, facts: Sequence[Ended]) -> None:
    """Of a presale that ended before its balance was paid somebody keeps the deposit, or a part of it."""
    await refunds.refund_deposits(tx, [fact.subject_id for fact in facts])


async def refund_cancelled_units(tx: Tx, facts: Sequence[orders.OrderLinesCancelled]) -> None:
    """What was paid for cancelled units goes back; the order goes on."""
    await refunds.refund_amended(tx, {fact.amendment_id: fact.subject_id for fact in facts})


async def give_points_back(tx: Tx, facts: Sequence[orders.OrderLinesCancelled]) -> None:
    """And so do the points that were taken off their price."""
    await payments.give_points_back(tx, {fact.amendment_id: fact.subject_id for fact in facts})


async def give_promotions_back(tx: Tx, facts: Sequence[orders.OrderCancelled]) -> None:
    """A cancelled order gives back its coupons, and whatever else it used that is limited."""
    await pricing.give_back(tx, [fact.subject_id for fact in facts])


async def give_expired_promotions_back(tx: Tx, facts: Sequence[orders.OrderExpired]) -> None:
    """So does an order that nobody paid, unless its money came after all."""
    await pricing.give_back_expired(tx, [fact.subject_id for fact in facts])


async def go_on_with_channel(tx: Tx, facts: Sequence[orders.OrderReleased]) -> None:
    """An order that goes on takes in what its channel has done meanwhile."""
    await channel_orders.go_on(tx, [fact.subject_id for fact in facts])


async def recount_imports(tx: Tx, facts: Sequence[Event]) -> None:
    """What an order takes of its person's quota follows what is left of it."""
    await customs.recount(tx, {fact.subject_id for fact in facts})
