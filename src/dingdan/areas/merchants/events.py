"""Facts about who sells."""

from dingdan.kernel.event import Event


class MerchantSaved(Event, frozen=True, kw_only=True):
    """A merchant was added or changed."""

    wire = "merchant.saved"
    subject = "merchant"

    is_new: bool
