"""What others may ask about work, parcels and scans."""

from collections.abc import Iterable
from datetime import datetime

from dingdan.areas import catalog, inventory, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.lifecycle import WorkState
from dingdan.areas.fulfilment.model import Assignment, Content, Parcel, Position, Road, Sighting, Wave, Work
from dingdan.areas.fulfilment.refusals import WaveUnknown, WorkUnknown
from dingdan.areas.fulfilment.rules.packing import contents_of
from dingdan.areas.fulfilment.rules.priority import AGED, AGEING, is_aged, positions
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
    """What each work still has to give of its order, line by line: units of the lines, and the pieces that are scanned."""
    return (await contents_and_goods(tx, works))[0]


async def contents_and_goods(
    tx: Tx, works: Iterable[Work]
) -> tuple[dict[int, list[Content]], dict[tuple[int, str], catalog.Offer]]:
    """The same with the products of the pieces, by (merchant, SKU)."""
    wanted = list(works)
    order_ids = {work.order_id for work in wanted}
    lines = await orders.lines(tx, order_ids)
    parts = await inventory.parts_of(tx, order_ids, is_held=True)
    goods = await catalog.by_ids(tx, {part.product_id for own in parts.values() for part in own})
    # A line keeps the SKU that it was sold under.
    skus = {i: offer.sku for i, offer in goods.items()}
    skus |= {line.product_id: line.sku for own in lines.values() for line in own}
    found = {
        work.id: contents_of(
            [part for part in parts.get(work.order_id, []) if part.warehouse_id == work.warehouse_id],
            {line.line_no: line.sku for line in lines[work.order_id]},
            skus,
        )
        for work in wanted
    }
    return found, {(offer.merchant_id, skus[i]): offer for i, offer in goods.items()}


async def works_of(tx: Tx, order_ids: Iterable[int]) -> list[Work]:
    """The works of orders."""
    return [work for work in await store.works_of(tx, order_ids) if tx.actor.reaches(work.merchant_id)]


async def waiting(tx: Tx, warehouse_id: int, *, limit: int = 200, behind: int | None = None) -> list[Position]:
    """Places in the queue of a warehouse as it would be handed out now, from its head or behind a work.

    A work that has left the queue meanwhile still marks the place that it had. Raises WorkUnknown.
    """
    after = None if behind is None else (await works(tx, [behind])).get(behind)
    if behind is not None and after is None:
        raise WorkUnknown("query.after")
    urgent_until = tx.now + AGEING
    found = await store.waiting(tx, warehouse_id, limit, urgent_until, after)
    ahead = await store.ahead(tx, after, urgent_until) if after else {}
    return positions([work for work in found if tx.actor.reaches(work.merchant_id)], ahead, now=tx.now)


async def place_of(tx: Tx, work_id: int) -> Position:
    """Where one work stands in its queue. Raises WorkUnknown where it waits in none."""
    work = (await works(tx, [work_id])).get(work_id)
    if work is None or work.state is not WorkState.QUEUED:
        raise WorkUnknown
    ahead = await store.ahead(tx, work, tx.now + AGEING)
    kind = AGED if is_aged(work.ship_by, tx.now) else work.lane
    return positions([work], ahead | {kind: ahead[kind] - 1}, now=tx.now)[0]


async def wave(tx: Tx, wave_id: int) -> tuple[Wave, list[Work]]:
    """A pass through a warehouse, and the works that are in it now. Raises WaveUnknown."""
    found = [one for one in await store.waves(tx, [wave_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise WaveUnknown
    return found[0], await store.works_in(tx, [wave_id])


async def parcels(tx: Tx, ids: Iterable[int]) -> dict[int, Parcel]:
    """Parcels of the actor's merchants with what is in them."""
    return {parcel.id: parcel for parcel in await store.parcels(tx, ids) if tx.actor.reaches(parcel.merchant_id)}


async def lock_parcels(tx: Tx, ids: Iterable[int]) -> dict[int, Parcel]:
    """Parcels that stand still until this transaction ends, with what is in them; their orders are not locked."""
    locked = [parcel.id for parcel in await store.lock_parcels(tx, ids)]
    return await parcels(tx, locked)


async def orders_of_parcels(tx: Tx, parcel_ids: Iterable[int]) -> set[int]:
    """The orders that have something in these parcels."""
    return await store.orders_in(tx, parcel_ids)


async def carriers_that_arrive(tx: Tx) -> list[str]:
    """The carriers of which any parcel has arrived."""
    return await store.carriers_that_arrive(tx)


async def roads(tx: Tx, carrier: str, since: datetime, *, limit: int) -> list[Road]:
    """The ways of a carrier's parcels that arrived since then, the latest first."""
    return await store.roads(tx, carrier, since, limit)


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
