"""What carriers say about parcels: in any order, several times over, signed at the door."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from dingdan.areas import carriers, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.carriers import CONNECTED
from dingdan.areas.fulfilment.events import (
    ParcelDamaged,
    ParcelDelivered,
    ParcelLost,
    ParcelMoved,
    ParcelOutForDelivery,
    ParcelReturning,
    ParcelTurnedAway,
)
from dingdan.areas.fulfilment.lifecycle import PARCEL, ParcelState
from dingdan.areas.fulfilment.model import Parcel, Scan, TakenIn
from dingdan.areas.fulfilment.promises import ASK_CARRIER
from dingdan.areas.fulfilment.refusals import CarrierNotConnected, NumberUnknown, PushNotSigned, ScanUnfit
from dingdan.areas.fulfilment.rules.scans import VERBS, Standing, meaning, standing
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.event import Event, Moved
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.lifecycles import move
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

BATCH = 500
# A carrier's clock may be a little ahead of ours, not a day.
CLOCK_TOLERANCE = timedelta(hours=24)

EVENTS: dict[ParcelState, type[Event]] = {
    ParcelState.MOVING: ParcelMoved,
    ParcelState.OUT_FOR_DELIVERY: ParcelOutForDelivery,
    ParcelState.DELIVERED: ParcelDelivered,
    ParcelState.TURNED_AWAY: ParcelTurnedAway,
    ParcelState.RETURNING: ParcelReturning,
    ParcelState.LOST: ParcelLost,
    ParcelState.DAMAGED: ParcelDamaged,
}


async def take_in_push(db: Database, carrier: str, headers: Mapping[str, str], raw_body: bytes) -> TakenIn:
    """Take in a carrier's message whose signature over the raw body is right; the same message twice changes nothing.

    Raises CarrierNotConnected, PushNotSigned or PushUnreadable. Events that cannot be stored do not stop the others.
    """
    adapter = CONNECTED.get(carrier)
    if adapter is None:
        raise CarrierNotConnected(carrier=carrier[:60])
    if not adapter.is_signed(db.sealer, {name.lower(): value for name, value in headers.items()}, raw_body):
        raise PushNotSigned("header")
    scans = adapter.read_push(raw_body)
    actor = Actor(ActorKind.CARRIER, name=carrier)
    total = TakenIn(0, 0)
    for start in range(0, len(scans), BATCH):
        got = await do(db, actor, scan, scans[start : start + BATCH])
        refused = tuple(refusal.at("events") for refusal in got.refused)
        total = TakenIn(total.stored + got.stored, total.repeated + got.repeated, total.refused + refused)
    if total.refused:
        log.warning("scans refused", carrier=carrier, codes=sorted({refusal.code for refusal in total.refused}))
    return total


async def scan(tx: Tx, scans: Sequence[Scan]) -> TakenIn:
    """Take in carriers' events and move each parcel to where all its events together say it is.

    Order of arrival does not matter and a known event changes nothing. When the last parcel of an order has
    arrived, the order is delivered. What cannot be stored is named in the answer and stops nobody else.
    """
    numbers = {(s.carrier, carriers.tidy_number(s.tracking_number)) for s in scans if s.carrier.isprintable()}
    ids = await store.taken_numbers(tx, numbers)
    arriving = {
        ids[key]
        for s in scans
        if (key := (s.carrier, carriers.tidy_number(s.tracking_number))) in ids
        and meaning(s.code) is ParcelState.DELIVERED
    }
    order_ids = await store.orders_in(tx, arriving) if arriving else set()
    await orders.lock(tx, order_ids)
    parcels = {p.id: p for p in await store.lock_parcels(tx, set(ids.values())) if tx.actor.reaches(p.merchant_id)}
    fit: list[tuple[Parcel, Scan]] = []
    refused: list[Refusal] = []
    for place, s in enumerate(scans):
        parcel = parcels.get(ids.get((s.carrier, carriers.tidy_number(s.tracking_number)), 0))
        wrong = _why_unfit(tx, s, parcel)
        if parcel is None or wrong is not None:
            refused.append((wrong or NumberUnknown("tracking_number")).at(f"[{place}]"))
        else:
            fit.append((parcel, s))
    stored = await store.add_scans(tx, fit) if fit else 0
    if stored:
        await _settle(tx, {parcel.id: parcel for parcel, _ in fit}, order_ids)
    return TakenIn(stored, len(fit) - stored, tuple(refused))


async def _settle(tx: Tx, parcels: Mapping[int, Parcel], order_ids: set[int]) -> None:
    standings = {i: standing(scans) for i, scans in (await store.seen(tx, parcels)).items()}
    changing: dict[str, list[int]] = defaultdict(list)
    for parcel_id, now in standings.items():
        if now.state is not parcels[parcel_id].state:
            changing[VERBS[now.state]].append(parcel_id)
    moved: dict[int, Moved] = {}
    for verb, ids in changing.items():
        moved |= await move(tx, "parcels", PARCEL, verb, ids)
    await store.note_times(tx, standings)
    arrived = [i for i in moved if standings[i].state is ParcelState.DELIVERED]
    await deadlines.call_off(tx, ASK_CARRIER, arrived)
    held = {p.id: p.lines[0].order_id for p in await store.parcels(tx, moved) if p.lines}
    tx.announce(*(_event(parcels[i], held.get(i), standings[i], step) for i, step in sorted(moved.items())))
    if arrived:
        await orders.note_delivered(tx, await store.fully_delivered(tx, order_ids))


def _event(parcel: Parcel, order_id: int | None, now: Standing, step: Moved) -> Event:
    return EVENTS[now.state](subject_id=parcel.id, merchant_id=parcel.merchant_id, order_id=order_id, move=step)


def _why_unfit(tx: Tx, s: Scan, parcel: Parcel | None) -> Refusal | None:
    if parcel is None:
        return NumberUnknown("tracking_number", carrier=s.carrier[:60], number=s.tracking_number[:60])
    if not 1 <= len(s.event_id) <= 200:
        return ScanUnfit(
            "event_id", why="an event has an id of 1 to 200 characters", why_zh="事件编号须为 1 至 200 个字符"
        )
    if not 1 <= len(s.code) <= 60 or len(s.place) > 200:
        return ScanUnfit("code", why="code or place is missing or too long", why_zh="代码或地点缺失或过长")
    if "\0" in s.event_id + s.code + s.place:
        return ScanUnfit("event_id", why="it holds a null character", why_zh="含有空字符")
    if s.at > tx.now + CLOCK_TOLERANCE:
        return ScanUnfit("at", why="it lies in the future", why_zh="时间晚于当前时间")
    return None
