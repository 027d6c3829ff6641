"""Nouns of the way: carriers' lines to us, what a lane's silence normally is, and parcels called back."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """A parcel that a carrier is asked about, or asked to bring back.

    What stands behind `dispatched_at` is for the sandbox carrier, which keeps no books: when we had the parcel brought
    back, and what was ordered to happen to it.
    """

    tracking_number: str
    dispatched_at: datetime
    brought_back_at: datetime | None = None
    script: str | None = None
    seed: int = 0


class Answer(msgspec.Struct, frozen=True):
    """What a carrier says to being asked to bring a parcel back; `why` is a code where it does not."""

    tracking_number: str
    is_coming: bool
    why: str = ""


class Limit(msgspec.Struct, frozen=True):
    """How a carrier wants to be asked: so many parcels in a call, and so much time between two calls."""

    per_call: int
    between: timedelta


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """The line to a carrier: since when it fails, how often in a row, and before when nobody asks again."""

    carrier: str
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    free_at: datetime | None = None
    answered_at: datetime | None = None


class Rule(StrEnum):
    """Where a normal silence comes from."""

    LEARNED = "learned"
    FLOOR = "floor"
    CEILING = "ceiling"
    TOO_FEW = "too_few"


class Normal(msgspec.Struct, frozen=True):
    """How long parcels are usually silent, with what it was computed from."""

    normal: timedelta
    rule: Rule
    samples: int
    p95: timedelta | None


class Lane(msgspec.Struct, frozen=True, order=True):
    """A carrier and its way: from a warehouse to a part of a country. Without a way it is all of the carrier's."""

    carrier: str
    way: str = ""


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel as the sweep sees it. `deaf_until` is set while its carrier does not answer us."""

    is_moving: bool
    dispatched_at: datetime
    last_scan_at: datetime | None
    is_waiting_for_buyer: bool
    noticed: frozenset[str]
    normal: timedelta
    deaf_until: datetime | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What is wrong with a parcel's silence now (None: nothing new), and when to look again (None: never)."""

    reason: str | None
    next_at: datetime | None


class Interception(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel called back: asked once, answered once."""

    id: int
    parcel_id: int
    merchant_id: int
    order_id: int
    reason: str
    asked_at: datetime
    asked_by: int | None
    answer: str | None
    why: str | None
    answered_at: datetime | None


class Plan(msgspec.Struct, frozen=True):
    """What was ordered to happen to a parcel of the sandbox carrier."""

    script: str
    seed: int


class Estimate(msgspec.Struct, frozen=True):
    """When a parcel arrives, at the latest (None: nobody knows), and by what that is said."""

    at: datetime | None
    basis: str
    is_late: bool
