"""Which facts are an occasion to tell the buyer, and which occasion it is."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import orders, payments
from dingdan.areas.notifications.model import Occasion
from dingdan.kernel.event import Event

OCCASIONS: Mapping[type[Event], Occasion] = {
    orders.OrderPlaced: Occasion.RECEIVED,
    orders.OrderPaid: Occasion.CONFIRMED,
    orders.OrderRevived: Occasion.CONFIRMED,
    orders.OrderCancelled: Occasion.CANCELLED,
    orders.OrderExpired: Occasion.EXPIRED,
    orders.OrderRefunded: Occasion.REFUNDED,
    payments.PaymentFailed: Occasion.PAYMENT_FAILED,
}


def occasions(facts: Iterable[Event], orders_of: Mapping[int, Sequence[int]]) -> list[tuple[int, Occasion]]:
    """(order, occasion) of each fact, in their order; `orders_of` knows the orders of payments for several."""
    return [
        (order_id, OCCASIONS[type(fact)])
        for fact in facts
        for order_id in ([fact.order_id] if fact.order_id is not None else orders_of.get(fact.subject_id, ()))
    ]
