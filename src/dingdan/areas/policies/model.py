"""A return policy as a document, what is asked of it, and what it answers."""

from datetime import date, datetime
from typing import Literal

import msgspec

from dingdan.areas.policies.asking_parts import ORDINARY, Asking

Fault = Literal["buyer", "seller", "none", "review"]
ReasonKind = Literal[
    "no_reason", "quality", "description", "fulfilment", "transport", "legal", "price", "gift", "invoice", "refusal",
    "other",
]  # fmt: skip
DiscountMethod = Literal["prorate", "reprice"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of every part. What is at its default is not written, so a new optional field changes no old hash."""


class Words(Part, frozen=True):
    """The same words in English and Chinese."""

    en: str
    zh: str


class Source(Part, frozen=True):
    """A text that rules cite by its short name, and when somebody last looked at it."""

    short: str
    title: str
    checked_on: str


class Rule(Part, frozen=True):
    """One rule: where it stands and what it says. Verdicts name rules by id."""

    article: str
    en: str
    zh: str


class Window(Part, frozen=True):
    """A right that lasts some days; the day it starts on is day 0, and the last day ends at 24:00 in the policy's zone."""

    days: int
    rule: str
    start: Literal["delivered_at"] = "delivered_at"
    roll_rest_day: bool = False
    # The rule by which a last day that is a rest day rolls on.
    roll_rule: str | None = None


class Freight(Part, frozen=True, rename={"way_back": "return"}):
    """Who pays for which way: `return` in JSON is the way back. `refunded_standard` is the least dear way out only."""

    outbound: Literal["refunded", "refunded_standard", "not_refunded"]
    way_back: Literal["buyer", "seller"]
    rule: str
    lost_free_shipping: Literal["deduct", "keep"] = "keep"


class PartialDiscount(Part, frozen=True):
    """How a discounted order that is partly returned is priced (A5 and A6 in docs/money.md)."""

    methods: tuple[DiscountMethod, ...]
    default: DiscountMethod
    rule: str


class NoReason(Part, frozen=True):
    """The return that needs no reason: how long, for what not, and at whose cost."""

    window: Window
    excluded: tuple[str, ...]
    excludable_with_confirmation: tuple[str, ...]
    evidence_required: tuple[str, ...]
    freight: Freight
    partial_discount: PartialDiscount


class Quality(Part, frozen=True):
    """The return because of the seller: inside of its window by right, then until `late_days` if a person agrees."""

    window: Window
    late_days: int
    late_rule: str
    evidence_required: tuple[str, ...]
    freight: Freight


class RefundTerms(Part, frozen=True):
    """When the money must be back, in days, and from when on a delay is an offence."""

    days: int
    rule: str
    start: Literal["goods_received_at"] = "goods_received_at"
    offence_after_days: int | None = None
    offence_rule: str | None = None


class ReviewTerms(Part, frozen=True):
    """How long an application may wait for a person."""

    target_hours: int
    limit_hours: int
    rule: str


class AppliesTo(Part, frozen=True):
    """Which products an exclusion is about: by flag, or by a word of their category path (`food` covers `food/fruit`)."""

    flags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Confirmation(Part, frozen=True):
    """What a buyer confirms, for one purchase; a changed text gets another version."""

    version: str
    en: str
    zh: str


class Reason(Part, frozen=True, rename={"kind": "class"}):
    """A reason that a buyer may claim, whose fault it says it is, and the rule it rests on."""

    en: str
    zh: str
    kind: ReasonKind
    fault: Fault
    rule: str


class Grounds(Part, frozen=True):
    """The rules behind what is decided before any window: too many, unshipped, on the way, unconfirmed, open reason."""

    quantity: str
    unshipped: str
    in_transit: str
    unconfirmed: str
    open: str


class PolicyDocument(Part, frozen=True, kw_only=True):
    """A whole return policy. `id` is its code; `effective_from` begins at midnight in `zone`, where days are counted."""

    id: str
    version: str
    jurisdiction: Literal["CN", "EU", "GB", "other"]
    name: Words
    zone: str
    effective_from: date
    sources: tuple[Source, ...]
    grounds: Grounds
    no_reason: NoReason
    quality: Quality
    refund: RefundTerms
    review: ReviewTerms
    send_back_days: int
    applies_to: dict[str, AppliesTo]
    confirmations: dict[str, Confirmation]
    reasons: dict[str, Reason]
    rules: dict[str, Rule]
    # Whose calendar says what a rest day is.
    rest_days: Literal["CN", "weekends"] = "weekends"
    rule_change_notice_days: int = 7
    retention_years: int = 3
    disclaimer: Words | None = None
    # What can be asked for and offered, by which evidence, and what silence means.
    asking: Asking = ORDINARY


class Policy(msgspec.Struct, frozen=True):
    """One published version; `merchant_id` None is a pack that ships with the program."""

    id: int
    merchant_id: int | None
    code: str
    version: str
    hash: str
    effective_from: datetime
    document: PolicyDocument


class LineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy must know about one line of an application.

    `confirmed`: the buyer's confirmation for this purchase is on record. `returnable`: units bought and not yet on
    their way back. `unshipped`: the line has not left us.
    """

    reason: str
    quantity: int
    returnable: int
    requested_at: datetime
    delivered_at: datetime | None = None
    unshipped: bool = False
    category: str = ""
    flags: tuple[str, ...] = ()
    confirmed: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy says about one line, with every rule it rests on.

    `reasons` say why not (codes of `DECISIONS`), all of them; `review_reasons` why a person must look at what is
    allowed as far as rules can tell. `window_end` is when the right ends, where that is known.
    """

    is_allowed: bool
    needs_review: bool
    reasons: tuple[str, ...]
    review_reasons: tuple[str, ...]
    rules: tuple[str, ...]
    articles: tuple[str, ...]
    window_end: datetime | None
    fault: Fault
    exclusion: str | None
