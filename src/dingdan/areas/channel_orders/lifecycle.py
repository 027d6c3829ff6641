"""Problems of orders made elsewhere: open until they are gone, or until somebody decides to live with them."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class ProblemState(StrEnum):
    """Where a problem stands."""

    OPEN = "open"
    SOLVED = "solved"
    WAIVED = "waived"


CHANNEL_PROBLEM = Lifecycle(
    "channel_problem",
    initial=ProblemState.OPEN,
    moves={
        # What did not fit fits now.
        "solve": ({ProblemState.OPEN}, ProblemState.SOLVED),
        # A person takes it as it is, with a reason.
        "waive": ({ProblemState.OPEN}, ProblemState.WAIVED),
    },
)
