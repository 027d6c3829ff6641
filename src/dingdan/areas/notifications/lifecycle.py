"""A message on one channel: sent, given up, or not sent on purpose."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class MessageState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


_S = MessageState

MESSAGE = Lifecycle(
    "message",
    initial=_S.QUEUED,
    moves={
        "send": ({_S.QUEUED}, _S.SENT),
        "fail": ({_S.QUEUED}, _S.FAILED),
        # Nobody to send it to on this channel, or no need any more.
        "suppress": ({_S.QUEUED}, _S.SUPPRESSED),
    },
)
