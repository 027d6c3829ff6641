"""What we owe back, from the ask to the account it came from."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class RefundState(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    HELD = "held"
    APPROVED = "approved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    FAILED = "failed"
    OFFLINE = "offline"
    REFUSED = "refused"


class HandPayoutState(StrEnum):
    """Where money that is paid by hand stands."""

    CONSENTED = "consented"
    PAID = "paid"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


_S = RefundState
_H = HandPayoutState

REFUND = Lifecycle(
    "refund",
    initial=_S.REQUESTED,
    moves={
        "approve": ({_S.REQUESTED}, _S.APPROVED),
        "refuse": ({_S.REQUESTED}, _S.REFUSED),
        # A person let it go, for the first time or again: it waits a moment, and until then it can be taken back.
        "hold": ({_S.REQUESTED}, _S.HELD),
        "hold_again": ({_S.FAILED}, _S.HELD),
        "take_back": ({_S.HELD}, _S.REQUESTED),
        "leave_failed": ({_S.HELD}, _S.FAILED),
        "release": ({_S.HELD}, _S.APPROVED),
        "send": ({_S.APPROVED, _S.FAILED, _S.HELD}, _S.SENDING),
        "lose_track": ({_S.SENDING}, _S.UNKNOWN),
        # From FAILED too: a provider may find a way after it had said no. What comes to nothing is not sent at all.
        "settle": ({_S.APPROVED, _S.HELD, _S.SENDING, _S.UNKNOWN, _S.FAILED, _S.OFFLINE}, _S.SETTLED),
        "fail": ({_S.SENDING, _S.UNKNOWN}, _S.FAILED),
        # The provider cannot (too old, too many): paid by hand with the buyer's consent.
        "go_offline": ({_S.APPROVED, _S.FAILED}, _S.OFFLINE),
    },
)

HAND_PAYOUT = Lifecycle(
    "hand_payout",
    initial=_H.CONSENTED,
    moves={
        "pay": ({_H.CONSENTED}, _H.PAID),
        "confirm": ({_H.PAID}, _H.CONFIRMED),
        # The second person does not find the money.
        "send_again": ({_H.PAID}, _H.CONSENTED),
        "drop": ({_H.CONSENTED}, _H.DROPPED),
    },
)
