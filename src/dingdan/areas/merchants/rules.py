"""Pure checks of what a merchant may be."""

import re
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas.merchants import refusals
from dingdan.areas.merchants.model import MerchantSettings, SaveMerchant, Theme
from dingdan.kernel.money import MAX_AMOUNT, is_currency
from dingdan.kernel.refusal import Refusal

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{1,39}")
_POLICY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Enough to keep nonsense and header tricks out; whether it exists is for the other side to say.
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>(),;:\"\\\[\]\x00-\x1f\x7f]{1,253}")
MAX_NAME, MAX_LANGUAGES = 200, 40
MESSAGE_CHANNELS = ("email", "sms", "push")

# The least and the most of every number that a merchant may set.
RANGES: dict[str, tuple[int, int]] = {
    "pay_within_minutes": (1, 30 * 24 * 60),
    "free_freight_from": (0, MAX_AMOUNT),
    "freight": (0, MAX_AMOUNT),
    "auto_confirm_days": (1, 365),
    "auto_confirm_days_after_delivery": (0, 365),
    "feedback_edit_days": (0, 365),
    "review_limit_hours": (1, 30 * 24),
    "send_back_days": (1, 365),
    # Longer than 330 days no platform lets anybody promise.
    "ship_within_hours": (1, 330 * 24),
    "transit_days_min": (0, 120),
    "transit_days_max": (0, 120),
    "refund_approval_limit": (0, MAX_AMOUNT),
    "unpaid_units_per_buyer": (1, 1_000_000),
    "unpaid_units_per_device": (1, 1_000_000),
    "stocktake_alone_up_to": (0, 1_000_000),
    "price_guard_least_percent": (0, 100),
    "price_guard_most_percent": (100, 100_000),
    "price_guard_discount_percent": (0, 100),
    "price_guard_hits": (1, 10_000),
    "price_guard_minutes": (1, 24 * 60),
}

# The grounds of buyers' pages; what is written on a colour has the colour of the ground around it.
LIGHT, DARK = "#ffffff", "#172129"
# Hundredths: 4.5 to 1.
ENOUGH = 450
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def problem_of_accent(accent: str) -> Refusal | None:
    """What is wrong with a colour for buyers' pages."""
    if not _COLOUR.fullmatch(accent):
        return refusals.AccentUnreadable("accent")
    found = contrast(accent, LIGHT)
    if found >= ENOUGH:
        return None
    fit = _towards(accent, "#000000", LIGHT)
    return refusals.AccentUnusable("accent", accent=accent, contrast=f"{found // 100}.{found % 100:02}", fit=fit)


def theme_of(accent: str) -> Theme:
    """A colour for both grounds: as it was chosen on white, and lightened until it can be read on dark."""
    return Theme(accent, LIGHT, _towards(accent, "#ffffff", DARK), DARK)


def contrast(one: str, other: str) -> int:
    """How well two colours can be told apart, in hundredths, rounded down (WCAG 2.2)."""
    low, high = sorted((_light(one), _light(other)))
    return int(100 * (high + 0.05) / (low + 0.05))


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _towards(colour: str, end: str, ground: str) -> str:
    """The first tone on the way to black or white that can be read on a ground."""
    for step in range(101):
        mixed = "#" + "".join(
            f"{(int(colour[at : at + 2], 16) * (100 - step) + int(end[at : at + 2], 16) * step) // 100:02x}"
            for at in (1, 3, 5)
        )
        if contrast(mixed, ground) >= ENOUGH:
            return mixed
    return end


def problems_of(wanted: SaveMerchant) -> list[Refusal]:
    """Everything that is wrong with a merchant as it was sent."""
    found: list[Refusal] = []
    if not _CODE.fullmatch(wanted.code):
        found.append(refusals.CodeUnusable("code"))
    if not is_name(wanted.name):
        found.append(refusals.NameUnusable("name"))
    if not is_zone(wanted.zone):
        found.append(refusals.ZoneUnknown("zone", zone=wanted.zone))
    if not is_currency(wanted.currency):
        found.append(refusals.CurrencyUnknown("currency", currency=wanted.currency))
    if not _POLICY.fullmatch(wanted.policy):
        found.append(refusals.PolicyUnusable("policy"))
    return found + _problems_of_settings(wanted.settings)


def _problems_of_settings(settings: MerchantSettings) -> list[Refusal]:
    found: list[Refusal] = []
    for name, (low, high) in RANGES.items():
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            found.append(refusals.SettingOutOfRange(f"settings.{name}", setting=name, low=low, high=high))
    for flag, period in settings.receipt_periods.items():
        setting = f"receipt_periods.{flag}"
        if (
            not _POLICY.fullmatch(flag)
            or not 0 <= min(msgspec.structs.astuple(period)) <= max(msgspec.structs.astuple(period)) <= 365
        ):
            found.append(
                refusals.SettingOutOfRange(f"settings.{setting}"[:200], setting=setting[:100], low=0, high=365)
            )
    channels = settings.message_channels
    if len(set(channels)) != len(channels) or not set(channels) <= set(MESSAGE_CHANNELS):
        found.append(refusals.ChannelsUnusable("settings.message_channels", known=", ".join(MESSAGE_CHANNELS)))
    if settings.notices_email and not _EMAIL.fullmatch(settings.notices_email):
        found.append(refusals.NoticesUnusable("settings.notices_email"))
    if not _TAG.fullmatch(settings.language):
        found.append(refusals.LanguageUnusable("settings.language"))
    if settings.transit_days_min > settings.transit_days_max:
        low, high = settings.transit_days_min, RANGES["transit_days_max"][1]
        found.append(refusals.SettingOutOfRange("settings.transit_days_max", setting="transit_days_max", low=low,
                                                high=high))  # fmt: skip
    return found


def is_name(name: dict[str, str]) -> bool:
    """Whether a map of names can be shown to everybody: known shapes of tags, and Chinese or English among them."""
    return (
        0 < len(name) <= MAX_LANGUAGES
        and any(tag.split("-")[0] in ("zh", "en") for tag in name)
        and all(_TAG.fullmatch(tag) for tag in name)
        and all(0 < len(text.strip()) <= MAX_NAME and not _CONTROL.search(text) for text in name.values())
    )


def is_zone(zone: str) -> bool:
    """Whether days can be counted in this zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # An unknown name, a path, a folder of names.
        return False
    return True
