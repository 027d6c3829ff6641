"""Facts about who sells."""

import msgspec

from dingdan.kernel.event import Event


class MerchantSaved(Event, frozen=True, kw_only=True):
    """A merchant was added or changed; `changed` names what of it is different, settings by their own names."""

    wire = "merchant.saved"
    subject = "merchant"

    is_new: bool
    changed: list[str] = msgspec.field(default_factory=list)
