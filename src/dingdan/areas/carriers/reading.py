"""What others may ask of carriers."""

from collections.abc import Collection, Iterable, Sequence

from dingdan.areas.carriers import store
from dingdan.areas.carriers.model import Carrier, Lane, LaneKey, Lanes
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx

Key = tuple[int | None, str]


async def lanes_for(tx: Tx, keys: Iterable[LaneKey]) -> dict[LaneKey, Lanes]:
    """The lanes that touch each destination, one query for all of them; every key has its answer."""
    asked = sorted(set(keys))
    found: dict[LaneKey, list[Lane]] = {key: [] for key in asked}
    kept: set[LaneKey] = set()
    for n, are_kept, lane in await store.lanes_for(tx, asked) if asked else []:
        if lane is not None:
            found[asked[n]].append(lane)
        if are_kept:
            kept.add(asked[n])
    return {key: Lanes(key, tuple(lanes), are_kept=key in kept) for key, lanes in found.items()}


async def carriers_by_code(tx: Tx, keys: Sequence[Key]) -> dict[Key, Carrier]:
    """Carriers that a merchant (None: the platform) can use, by code: its own before the platform's."""
    return {keys[n]: carrier for n, carrier in await store.carriers_by_code(tx, keys)}


async def carriers_of(tx: Tx, merchant_id: int | None) -> list[Carrier]:
    """All carriers that a merchant can use (None: the platform's)."""
    return await store.carriers_of(tx, merchant_id)


async def lanes_by_code(tx: Tx, keys: Collection[Key]) -> dict[Key, Lane]:
    """A merchant's own lanes (None: the platform's) by code."""
    return await store.lanes_by_code(tx, keys)


async def lanes_of(tx: Tx, merchant_id: int | None, page: Page) -> list[Lane]:
    """The lanes that hold for a merchant, its own and the platform's, in the order they came."""
    return await store.lanes_of(tx, merchant_id, page.after or 0, page.limit)
