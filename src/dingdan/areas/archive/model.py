"""The archive as data: what is handed to it, and what it keeps."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

# The parts of a bundle by name: rows of facts.
Facts = dict[str, list[dict[str, Any]]]
# The same for what is said about people, by the row that said it.
People = dict[str, dict[str, Any]]


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one order, as it was found. `missing` names the parts that should be there and are not."""

    order_id: int
    facts: Facts
    people: People
    missing: tuple[str, ...]


class BundleKind(StrEnum):
    """The archive of an order itself, or what was added to it later."""

    BUNDLE = "bundle"
    SUPPLEMENT = "supplement"


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle: `facts` is packed canonical JSON, `people` is sealed under the order's own key.

    `envelope` is canonical JSON that names the hashes of both and of the merchant's bundle before; `hash` is its own.
    """

    id: int
    order_id: int
    merchant_id: int
    kind: BundleKind
    number: int
    envelope: str
    hash: bytes
    facts: bytes
    people: bytes | None
    at: datetime


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An order in the archive. `sealed_key` opens its people; it is gone once the time to keep them is over."""

    order_id: int
    merchant_id: int
    buyer_id: int
    sealed_key: bytes | None
    kept_at: datetime
    erase_after: datetime
    put_away_at: datetime | None
    erased_at: datetime | None

    @property
    def id(self) -> int:
        """What lists are ordered by."""
        return self.order_id


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold: nothing about the order's people is erased while one is open."""

    id: int
    order_id: int
    merchant_id: int
    reason: str
    set_at: datetime
    set_by: int | None
    lifted_at: datetime | None
    lifted_by: int | None
    lift_reason: str | None


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An order that could not be archived whole yet, and what was missing at the last attempt."""

    order_id: int
    merchant_id: int
    missing: tuple[str, ...]
    attempts: int
    first_at: datetime
    last_at: datetime

    @property
    def id(self) -> int:
        """What lists are ordered by."""
        return self.order_id


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An archived order as it reads: each part as it was last added to. `people` is None once they cannot be read."""

    kept: Kept
    bundles: tuple[Bundle, ...]
    facts: Facts
    people: People | None
    holds: tuple[Hold, ...]
    faults: tuple[str, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at some bundles of one merchant found: how many, up to which, and what is wrong with them."""

    checked: int
    last_number: int
    last_hash: bytes
    faults: tuple[str, ...]


# When things happen to an order that is over.
KEEP_AFTER = timedelta(hours=1)
# What was never paid or was cancelled waits until its refunds are done.
KEEP_ENDED_AFTER = timedelta(days=30)
# How soon after an after-sale event its supplement is written, and after which pause a failed attempt is repeated.
SUPPLEMENT_AFTER = timedelta(hours=1)
RETRY_AFTER = timedelta(hours=1)
# When what is heavy or about people leaves the live tables, and when a straggler is looked at again.
PUT_AWAY_AFTER = timedelta(days=90)
STRAGGLER_AFTER = timedelta(days=30)
# What was over so long before it came here is history that somebody brought in.
LONG_AGO = timedelta(days=60)
# The least that the law asks for (ECL art. 31: three years from completion); a policy may ask for more.
LEAST_YEARS = 3
