"""What others may ask of carriers."""

from collections.abc import Iterable, Sequence

from dingdan.areas.carriers.model import Carrier, Lane, LaneKey, Lanes
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def lanes_for(tx: Tx, keys: Iterable[LaneKey]) -> dict[LaneKey, Lanes]:
    """The lanes that touch each destination, one query for all of them; every key has its answer."""
    return {key: Lanes(key) for key in keys}


async def carriers_by_code(tx: Tx, keys: Sequence[tuple[int | None, str]]) -> dict[tuple[int | None, str], Carrier]:
    """Carriers that a merchant (None: the platform) can use, by code: its own before the platform's."""
    return {}


async def carriers_of(tx: Tx, merchant_id: int | None) -> list[Carrier]:
    """All carriers that a merchant can use (None: the platform's)."""
    return []


async def lanes_by_code(tx: Tx, keys: Sequence[tuple[int | None, str]]) -> dict[tuple[int | None, str], Lane]:
    """A merchant's own lanes (None: the platform's) by code."""
    return {}


async def lanes_of(tx: Tx, merchant_id: int | None, page: Page) -> list[Lane]:
    """A merchant's own lanes (None: the platform's), oldest first."""
    return []
