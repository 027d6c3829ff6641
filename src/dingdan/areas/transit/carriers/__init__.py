"""What a connected carrier can do for us, and which ones are connected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dingdan.areas.fulfilment import Scan
from dingdan.areas.transit.carriers import sandbox
from dingdan.areas.transit.model import Answer, Asked
from dingdan.plumbing.secrets import Sealer


class Connection(Protocol):
    """A carrier's adapter. It speaks our codes (`fulfilment.CODES`), whatever the carrier's own are.

    How often and about how many parcels at once the carrier may be asked stands in `rules/asking.py`.
    """

    async def track(self, asked: Sequence[Asked], *, now: datetime) -> list[Scan]:
        """All events of these parcels up to now. Raises what httpx raises when there is no answer."""

    async def bring_back(self, asked: Sequence[Asked], *, now: datetime) -> list[Answer]:
        """Whether the carrier brings each of these parcels back. Asked again it says the same."""

    def is_signed(self, sealer: Sealer, headers: Mapping[str, str], raw_body: bytes) -> bool:
        """Whether the signature in the headers (lower-case names) fits the raw body."""

    def read_push(self, raw_body: bytes) -> list[Scan]:
        """The events in a push. Raises PushUnreadable."""


CONNECTED: dict[str, Connection] = {"sandbox": sandbox.Sandbox()}
