"""Facts about return policies."""

from dingdan.kernel.event import Event


class PolicyPublished(Event, frozen=True, kw_only=True):
    """A version of a policy came into force."""

    wire = "policy.published"
    subject = "policy"

    code: str
    version: str
    hash: str
