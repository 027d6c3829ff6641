"""A flag, from the first sign to its end: reviewed by people, asked about and appealed by the buyer, and never for long."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class FlagState(StrEnum):
    """Where a flag stands."""

    OPEN = "open"
    ASKED = "asked"
    SIGNED = "signed"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    LIFTED = "lifted"
    EXPIRED = "expired"


_S = FlagState
LIVING = frozenset({_S.OPEN, _S.ASKED, _S.SIGNED, _S.CONFIRMED, _S.APPEALED})

ABUSE_FLAG = Lifecycle(
    "abuse_flag",
    initial=_S.OPEN,
    moves={
        # The buyer wants a person to look.
        "ask": ({_S.OPEN, _S.SIGNED}, _S.ASKED),
        # The first of two people has confirmed it.
        "sign": ({_S.OPEN, _S.ASKED}, _S.SIGNED),
        "confirm": ({_S.OPEN, _S.ASKED, _S.SIGNED, _S.APPEALED}, _S.CONFIRMED),
        "appeal": ({_S.CONFIRMED}, _S.APPEALED),
        # More came to it than was confirmed, from which more follows than the system may decide alone.
        "reopen": ({_S.CONFIRMED}, _S.OPEN),
        "lift": (LIVING, _S.LIFTED),
        "expire": (LIVING, _S.EXPIRED),
    },
)
