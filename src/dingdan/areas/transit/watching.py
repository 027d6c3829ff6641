"""Parcels that leave are watched; those that have arrived are not any more."""

from collections.abc import Mapping, Sequence

from dingdan.areas import fulfilment
from dingdan.areas.transit.promises import (
    ARRIVAL,
    ASK_CARRIER,
    FIRST_SCAN,
    FIRST_SCAN_WITHIN,
    INTERCEPT_ANSWER,
    SANDBOX_PUSH,
    SILENCE,
)
from dingdan.areas.transit.reading import arrivals, normals
from dingdan.areas.transit.rules.asking import LIMITS, next_ask
from dingdan.areas.transit.rules.noticing import GONE_AFTER
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# Nobody scans what own drivers bring: only its promise is watched.
UNSCANNED_CARRIERS = frozenset({"manual"})


async def watch(tx: Tx, left: Mapping[int, bool]) -> None:
    """Set the clocks of parcels that have just left: {parcel: whether its channel sent it, and watches over it}.

    Those that have arrived meanwhile get none.
    """
    found = await fulfilment.parcels(tx, [i for i, is_elsewhere in left.items() if not is_elsewhere])
    leaving = [p for p in found.values() if p.state is not fulfilment.ParcelState.DELIVERED]
    if not leaving:
        return
    normal, promised = await normals(tx, leaving), await arrivals(tx, leaving)
    scanned = [p for p in leaving if p.carrier not in UNSCANNED_CARRIERS]
    await deadlines.schedule(tx, FIRST_SCAN, [
        deadlines.Due(p.id, p.merchant_id, p.dispatched_at + FIRST_SCAN_WITHIN) for p in scanned
        if p.last_scan_at is None
    ])  # fmt: skip
    await deadlines.schedule(tx, SILENCE, [
        deadlines.Due(p.id, p.merchant_id, p.dispatched_at + min(normal[p.id], GONE_AFTER)) for p in scanned
    ])  # fmt: skip
    await deadlines.schedule(tx, ARRIVAL, [
        deadlines.Due(p.id, p.merchant_id, promised[p.id]) for p in leaving if p.id in promised
    ])  # fmt: skip
    await deadlines.schedule(tx, ASK_CARRIER, [
        deadlines.Due(p.id, p.merchant_id, next_ask(
            dispatched_at=p.dispatched_at, last_scan_at=p.last_scan_at, normal=normal[p.id], now=tx.now))
        for p in leaving if p.carrier in LIMITS
    ])  # fmt: skip
    if tx.sandbox:
        await deadlines.schedule(tx, SANDBOX_PUSH, [
            deadlines.Due(p.id, p.merchant_id, tx.now) for p in leaving if p.carrier == "sandbox"
        ])  # fmt: skip


async def stop_watching(tx: Tx, parcel_ids: Sequence[int]) -> None:
    """The parcels have arrived: forget their clocks."""
    for kind in (FIRST_SCAN, SILENCE, ARRIVAL, ASK_CARRIER, INTERCEPT_ANSWER):
        await deadlines.call_off(tx, kind, parcel_ids)
