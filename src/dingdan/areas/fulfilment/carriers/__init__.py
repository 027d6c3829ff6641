"""What a connected carrier can do for us, and which ones are connected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from dingdan.areas.fulfilment.carriers import sandbox
from dingdan.areas.fulfilment.model import Scan
from dingdan.plumbing.secrets import Sealer


class Asked(msgspec.Struct, frozen=True):
    """A parcel to ask a carrier about."""

    tracking_number: str
    dispatched_at: datetime


class Connection(Protocol):
    """A carrier's adapter. It speaks our codes (`rules/scans.py`), whatever the carrier's own are."""

    async def track(self, asked: Sequence[Asked], *, now: datetime) -> list[Scan]:
        """All events of these parcels up to now. Raises what httpx raises when there is no answer."""

    def is_signed(self, sealer: Sealer, headers: Mapping[str, str], raw_body: bytes) -> bool:
        """Whether the signature in the headers (lower-case names) fits the raw body."""

    def read_push(self, raw_body: bytes) -> list[Scan]:
        """The events in a push. Raises PushUnreadable."""


CONNECTED: dict[str, Connection] = {"sandbox": sandbox.Sandbox()}
