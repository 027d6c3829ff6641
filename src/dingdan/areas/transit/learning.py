"""How long parcels of a carrier are usually silent, learned again each day from those that arrived."""

from collections.abc import Iterable
from datetime import timedelta

from dingdan.areas import fulfilment, orders
from dingdan.areas.transit import store
from dingdan.areas.transit.model import Lane, Normal
from dingdan.areas.transit.rules.silences import normal, way_of
from dingdan.plumbing.tx import Tx

EVERY = timedelta(hours=24)
LOOK_BACK = timedelta(days=60)
# So many of the latest arrivals of a carrier are enough to learn from.
PARCELS = 5_000
# What says that nothing was there to learn, so that it is not looked for again at once.
NOTHING = Lane("", "")


async def learn(tx: Tx) -> int:
    """Learn the normal silence of every carrier and lane if that is a day ago; says how many lanes were learned."""
    before = await store.learned_at(tx)
    if before is not None and tx.now - before < EVERY:
        return 0
    found: dict[Lane, Normal] = {NOTHING: normal([])}
    for carrier in await fulfilment.carriers_that_arrive(tx):
        roads = await fulfilment.roads(tx, carrier, tx.now - LOOK_BACK, limit=PARCELS)
        promises = await orders.promises(tx, {road.order_id for road in roads}) if roads else {}
        pauses: dict[Lane, list[timedelta]] = {}
        for road in roads:
            way = way_of(road.warehouse_id, promises.get(road.order_id))
            for lane in _lanes(carrier, way):
                pauses.setdefault(lane, []).extend(road.pauses)
        found |= {lane: normal(held) for lane, held in pauses.items()}
    await store.save_normals(tx, found, since=tx.now - LOOK_BACK)
    return len(found) - 1


def _lanes(carrier: str, way: str) -> Iterable[Lane]:
    return {Lane(carrier), Lane(carrier, way)}
