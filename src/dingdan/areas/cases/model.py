"""Nouns of trouble: kinds of it as documents, cases, what is done about them, and claims on carriers."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from dingdan.areas.cases.lifecycle import CaseState, ClaimState, RemedyState
from dingdan.kernel.money import MAX_AMOUNT

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Wire = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z_]+\.[a-z_]+$")]
Sentence = Annotated[str, Meta(min_length=1, max_length=300)]
Minutes = Annotated[int, Meta(ge=1, le=60 * 24 * 60)]
# Minor units by currency: amounts are never converted.
Amounts = Annotated[dict[str, Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]], Meta(max_length=50)]

Turn = Literal["us", "buyer", "carrier"]
Source = Literal["fact", "buyer", "staff"]
OnSilence = Literal["go_on", "cancel"]
Answered = Literal["accepted", "part", "refused"]
CompensationForm = Literal["balance", "voucher", "money"]


class RemedyKind(StrEnum):
    """What can be done for a buyer."""

    REFUND = "refund"
    RESHIP = "reship"
    SUBSTITUTE = "substitute"
    COMPENSATION = "compensation"
    WAIT = "wait"
    TAKE_BACK = "take_back"


class Liable(StrEnum):
    """Who bears what it cost."""

    MERCHANT = "merchant"
    CARRIER = "carrier"
    PLATFORM = "platform"


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of everything that a kind is written in."""


class CaseWords(Piece, frozen=True):
    """The same words in English and Chinese."""

    en: Sentence
    zh: Sentence


class Step(Piece, frozen=True):
    """One step of a playbook: what to do, or what to ask."""

    code: Code
    en: Sentence
    zh: Sentence


class KindDocument(Piece, frozen=True, kw_only=True):
    """A kind of trouble: how it is noticed, who looks after it, how, until when, and how it may end.

    `opens_on` names facts that open a case, `ends_on` facts that end it with a closure code. Time is plain time.
    `is_automatic`: the house cures it by itself, the case says so and only its silence is watched. `claims_carrier`: a
    claim for the parcel is drafted with the case.
    """

    title: CaseWords
    opens_on: Annotated[tuple[Wire, ...], Meta(max_length=20)] = ()
    ends_on: Annotated[dict[Wire, Code], Meta(max_length=20)] = {}
    by_buyer: bool = False
    owner: Code | None = None
    ladder: Annotated[tuple[Code, ...], Meta(max_length=5)] = ("lead", "manager")
    playbook: Annotated[tuple[Step, ...], Meta(max_length=20)] = ()
    remedies: Annotated[tuple[RemedyKind, ...], Meta(max_length=6)] = ()
    closures: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=20)]
    contact_minutes: Minutes = 120
    plan_minutes: Minutes = 24 * 60
    resolve_minutes: Minutes | None = None
    update_minutes: Minutes = 24 * 60
    answer_minutes: Minutes = 48 * 60
    on_silence: OnSilence = "go_on"
    holds_order: bool = False
    blocks_completion: bool = False
    ends_order: bool = False
    is_automatic: bool = False
    tells_buyer: bool = True
    claims_carrier: bool = False


class CaseKind(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a kind; number 0 is what ships with the program and stands in no table."""

    id: int | None
    merchant_id: int | None
    code: str
    number: int
    is_active: bool
    document: KindDocument


class SaveKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind as it shall be from now on; merchant None is the platform."""

    merchant_id: int | None
    code: str
    document: KindDocument
    is_active: bool = True


class CaseTerms(Piece, frozen=True, kw_only=True):
    """How much one person may grant alone, by level, and how much may be given beyond what was paid.

    Above their own limit somebody else of a level that reaches so far says yes. A currency that is not named gives
    nobody anything alone, and no budget. The budget of an order is `budget_percent` of its total, and no more than
    `budget_at_most` of its currency.
    """

    agent: Amounts
    lead: Amounts
    manager: Amounts
    budget_percent: Annotated[int, Meta(ge=0, le=100)] = 50
    budget_at_most: Amounts
    # Within how many days of its dispatch a parcel is claimed for, by carrier where one has its own time.
    claim_days: Annotated[int, Meta(ge=1, le=365)] = 30
    claim_days_of: Annotated[dict[str, Annotated[int, Meta(ge=1, le=365)]], Meta(max_length=100)] = {}


# CNY 50 and 500 (O6.7), and what these come to about elsewhere.
_AGENT = {"CNY": 50_00, "USD": 7_00, "EUR": 6_50, "GBP": 5_50, "HKD": 55_00, "TWD": 220_00, "JPY": 1_000,
          "KRW": 9_500, "SGD": 9_50, "AUD": 10_50, "CAD": 9_50}  # fmt: skip
SHIPPED_TERMS = CaseTerms(
    agent=_AGENT,
    lead={currency: 10 * limit for currency, limit in _AGENT.items()},
    manager={currency: 100 * limit for currency, limit in _AGENT.items()},
    budget_at_most={currency: 10 * limit for currency, limit in _AGENT.items()},
)


class Noticed(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that may open or end cases."""

    wire: str
    subject: str
    subject_id: int
    order_id: int | None
    cause_id: int | None = None


class OpenCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case that a person wants: about an order, or about something that came without one."""

    kind: str
    order_id: int | None
    merchant_id: int | None = None
    parcel_id: int | None = None
    text: str = ""
    photos: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble. `next_update_at` is when the buyer hears from us next, whatever has happened by then."""

    id: int
    merchant_id: int
    order_id: int | None
    buyer_id: int | None
    case_kind_id: int | None
    kind: str
    subject: str
    subject_id: int
    state: CaseState
    version: int
    source: Source
    level: int
    whose_turn: Turn
    repeats: int
    liable: Liable | None
    opened_at: datetime
    contact_by: datetime | None
    contacted_at: datetime | None
    plan_by: datetime | None
    planned_at: datetime | None
    plan: str | None
    resolve_by: datetime | None
    next_update_at: datetime
    answer_by: datetime | None
    due_at: datetime
    ended_at: datetime | None
    closure: str | None
    rating: int | None


class CaseOwner(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for a case, since when; without a person it is the role as a whole, whose queue it lies in."""

    case_id: int
    n: int
    role: str
    staff_id: int | None
    since: datetime
    until: datetime | None
    reason: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a case's log; words of people are sealed, photos are kept elsewhere and named."""

    id: int
    kind: str
    actor_kind: str
    actor_id: int | None
    data: dict[str, Any]
    sealed: bytes | None
    photos: list[str]
    at: datetime


class RemedyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of an order line that something is done about; `sku` names what is sent instead."""

    line_no: int
    quantity: int
    sku: str | None = None


class Propose(msgspec.Struct, frozen=True, kw_only=True):
    """A remedy as somebody thinks of it.

    A refund names lines, or a line and an `amount` that the goods are kept for, or neither for all that is left.
    A compensation has an `amount` and a `form`; one that a law gives names as its `right` the rule of the order's policy
    that says so, and the amount is the law's. Taking back has a `reason` of the order's policy and the `postage` that
    the buyer bears. Waiting has an end.
    """

    kind: RemedyKind
    lines: tuple[RemedyLine, ...] = ()
    amount: int | None = None
    form: CompensationForm | None = None
    right: str = ""
    promotion_id: int | None = None
    until: datetime | None = None
    reason: str = ""
    postage: int = 0
    needs_consent: bool = False


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What is done about a case: its value decides who may grant it, `budgeted` of it is beyond what was paid."""

    id: int
    case_id: int
    order_id: int
    merchant_id: int
    kind: RemedyKind
    state: RemedyState
    version: int
    currency: str
    amount: int
    budgeted: int
    terms: dict[str, Any]
    needs_consent: bool
    consented_at: datetime | None
    alone_up_to: int
    proposed_by_kind: str
    proposed_by: int | None
    proposed_at: datetime
    approved_by_kind: str | None
    approved_by: int | None
    approved_at: datetime | None
    executed_at: datetime | None
    refund_id: int | None
    purse_id: int | None
    grant_id: int | None
    return_id: int | None
    replaced_by: int | None
    receipt: str | None


class Budget(msgspec.Struct, frozen=True):
    """What may be given for an order beyond what was paid, and what of it was."""

    order_id: int
    merchant_id: int
    currency: str
    budget: int
    granted: int


class DraftClaim(msgspec.Struct, frozen=True, kw_only=True):
    """What a carrier shall pay for: a parcel's value, up to what it was insured for where it was."""

    case_id: int
    parcel_id: int
    value: int
    insured: int | None = None
    evidence: tuple[str, ...] = ()


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim on a carrier; we file and follow it, never the buyer."""

    id: int
    case_id: int
    # What left, or what came back with our label.
    parcel_id: int | None
    return_parcel_id: int | None = None
    order_id: int
    merchant_id: int
    carrier: str
    state: ClaimState
    version: int
    currency: str
    value: int
    insured: int | None
    evidence: list[str]
    drafted_at: datetime
    file_by: datetime
    filed_at: datetime | None
    carrier_ref: str | None
    answer_by: datetime | None
    chased: int
    answered_at: datetime | None
    answer: str | None
    accepted: int
    recovered: int
    ended_at: datetime | None


Units = Mapping[int, int]
