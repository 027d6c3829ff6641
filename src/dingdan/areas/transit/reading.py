"""What others may ask about the way of parcels, and what the commands here ask of other areas."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from dingdan.areas import fulfilment, orders
from dingdan.areas.transit import store
from dingdan.areas.transit.model import Asked, Feed, Interception, Lane, Watch
from dingdan.areas.transit.rules.silences import of_lane, way_of
from dingdan.plumbing.tx import Tx

# On its way to the buyer; what was turned away, lost or broken is known to be wrong already.
TO_THE_BUYER = frozenset({
    fulfilment.ParcelState.DISPATCHED, fulfilment.ParcelState.MOVING, fulfilment.ParcelState.OUT_FOR_DELIVERY,
})  # fmt: skip


async def interceptions(tx: Tx, parcel_ids: Iterable[int]) -> dict[int, Interception]:
    """The last time that each of these parcels was called back."""
    return {one.parcel_id: one for one in await store.interceptions(tx, parcel_ids)}


async def feeds(tx: Tx) -> dict[str, Feed]:
    """The lines to carriers; one that was never asked is not among them."""
    return await store.feeds(tx)


async def normals(tx: Tx, parcels: Iterable[fulfilment.Parcel]) -> dict[int, timedelta]:
    """How long each of these parcels may be silent on its lane."""
    wanted = list(parcels)
    first = {parcel.id: parcel.lines[0].order_id for parcel in wanted if parcel.lines}
    promises = await orders.promises(tx, set(first.values())) if first else {}
    known = await store.normals(tx, {parcel.carrier for parcel in wanted})
    return {
        parcel.id: of_lane(
            known, Lane(parcel.carrier, way_of(parcel.warehouse_id, promises.get(first.get(parcel.id, 0))))
        )
        for parcel in wanted
    }


async def arrivals(tx: Tx, parcels: Iterable[fulfilment.Parcel]) -> dict[int, datetime]:
    """By when each of these parcels was promised to arrive; parcels without a promise are not among them."""
    wanted = list(parcels)
    lines = await orders.lines(tx, {line.order_id for parcel in wanted for line in parcel.lines})
    promised = {(line.order_id, line.line_no): line.arrive_by for held in lines.values() for line in held}
    found: dict[int, datetime] = {}
    for parcel in wanted:
        moments = [promised.get((line.order_id, line.line_no)) for line in parcel.lines]
        known = [moment for moment in moments if moment is not None]
        if known:
            found[parcel.id] = max(known)
    return found


async def watches(tx: Tx, parcels: Mapping[int, fulfilment.Parcel]) -> dict[int, Watch]:
    """These parcels as the sweep sees them."""
    normal = await normals(tx, parcels.values())
    lines = await store.feeds(tx, {parcel.carrier for parcel in parcels.values()})
    last: dict[int, str] = {}
    for seen in await fulfilment.sightings(tx, parcels, limit=100 * len(parcels)):
        last.setdefault(seen.parcel_id, seen.code)
    return {
        i: Watch(
            is_moving=parcel.state in TO_THE_BUYER, dispatched_at=parcel.dispatched_at,
            last_scan_at=parcel.last_scan_at, is_waiting_for_buyer=last.get(i) == "awaiting_collection",
            noticed=frozenset(parcel.noticed), normal=normal[i],
            deaf_until=line.next_at if (line := lines.get(parcel.carrier)) is not None and line.failures else None,
        )
        for i, parcel in parcels.items()
    }  # fmt: skip


async def asked(tx: Tx, parcels: Iterable[fulfilment.Parcel]) -> list[Asked]:
    """Parcels as a carrier is asked about them."""
    wanted = list(parcels)
    plans = await store.plans(tx, [parcel.id for parcel in wanted])
    back = await interceptions(tx, [parcel.id for parcel in wanted])
    found = []
    for parcel in wanted:
        plan, called = plans.get(parcel.id), back.get(parcel.id)
        found.append(Asked(
            parcel.tracking_number, parcel.dispatched_at,
            called.answered_at if called is not None and called.answer == "succeeded" else None,
            plan.script if plan else None, plan.seed if plan else 0,
        ))  # fmt: skip
    return found
