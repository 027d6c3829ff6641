"""What the desk of a policy's owner speaks of: pages in plain words, tables of goods and reasons, back-tests, figures."""

from datetime import datetime
from typing import Literal

import msgspec

from dingdan.areas.policies import Confirmation, Policy, PolicyDocument
from dingdan.kernel.refusal import Text

Place = Literal["product", "checkout", "help"]
Returnable = Literal["yes", "unless_confirmed", "unless_unsealed", "no"]


class Said(msgspec.Struct, frozen=True):
    """One sentence of a page, and the rule that it rests on."""

    words: Text
    rule: str = ""
    article: str = ""


class Section(msgspec.Struct, frozen=True):
    """Sentences about one thing."""

    code: str
    title: Text
    said: tuple[Said, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A policy in plain words for one place, and for one product if one is meant; `policy` is what would be bound.

    `next_policy` is what was announced to follow it. `confirmation` is what the buyer of this product may confirm.
    """

    place: Place
    policy: Policy
    next_policy: Policy | None
    sku: str | None
    region: str
    returnable: Returnable | None
    exclusion: str | None
    confirmation: Confirmation | None
    confirmation_code: str | None
    sections: tuple[Section, ...]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for goods of a kind that come back for a reason."""

    reason: str
    answer: Literal["yes", "person", "unless_confirmed", "unless_unsealed", "no"]
    days: int
    months: int
    hours: int
    outbound: str
    way_back: str
    reship: str
    rules: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """One kind of goods, by the exclusion or condition that makes it one, and its cells, one for each reason."""

    goods: str
    flags: tuple[str, ...]
    categories: tuple[str, ...]
    cells: tuple[Cell, ...]


class Came(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a return as it was: all that a policy judges by, what was decided, and what it came to."""

    return_id: int
    policy_id: int
    reason: str
    quantity: int
    requested_at: datetime
    placed_at: datetime
    delivered_at: datetime | None
    received_at: datetime | None
    category: str
    flags: tuple[str, ...]
    is_confirmed: bool
    country: str
    decision: str
    had_review: bool
    units: int
    net: int
    order_net: int
    freight: int
    is_untold: bool = False
    told_at: datetime | None = None


class Side(msgspec.Struct):
    """What a policy made, or would have made, of returns: counts of lines, and amounts in minor units.

    `postage` is the way back that we pay, `cost` all that goes out: refunds, the freight out that is paid back, and
    that postage.
    """

    approved: int = 0
    at_once: int = 0
    refused: int = 0
    refund: int = 0
    freight: int = 0
    postage: int = 0

    @property
    def cost(self) -> int:
        """All that goes out."""
        return self.refund + self.freight + self.postage


class Pair(msgspec.Struct):
    """The same returns under the policies that they came under, and under the one that is tried."""

    lines: int = 0
    units: int = 0
    then: Side = msgspec.field(default_factory=Side)
    now: Side = msgspec.field(default_factory=Side)


class Change(msgspec.Struct, frozen=True):
    """A line that another policy would have answered otherwise, and why."""

    return_id: int
    reason: str
    was: str
    would_be: str
    why: tuple[str, ...]


class Sums(msgspec.Struct):
    """What a back-test has come to: in all, by reason, by the first word of the category, and examples of changes."""

    total: Pair = msgspec.field(default_factory=Pair)
    by_reason: dict[str, Pair] = msgspec.field(default_factory=dict)
    by_category: dict[str, Pair] = msgspec.field(default_factory=dict)
    newly_approved: int = 0
    newly_refused: int = 0
    # Reasons that the tried policy does not know: they stay as they were.
    unknown_reasons: int = 0
    examples: list[Change] = msgspec.field(default_factory=list)


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """A back-test: which document, over which returns, and how far it has come."""

    id: int
    merchant_id: int
    policy_id: int
    hash: str
    document: PolicyDocument
    since: datetime
    until: datetime
    way_back: int
    currency: str
    counted_to: int
    sums: Sums
    requested_at: datetime
    requested_by: int | None
    done_at: datetime | None
