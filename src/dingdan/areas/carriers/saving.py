"""Carriers and lanes as they should be."""

from collections.abc import Sequence

from dingdan.areas.carriers.model import SaveCarrier, Saved, SaveLane
from dingdan.plumbing.tx import Tx


async def save_carriers(tx: Tx, wanted: Sequence[SaveCarrier]) -> list[Saved]:
    """Add or change carriers, all or none; one answer each, in order. Raises all that is wrong, at `[i].part`."""
    return []


async def save_lanes(tx: Tx, wanted: Sequence[SaveLane]) -> list[Saved]:
    """Add or change lanes, all or none; one answer each, in order. Raises all that is wrong, at `[i].part`."""
    return []
