"""What channels speak of: orders as their channel tells them, what does not fit, and what is told back."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec

from dingdan.areas.channel_orders.lifecycle import ProblemState
from dingdan.kernel.address import Address


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line as the channel sold it; `discount` and `tax` are of the whole line, `sku` is the channel's word."""

    ref: str
    sku: str
    quantity: int
    unit_price: int
    title: str = ""
    discount: int = 0
    tax: int = 0


class PartLine(msgspec.Struct, frozen=True):
    """Units of a line, by the channel's name of it."""

    ref: str
    quantity: int


class PaidThere(msgspec.Struct, frozen=True):
    """Money that the channel took from the buyer."""

    ref: str
    amount: int
    at: datetime


class RefundedThere(msgspec.Struct, frozen=True):
    """Money that the channel gave back."""

    ref: str
    amount: int
    at: datetime
    lines: tuple[PartLine, ...] = ()


class ShippedThere(msgspec.Struct, frozen=True):
    """A parcel that the channel sent itself; without lines it holds the whole order."""

    ref: str
    carrier: str
    tracking_number: str
    shipped_at: datetime
    lines: tuple[PartLine, ...] = ()


class Ended(msgspec.Struct, frozen=True):
    """The channel called the order off; its words are kept sealed."""

    at: datetime
    reason: str = ""


class ChannelBuyer(msgspec.Struct, frozen=True):
    """Who bought, as far as the channel says."""

    ref: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    # Of goods from abroad: the name and number of the papers with which they go through customs.
    id_name: str = ""
    id_number: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a channel: an order as it stood there at `updated_at`. Amounts in minor units."""

    number: str
    updated_at: datetime
    placed_at: datetime
    buyer: ChannelBuyer
    ship_to: Address
    currency: str
    lines: tuple[ChannelLine, ...]
    total: int
    freight: int = 0
    discount: int = 0
    payments: tuple[PaidThere, ...] = ()
    shipments: tuple[ShippedThere, ...] = ()
    refunds: tuple[RefundedThere, ...] = ()
    cancelled: Ended | None = None


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed on the channel: kept as told, without people."""

    currency: str
    lines: tuple[ChannelLine, ...]
    freight: int
    discount: int
    total: int


class PartKind(StrEnum):
    """What a channel adds to an order over time; each has a ref of its own and is taken once."""

    PAYMENT = "payment"
    REFUND = "refund"
    SHIPMENT = "shipment"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened on the channel; `booked` is what of it stands in our books."""

    id: int
    channel_order_id: int
    kind: PartKind
    ref: str
    amount: int
    document: dict[str, Any]
    at: datetime
    booked: int | None


class ChannelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was made on a channel; `order_id` is ours, once it could be written."""

    id: int
    merchant_id: int
    channel_id: int
    number: str
    order_id: int | None
    buyer_id: int | None
    contact_id: int | None
    currency: str
    total: int
    deal: Deal
    deal_hash: bytes
    people_hash: bytes
    written_hash: bytes | None
    placed_at: datetime
    updated_at: datetime
    recorded_at: datetime
    cancelled_at: datetime | None


class ProblemKind(StrEnum):
    """What does not fit."""

    UNKNOWN_SKU = "unknown_sku"
    NO_POLICY = "no_policy"
    NO_STOCK = "no_stock"
    SUMS_DIFFER = "sums_differ"
    OVERPAID = "overpaid"
    REFUND_EXCEEDS = "refund_exceeds"
    ADDRESS_UNUSABLE = "address_unusable"
    CHANGED = "changed"
    CANCELLED_TOO_LATE = "cancelled_too_late"
    ENDED_HERE = "ended_here"
    UNKNOWN_CARRIER = "unknown_carrier"
    PART_SHIPPED = "part_shipped"
    IMPORT_LIMIT = "import_limit"


class Finding(msgspec.Struct, frozen=True):
    """Something that does not fit at this moment; `details` are codes and numbers only."""

    kind: ProblemKind
    details: dict[str, Any]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that did not fit, and what became of it."""

    id: int
    merchant_id: int
    channel_id: int
    channel_order_id: int
    order_id: int | None
    kind: ProblemKind
    state: ProblemState
    version: int
    details: dict[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    closed_by_kind: str | None
    closed_by: int | None
    reason: str | None


Status = Literal["created", "changed", "unchanged"]


class Recorded(msgspec.Struct, frozen=True):
    """What a message did: `status` is created, changed or unchanged; `problems` are those that are open now."""

    id: int
    number: str
    order_id: int | None
    status: Status
    problems: tuple[str, ...]


class SkuPair(msgspec.Struct, frozen=True):
    """A channel's word for a product, and ours."""

    sku: str
    ours: str


class UpdateKind(StrEnum):
    """What is told back to a channel."""

    PARCEL_DISPATCHED = "parcel_dispatched"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened here and that the channel has to hear of."""

    id: int
    merchant_id: int
    channel_id: int
    channel_order_id: int
    order_id: int
    number: str
    kind: UpdateKind
    document: dict[str, Any]
    at: datetime
    acknowledged_at: datetime | None


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    """How far a channel is behind us; lags in milliseconds over its latest acknowledged updates."""

    backlog: int
    late: int
    oldest_at: datetime | None
    lag_p50_ms: int | None
    lag_p95_ms: int | None
    open_problems: int
