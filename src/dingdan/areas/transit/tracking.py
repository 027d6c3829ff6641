"""What carriers say at the door: signed pushes, and files."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import fulfilment
from dingdan.areas.fulfilment import Scan, TakenIn
from dingdan.areas.transit.carriers import CONNECTED
from dingdan.areas.transit.refusals import CarrierNotConnected, PushNotSigned
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.times import iso
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.telemetry import log

BATCH = 500


async def take_in_push(db: Database, carrier: str, headers: Mapping[str, str], raw_body: bytes) -> TakenIn:
    """Take in a carrier's message whose signature over the raw body is right; the same message twice changes nothing.

    Raises CarrierNotConnected, PushNotSigned or PushUnreadable. Events that cannot be stored do not stop the others,
    and nobody speaks for another carrier.
    """
    said = read_push(db, carrier, headers, raw_body)
    own = [one for one in said if one.carrier == carrier]
    strange = [fulfilment.NumberUnknown("events", carrier=one.carrier[:60], number=one.tracking_number[:60])
               for one in said if one.carrier != carrier]  # fmt: skip
    return await take_in(db, carrier, own, refused=tuple(strange))


def read_push(db: Database, carrier: str, headers: Mapping[str, str], raw_body: bytes) -> list[Scan]:
    """The events in a carrier's message whose signature is right.

    Raises CarrierNotConnected, PushNotSigned or PushUnreadable.
    """
    adapter = CONNECTED.get(carrier)
    if adapter is None:
        raise CarrierNotConnected(carrier=carrier[:60])
    if not adapter.is_signed(db.sealer, {name.lower(): value for name, value in headers.items()}, raw_body):
        raise PushNotSigned("header")
    return adapter.read_push(raw_body)


async def take_in(
    db: Database, carrier: str, scans: Sequence[Scan], *, refused: tuple[fulfilment.NumberUnknown, ...] = ()
) -> TakenIn:
    """Take in what a carrier told, a set at a time, as that carrier."""
    actor = Actor(ActorKind.CARRIER, name=carrier)
    total = TakenIn(0, 0, refused)
    for start in range(0, len(scans), BATCH):
        got = await do(db, actor, fulfilment.scan, scans[start : start + BATCH])
        wrong = tuple(refusal.at("events") for refusal in got.refused)
        total = TakenIn(total.stored + got.stored, total.repeated + got.repeated, total.refused + wrong)
    if total.refused:
        log.warning("scans refused", carrier=carrier, codes=sorted({refusal.code for refusal in total.refused}))
    return total


def named(scan: Scan) -> Scan:
    """The scan with a name: without one of the carrier's its content is its name, so that it counts once."""
    if scan.event_id:
        return scan
    told = "\n".join((scan.tracking_number, scan.code, iso(scan.at), scan.place))
    return msgspec.structs.replace(scan, event_id=f"told-{hashlib.sha256(told.encode()).hexdigest()[:32]}")
