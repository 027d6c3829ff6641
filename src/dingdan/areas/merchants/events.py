"""Facts about who sells."""

import msgspec

from dingdan.kernel.event import Event


class ThemeSaved(Event, frozen=True, kw_only=True):
    """Buyers' pages of a merchant have another colour or picture of its name."""

    wire = "merchant.theme_saved"
    subject = "merchant"

    accent: str | None
    has_logo: bool


class MerchantSaved(Event, frozen=True, kw_only=True):
    """A merchant was added or changed; `changed` names what of it is different, settings by their own names."""

    wire = "merchant.saved"
    subject = "merchant"

    is_new: bool
    changed: list[str] = msgspec.field(default_factory=list)
