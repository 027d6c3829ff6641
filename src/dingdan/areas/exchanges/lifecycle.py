"""What is sent instead of goods that come back: from the wish to the goods, or to the money."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class ExchangeState(StrEnum):
    """Where an exchange stands."""

    ASKED = "asked"
    # There is none of it: the buyer chooses.
    SHORT = "short"
    RESERVED = "reserved"
    # It costs more, and waits for that.
    DIFFERENCE = "difference"
    # An order of its own, and on its way like any.
    REPLACED = "replaced"
    DONE = "done"
    # It went ahead, and the goods did not come.
    OWED = "owed"
    REFUNDED = "refunded"
    DROPPED = "dropped"


_S = ExchangeState

EXCHANGE = Lifecycle(
    "exchange",
    initial=_S.ASKED,
    moves={
        "run_short": ({_S.ASKED}, _S.SHORT),
        "reserve": ({_S.ASKED, _S.SHORT}, _S.RESERVED),
        "ask_difference": ({_S.RESERVED}, _S.DIFFERENCE),
        "replace": ({_S.RESERVED, _S.DIFFERENCE}, _S.REPLACED),
        "finish": ({_S.REPLACED, _S.OWED}, _S.DONE),
        "owe": ({_S.REPLACED, _S.REFUNDED}, _S.OWED),
        "refund": ({_S.ASKED, _S.SHORT, _S.RESERVED, _S.DIFFERENCE, _S.REPLACED}, _S.REFUNDED),
        "drop": ({_S.ASKED, _S.SHORT, _S.RESERVED}, _S.DROPPED),
    },
)
