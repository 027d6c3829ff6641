"""The agreement as data: what was sold, to whom, for how much, and where it stands."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.orders.lifecycle import OrderState

# What may stand against an order's completion, and the kind of thing that each is about.
CAUSES = {"buyer": "order", "return": "return", "case": "case", "dispute": "dispute"}
# Why a buyer objects.
OBJECTION_REASONS = (
    "not_received", "damaged", "wrong_item", "missing_item", "not_as_described", "disputed_receipt", "other",
)  # fmt: skip


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order of one merchant; amounts in minor units of `currency`."""

    id: int
    merchant_id: int
    checkout_id: int
    channel_id: int
    warehouse_id: int
    buyer_id: int
    contact_id: int
    state: OrderState
    version: int
    currency: str
    goods: int
    discount: int
    freight: int
    tax: int
    total: int
    refunded: int
    policy_id: int
    policy_hash: str
    reference: str | None
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    dispatch_locked_at: datetime | None
    under_review_since: datetime | None
    snagged_since: datetime | None
    short_since: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    # The unpaid order whose place this one took, where the buyer wanted other quantities.
    replaces: int | None = None
    # Where it is sent for goods that come back: the order in which they were first sold.
    first_order_id: int | None = None

    @property
    def first(self) -> int:
        """The order in which these goods, or those that they are sent for, were first sold."""
        return self.first_order_id or self.id

    @property
    def with_buyer_since(self) -> datetime | None:
        """Since when the buyer has the goods: by the carrier's word, and where that never came by the buyer's own."""
        return self.delivered_at or self.received_at


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line as it was sold; only `cancelled` changes, and with another address what was promised."""

    order_id: int
    line_no: int
    merchant_id: int
    product_id: int
    sku: str
    title: dict[str, str]
    category: str
    flags: list[str]
    quantity: int
    unit_price: int
    goods: int
    discount: int
    tax: int
    confirmed_text: str | None
    confirmed_at: datetime | None
    # By when it leaves and arrives, as it was promised for where it goes.
    ship_by: datetime | None = None
    arrive_by: datetime | None = None
    # Units that were cancelled while the others went on.
    cancelled: int = 0

    @property
    def left(self) -> int:
        """Units that were not cancelled."""
        return self.quantity - self.cancelled

    @property
    def net(self) -> int:
        """What the buyer pays for the goods of this line."""
        return self.goods - self.discount


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order to be written down; everything about it is decided already."""

    id: int
    merchant_id: int
    checkout_id: int
    channel_id: int
    warehouse_id: int
    buyer_id: int
    contact_id: int
    currency: str
    goods: int
    discount: int
    freight: int
    tax: int
    total: int
    policy_id: int
    policy_hash: str
    reference: str | None
    pay_by: datetime
    lines: list[OrderLine]
    # What the promise of its lines was computed from; None where nothing is promised.
    promise: dict[str, Any] | None = None
    replaces: int | None = None
    first_order_id: int | None = None


class NewAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order goes now: the snapshot of who receives it, from where first, and by when it leaves and arrives.

    `waived` is what the way there costs more and nobody has to pay, in minor units.
    """

    contact_id: int
    warehouse_id: int
    promise: dict[str, Any] | None
    ship_by: datetime | None
    arrive_by: datetime | None
    waived: int = 0


class Served(msgspec.Struct, frozen=True):
    """Units of an order that another warehouse sends from now on: of each line {line number: {warehouse: units}} how many

    came from where; `first` is the order's first warehouse now.
    """

    order_id: int
    warehouse_id: int
    first: int
    taken: dict[int, dict[int, int]]


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """What was changed about an order; `units` are those cancelled, or of an order that took another's place all of its

    quantities, by line number.
    """

    id: int
    order_id: int
    kind: str
    reason: str
    units: dict[str, int] | None
    waived: int
    at: datetime


class Cancellation(msgspec.Struct, frozen=True):
    """What a cancellation means."""

    order_id: int
    was_paid: bool
    reason: str


class Habits(msgspec.Struct, frozen=True):
    """How a buyer bought before an order: what they usually paid (None: never), how often, and when of late."""

    usual_total: int | None
    earlier_orders: int
    recent: tuple[datetime, ...]


class Ordered(msgspec.Struct, frozen=True):
    """An order in short: how many units of each SKU."""

    id: int
    merchant_id: int
    buyer_id: int
    placed_at: datetime
    units: dict[str, int]


class Objection(msgspec.Struct, frozen=True):
    """What stands against completing an order: `cause` is buyer, return, case or dispute, `subject_id` the thing itself.

    A buyer's own objection is about the order. `sealed` are their words, under their key.
    """

    order_id: int
    cause: str
    subject_id: int
    reason: str = ""
    sealed: bytes | None = None


class Objected(msgspec.Struct, frozen=True, kw_only=True):
    """An objection as it is kept; it is open until it is settled."""

    order_id: int
    cause: str
    subject_id: int
    round: int
    merchant_id: int
    reason: str
    sealed: bytes | None
    opened_at: datetime
    settled_at: datetime | None
    outcome: str | None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody of the staff wrote on an order, sealed under its buyer's key; `is_shown` to the buyer as well."""

    id: int
    order_id: int
    merchant_id: int
    is_shown: bool
    sealed: bytes | None
    said_by_kind: str
    said_by: int | None
    at: datetime
    buyer_id: int
    # Until when words for the buyer wait and can be taken back; None once they were sent.
    held_until: datetime | None = None


class Written(msgspec.Struct, frozen=True):
    """A note with its words; they are empty where only the archive has them."""

    note: Note
    text: str


class Keeper(msgspec.Struct, frozen=True, kw_only=True):
    """Who of the staff looks after an order; `name` is None where the reader does not see people of that house."""

    order_id: int
    staff_id: int
    name: str | None
    at: datetime
