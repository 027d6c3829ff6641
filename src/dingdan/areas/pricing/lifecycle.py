"""The life of a promotion."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class PromotionState(StrEnum):
    """Whether a promotion is still on paper, announced, running or over."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    STOPPED = "stopped"
    ENDED = "ended"


_S = PromotionState

PROMOTION = Lifecycle(
    "promotion",
    initial=_S.DRAFT,
    moves={
        "schedule": ({_S.DRAFT}, _S.SCHEDULED),
        "activate": ({_S.SCHEDULED}, _S.ACTIVE),
        "stop": ({_S.DRAFT, _S.SCHEDULED, _S.ACTIVE}, _S.STOPPED),
        "end": ({_S.SCHEDULED, _S.ACTIVE}, _S.ENDED),
    },
)
