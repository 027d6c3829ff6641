"""policies: return policies as documents, each version for ever; an order keeps the one it was placed under."""

from dingdan.areas.policies.drafting import draft
from dingdan.areas.policies.events import PolicyPublished
from dingdan.areas.policies.granting_parts import (
    AppliesTo,
    Arrival,
    Condition,
    Contact,
    DeductionTerms,
    DepositTerms,
    ExchangeTerms,
    Freight,
    GiftTerms,
    InKindTerms,
    PartialDiscount,
    Process,
    ReductionTerms,
    RefundTerms,
    RemedyTerm,
    RepairTerms,
    Season,
    Subsidy,
    Window,
)
from dingdan.areas.policies.model import (
    FAULTS,
    Confirmation,
    Grounds,
    LineFacts,
    NoReason,
    Policy,
    PolicyDocument,
    Quality,
    Reason,
    Remedy,
    ReviewTerms,
    Step,
    Verdict,
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
from dingdan.areas.policies.rules.carrying import freight_for, postage_of_buyer, reship_by
from dingdan.areas.policies.rules.excluding import (
    confirmation,
    confirmation_needed,
    excluded_by_law,
    excluded_once_unsealed,
    exclusions,
    text_version,
)
from dingdan.areas.policies.rules.judging import DECISIONS, REVIEWS, clock_of, judge
from dingdan.areas.policies.wording import Part, Rule, Source, Words

__all__ = [
    "DECISIONS", "FAULTS", "REVIEWS", "AppliesTo", "Arrival", "BelowStatute", "Condition", "Confirmation",
    "ConfirmationMissing", "Contact", "DeductionTerms", "DepositTerms", "EvidenceNotAllowed", "ExchangeTerms",
    "ExclusionWithoutGround", "FieldUnusable", "Freight", "GiftTerms", "Grounds", "InKindTerms", "LineFacts",
    "NoReason", "NoticeTooShort", "OutOfReach", "Part", "PartialDiscount", "Policy", "PolicyDocument",
    "PolicyPublished", "PolicyUnknown", "Process", "Quality", "Reason", "ReasonUnknown", "ReductionTerms",
    "RefundTerms", "Remedy", "RemedyTerm", "RepairTerms", "ReviewTerms", "Rule", "RuleMissing", "Season", "Source",
    "Step", "Subsidy", "Verdict", "VersionTaken", "Window", "Words", "ZoneUnknown", "by_ids", "canonical", "clock_of",
    "confirmation", "confirmation_needed", "draft", "excluded_by_law", "excluded_once_unsealed", "exclusions",
    "freight_for", "hash_of", "in_force", "judge", "listed", "load_packs", "packs", "postage_of_buyer", "publish",
    "reship_by", "text_version", "versions",
]  # fmt: skip
