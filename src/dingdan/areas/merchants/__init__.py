"""merchants: who sells: zone, currency, return policy and settings. A merchant changes itself only."""

from dingdan.areas.merchants.events import MerchantSaved
from dingdan.areas.merchants.model import ChangeMerchant, Merchant, MerchantSettings, ReceiptPeriod, SaveMerchant
from dingdan.areas.merchants.reading import asking, by_code, by_codes, by_ids, listed
from dingdan.areas.merchants.refusals import (
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
from dingdan.areas.merchants.rules import MESSAGE_CHANNELS, RANGES
from dingdan.areas.merchants.saving import change, save

__all__ = [
    "MESSAGE_CHANNELS",
    "RANGES",
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
    "ZoneUnknown",
    "asking",
    "by_code",
    "by_codes",
    "by_ids",
    "change",
    "listed",
    "save",
]  # fmt: skip
