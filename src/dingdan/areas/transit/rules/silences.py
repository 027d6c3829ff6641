"""How long a parcel is normally silent: learned from the pauses between scans, careful while there are few."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from dingdan.areas.transit.model import Lane, Normal, Rule

# Fewer pauses than these say nothing (O4.5: without better knowledge 48 hours).
ENOUGH = 50
PRIOR = timedelta(hours=48)
FLOOR, CEILING = timedelta(hours=24), timedelta(hours=120)


def way_of(warehouse_id: int, promise: Mapping[str, Any] | None) -> str:
    """The way from a warehouse to a part of a country, by what an order's promise was computed from; "" if unknown."""
    country = str((promise or {}).get("country") or "")
    return f"{warehouse_id}/{country}-{str((promise or {}).get('region') or '')[:2]}" if country else ""


def normal(pauses: Sequence[timedelta]) -> Normal:
    """What is normal by these pauses: 95 of 100 are no longer, within bounds."""
    if len(pauses) < ENOUGH:
        return Normal(PRIOR, Rule.TOO_FEW, len(pauses), None)
    ordered = sorted(pauses)
    p95 = ordered[-(-95 * len(ordered) // 100) - 1]
    rule = Rule.FLOOR if p95 < FLOOR else Rule.CEILING if p95 > CEILING else Rule.LEARNED
    return Normal(min(max(p95, FLOOR), CEILING), rule, len(pauses), p95)


def of_lane(known: Mapping[Lane, Normal], lane: Lane) -> timedelta:
    """What holds for a lane: its own, else its carrier's, else what nobody had to learn."""
    for one in (lane, Lane(lane.carrier)):
        if one in known and known[one].rule is not Rule.TOO_FEW:
            return known[one].normal
    return PRIOR
