"""What carriers speaks of: who carries, from where to where, how fast, and what was promised because of it."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from dingdan.areas.carriers.lifecycle import Contract
from dingdan.areas.carriers.rules.grading import Figure, Grade

# Days on which goods are handed over and move: all of them, or those that are no rest days where the goods leave.
Days = Literal["every_day", "working_days"]


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom staff call at a carrier; never shown to buyers."""

    name: str = ""
    phone: str = ""
    email: str = ""


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """A licence to carry for others: whole days of a zone, the last one included."""

    number: str
    issuer: str
    valid_from: date
    valid_until: date
    zone: str = "Asia/Shanghai"


class Carrier(msgspec.Struct, frozen=True):
    """Somebody who moves parcels; without a merchant it is the platform's and open to all."""

    id: int
    merchant_id: int | None
    code: str
    name: dict[str, str]
    services: tuple[str, ...]
    regions: tuple[str, ...]
    active: bool
    state: Contract = Contract.ACTIVE
    version: int = 1
    contact: Contact | None = None
    # Whether an evaluation may suspend it without anybody confirming.
    auto_suspend: bool = False


class SaveCarrier(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier as it shall be; `regions` such as CN or CN-33 are all that it serves, none means everywhere."""

    merchant_id: int | None
    code: str
    name: dict[str, str]
    services: tuple[str, ...] = ("standard",)
    regions: tuple[str, ...] = ()
    active: bool = True
    contact: Contact | None = None
    auto_suspend: bool = False
    # Added, or changed where the number is known; what is not named stays.
    licences: tuple[Licence, ...] = ()
    # Only where there is none of this code yet, or only where it still stands as it was read.
    is_first: bool = False
    instead_of: Carrier | None = None


class Assigned(msgspec.Struct, frozen=True, kw_only=True):
    """That a carrier may be given parcels now, and by which right: a licence with its span, or as our own delivery."""

    carrier_id: int | None
    ground: Literal["licensed", "own"]
    licence: str | None = None
    licensed_from: datetime | None = None
    licensed_until: datetime | None = None


class SaveLane(msgspec.Struct, frozen=True, kw_only=True):
    """A lane as it shall be. Without a warehouse it leaves from any; `region` is the beginning of a region's code.

    `cut_off` is in minutes of the warehouse's day; orders before it are handed over on the same day. `cost` is what the
    carrier charges for a parcel, in minor units of the merchant's currency; buyers pay the surcharge.
    """

    merchant_id: int | None
    code: str
    carrier_id: int
    service: str = "standard"
    warehouse_id: int | None = None
    country: str
    region: str = ""
    deliverable: bool = True
    cut_off: int = 16 * 60
    handling_days: int = 0
    days_min: int = 1
    days_max: int = 3
    days: Days = "every_day"
    surcharge: int = 0
    currency: str | None = None
    priority: int = 100
    active: bool = True
    cost: int | None = None
    max_grams: int | None = None


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """A way that goods can take, or with `deliverable` false one that they cannot."""

    id: int
    merchant_id: int | None
    code: str
    carrier_id: int
    carrier: str
    service: str
    warehouse_id: int | None
    country: str
    region: str
    deliverable: bool
    cut_off: int
    handling_days: int
    days_min: int
    days_max: int
    days: Days
    surcharge: int
    currency: str | None
    priority: int
    active: bool
    cost: int | None = None
    max_grams: int | None = None


class Saved(msgspec.Struct, frozen=True):
    """What became of something that was to be saved."""

    id: int
    code: str
    is_new: bool
    is_changed: bool


class LaneKey(msgspec.Struct, frozen=True, order=True):
    """Whose goods go where: the country and code of `addresses.region_of`."""

    merchant_id: int
    country: str
    region: str


class Lanes(msgspec.Struct, frozen=True):
    """The lanes that touch a destination. `are_kept` says whether the merchant has any lane that delivers anywhere."""

    key: LaneKey
    lanes: tuple[Lane, ...] = ()
    are_kept: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What a promise is asked for. `zone` and `country` are the warehouse's; `not_before` is a presale's day of dispatch.

    `ship_within_hours` and `transit_days` are the merchant's promise where no lanes are kept.
    """

    warehouse_id: int
    zone: str
    country: str
    service: str | None = None
    not_before: date | None = None
    ship_within_hours: int = 48
    transit_days: tuple[int, int] = (1, 7)


class Promise(msgspec.Struct, frozen=True):
    """When goods leave and when they arrive, at the latest; `basis` is all that it was computed from, in plain data."""

    ship_by: datetime
    arrive_from: datetime
    arrive_by: datetime
    carrier: str | None
    service: str | None
    surcharge: int
    currency: str | None
    basis: dict[str, Any]


class Alternative(msgspec.Struct, frozen=True):
    """Another way to the same door, that exists: another service, or the same goods from another warehouse."""

    kind: Literal["service", "warehouse"]
    service: str
    carrier: str
    warehouse_id: int | None


class NotDeliverable(msgspec.Struct, frozen=True):
    """Nothing goes there: no lane touches it, one says no, or the service that was asked for does not."""

    why: Literal["no_lane", "excluded", "service"]
    country: str
    region: str
    alternatives: tuple[Alternative, ...] = ()


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """What an evaluation found of a carrier between two places, or with both empty of the carrier as a whole."""

    id: int
    carrier_id: int
    origin: str
    destination: str
    since: datetime
    until: datetime
    grade: Grade
    samples: int
    figures: tuple[Figure, ...]
    inputs: dict[str, Any]
    made_at: datetime


class SetGrade(msgspec.Struct, frozen=True, kw_only=True):
    """A grade that somebody sets by hand until a moment; for a lane, or with both ends empty for the whole carrier."""

    carrier_id: int
    origin: str = ""
    destination: str = ""
    grade: Grade
    reason: str
    ends_at: datetime


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """That we complained to a carrier, under our own name for it, and when it answered."""

    merchant_id: int
    carrier: str
    complaint: str
    filed_at: datetime
    answered_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True):
    """By which grade a carrier counts on a lane, whether a person set it, and the share of parcels it gets, in percent."""

    grade: Grade | None = None
    is_by_hand: bool = False
    share: int = 100


class CarrierNote(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote about a carrier, for the house whose carrier it is."""

    id: int
    carrier_id: int
    merchant_id: int | None
    text: str
    said_by_kind: str
    said_by: int | None
    at: datetime
