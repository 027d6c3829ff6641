"""Goods that come to be mended: from the yes until the buyer has them again, or has something else for them."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class RepairState(StrEnum):
    """Where a repair stands."""

    ASKED = "asked"
    # The goods are here, and the days count.
    MENDING = "mending"
    RETURNING = "returning"
    DONE = "done"
    # It came back mended, and the fault with it.
    RELAPSED = "relapsed"
    # It was in vain, or took too long: the buyer chooses.
    CHOOSING = "choosing"
    # An exchange or a refund by now.
    TURNED = "turned"
    DROPPED = "dropped"


_S = RepairState

REPAIR = Lifecycle(
    "repair",
    initial=_S.ASKED,
    moves={
        "begin": ({_S.ASKED}, _S.MENDING),
        "drop": ({_S.ASKED}, _S.DROPPED),
        "send_back": ({_S.MENDING}, _S.RETURNING),
        "finish": ({_S.RETURNING}, _S.DONE),
        # In vain, too late, or lost on the way to the buyer.
        "fail": ({_S.MENDING, _S.RETURNING}, _S.CHOOSING),
        "turn": ({_S.CHOOSING}, _S.TURNED),
        "relapse": ({_S.DONE}, _S.RELAPSED),
    },
)
