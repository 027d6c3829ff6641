"""A return policy as a document, what is asked of it, and what it answers."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from dingdan.areas.policies.asking_parts import ORDINARY, Asking
from dingdan.areas.policies.back_parts import Dispositions, EarlyRefund, Inspection, SendingBack
from dingdan.areas.policies.granting_parts import (
    AppliesTo,
    Condition,
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
    RemedyKind,
    RemedyTerm,
    RepairTerms,
    Season,
    Window,
)
from dingdan.areas.policies.lifecycle import EditionState
from dingdan.areas.policies.wording import Fault, Part, ReasonKind, Rule, Source, Words

Jurisdiction = Literal["CN", "EU", "GB", "US", "other"]
# By whose fault goods come back, as far as that decides who pays.
FAULTS: tuple[Literal["buyer", "seller", "none"], ...] = ("buyer", "seller", "none")


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
    # What may be asked for besides the return, of any goods; and how long the seller must prove that they were sound.
    remedies: tuple[RemedyTerm, ...] = ()
    seller_proves: Window | None = None


class ReviewTerms(Part, frozen=True):
    """How long an application may wait for a person."""

    target_hours: int
    limit_hours: int
    rule: str


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
    """A whole return policy. `id` is its code; `effective_from` begins at midnight in `zone`, where days are counted.

    Where rules differ, the one that gives the buyer most wins; what one of them leaves out takes nothing away.
    """

    id: str
    version: str
    jurisdiction: Jurisdiction
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
    # Whose calendar says what a rest day is: a country's, `weekends` alone, or `buyer` for that of the buyer's country.
    rest_days: str = "weekends"
    # Days are counted in `zone`, or where the buyer is, if that is known.
    counted_in: Literal["zone", "buyer"] = "zone"
    rule_change_notice_days: int = 7
    retention_years: int = 3
    disclaimer: Words | None = None
    sending_back: SendingBack = SendingBack()
    inspection: Inspection = Inspection()
    dispositions: Dispositions = Dispositions()
    early_refund: EarlyRefund | None = None
    # The version that this one was written on top of, and the hash of its document: `cn_statutory@2026.12`.
    extends: str | None = None
    extends_hash: str | None = None
    # Which policy holds for buyers in other countries: {country, or EU: code}.
    regions: dict[str, str] = msgspec.field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    seasons: tuple[Season, ...] = ()
    # By fault; where nothing stands here, `no_reason` speaks for the buyer's and `quality` for the seller's.
    freight: dict[Literal["buyer", "seller", "none"], Freight] = msgspec.field(default_factory=dict)
    gifts: GiftTerms | None = None
    in_kind: InKindTerms | None = None
    deposits: DepositTerms | None = None
    exchange: ExchangeTerms | None = None
    repair: RepairTerms | None = None
    reduction: ReductionTerms | None = None
    deductions: DeductionTerms | None = None
    process: Process | None = None
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


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """The life of one version, under the id that its policy has or will have; `label` is what is called its version.

    `given` is what was written, on top of the version it `extends` if there is one; None where the whole was published
    at once. `effective_from` is known once it is announced.
    """

    id: int
    merchant_id: int | None
    code: str
    label: str
    state: EditionState
    version: int
    extends: str | None
    given: dict[str, Any] | None
    drafted_at: datetime
    announced_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    effective_from: datetime | None
    hash: str | None


class LineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy must know about one line of an application.

    `confirmed`: the buyer's confirmation for this purchase is on record. `returnable`: units bought and not yet on
    their way back. `unshipped`: the line has not left us. `signed_at`, `last_delivered_at` and `sold_at` are as good as
    `delivered_at` where nobody knows them. `is_untold`: the buyer was not told of the right to return when buying, but
    perhaps at `told_at`. `country` is where the buyer is. `is_unsealed`: the seal is known to be broken.
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
    signed_at: datetime | None = None
    last_delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    sold_at: datetime | None = None
    exchanged_at: datetime | None = None
    is_untold: bool = False
    told_at: datetime | None = None
    country: str = ""
    is_unsealed: bool = False
    repair_days: int = 0
    failed_repairs: int = 0


class Step(msgspec.Struct, frozen=True):
    """One thing that was looked at: `yes` speaks for the return, `no` against it, `person` wants somebody's look."""

    check: Literal["quantity", "unshipped", "exclusion", "confirmation", "window", "fault", "report", "reason"]
    answer: Literal["yes", "no", "person"]
    rule: str
    until: datetime | None = None


class Remedy(msgspec.Struct, frozen=True):
    """Something else that may be asked for, and until when; not yet, where repairs must have failed first."""

    remedy: RemedyKind
    is_open: bool
    rule: str
    until: datetime | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy says about one line, with every rule it rests on.

    `reasons` say why not (codes of `DECISIONS`), all of them; `review_reasons` why a person must look at what is
    allowed as far as rules can tell. `window_end` is when the right ends, where that is known. `steps` are everything
    that was looked at, in order. `seller_proves`: who says that the goods were sound must show it.
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
    steps: tuple[Step, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    conditions: tuple[str, ...] = ()
    freight: Freight | None = None
    seller_proves: bool = False
