"""A basket on its way to become orders, and what is told about it before."""

from datetime import datetime
from typing import Literal

import msgspec

from dingdan.areas import addresses, carriers, orders, payments, policies, pricing
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wish of a basket. `confirmed` is the version of the text with which the buyer confirmed, for this

    purchase, that the line cannot be returned without a reason. `merchant_id` is whose thing it is, the basket's own
    merchant if nobody is named; `unit_price` is what the buyer was shown, and is only compared (minor units).
    """

    sku: str
    quantity: int
    confirmed: str | None = None
    merchant_id: int | None = None
    unit_price: int | None = None


class Buyer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who buys, by the name the shop knows them by."""

    ref: str
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""


class Basket(msgspec.Struct, frozen=True):
    """All that a buyer submits. Amounts are ours to compute; `expected_total` is only compared (minor units).

    Things of several merchants become an order for each of them, all or none. A quote may be asked for before it is
    known who buys and where it goes (None); an order cannot be placed then. `payment` is the provider and method that
    the buyer means to pay with, `service` how it shall travel, `device` the shop's word for what it was ordered on.
    """

    merchant_id: int
    channel: str
    buyer: Buyer | None
    ship_to: Address | None
    items: tuple[Item, ...]
    currency: str | None = None
    expected_total: int | None = None
    remark: str | None = None
    reference: str | None = None
    coupons: tuple[str, ...] = ()
    points: int = 0
    payment: tuple[str, str] | None = None
    service: str | None = None
    device: str = ""
    # Who takes goods through customs: the name and number of their papers.
    identity: addresses.Identity | None = None
    # Whoever acts is of the house and writes down what a buyer says: on the phone, in a talk, at the counter.
    on_behalf: bool = False


class PlacedOrder(msgspec.Struct, frozen=True):
    """One merchant's order of a basket."""

    order_id: int
    merchant_id: int
    total: int
    pay_by: datetime


class Written(msgspec.Struct, frozen=True):
    """An order as it was written down, with the words behind its ids: what reading it would give."""

    order: orders.Order
    lines: list[orders.OrderLine]
    channel: str
    warehouse: str
    policy: str
    policy_version: str


class Placed(msgspec.Struct, frozen=True):
    """A basket that became orders: the first one's id, the total of all, and when the first of them must be paid.

    `written` is the first of them.
    """

    order_id: int
    total: int
    currency: str
    pay_by: datetime
    checkout_id: int
    orders: tuple[PlacedOrder, ...]
    written: Written


class Asked(msgspec.Struct, frozen=True):
    """What a buyer may confirm about a line: the text's version, its words, and whether the basket says it is done."""

    version: str
    en: str
    zh: str
    is_given: bool


class QuotedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it would be sold; `place` is its index in the basket.

    Whether it can come back without a reason: `excluded` names the exclusion that stands in the way, by law or because
    the buyer confirmed it; `asks` is the confirmation that would exclude it.
    """

    place: int
    sku: str
    title: dict[str, str]
    quantity: int
    unit_price: int
    goods: int
    discount: int
    tax: int
    excluded: str | None
    asks: Asked | None


class QuotedPolicy(msgspec.Struct, frozen=True):
    """The return policy that an order would be bound to; its hash pins the very words."""

    id: int
    code: str
    version: str
    hash: str
    en: str
    zh: str


class QuotedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One merchant's part of a quote. Amounts are None where they cannot be known yet."""

    merchant_id: int
    seller: dict[str, str]
    lines: tuple[QuotedLine, ...]
    policy: QuotedPolicy | None
    pay_within_minutes: int
    goods: int | None = None
    discount: int | None = None
    freight: int | None = None
    tax: int | None = None
    total: int | None = None
    # Every layer of the price, and by when the goods leave and arrive if they are paid now.
    price: pricing.Quote | None = None
    promise: carriers.Promise | None = None


class Found(msgspec.Struct, frozen=True):
    """A problem of a quote; one that does not block is a part that nobody has given yet."""

    problem: Refusal
    blocks: bool


class OrderedAlready(msgspec.Struct, frozen=True):
    """The same buyer ordered the very same things a moment ago: perhaps by mistake, so they are asked and not refused."""

    order_id: int
    placed_at: datetime


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """What placing this basket now would do. `is_complete`: all parts of an order are there."""

    currency: str
    orders: tuple[QuotedOrder, ...]
    total: int | None
    found: tuple[Found, ...]
    is_complete: bool
    suspicions: tuple["Suspicion", ...] = ()
    # The ways to pay against which nothing stands, first choice first.
    ways: tuple[payments.Way, ...] = ()
    already: tuple[OrderedAlready, ...] = ()
    # How many coupon codes did not exist, by who is to be counted for them.
    wrong_codes: dict[str, int] = {}

    @property
    def can_be_placed(self) -> bool:
        """Whether the same basket, sent as an order now, would become one."""
        return self.is_complete and not any(one.blocks for one in self.found)


Reason = Literal["not_positive", "below_floor", "decimal_slip", "far_below", "far_above", "paused"]


class Suspicion(msgspec.Struct, frozen=True):
    """A price that nobody may order at before somebody has looked, and what it was compared with (minor units)."""

    merchant_id: int
    product_id: int
    sku: str
    currency: str
    amount: int
    usual: int | None
    reason: Reason


class ChangeAddress(msgspec.Struct, frozen=True):
    """Where an order shall go instead. `service` is how it shall travel, None as before where that can be had there.

    `waive`: nobody pays what the way there costs more.
    """

    ship_to: Address
    identity: addresses.Identity | None = None
    service: str | None = None
    reason: str = "buyer_request"
    waive: bool = False


class Instead(msgspec.Struct, frozen=True):
    """The unpaid order whose place a basket takes: for the same buyer, at its terms, to be paid by the same time."""

    order: orders.Order
    lines: tuple[orders.OrderLine, ...]
    quantities: dict[int, int]
    policy: policies.Policy


ReminderKind = Literal["in_stock", "price_checked", "open_again", "call_back"]


class AskReminder(msgspec.Struct, frozen=True):
    """A buyer wants to be told when a problem is over, or to be called; `sku` says about what."""

    merchant_id: int
    kind: ReminderKind
    buyer: Buyer
    sku: str | None = None
    quantity: int = 1


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody waits to be told; `told_at` None: still."""

    id: int
    merchant_id: int
    kind: ReminderKind
    buyer_id: int
    contact_id: int
    product_id: int | None
    quantity: int
    asked_at: datetime
    told_at: datetime | None
