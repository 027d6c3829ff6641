"""Facts about return policies."""

from dingdan.kernel.event import Event


class PolicyDrafted(Event, frozen=True, kw_only=True):
    """A version of a policy began to be written; nobody is bound to it."""

    wire = "policy.drafted"
    subject = "policy"

    code: str
    version: str


class PolicyPublished(Event, frozen=True, kw_only=True):
    """A version of a policy was announced: from now on nobody changes its words."""

    wire = "policy.published"
    subject = "policy"

    code: str
    version: str
    hash: str


class PolicyBegan(Event, frozen=True, kw_only=True):
    """A version of a policy applies to orders that are placed from now on."""

    wire = "policy.began"
    subject = "policy"


class PolicySuperseded(Event, frozen=True, kw_only=True):
    """Another version applies to new orders; those that were placed under this one keep it."""

    wire = "policy.superseded"
    subject = "policy"


class PolicyWithdrawn(Event, frozen=True, kw_only=True):
    """A version was taken back before it applied to anybody."""

    wire = "policy.withdrawn"
    subject = "policy"
