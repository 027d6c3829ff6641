"""The life of a version of a policy."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class EditionState(StrEnum):
    """Whether a version is still being written, announced, applied to new orders, or followed by another."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


_S = EditionState

EDITION = Lifecycle(
    "policy",
    initial=_S.DRAFT,
    moves={
        "announce": ({_S.DRAFT}, _S.ANNOUNCED),
        "start": ({_S.ANNOUNCED}, _S.IN_FORCE),
        # An announced one too, where one that begins later has begun by the time somebody looks.
        "supersede": ({_S.ANNOUNCED, _S.IN_FORCE}, _S.SUPERSEDED),
        # What has applied to nobody may still be taken back; it stays readable.
        "withdraw": ({_S.DRAFT, _S.ANNOUNCED}, _S.WITHDRAWN),
    },
)
