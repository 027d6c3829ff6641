"""Nouns of the warehouse and the road: work, what is packed, parcels, scans."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dingdan.areas import packing
from dingdan.areas.fulfilment.lifecycle import ParcelState, WorkState
from dingdan.kernel.refusal import Refusal

MAX_CLAIM = 200


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """The picking of one order in one warehouse; `packed` are pairs of line number and quantity."""

    id: int
    order_id: int
    merchant_id: int
    warehouse_id: int
    state: WorkState
    version: int
    lane: int
    paid_at: datetime
    ship_by: datetime
    claimed_by: int | None
    claimed_at: datetime | None
    packed: list[tuple[int, int]] | None
    wave_id: int | None = None


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """Works that one pass through a warehouse serves; `lane` where only one lane was asked for."""

    id: int
    merchant_id: int
    warehouse_id: int
    lane: int | None
    size: int
    claimed_by: int | None
    claimed_at: datetime


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the queue, counted from 1, and how many are ahead because they must leave soon, and by lane."""

    place: int
    work: Work
    is_aged: bool
    ahead_aged: int
    ahead_by_lane: dict[int, int]


class Content(msgspec.Struct, frozen=True):
    """What one work gives of an order line: units of the line, and the pieces in each, pairs of SKU and units."""

    line_no: int
    sku: str
    quantity: int
    pieces: tuple[tuple[str, int], ...]


class PackedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces that were put into a box: of an order line, or of whatever product the scanner read."""

    line_no: int | None
    quantity: int
    sku: str | None = None
    # The number below the bars of the product itself, in place of its SKU.
    gtin: str | None = None


class Pack(msgspec.Struct, frozen=True):
    """What was put into the box of one work, what it weighs, and the numbers of its numbered pieces."""

    work_id: int
    lines: tuple[PackedLine, ...]
    grams: int | None = None
    is_weight_confirmed: bool = False
    serials: tuple[packing.Serial, ...] = ()
    # Why not every piece was scanned; a code. Somebody who may says that all of it lies in the box.
    unscanned: str | None = None


class ShortLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces that a picker did not find, or found unfit: of a line, or with `sku` of what lies in its bundle."""

    line_no: int
    missing: int = 0
    damaged: int = 0
    sku: str | None = None


class ShipLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an order line that goes into a parcel."""

    line_no: int
    quantity: int


class ParcelElsewhere(msgspec.Struct, frozen=True):
    """A parcel that a sales channel sent itself: pairs of line number and units."""

    carrier: str
    tracking_number: str
    lines: tuple[tuple[int, int], ...]


class Ship(msgspec.Struct, frozen=True):
    """A parcel, or the share of one work in it; without `lines` it holds all that was packed.

    Several of one work are several parcels; several works with one number share a parcel. The reasons are codes: why a
    number is used that does not look like the carrier's, and why this carrier instead of the one that was suggested.
    """

    work_id: int
    carrier: str
    tracking_number: str
    lines: tuple[ShipLine, ...] = ()
    number_reason: str | None = None
    carrier_reason: str | None = None


class Upload(msgspec.Struct, frozen=True):
    """A tracking number for an order; without `lines` the parcel holds all that the work gives.

    `carrier_reason` is a code: why this carrier, where another one is suggested.
    """

    order_id: int
    carrier: str
    tracking_number: str
    lines: tuple[ShipLine, ...] = ()
    warehouse_id: int | None = None
    carrier_reason: str | None = None


class ParcelLine(msgspec.Struct, frozen=True):
    """Units of an order line that lie in a parcel."""

    parcel_id: int
    order_id: int
    line_no: int
    quantity: int


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on its way; `last_scan_at` is when the carrier last saw it, `noticed` what is wrong with its silence."""

    id: int
    merchant_id: int
    warehouse_id: int
    carrier: str
    tracking_number: str
    state: ParcelState
    version: int
    dispatched_at: datetime
    delivered_at: datetime | None
    last_scan_at: datetime | None
    lines: tuple[ParcelLine, ...] = ()
    noticed: tuple[str, ...] = ()


class Road(msgspec.Struct, frozen=True):
    """The way of a parcel that has arrived: the pauses between its scans."""

    order_id: int
    warehouse_id: int
    pauses: list[timedelta]


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """By which right a parcel was given to its carrier: a licence that held then, our own delivery, somebody else's deed,

    or before it was asked; and why a rule was set aside.
    """

    parcel_id: int
    merchant_id: int
    ground: Literal["licensed", "own", "elsewhere", "before"]
    carrier_id: int | None = None
    licence: str | None = None
    licensed_from: datetime | None = None
    licensed_until: datetime | None = None
    number_reason: str | None = None
    carrier_reason: str | None = None
    # The carrier that was suggested, where it is another one.
    suggested: str | None = None


class Scan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event as a carrier tells it; `event_id` is the carrier's own name for it, `at` when it happened."""

    carrier: str
    tracking_number: str
    event_id: str
    code: str
    at: datetime
    place: str = ""


class Sighting(msgspec.Struct, frozen=True):
    """A stored scan, as a parcel's story shows it."""

    parcel_id: int
    event_id: str
    code: str
    place: str
    at: datetime
    received_at: datetime


class TakenIn(msgspec.Struct, frozen=True):
    """What became of a set of scans: how many were new, how many known before, and which could not be stored."""

    stored: int
    repeated: int
    refused: tuple[Refusal, ...] = ()
    # The places in the set of those that were new.
    new: frozenset[int] = frozenset()
