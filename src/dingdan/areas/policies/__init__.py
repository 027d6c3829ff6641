"""policies: return policies as documents, each version for ever; an order keeps the one it was placed under."""

from dingdan.areas.policies.back_parts import (
    BANS,
    GENERAL,
    Ban,
    Check,
    Dispositions,
    EarlyRefund,
    FreightInsurance,
    Goods,
    Inspection,
    PackingRule,
    Recipe,
    SendingBack,
)
from dingdan.areas.policies.drafting import draft
from dingdan.areas.policies.events import PolicyPublished
from dingdan.areas.policies.judging import judge
from dingdan.areas.policies.model import (
    AppliesTo,
    Confirmation,
    Freight,
    Grounds,
    LineFacts,
    NoReason,
    PartialDiscount,
    Policy,
    PolicyDocument,
    Quality,
    Reason,
    RefundTerms,
    ReviewTerms,
    Rule,
    Source,
    Verdict,
    Window,
    Words,
)
from dingdan.areas.policies.publishing import canonical, hash_of, load_packs, packs, publish
from dingdan.areas.policies.reading import by_ids, in_force, listed, versions
from dingdan.areas.policies.refusals import (
    BelowStatute,
    ConfirmationMissing,
    EvidenceNotAllowed,
    ExclusionWithoutGround,
    FieldUnusable,
    NoticeTooShort,
    OutOfReach,
    PolicyUnknown,
    ReasonUnknown,
    RuleMissing,
    VersionTaken,
    ZoneUnknown,
)
from dingdan.areas.policies.rules.excluding import (
    confirmation,
    confirmation_needed,
    excluded_by_law,
    exclusions,
    freight_for,
    text_version,
)
from dingdan.areas.policies.rules.judging import DECISIONS, REVIEWS

__all__ = [
    "BANS", "DECISIONS", "GENERAL", "REVIEWS", "AppliesTo", "Ban", "BelowStatute", "Check", "Confirmation",
    "ConfirmationMissing", "Dispositions", "EarlyRefund", "EvidenceNotAllowed", "ExclusionWithoutGround",
    "FieldUnusable", "Freight", "FreightInsurance", "Goods", "Grounds", "Inspection", "LineFacts", "NoReason", "NoticeTooShort",
    "OutOfReach", "PackingRule", "PartialDiscount", "Policy", "PolicyDocument", "PolicyPublished", "PolicyUnknown",
    "Quality", "Reason", "ReasonUnknown", "Recipe", "RefundTerms", "ReviewTerms", "Rule", "RuleMissing", "SendingBack",
    "Source", "Verdict", "VersionTaken", "Window", "Words", "ZoneUnknown", "by_ids", "canonical", "confirmation",
    "confirmation_needed", "draft", "excluded_by_law", "exclusions", "freight_for", "hash_of", "in_force", "judge",
    "listed", "load_packs", "packs", "publish", "text_version", "versions",
]  # fmt: skip
