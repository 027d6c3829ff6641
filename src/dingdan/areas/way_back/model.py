"""Nouns of the way back: where goods are sent, with whom, what parcels tell of themselves, and parcels nobody announced."""

from datetime import datetime
from typing import Literal

import msgspec

from dingdan.areas.way_back.lifecycle import StrayState
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Text

Trouble = Literal["lost", "damaged"]
CLOSED_BECAUSE = ("sent_on", "not_ours", "empty", "refused")


class PlaceVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Where goods of a return are sent. The first one holds at once, another only once the buyer agrees (R3.1)."""

    return_id: int
    version: int
    merchant_id: int
    order_id: int
    address: Address
    at: datetime
    noted_by_kind: str
    noted_by: int | None
    answered_at: datetime | None
    is_agreed: bool | None


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One way to send goods back. `cost` is an estimate; `buyer_bears` is what of it stays with the buyer.

    `has_label`: we can have a label made; then the carrier is ours and so is the risk of the way.
    """

    carrier: str
    service: str
    days_min: int
    days_max: int
    cost: int | None
    buyer_bears: int | None
    has_label: bool
    picks_up: bool
    is_recommended: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a buyer must know to send goods back. Nothing of it is forced: any carrier will do."""

    return_id: int
    address: Address
    proposed: PlaceVersion | None
    packing: tuple[tuple[str, Text], ...]
    options: tuple[Option, ...]
    currency: str
    insured_per_thousand: int
    most_declared: int
    insurance_pays_own: int
    insurance_pays_pick_up: int
    insurance_premium: int | None


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A label that is wanted for returns in one parcel; with `pick_up_at` the carrier comes for it."""

    return_ids: tuple[int, ...]
    carrier: str
    service: str = "standard"
    pick_up_at: datetime | None = None
    declared_value: int | None = None


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A label that was made: we pay the carrier, and the freight then follows the fault."""

    id: int
    merchant_id: int
    warehouse_id: int
    return_ids: list[int]
    carrier: str
    service: str
    tracking_number: str
    cost: int
    insurance_cost: int
    currency: str
    pick_up_at: datetime | None
    declared_value: int | None
    at: datetime
    noted_by_kind: str
    noted_by: int | None


class Claimable(msgspec.Struct, frozen=True):
    """A parcel with our label that a carrier may have to pay for: what the goods in it cost, or what was declared."""

    carrier: str
    sent_at: datetime
    value: int
    insured: int | None


class TakenScans(msgspec.Struct, frozen=True):
    """What became of a set of scans: new, known before, and the places in the set of those about no parcel of ours."""

    stored: int
    repeated: int
    unknown: tuple[int, ...]


class TakenTold(msgspec.Struct, frozen=True):
    """What became of a carrier's push, and which tracking numbers in it are of parcels on their way back."""

    stored: int
    repeated: int
    numbers: frozenset[str]


class ReturnScan(msgspec.Struct, frozen=True, kw_only=True):
    """What a carrier told of a parcel on its way back."""

    return_parcel_id: int
    event_id: str
    code: str
    at: datetime
    place: str


class NewStray(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel at the door that nobody announced. `phone` helps to find its sender and is not kept."""

    merchant_id: int
    warehouse_id: int
    carrier: str | None = None
    tracking_number: str | None = None
    order_ref: str | None = None
    phone: str | None = None
    grams: int | None = None
    is_empty: bool = False
    note: str = ""


class Stray(msgspec.Struct, frozen=True, kw_only=True):
    """Such a parcel as it is kept; goods in it are in nobody's books before it is matched."""

    id: int
    merchant_id: int
    warehouse_id: int
    state: StrayState
    version: int
    carrier: str | None
    tracking_number: str | None
    grams: int | None
    is_empty: bool
    note: str
    at: datetime
    noted_by_kind: str
    noted_by: int | None
    match_by: datetime
    order_id: int | None
    return_id: int | None
    found_by: str | None
    closed_because: str | None
    ended_at: datetime | None


class NewStrayPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of such a parcel; the file lies under its SHA-256."""

    sha256: str
    size: int
    width: int
    height: int


class StrayPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of such a parcel as it is kept."""

    id: int
    merchant_id: int
    stray_id: int
    sha256: str
    size: int
    width: int
    height: int
    taken_by_kind: str
    taken_by: int | None
    at: datetime


class Candidate(msgspec.Struct, frozen=True):
    """An order or a return that a parcel may belong to, and by what it was found."""

    found_by: Literal["waybill", "order", "phone"]
    order_id: int
    return_id: int | None
