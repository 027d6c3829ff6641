"""Facts about who sells."""

from dingdan.kernel.event import Event


class ThemeSaved(Event, frozen=True, kw_only=True):
    """Buyers' pages of a merchant have another colour or picture of its name."""

    wire = "merchant.theme_saved"
    subject = "merchant"

    accent: str | None
    has_logo: bool


class MerchantSaved(Event, frozen=True, kw_only=True):
    """A merchant was added or changed."""

    wire = "merchant.saved"
    subject = "merchant"

    is_new: bool
