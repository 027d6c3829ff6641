"""A period's account with a merchant, and money paid out to one."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class SettlementState(StrEnum):
    """Whether anything can still be booked into a period."""

    OPEN = "open"
    CLOSED = "closed"


class PayoutState(StrEnum):
    """Where money on its way to a merchant stands."""

    PREPARED = "prepared"
    APPROVED = "approved"
    PAID = "paid"
    FAILED = "failed"
    DROPPED = "dropped"


# What was closed stays closed: a correction is a line of a later period.
SETTLEMENT = Lifecycle(
    "settlement",
    initial=SettlementState.OPEN,
    moves={"close": ({SettlementState.OPEN}, SettlementState.CLOSED)},
)

_P = PayoutState

PAYOUT = Lifecycle(
    "payout",
    initial=_P.PREPARED,
    moves={
        "approve": ({_P.PREPARED}, _P.APPROVED),
        "drop": ({_P.PREPARED}, _P.DROPPED),
        "confirm": ({_P.APPROVED}, _P.PAID),
        "fail": ({_P.APPROVED}, _P.FAILED),
    },
)
