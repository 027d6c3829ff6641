"""orders: the agreement itself: lines, promise, state, story. It knows nothing of payments, parcels or returns."""

from dingdan.areas.orders.cancelling import cancel, expire
from dingdan.areas.orders.completing import (
    lock_for_dispatch,
    note_delivered,
    note_refunded,
    note_shipped,
    receive,
    receive_automatically,
    unlock_dispatch,
)
from dingdan.areas.orders.confirming import hold, mark_paid, release, revive
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
from dingdan.areas.orders.model import Cancellation, NewOrder, Order, OrderLine
from dingdan.areas.orders.promises import AUTO_RECEIVE, PAY_BY
from dingdan.areas.orders.reading import (
    by_reference,
    get,
    get_one,
    lines,
    lock,
    lock_one,
    of_checkout,
    units_bought,
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
)
from dingdan.areas.orders.rules import actions

__all__ = [
    "AUTO_RECEIVE", "PAY_BY", "AfterSaleOpen", "AlreadyDispatched", "Cancellation", "NewOrder", "NotShippedYet", "Order",
    "OrderCancelled", "OrderCompleted", "OrderDelivered", "OrderExpired", "OrderHeld", "OrderLine", "OrderPaid",
    "OrderPlaced", "OrderReceived", "OrderRefunded", "OrderReleased", "OrderRevived", "OrderShipped", "OrderState",
    "OrderUnknown", "ReferenceTaken", "StateForbids", "actions", "by_reference", "cancel", "claim_references", "drop_references",
    "expire", "get", "get_one", "hold", "lines", "lock", "lock_for_dispatch", "lock_one", "mark_paid",
    "note_delivered", "note_refunded", "note_shipped", "of_checkout", "receive", "receive_automatically", "record",
    "release", "revive", "units_bought", "unlock_dispatch", "with_product",
]  # fmt: skip
