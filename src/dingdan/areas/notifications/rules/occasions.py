"""Occasions to tell the buyer: which facts are one, and what must be said on it before it may be sent (O1.10)."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import orders, payments, review
from dingdan.areas.notifications.model import Facts, Occasion
from dingdan.kernel.address import Address, missing_parts
from dingdan.kernel.event import Event

OCCASIONS: Mapping[type[Event], Occasion] = {
    orders.OrderPlaced: Occasion.RECEIVED,
    # Paid is not enough: what somebody looks at a second time is confirmed when they let it go.
    review.OrderCleared: Occasion.CONFIRMED,
    review.ReviewOpened: Occasion.REVIEW_STARTED,
    orders.OrderLinesCancelled: Occasion.AMENDED,
    orders.OrderAddressChanged: Occasion.AMENDED,
    orders.OrderCancelled: Occasion.CANCELLED,
    orders.OrderExpired: Occasion.EXPIRED,
    orders.OrderRefunded: Occasion.REFUNDED,
    orders.OrderReceiptAnnounced: Occasion.RECEIPT_ANNOUNCED,
    orders.OrderReceiptDueSoon: Occasion.RECEIPT_DUE_SOON,
    payments.DepositPaid: Occasion.DEPOSIT_PAID,
    payments.BalanceOpened: Occasion.BALANCE_OPENED,
    payments.DepositEnded: Occasion.DEPOSIT_ENDED,
    payments.PaymentFailed: Occasion.PAYMENT_FAILED,
}


def occasions(facts: Iterable[Event], orders_of: Mapping[int, Sequence[int]]) -> list[tuple[int, Occasion]]:
    """(order, occasion) of each fact, in their order; `orders_of` knows the orders of payments for several."""
    return [
        (order_id, OCCASIONS[type(fact)])
        for fact in facts
        for order_id in ([fact.order_id] if fact.order_id is not None else orders_of.get(fact.subject_id, ()))
    ]


def missing(facts: Facts, *, needs_promise: bool) -> list[str]:
    """The mandatory fields that the stored rows could not fill, by their paths.

    The address shows when it is unsealed; whoever was forgotten has none, and that is nobody's fault.
    """
    found = [] if any(facts.seller.name.values()) else ["seller.name"]
    found += [] if facts.lines else ["lines"]
    found += [f"lines[{i}].title" for i, line in enumerate(facts.lines) if not any(line.title.values())]
    found += [] if facts.policy is not None else ["policy"]
    # What tells of money that came in must say how; what a coupon paid in full has no payment to name.
    is_paid = facts.occasion is Occasion.CONFIRMED or (facts.occasion is Occasion.AMENDED and facts.paid_at is not None)
    if is_paid and facts.amounts.total > 0 and not facts.payments:
        found.append("payments")
    if needs_promise and facts.promise is None:
        found.append("promise")
    return found


def missing_in_address(address: Address | None) -> list[str]:
    """The parts of the shipping address without which it may not be sent either; they show when it is unsealed."""
    if address is None:
        return ["recipient"]
    return [f"recipient.{part}" for part in missing_parts(address)]
