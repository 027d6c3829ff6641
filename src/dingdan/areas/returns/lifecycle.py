"""Goods coming back, on three axes: what was decided, where the goods are, how it ended."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class Decision(StrEnum):
    """What was decided about the application."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Journey(StrEnum):
    """Where the goods are on their way back."""

    AT_BUYER = "at_buyer"
    SENT = "sent"
    RECEIVED = "received"
    LAPSED = "lapsed"
    LOST = "lost"


class Outcome(StrEnum):
    """How it ended, for goods and money."""

    OPEN = "open"
    PASSED = "passed"
    PARTLY = "partly"
    FAILED = "failed"
    SETTLED = "settled"


_D, _J, _O = Decision, Journey, Outcome

DECISION = Lifecycle(
    "return_decision",
    initial=_D.REQUESTED,
    moves={
        "approve": ({_D.REQUESTED}, _D.APPROVED),
        "refuse": ({_D.REQUESTED}, _D.REFUSED),
        "withdraw": ({_D.REQUESTED, _D.APPROVED}, _D.WITHDRAWN),
        # The buyer does not accept the no; somebody else looks at it again.
        "appeal": ({_D.REFUSED}, _D.REQUESTED),
        # Buyer and seller settled on something else.
        "agree": ({_D.REQUESTED, _D.REFUSED}, _D.APPROVED),
    },
)

JOURNEY = Lifecycle(
    "return_journey",
    initial=_J.AT_BUYER,
    moves={
        "send": ({_J.AT_BUYER}, _J.SENT),
        # Goods may stand at the door without anybody having said so.
        "receive": ({_J.AT_BUYER, _J.SENT, _J.LAPSED}, _J.RECEIVED),
        "lapse": ({_J.AT_BUYER}, _J.LAPSED),
        "lose": ({_J.SENT}, _J.LOST),
    },
)

OUTCOME = Lifecycle(
    "return_outcome",
    initial=_O.OPEN,
    moves={
        "pass": ({_O.OPEN}, _O.PASSED),
        "pass_partly": ({_O.OPEN}, _O.PARTLY),
        "fail": ({_O.OPEN}, _O.FAILED),
        "settle": ({_O.PASSED, _O.PARTLY}, _O.SETTLED),
        # Goods that were only here to be mended are with the buyer again.
        "hand_back": ({_O.OPEN}, _O.SETTLED),
    },
)
