"""What others may ask about work, parcels and scans."""

from collections.abc import Iterable

from dingdan.areas import orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.model import Parcel, Sighting, Work
from dingdan.plumbing.tx import Tx


async def works(tx: Tx, ids: Iterable[int]) -> dict[int, Work]:
    """Works of the actor's merchants."""
    return {work.id: work for work in await store.works(tx, ids) if tx.actor.reaches(work.merchant_id)}


async def lock_works(tx: Tx, ids: Iterable[int]) -> dict[int, Work]:
    """Works of the actor's merchants that stand still, because their orders are locked."""
    known = await works(tx, ids)
    await orders.lock(tx, {work.order_id for work in known.values()})
    return await works(tx, known)


async def works_of(tx: Tx, order_ids: Iterable[int]) -> list[Work]:
    """The works of orders."""
    return [work for work in await store.works_of(tx, order_ids) if tx.actor.reaches(work.merchant_id)]


async def waiting(tx: Tx, warehouse_id: int, *, limit: int = 200) -> list[Work]:
    """The queue of a warehouse, lane by lane, without handing anything out."""
    return [work for work in await store.waiting(tx, warehouse_id, limit) if tx.actor.reaches(work.merchant_id)]


async def parcels(tx: Tx, ids: Iterable[int]) -> dict[int, Parcel]:
    """Parcels of the actor's merchants with what is in them."""
    return {parcel.id: parcel for parcel in await store.parcels(tx, ids) if tx.actor.reaches(parcel.merchant_id)}


async def parcels_of(tx: Tx, order_ids: Iterable[int]) -> list[Parcel]:
    """Every parcel that holds something of these orders."""
    return [parcel for parcel in await store.parcels_of(tx, order_ids) if tx.actor.reaches(parcel.merchant_id)]


async def shipped_units(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many units of each line (order, line number) have left."""
    return await store.shipped_units(tx, order_ids)


async def sightings(tx: Tx, parcel_ids: Iterable[int], *, limit: int = 500) -> list[Sighting]:
    """What carriers said about parcels, latest first by the carriers' own time."""
    return await store.sightings(tx, parcel_ids, limit)
