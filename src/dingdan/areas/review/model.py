"""Nouns of second looks: rules as documents, what is known about an order, and one review of it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas.review.lifecycle import ReviewState
from dingdan.kernel.money import MAX_AMOUNT

Owner = Literal["reviewer", "risk", "lead"]
OnTimeout = Literal["approve", "cancel"]
Answer = Literal["yes", "no", "not_applicable"]

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Sentence = Annotated[str, Meta(min_length=1, max_length=300)]
# Minor units by currency: amounts are never converted.
Amounts = Annotated[dict[str, Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]], Meta(max_length=50)]
Percent = Annotated[int, Meta(ge=1, le=10_000)]
Minutes = Annotated[int, Meta(ge=1, le=24 * 60)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of everything that a rule is written in."""


class Words(Part, frozen=True):
    """The same words in English and Chinese."""

    en: Sentence
    zh: Sentence


class Item(Part, frozen=True):
    """One question of a checklist; no order is let go before each has its answer.

    `is_statutory`: the law asks it, so an order that fails it is let go by nobody.
    """

    code: Code
    en: Sentence
    zh: Sentence
    is_statutory: bool = False


class Presale(Part, frozen=True, tag_field="kind", tag="presale"):
    """Goods that are sold before they are there."""


class CustomMade(Part, frozen=True, tag_field="kind", tag="custom_made"):
    """Goods that are made for this buyer."""


class CrossBorder(Part, frozen=True, tag_field="kind", tag="cross_border"):
    """Goods that come over a border."""


class LargeAmount(Part, frozen=True, tag_field="kind", tag="large_amount"):
    """A total of so much or more; or so many times what this buyer usually pays, once they have bought before."""

    at_least: Amounts = {}
    times_usual: Annotated[int, Meta(ge=2, le=1_000)] | None = None
    earlier_orders: Annotated[int, Meta(ge=1, le=200)] = 3


class LargeQuantity(Part, frozen=True, tag_field="kind", tag="large_quantity"):
    """More units of one SKU than this; or more than this share of all that lies in the warehouse."""

    more_than: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    percent_of_stock: Percent | None = None


class PriceAnomaly(Part, frozen=True, tag_field="kind", tag="price_anomaly"):
    """A unit price below this share of what the product usually sold for, or more than this share taken off."""

    percent_of_usual: Percent | None = None
    discount_percent: Percent | None = None


class NewAccount(Part, frozen=True, tag_field="kind", tag="new_account"):
    """A buyer known for less than this, who pays so much or more."""

    younger_than_hours: Annotated[int, Meta(ge=1, le=8_760)] = 24
    at_least: Amounts = {}


class AddressCluster(Part, frozen=True, tag_field="kind", tag="address_cluster"):
    """So many buyers or more at one address or on one device within this time, this one among them."""

    buyers: Annotated[int, Meta(ge=2, le=100)] = 5
    within_hours: Annotated[int, Meta(ge=1, le=720)] = 24


class Velocity(Part, frozen=True, tag_field="kind", tag="velocity"):
    """So many orders or more of one buyer within this time, this one among them."""

    orders: Annotated[int, Meta(ge=2, le=50)] = 5
    within_minutes: Annotated[int, Meta(ge=1, le=43_200)] = 60


class BuyerRemark(Part, frozen=True, tag_field="kind", tag="buyer_remark"):
    """The buyer wrote something to the shop."""


Trigger = (
    Presale | CustomMade | CrossBorder | LargeAmount | LargeQuantity | PriceAnomaly | NewAccount | AddressCluster
    | Velocity | BuyerRemark
)  # fmt: skip


class RuleDocument(Part, frozen=True):
    """When an order is stopped, what is looked at, by whom, how long, and what happens when nobody has looked.

    The limit runs in service hours; whatever it is, the buyer has an answer within a day.
    """

    title: Words
    trigger: Trigger
    checklist: Annotated[tuple[Item, ...], Meta(min_length=1, max_length=20)]
    owner: Owner = "reviewer"
    limit_minutes: Minutes = 120
    on_timeout: OnTimeout = "approve"
    merchants_may_switch: bool = False


# What CNY 50,000 comes to about (O2.10).
SECOND_ABOVE = {
    "CNY": 50_000_00, "USD": 7_000_00, "EUR": 6_500_00, "GBP": 5_500_00, "HKD": 55_000_00, "TWD": 220_000_00,
    "JPY": 1_000_000, "KRW": 9_500_000, "SGD": 9_500_00, "AUD": 10_500_00, "CAD": 9_500_00,
}  # fmt: skip


class Terms(Part, frozen=True):
    """What holds for every review. A currency that is not named in `second_above` always takes two people."""

    second_above: Amounts = msgspec.field(default_factory=SECOND_ABOVE.copy)
    own_staff_needs_second: bool = True
    service_from_hour: Annotated[int, Meta(ge=0, le=23)] = 9
    service_to_hour: Annotated[int, Meta(ge=1, le=24)] = 21
    answer_within_hours: Annotated[int, Meta(ge=1, le=168)] = 24
    warn_at_percent: Annotated[int, Meta(ge=1, le=99)] = 75


class SaveRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it shall be from a moment on (None: from now); merchant None is the platform."""

    merchant_id: int | None
    code: str
    document: RuleDocument
    is_active: bool = True
    effective_from: datetime | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a rule; it never changes."""

    id: int
    merchant_id: int | None
    code: str
    number: int
    is_active: bool
    effective_from: datetime
    document: RuleDocument
    created_at: datetime


class LinePicture(msgspec.Struct, frozen=True, kw_only=True):
    """One line, with what lies in the warehouse and what the product usually sold for, where that was asked."""

    sku: str
    flags: frozenset[str]
    quantity: int
    unit_price: int
    on_hand: int | None = None
    usual_price: int | None = None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """All that triggers look at, as of the moment the order was paid. Moments of others are the latest of each."""

    order_id: int
    currency: str
    total: int
    goods: int
    discount: int
    placed_at: datetime
    lines: tuple[LinePicture, ...]
    buyer_since: datetime | None = None
    usual_total: int | None = None
    earlier_orders: int = 0
    recent_orders: tuple[datetime, ...] = ()
    at_address: tuple[datetime, ...] = ()
    at_device: tuple[datetime, ...] = ()
    has_remark: bool = False


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why an order was stopped: the rule's version, and the numbers that made it speak."""

    rule_id: int
    rule: str
    number: int
    kind: str
    title: Words
    numbers: dict[str, int]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How one order is looked at: all that the rules asked for together, by the strictest clock."""

    reasons: tuple[Reason, ...]
    checklist: tuple[Item, ...]
    owner: Owner
    on_timeout: OnTimeout
    limit_minutes: int
    warn_at: datetime
    due_at: datetime
    decide_by: datetime


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A second look at one order. `due_at` is when something happens next by itself, `decide_by` the very end."""

    id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    state: ReviewState
    version: int
    owner: Owner
    on_timeout: OnTimeout
    reasons: tuple[Reason, ...]
    checklist: tuple[Item, ...]
    answers: dict[str, Answer]
    opened_at: datetime
    due_at: datetime
    decide_by: datetime
    claimed_by_kind: str | None
    claimed_by: int | None
    claimed_at: datetime | None
    asked_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None
    questions: tuple[str, ...]
    escalated_at: datetime | None
    blocked_at: datetime | None
    signed_by_kind: str | None
    signed_by: int | None
    signed_is_own: bool
    second_reasons: tuple[str, ...]
    # Why somebody asked that the order goes in spite of a failed check.
    force_reason: str | None
    decided_by_kind: str | None
    decided_by: int | None
    decided_at: datetime | None
    reject_reason: str | None

    @property
    def until(self) -> datetime | None:
        """Until when the buyer hears from us or we from the buyer; None once it is decided."""
        if self.state is ReviewState.ASKED:
            return self.answer_by
        return None if self.decided_at is not None or self.state is ReviewState.WITHDRAWN else self.decide_by


class Conversation(msgspec.Struct, frozen=True):
    """What was asked and answered, in words; empty once the buyer was erased."""

    question: str
    answer: str


class BackTest(msgspec.Struct, frozen=True, kw_only=True):
    """What a draft would have stopped: `only` are orders that no rule in force would have; `overlap` counts by rule."""

    looked_at: int
    stopped: int
    only: int
    stopped_already: int
    overlap: dict[str, int]
    samples: tuple[int, ...]
    since: datetime
    is_cut: bool
