"""Credit kept for an order: held until it pays, or until it is free again."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class HoldState(StrEnum):
    """Where credit that was kept for an order stands."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


HOLD = Lifecycle(
    "hold",
    initial=HoldState.HELD,
    moves={
        "capture": ({HoldState.HELD}, HoldState.CAPTURED),
        "release": ({HoldState.HELD}, HoldState.RELEASED),
        # Money that came late after all joins again with what it was to pay together with.
        "hold_again": ({HoldState.RELEASED}, HoldState.HELD),
    },
)
