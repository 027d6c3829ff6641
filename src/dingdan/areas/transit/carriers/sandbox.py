"""A carrier that lives in memory: what happens to a parcel follows from its number, its orders and the time it left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import httpx
import msgspec

from dingdan.areas.fulfilment import Scan
from dingdan.areas.transit.carriers.plan import CODE, FATE, Dice, brought_back, comes_back, plan, script_of
from dingdan.areas.transit.model import Answer, Asked
from dingdan.areas.transit.refusals import PushUnreadable
from dingdan.kernel import times
from dingdan.plumbing.secrets import Sealer

__all__ = ["CODE", "PURPOSE", "SIGNATURE", "Sandbox", "make_push", "next_told", "story"]

SIGNATURE = "dingdan-signature"
PURPOSE = "carrier push"


class Push(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a push."""

    events: list[Scan]


class Sandbox:
    """The adapter. It keeps nothing, so it may be asked anything any number of times."""

    async def track(self, asked: Sequence[Asked], *, now: datetime) -> list[Scan]:
        """All events of these parcels up to now; script X is never answered, and alone it times out."""
        return [event for parcel in _answered(asked) for event in story(parcel, now=now)]

    async def bring_back(self, asked: Sequence[Asked], *, now: datetime) -> list[Answer]:
        """Brings back what is still under way, except script V."""
        reasons = {parcel.tracking_number: comes_back(parcel.seed, parcel, now=now) for parcel in _answered(asked)}
        return [Answer(number, is_coming=not why, why=why) for number, why in reasons.items()]

    def is_signed(self, sealer: Sealer, headers: Mapping[str, str], raw_body: bytes) -> bool:
        """Whether the HMAC-SHA256 over the raw body is ours."""
        return sealer.verify(PURPOSE, raw_body, headers.get(SIGNATURE, ""))

    def read_push(self, raw_body: bytes) -> list[Scan]:
        """The events in a push. Raises PushUnreadable."""
        try:
            return msgspec.json.decode(raw_body, type=Push).events
        except (msgspec.DecodeError, RecursionError) as error:
            raise PushUnreadable("events", why=str(error)) from error


def _answered(asked: Sequence[Asked]) -> list[Asked]:
    answered = [parcel for parcel in asked if script_of(parcel) != "X"]
    if asked and not answered:
        raise httpx.ReadTimeout("the sandbox carrier does not answer for script X")
    return answered


def story(parcel: Asked, *, now: datetime) -> list[Scan]:
    """What happened to a parcel up to now, as this carrier tells it: with fate in any order and some of it twice."""
    told = [one for one in brought_back(plan(parcel.seed, parcel), parcel) if one.at <= now]
    script = script_of(parcel)
    if script == "O":
        return [one.scan for one in reversed(told) for _ in range(2)]
    if script == FATE:
        dice = Dice(parcel.tracking_number)
        told.sort(key=lambda one: dice.up_to(1000, len(told), one.scan.event_id))
    return [one.scan for one in told for _ in range(one.times)]


def next_told(parcel: Asked, *, after: datetime) -> datetime | None:
    """When this carrier next has something to tell about a parcel."""
    moments = (one.at for one in brought_back(plan(parcel.seed, parcel), parcel))
    return min((at for at in moments if at > after), default=None)


def make_push(sealer: Sealer, events: Sequence[Scan]) -> tuple[dict[str, str], bytes]:
    """Headers and raw body of a signed push, as this carrier would send it."""
    body = msgspec.json.encode({"events": [{**msgspec.structs.asdict(e), "at": times.iso(e.at)} for e in events]})
    return {SIGNATURE: sealer.sign(PURPOSE, body)}, body
