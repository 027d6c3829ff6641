"""The agreement's lifecycle; money, parcels and goods coming back have their own."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class OrderState(StrEnum):
    """Where the agreement stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMED = "confirmed"
    HELD = "held"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_S = OrderState

ORDER = Lifecycle(
    "order",
    initial=_S.AWAITING_PAYMENT,
    moves={
        "mark_paid": ({_S.AWAITING_PAYMENT}, _S.CONFIRMED),
        "hold": ({_S.CONFIRMED}, _S.HELD),
        "release": ({_S.HELD}, _S.CONFIRMED),
        "complete": ({_S.CONFIRMED}, _S.COMPLETED),
        "cancel": ({_S.AWAITING_PAYMENT, _S.CONFIRMED, _S.HELD}, _S.CANCELLED),
        "expire": ({_S.AWAITING_PAYMENT}, _S.EXPIRED),
        # Only with the stock taken again in the same transaction.
        "revive": ({_S.EXPIRED}, _S.CONFIRMED),
    },
)
