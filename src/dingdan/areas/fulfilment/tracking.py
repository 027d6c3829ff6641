"""What carriers say about parcels: in any order, several times over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from dingdan.areas import carriers, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import (
    ParcelDamaged,
    ParcelDelivered,
    ParcelHeardAgain,
    ParcelLost,
    ParcelMoved,
    ParcelOutForDelivery,
    ParcelReturning,
    ParcelTurnedAway,
)
from dingdan.areas.fulfilment.lifecycle import PARCEL, ParcelState
from dingdan.areas.fulfilment.model import Parcel, Scan, TakenIn
from dingdan.areas.fulfilment.refusals import NumberUnknown, ScanUnfit
from dingdan.areas.fulfilment.rules.scans import VERBS, Standing, meaning, standing
from dingdan.kernel.event import Event, Moved
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.lifecycles import move
from dingdan.plumbing.tx import Tx

# A carrier's clock may be a little ahead of ours, not a day.
CLOCK_TOLERANCE = timedelta(hours=24)
# Nor is anything seen so long before it left.
TOO_OLD = timedelta(days=400)

# A scan takes back that nothing was heard. That a promise has passed stays true until the parcel is there.
HEARD = ("unscanned", "silent", "disappeared")
ARRIVED = (*HEARD, "overdue")

EVENTS: dict[ParcelState, type[Event]] = {
    ParcelState.MOVING: ParcelMoved,
    ParcelState.OUT_FOR_DELIVERY: ParcelOutForDelivery,
    ParcelState.DELIVERED: ParcelDelivered,
    ParcelState.TURNED_AWAY: ParcelTurnedAway,
    ParcelState.RETURNING: ParcelReturning,
    ParcelState.LOST: ParcelLost,
    ParcelState.DAMAGED: ParcelDamaged,
}


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
    fit: list[tuple[int, Parcel, Scan]] = []
    refused: list[Refusal] = []
    for place, s in enumerate(scans):
        parcel = parcels.get(ids.get((s.carrier, carriers.tidy_number(s.tracking_number)), 0))
        wrong = _why_unfit(tx, s, parcel)
        if parcel is None or wrong is not None:
            refused.append((wrong or NumberUnknown("tracking_number")).at(f"[{place}]"))
        else:
            fit.append((place, parcel, s))
    stored = await store.add_scans(tx, [(parcel, s) for _, parcel, s in fit]) if fit else set()
    if stored:
        await _settle(tx, {parcel.id: parcel for _, parcel, s in fit if (parcel.id, s.event_id) in stored}, order_ids)
    first = {(parcel.id, s.event_id): place for place, parcel, s in reversed(fit)}
    return TakenIn(len(stored), len(fit) - len(stored), tuple(refused), frozenset(first[key] for key in stored))


async def notice(tx: Tx, reasons: Mapping[int, str]) -> set[int]:
    """Write down what is wrong with parcels: {parcel: reason}. Gives those of which it was not known."""
    return await store.add_noticed(tx, dict(reasons)) if reasons else set()


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
    heard = _heard_again(parcels, standings)
    if heard:
        await store.settle_noticed(tx, heard, HEARD)
    kept = [i for i in arrived if parcels[i].noticed]
    if kept:
        await store.settle_noticed(tx, kept, ARRIVED)
    held = {p.id: p.lines[0].order_id for p in await store.parcels(tx, {*moved, *heard}) if p.lines}
    tx.announce(*(
        ParcelHeardAgain(subject_id=i, merchant_id=parcels[i].merchant_id, order_id=held.get(i), reasons=reasons)
        for i, reasons in sorted(heard.items())
    ))  # fmt: skip
    tx.announce(*(_event(parcels[i], held.get(i), standings[i], step) for i, step in sorted(moved.items())))
    if arrived:
        await orders.note_delivered(tx, await store.fully_delivered(tx, order_ids))


def _heard_again(parcels: Mapping[int, Parcel], standings: Mapping[int, Standing]) -> dict[int, list[str]]:
    """Parcels that were seen later than ever before, and what had been noticed of them meanwhile."""
    return {
        i: reasons
        for i, parcel in parcels.items()
        if parcel.noticed and (last := standings[i].last_scan_at) is not None
        and (parcel.last_scan_at is None or last > parcel.last_scan_at)
        and (reasons := [reason for reason in parcel.noticed if reason in HEARD])
    }  # fmt: skip


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
    if s.at < parcel.dispatched_at - TOO_OLD:
        return ScanUnfit("at", why="it lies long before the parcel left", why_zh="时间远早于发货时间")
    return None
