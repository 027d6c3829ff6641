"""What others may ask of carriers."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from dingdan.areas.carriers import store
from dingdan.areas.carriers.model import Carrier, Lane, LaneKey, Lanes, Licence, Scorecard
from dingdan.areas.carriers.store import scores
from dingdan.kernel.page import Page
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

Key = tuple[int | None, str]


async def lanes_for(tx: Tx, keys: Iterable[LaneKey], *, all_carriers: bool = False) -> dict[LaneKey, Lanes]:
    """The lanes that touch each destination, one query for all of them; every key has its answer.

    Lanes of carriers that are suspended or have no licence now are left out, unless `all_carriers` are wanted.
    """
    asked = list(keys)
    return await tx.ask(asking_lanes_for(asked, tx.now, all_carriers=all_carriers)) if asked else {}


def asking_lanes_for(keys: Iterable[LaneKey], at: datetime, *, all_carriers: bool = False) -> Ask[dict[LaneKey, Lanes]]:
    """The same, to be asked together with other things."""
    asked = sorted(set(keys))

    def told(rows: Sequence[tuple[int, bool, Lane | None]]) -> dict[LaneKey, Lanes]:
        found: dict[LaneKey, list[Lane]] = {key: [] for key in asked}
        kept: set[LaneKey] = set()
        for n, are_kept, lane in rows:
            if lane is not None:
                found[asked[n]].append(lane)
            if are_kept:
                kept.add(asked[n])
        return {key: Lanes(key, tuple(lanes), are_kept=key in kept) for key, lanes in found.items()}

    return store.asking_lanes_for(asked, at, all_carriers=all_carriers).then(told)


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


async def lanes_of_carrier(tx: Tx, carrier_id: int, merchant_id: int | None, limit: int) -> list[Lane]:
    """A carrier's lanes that hold for a merchant (None: for everybody), in the order they came; at most so many."""
    return await store.lanes_of_carrier(tx, carrier_id, merchant_id, limit)


async def licences_of(tx: Tx, carrier_ids: Collection[int]) -> dict[int, list[Licence]]:
    """The licences of carriers, by their end."""
    return await store.licences_of(tx, carrier_ids)


async def scorecard(tx: Tx, carrier_id: int, origin: str = "", destination: str = "") -> Scorecard | None:
    """The last scorecard of a carrier on a lane, or as a whole."""
    return (await scores.latest(tx, [carrier_id], (origin, destination))).get(carrier_id)


async def scorecards(tx: Tx, carrier_id: int, page: Page) -> list[Scorecard]:
    """Every scorecard of a carrier in the order they were made."""
    return await scores.history(tx, carrier_id, page.after or 0, page.limit)
