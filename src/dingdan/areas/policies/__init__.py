"""policies: return policies as documents, each version for ever; an order keeps the one it was placed under."""

from dingdan.areas.policies.drafting import draft
from dingdan.areas.policies.events import PolicyBegan, PolicyDrafted, PolicyPublished, PolicySuperseded, PolicyWithdrawn
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
    Window,
)
from dingdan.areas.policies.lifecycle import EditionState
from dingdan.areas.policies.model import (
    FAULTS,
    Confirmation,
    Edition,
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
from dingdan.areas.policies.promises import START
from dingdan.areas.policies.publishing import canonical, hash_of, load_packs, packs, publish, start
from dingdan.areas.policies.reading import (
    by_ids,
    edition,
    for_buyers,
    for_country,
    history,
    in_force,
    listed,
    note_late_notice,
    notices,
    upcoming,
    versions,
)
from dingdan.areas.policies.refusals import (
    BaseUnknown,
    BelowStatute,
    ConfirmationMissing,
    ConsentMissing,
    DocumentUnreadable,
    EvidenceNotAllowed,
    ExclusionWithoutGround,
    FaultShifted,
    FieldUnusable,
    FreightRuleMissing,
    LawReworded,
    NotADraft,
    NoticeTooShort,
    OutOfReach,
    PolicyUnknown,
    ReasonMissing,
    ReasonUnknown,
    RuleMissing,
    VersionTaken,
    WordsMissing,
    ZoneUnknown,
)
from dingdan.areas.policies.rules.carrying import freight_for, postage_of_buyer, reship_by
from dingdan.areas.policies.rules.excluding import (
    Wares,
    conditions_of,
    confirmation,
    confirmation_needed,
    excluded_by_law,
    excluded_once_unsealed,
    exclusions,
    text_version,
)
from dingdan.areas.policies.rules.floors import FLOORS
from dingdan.areas.policies.rules.judging import DECISIONS, REVIEWS, clock_of, judge
from dingdan.areas.policies.rules.lasting import Clock, asks_where, refund_due
from dingdan.areas.policies.rules.linting import problems_of
from dingdan.areas.policies.wording import Part, Rule, Source, Words
from dingdan.areas.policies.writing import announce, document_of, resolve, save_draft, withdraw

__all__ = [
    "DECISIONS", "FAULTS", "FLOORS", "REVIEWS", "START", "AppliesTo", "Arrival", "BaseUnknown", "BelowStatute",
    "Clock", "Condition", "Confirmation", "ConfirmationMissing", "ConsentMissing", "Contact", "DeductionTerms",
    "DepositTerms", "DocumentUnreadable", "Edition", "EditionState", "EvidenceNotAllowed", "ExchangeTerms",
    "ExclusionWithoutGround", "FaultShifted", "FieldUnusable", "Freight", "FreightRuleMissing", "GiftTerms",
    "Grounds", "InKindTerms", "LawReworded", "LineFacts", "NoReason", "NotADraft", "NoticeTooShort", "OutOfReach",
    "Part", "PartialDiscount", "Policy", "PolicyBegan", "PolicyDocument", "PolicyDrafted", "PolicyPublished",
    "PolicySuperseded", "PolicyUnknown", "PolicyWithdrawn", "Process", "Quality", "Reason", "ReasonMissing",
    "ReasonUnknown", "ReductionTerms", "RefundTerms", "Remedy", "RemedyTerm", "RepairTerms", "ReviewTerms", "Rule",
    "RuleMissing", "Season", "Source", "Step", "Verdict", "VersionTaken", "Wares", "Window", "Words", "WordsMissing",
    "ZoneUnknown", "announce", "asks_where", "by_ids", "canonical", "clock_of", "conditions_of", "confirmation",
    "confirmation_needed", "document_of", "draft", "edition", "excluded_by_law", "excluded_once_unsealed",
    "exclusions", "for_buyers", "for_country", "freight_for", "hash_of", "history", "in_force", "judge", "listed",
    "load_packs", "note_late_notice", "notices", "packs", "postage_of_buyer", "problems_of", "publish", "refund_due",
    "reship_by", "resolve", "save_draft", "start", "text_version", "upcoming", "versions", "withdraw",
]  # fmt: skip
