"""orders: the agreement itself: lines, promise, state, story. It knows nothing of payments, parcels or returns."""

from dingdan.areas.orders.cancelling import cancel, cancel_reviewed, expire
from dingdan.areas.orders.completing import (
    lock_for_dispatch,
    note_delivered,
    note_refunded,
    note_shipped,
    receive,
    receive_automatically,
    unlock_dispatch,
)
from dingdan.areas.orders.confirming import hold, hold_for_review, mark_paid, release, release_reviewed, revive
from dingdan.areas.orders.events import (
    OrderCancelled,
    OrderCompleted,
    OrderDelivered,
    OrderExpired,
    OrderHeld,
    OrderPaid,
    OrderPlaced,
    OrderReceived,
    OrderRefunded,
    OrderReleased,
    OrderRevived,
    OrderShipped,
)
from dingdan.areas.orders.lifecycle import OrderState
from dingdan.areas.orders.model import Cancellation, Habits, NewOrder, Order, OrderLine
from dingdan.areas.orders.promises import AUTO_RECEIVE, PAY_BY
from dingdan.areas.orders.reading import (
    by_reference,
    get,
    get_one,
    habits,
    lines,
    lock,
    lock_one,
    of_checkout,
    paid_before,
    usual_prices,
    with_product,
)
from dingdan.areas.orders.recording import claim_references, drop_references, record
from dingdan.areas.orders.refusals import (
    AfterSaleOpen,
    AlreadyDispatched,
    NotShippedYet,
    OrderUnknown,
    ReferenceTaken,
    StateForbids,
    UnderReview,
)
from dingdan.areas.orders.rules import actions

__all__ = [
    "AUTO_RECEIVE", "PAY_BY", "AfterSaleOpen", "AlreadyDispatched", "Cancellation", "Habits", "NewOrder",
    "NotShippedYet", "Order", "OrderCancelled", "OrderCompleted", "OrderDelivered", "OrderExpired", "OrderHeld",
    "OrderLine", "OrderPaid", "OrderPlaced", "OrderReceived", "OrderRefunded", "OrderReleased", "OrderRevived",
    "OrderShipped", "OrderState", "OrderUnknown", "ReferenceTaken", "StateForbids", "UnderReview", "actions",
    "by_reference", "cancel", "cancel_reviewed", "claim_references", "drop_references", "expire", "get", "get_one",
    "habits", "hold", "hold_for_review", "lines", "lock", "lock_for_dispatch", "lock_one", "mark_paid",
    "note_delivered", "note_refunded", "note_shipped", "of_checkout", "paid_before", "receive",
    "receive_automatically", "record", "release", "release_reviewed", "revive", "unlock_dispatch", "usual_prices",
    "with_product",
]  # fmt: skip
