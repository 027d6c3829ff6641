"""pricing: what it costs and why, layer by layer; promotions, coupons, carriage and tax. Amounts are computed here only."""

from dingdan.areas.pricing.claiming import claim, drop_claims, give_back, give_back_expired, take_again
from dingdan.areas.pricing.lifecycle import PromotionState
from dingdan.areas.pricing.loading import terms_for
from dingdan.areas.pricing.model import (
    Ask,
    Book,
    Deposit,
    Draft,
    FreightRule,
    FreightTariff,
    Grant,
    Held,
    Item,
    Layer,
    PassedOver,
    PointsRule,
    PricedLine,
    Promotion,
    Quote,
    Share,
    Stage,
    TaxRate,
    Terms,
    Use,
)
from dingdan.areas.pricing.quoting import quote
from dingdan.areas.pricing.recording import record
from dingdan.areas.pricing.rules.benefits import (
    Amount,
    Benefit,
    Bundle,
    BuyGet,
    FreeFreight,
    Part,
    Percent,
    Presale,
    Scope,
    Tier,
    Tiers,
)

__all__ = [
    "Amount", "Ask", "Benefit", "Book", "Bundle", "BuyGet", "Deposit", "Draft", "FreeFreight", "FreightRule",
    "FreightTariff", "Grant", "Held", "Item", "Layer", "Part", "PassedOver", "Percent", "PointsRule", "Presale",
    "PricedLine", "Promotion", "PromotionState", "Quote", "Scope", "Share", "Stage", "TaxRate", "Terms", "Tier",
    "Tiers", "Use", "claim", "drop_claims", "give_back", "give_back_expired", "quote", "record", "take_again",
    "terms_for",
]  # fmt: skip
