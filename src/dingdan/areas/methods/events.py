"""Facts about ways to pay."""

from dingdan.kernel.event import Event


class MethodSaved(Event, frozen=True, kw_only=True):
    """A way to pay was described, or described anew."""

    wire = "method.saved"
    subject = "method"

    provider: str
    method: str
    is_active: bool
