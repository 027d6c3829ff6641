"""A parcel that came without an announcement, from the door to whoever it belongs to."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class StrayState(StrEnum):
    """Where such a parcel stands."""

    OPEN = "open"
    ASKED = "asked"
    MATCHED = "matched"
    CLOSED = "closed"


_S = StrayState

STRAY = Lifecycle(
    "stray",
    initial=_S.OPEN,
    moves={
        # The buyer is asked what it is.
        "ask": ({_S.OPEN}, _S.ASKED),
        "match": ({_S.OPEN, _S.ASKED}, _S.MATCHED),
        "close": ({_S.OPEN, _S.ASKED}, _S.CLOSED),
    },
)
