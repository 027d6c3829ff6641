"""A carrier that lives in memory: the third letter of a number is the script that its parcel plays."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import httpx
import msgspec

from dingdan.areas.fulfilment.model import Scan
from dingdan.areas.fulfilment.refusals import PushUnreadable
from dingdan.kernel import times
from dingdan.plumbing.secrets import Sealer

CODE = "sandbox"
SIGNATURE = "dingdan-signature"
PURPOSE = "carrier push"

# Hours after dispatch, code and place of every event, by the letter of the script.
_NORMAL = ((2, "picked_up", "Hangzhou"), (14, "in_transit", "Jiaxing"), (26, "out_for_delivery", "Shanghai"),
           (30, "delivered", "Shanghai"))  # fmt: skip
SCRIPTS: dict[str, tuple[tuple[int, str, str], ...]] = {
    "N": _NORMAL,
    # The same, but each time it is asked the events come the other way round, each of them twice.
    "O": _NORMAL,
    "D": (*_NORMAL[:2], (60, "delayed", "Jiaxing"), (110, "out_for_delivery", "Shanghai"),
          (114, "delivered", "Shanghai")),
    "L": (*_NORMAL[:2], (96, "lost", "Jiaxing")),
    "B": (*_NORMAL[:2], (20, "damaged", "Jiaxing")),
    "R": (*_NORMAL[:3], (29, "turned_away", "Shanghai"), (40, "returning", "Shanghai"), (70, "returned", "Hangzhou")),
    "A": (*_NORMAL[:3], (28, "address_problem", "Shanghai"), (52, "out_for_delivery", "Shanghai"),
          (55, "delivered", "Shanghai")),
    # Left at a locker: received only when somebody takes it out.
    "K": (*_NORMAL[:3], (31, "awaiting_collection", "Shanghai"), (49, "delivered", "Shanghai")),
    # Goes missing for the carrier's computers: nobody hears of it again.
    "S": _NORMAL[:1],
    # The carrier does not answer when it is asked.
    "X": _NORMAL,
}  # fmt: skip


class Push(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a push."""

    events: list[Scan]


class Numbered(Protocol):
    """A parcel with its number and when it left."""

    @property
    def tracking_number(self) -> str:
        """The number on its label."""

    @property
    def dispatched_at(self) -> datetime:
        """When the carrier got it."""


class Sandbox:
    """The adapter. What happens to a parcel follows from its number and the time it left, so nothing is kept."""

    async def track(self, asked: Sequence[Numbered], *, now: datetime) -> list[Scan]:
        """All events of these parcels up to now; script X is never answered, and alone it times out."""
        answered = [parcel for parcel in asked if script_of(parcel.tracking_number) != "X"]
        if asked and not answered:
            raise httpx.ReadTimeout("the sandbox carrier does not answer for script X")
        return [event for parcel in answered for event in story(parcel, now=now)]

    def is_signed(self, sealer: Sealer, headers: Mapping[str, str], raw_body: bytes) -> bool:
        """Whether the HMAC-SHA256 over the raw body is ours."""
        return sealer.verify(PURPOSE, raw_body, headers.get(SIGNATURE, ""))

    def read_push(self, raw_body: bytes) -> list[Scan]:
        """The events in a push. Raises PushUnreadable."""
        try:
            return msgspec.json.decode(raw_body, type=Push).events
        except msgspec.DecodeError as error:
            raise PushUnreadable("events", why=str(error)) from error


def script_of(number: str) -> str:
    """The script that a number plays; numbers of no script play the normal one."""
    letter = number[2:3]
    return letter if re.fullmatch(r"SB[A-Z]\d{10}", number) and letter in SCRIPTS else "N"


def story(parcel: Numbered, *, now: datetime) -> list[Scan]:
    """What happens to a parcel up to now, as this carrier would tell it."""
    script = script_of(parcel.tracking_number)
    events = [
        Scan(CODE, parcel.tracking_number, f"{n}", code, at, place)
        for n, (hours, code, place) in enumerate(SCRIPTS[script], start=1)
        if (at := parcel.dispatched_at + timedelta(hours=hours)) <= now
    ]
    return [event for event in reversed(events) for _ in range(2)] if script == "O" else events


def make_push(sealer: Sealer, events: Sequence[Scan]) -> tuple[dict[str, str], bytes]:
    """Headers and raw body of a signed push, as this carrier would send it."""
    body = msgspec.json.encode({"events": [{**msgspec.structs.asdict(e), "at": times.iso(e.at)} for e in events]})
    return {SIGNATURE: sealer.sign(PURPOSE, body)}, body
