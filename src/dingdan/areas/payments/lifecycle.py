"""Money in and money back, as conversations with a provider."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class PaymentState(StrEnum):
    """Where an attempt to be paid stands."""

    STARTED = "started"
    PENDING = "pending"
    UNKNOWN = "unknown"
    CAPTURED = "captured"
    FAILED = "failed"
    VOIDED = "voided"


class SendBackState(StrEnum):
    """Where sending money back stands."""

    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    ARRIVED = "arrived"
    FAILED = "failed"


_P, _B = PaymentState, SendBackState

PAYMENT = Lifecycle(
    "payment",
    initial=_P.STARTED,
    moves={
        "accept": ({_P.STARTED, _P.UNKNOWN}, _P.PENDING),
        "lose_track": ({_P.STARTED, _P.PENDING}, _P.UNKNOWN),
        # Money can arrive on an attempt we had given up on; it is never turned away, see excess captures.
        "capture": ({_P.STARTED, _P.PENDING, _P.UNKNOWN, _P.FAILED, _P.VOIDED}, _P.CAPTURED),
        "fail": ({_P.STARTED, _P.PENDING, _P.UNKNOWN}, _P.FAILED),
        "void": ({_P.STARTED, _P.PENDING, _P.UNKNOWN}, _P.VOIDED),
    },
)

SEND_BACK = Lifecycle(
    "send_back",
    initial=_B.QUEUED,
    moves={
        "accept": ({_B.QUEUED, _B.UNKNOWN}, _B.SENT),
        "lose_track": ({_B.QUEUED, _B.SENT}, _B.UNKNOWN),
        # A provider may find a way after it had said no: what has moved is written down, whatever was said before.
        "arrive": ({_B.QUEUED, _B.SENT, _B.UNKNOWN, _B.FAILED}, _B.ARRIVED),
        "fail": ({_B.QUEUED, _B.SENT, _B.UNKNOWN}, _B.FAILED),
        "retry": ({_B.FAILED}, _B.QUEUED),
    },
)
