"""What others may ask about work, parcels and scans."""

from collections.abc import Iterable

from dingdan.areas import catalog, inventory, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.model import Assignment, Content, Parcel, Sighting, Work
from dingdan.areas.fulfilment.rules.contents import contents_of
from dingdan.plumbing.tx import Tx


async def works(tx: Tx, ids: Iterable[int]) -> dict[int, Work]:
    """Works of the actor's merchants."""
    return {work.id: work for work in await store.works(tx, ids) if tx.actor.reaches(work.merchant_id)}


async def lock_works(tx: Tx, ids: Iterable[int]) -> dict[int, Work]:
    """Works of the actor's merchants that stand still, because their orders are locked."""
    known = await works(tx, ids)
    await orders.lock(tx, {work.order_id for work in known.values()})
    return await works(tx, known)


async def contents(tx: Tx, works: Iterable[Work]) -> dict[int, list[Content]]:
    """What each work gives of its order, line by line: units of the lines, and the pieces that are scanned."""
    wanted = list(works)
    order_ids = {work.order_id for work in wanted}
    lines = await orders.lines(tx, order_ids)
    parts = await inventory.parts_of(tx, order_ids)
    skus = {line.product_id: line.sku for own in lines.values() for line in own}
    inside = {part.product_id for own in parts.values() for part in own} - skus.keys()
    skus |= {i: offer.sku for i, offer in (await catalog.by_ids(tx, inside)).items()} if inside else {}
    return {
        work.id: contents_of(
            [part for part in parts.get(work.order_id, []) if part.warehouse_id == work.warehouse_id],
            {line.line_no: line.sku for line in lines[work.order_id]},
            skus,
        )
        for work in wanted
    }


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


async def assignments(tx: Tx, parcel_ids: Iterable[int]) -> dict[int, Assignment]:
    """By which right parcels were given to their carriers, and which rules were set aside."""
    return {one.parcel_id: one for one in await store.assignments(tx, parcel_ids)}


async def shipped_units(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many units of each line (order, line number) have left."""
    return await store.shipped_units(tx, order_ids)


async def sightings(tx: Tx, parcel_ids: Iterable[int], *, limit: int = 500) -> list[Sighting]:
    """What carriers said about parcels, latest first by the carriers' own time."""
    return await store.sightings(tx, parcel_ids, limit)
