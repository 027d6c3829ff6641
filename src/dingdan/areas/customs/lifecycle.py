"""Where goods that go back through customs stand."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class CustomsReturnState(StrEnum):
    """What became of an application to take goods back."""

    APPLIED = "applied"
    CLEARED = "cleared"
    LATE = "late"
    WITHDRAWN = "withdrawn"


_S = CustomsReturnState

CUSTOMS_RETURN = Lifecycle(
    "customs_return",
    initial=_S.APPLIED,
    moves={
        "clear": ({_S.APPLIED}, _S.CLEARED),
        "miss": ({_S.APPLIED}, _S.LATE),
        "withdraw": ({_S.APPLIED}, _S.WITHDRAWN),
    },
)
