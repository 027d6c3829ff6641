"""An endpoint: told of what happens, not told for now, or taken away."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class EndpointState(StrEnum):
    """Whether an endpoint is told of what happens."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    REMOVED = "removed"


_S = EndpointState

ENDPOINT = Lifecycle(
    "webhook_endpoint",
    initial=_S.ENABLED,
    moves={
        # By a person, or because nothing got through for days.
        "disable": ({_S.ENABLED}, _S.DISABLED),
        "enable": ({_S.DISABLED}, _S.ENABLED),
        # Its log stays as long as any.
        "remove": ({_S.ENABLED, _S.DISABLED}, _S.REMOVED),
    },
)
