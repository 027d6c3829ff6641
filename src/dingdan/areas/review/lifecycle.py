"""A second look at a paid order, from the queue to its decision."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class ReviewState(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    ASKED = "asked"
    SIGNED = "signed"
    ESCALATED = "escalated"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = ReviewState
# Nobody is waited for: time runs, and when it is over somebody else or the rule itself decides.
RUNNING = frozenset({_S.OPEN, _S.CLAIMED, _S.SIGNED, _S.ESCALATED})
UNDECIDED = RUNNING | {_S.ASKED}

REVIEW = Lifecycle(
    "review",
    initial=_S.OPEN,
    moves={
        "claim": ({_S.OPEN, _S.SIGNED, _S.ESCALATED}, _S.CLAIMED),
        "put_back": ({_S.CLAIMED}, _S.OPEN),
        "ask": ({_S.CLAIMED}, _S.ASKED),
        # The buyer answered, or never did and the work goes on without.
        "answer": ({_S.ASKED}, _S.CLAIMED),
        "go_on": ({_S.ASKED}, _S.CLAIMED),
        # The first of two people has said yes.
        "sign": ({_S.CLAIMED}, _S.SIGNED),
        "escalate": ({_S.OPEN, _S.CLAIMED, _S.SIGNED}, _S.ESCALATED),
        "approve": (RUNNING, _S.APPROVED),
        "reject": (RUNNING, _S.REJECTED),
        "withdraw": (UNDECIDED, _S.WITHDRAWN),
    },
)
