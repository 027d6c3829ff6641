"""What a channel may take from a shelf: what is free, less what other channels were promised; and where a shelf is."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dingdan.kernel.money import split

# Zone, aisle, shelf and perhaps level: A-02-10.
_BIN = re.compile(r"[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){0,4}", re.ASCII)
_RUN = re.compile(r"\d+|\D+")

# Where on the way a place comes: what has none comes last.
Way = tuple[bool, tuple[tuple[bool, int, str], ...]]


def tidy_bin(said: str) -> str:
    """A place as it is kept, in capitals and without blanks; "" where it is none."""
    place = "".join(said.split()).upper()
    return place if _BIN.fullmatch(place) else ""


def way(place: str | None) -> Way:
    """The key that sorts places as people walk: A-2 before A-10, numbers before letters."""
    runs = _RUN.findall(place or "")
    return place is None, tuple((not run.isdigit(), int(run) if run.isdigit() else 0, run) for run in runs)


class Pool:
    """A channel's allotment at one shelf: what it may count on, at most, and what it took so far."""

    def __init__(self, channel_id: int, *, guaranteed: int, most: int | None, buffer: int, taken: int) -> None:
        self.channel_id, self.guaranteed, self.most, self.buffer = channel_id, guaranteed, most, buffer
        self.taken = taken

    @property
    def left(self) -> int:
        """What of the guarantee is still to come."""
        return max(0, self.guaranteed - self.taken)


class Shelf:
    """One product in one warehouse while a batch is served: units leave it, promises to channels are kept.

    `free` counts what is on hand and neither reserved nor held nor kept for safety.
    """

    def __init__(self, free: int, pools: Mapping[int, Pool] | None = None, *, is_frozen: bool = False) -> None:
        self.free, self.pools, self.is_frozen = free, dict(pools or {}), is_frozen

    def copy(self) -> "Shelf":
        """The same shelf, to try something on."""
        pools = {
            i: Pool(p.channel_id, guaranteed=p.guaranteed, most=p.most, buffer=p.buffer, taken=p.taken)
            for i, p in self.pools.items()
        }
        return Shelf(self.free, pools, is_frozen=self.is_frozen)

    def pool_of(self, channel_id: int) -> int | None:
        """The pool from which a channel is served here."""
        return next((i for i, pool in self.pools.items() if pool.channel_id == channel_id), None)

    def free_for(self, pool_id: int | None) -> int:
        """What may be taken for a pool, or by a channel that has none.

        Guarantees that are covered are kept whatever anybody else does. Where there is less than was guaranteed (a
        loss, a count), what is left is divided in the proportion of the guarantees. The buffer never eats a
        channel's own guarantee.
        """
        if self.is_frozen or self.free <= 0:
            return 0
        own = self.pools.get(pool_id) if pool_id is not None else None
        promised = {i: pool.left for i, pool in self.pools.items()}
        total = sum(promised.values())
        if self.free < total:
            shares = dict(zip(promised, split(self.free, list(promised.values())), strict=True))
            most = shares[pool_id] if own is not None and pool_id is not None else 0
        elif own is None:
            most = self.free - total
        else:
            most = max(self.free - (total - own.left) - own.buffer, own.left)
        if own is not None and own.most is not None:
            most = min(most, own.most - own.taken)
        return max(0, most)

    def take(self, pool_id: int | None, units: int) -> None:
        """Units leave, or come back where `units` is below zero."""
        self.free -= units
        if pool_id in self.pools:
            self.pools[pool_id].taken += units


def shelf_of(row: Any, pools: Iterable[Any] = ()) -> Shelf:
    """The shelf that a stock row and its open pools describe; without a row there is nothing."""
    if row is None:
        return Shelf(0)
    held = {
        p["id"]: Pool(p["channel_id"], guaranteed=p["guaranteed"], most=p["most"], buffer=p["buffer"], taken=p["taken"])
        for p in pools
    }
    free = row["on_hand"] - row["reserved"] - row["held"] - row["safety"]
    return Shelf(free, held, is_frozen=row["frozen_at"] is not None)
