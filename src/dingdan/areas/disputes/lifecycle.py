"""What is disputed, and how somebody rules about it: two machines."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class DisputeState(StrEnum):
    """Where a dispute stands: both sides show, somebody rules, one may appeal and the other answers; what is final is done.

    The two sides may agree at any time, and nothing is left to rule about.
    """

    SHOWING = "showing"
    DECIDING = "deciding"
    RULED = "ruled"
    ANSWERING = "answering"
    APPEALED = "appealed"
    FINAL = "final"
    EXECUTED = "executed"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"


class RulingState(StrEnum):
    """Where a ruling stands; a proposed one waits for a second pair of eyes."""

    PROPOSED = "proposed"
    GIVEN = "given"
    REFUSED = "refused"


_D, _R = DisputeState, RulingState

# Somebody still waits for something.
OPEN = frozenset({_D.SHOWING, _D.DECIDING, _D.RULED, _D.ANSWERING, _D.APPEALED, _D.FINAL})
# A side has the word.
TALKING = frozenset({_D.SHOWING, _D.ANSWERING})
# An arbitrator has the word.
WAITING = frozenset({_D.DECIDING, _D.APPEALED})

DISPUTE = Lifecycle(
    "dispute",
    initial=_D.SHOWING,
    moves={
        "hear": ({_D.SHOWING}, _D.DECIDING),
        "rule": ({_D.DECIDING}, _D.RULED),
        "appeal": ({_D.RULED}, _D.ANSWERING),
        "answer": ({_D.ANSWERING}, _D.APPEALED),
        "settle": ({_D.RULED, _D.APPEALED}, _D.FINAL),
        "execute": ({_D.FINAL}, _D.EXECUTED),
        "withdraw": ({_D.SHOWING, _D.DECIDING}, _D.WITHDRAWN),
        "agree": (OPEN, _D.AGREED),
    },
)

RULING = Lifecycle(
    "ruling",
    initial=_R.PROPOSED,
    moves={
        "give": ({_R.PROPOSED}, _R.GIVEN),
        "refuse": ({_R.PROPOSED}, _R.REFUSED),
    },
)
