"""merchants: who sells: zone, currency, return policy and settings. A merchant changes itself only."""

from dingdan.areas.merchants.events import MerchantSaved, ThemeSaved
from dingdan.areas.merchants.model import ChangeMerchant, Merchant, MerchantSettings, ReceiptPeriod, SaveMerchant, Theme
from dingdan.areas.merchants.reading import asking, by_code, by_codes, by_ids, listed
from dingdan.areas.merchants.refusals import (
    AccentUnreadable,
    AccentUnusable,
    ChannelsUnusable,
    CodeUnusable,
    CurrencyUnknown,
    LanguageUnusable,
    MerchantUnknown,
    NameUnusable,
    PolicyUnusable,
    SettingOutOfRange,
    ZoneUnknown,
)
from dingdan.areas.merchants.rules import MESSAGE_CHANNELS, RANGES, contrast, problem_of_accent, theme_of
from dingdan.areas.merchants.saving import change, save
from dingdan.areas.merchants.theming import set_accent, set_logo

__all__ = [
    "MESSAGE_CHANNELS",
    "RANGES",
    "AccentUnreadable",
    "AccentUnusable",
    "ChangeMerchant",
    "ChannelsUnusable",
    "CodeUnusable",
    "CurrencyUnknown",
    "LanguageUnusable",
    "Merchant",
    "MerchantSaved",
    "MerchantSettings",
    "MerchantUnknown",
    "NameUnusable",
    "PolicyUnusable",
    "ReceiptPeriod",
    "SaveMerchant",
    "SettingOutOfRange",
    "Theme",
    "ThemeSaved",
    "ZoneUnknown",
    "asking",
    "by_code",
    "by_codes",
    "by_ids",
    "change",
    "contrast",
    "listed",
    "problem_of_accent",
    "save",
    "set_accent",
    "set_logo",
    "theme_of",
]  # fmt: skip
