"""pricing: what it costs and why, layer by layer; promotions, coupons, carriage and tax. Amounts are computed here only."""

from dingdan.areas.pricing.claiming import claim, drop_claims, give_back, give_back_expired, take_again
from dingdan.areas.pricing.events import (
    CouponGranted,
    PromotionActivated,
    PromotionChanged,
    PromotionCreated,
    PromotionEnded,
    PromotionGivenBack,
    PromotionScheduled,
    PromotionStopped,
    TariffSaved,
)
from dingdan.areas.pricing.lifecycle import PROMOTION, PromotionState
from dingdan.areas.pricing.managing import activate, change, create, end, grant, issue_codes, schedule, stop
from dingdan.areas.pricing.model import (
    Ask,
    Book,
    Charged,
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
from dingdan.areas.pricing.promises import END, START
from dingdan.areas.pricing.quoting import quote
from dingdan.areas.pricing.reading import (
    by_ids,
    get_one,
    grants_of,
    layers,
    listed,
    tariff,
    terms_for,
    with_promotion,
    without_promotion,
)
from dingdan.areas.pricing.recording import record
from dingdan.areas.pricing.refusals import (
    CodeTaken,
    CouponBelowThreshold,
    CouponFirstOrderOnly,
    CouponNotYet,
    CouponOtherChannel,
    CouponOtherCurrency,
    CouponOutOfScope,
    CouponOver,
    CouponsDoNotCombine,
    CouponsTooMany,
    CouponTakesNothingOff,
    CouponTwice,
    CouponUnknown,
    CouponUsedAlready,
    CouponUsedUp,
    FieldUnfit,
    NotACoupon,
    OutOfReach,
    PointsNotTaken,
    PointsUnfit,
    PresaleApart,
    PromotionOver,
    PromotionStands,
    PromotionUnknown,
    PromotionUsedUp,
)
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
from dingdan.areas.pricing.rules.deposits import Division, binding, divide
from dingdan.areas.pricing.saving_tariffs import save_freight, save_points, save_taxes

__all__ = [
    "END", "PROMOTION", "START", "Amount", "Ask", "Benefit", "Book", "Bundle", "BuyGet", "Charged", "CodeTaken",
    "CouponBelowThreshold", "CouponFirstOrderOnly", "CouponGranted", "CouponNotYet", "CouponOtherChannel",
    "CouponOtherCurrency", "CouponOutOfScope", "CouponOver", "CouponTakesNothingOff", "CouponTwice", "CouponUnknown",
    "CouponUsedAlready", "CouponUsedUp", "CouponsDoNotCombine", "CouponsTooMany", "Deposit", "Division", "Draft",
    "FieldUnfit", "FreeFreight", "FreightRule", "FreightTariff", "Grant", "Held", "Item", "Layer", "NotACoupon",
    "OutOfReach", "Part", "PassedOver", "Percent", "PointsNotTaken", "PointsRule", "PointsUnfit", "Presale",
    "PresaleApart", "PricedLine", "Promotion", "PromotionActivated", "PromotionChanged", "PromotionCreated",
    "PromotionEnded", "PromotionGivenBack", "PromotionOver", "PromotionScheduled", "PromotionStands",
    "PromotionState", "PromotionStopped", "PromotionUnknown", "PromotionUsedUp", "Quote", "Scope", "Share", "Stage",
    "TariffSaved", "TaxRate", "Terms", "Tier", "Tiers", "Use", "activate", "binding", "by_ids", "change", "claim",
    "create", "divide", "drop_claims", "end", "get_one", "give_back", "give_back_expired", "grant", "grants_of",
    "issue_codes", "layers", "listed", "quote", "record", "save_freight", "save_points", "save_taxes", "schedule",
    "stop", "take_again", "tariff", "terms_for", "with_promotion", "without_promotion",
]  # fmt: skip
