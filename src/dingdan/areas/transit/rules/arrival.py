"""When a parcel arrives: what was promised, corrected by what the carrier saw."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dingdan.areas.fulfilment import ParcelState, Seen
from dingdan.areas.transit.model import Estimate
from dingdan.kernel.times import end_of_day, local_date

# What these say makes a parcel later by a normal silence at least.
_LATE = frozenset({"delayed", "address_problem"})
_COMING = frozenset({ParcelState.DISPATCHED, ParcelState.MOVING, ParcelState.OUT_FOR_DELIVERY})


def estimate(
    state: ParcelState,
    scans: Iterable[Seen],
    *,
    promised: datetime | None,
    normal: timedelta,
    zone: str,
    now: datetime,
) -> Estimate:
    """When a parcel arrives at the latest, and by what: never a moment that has passed.

    Out for delivery means by the end of that day. A carrier that says it is late, or a promise that has passed, moves
    it by a normal silence after the last scan. Nobody knows it of what does not come or waits for its buyer.
    """
    seen = sorted(scans, key=lambda scan: (scan.at, scan.event_id))
    last = seen[-1] if seen else None
    is_late = promised is not None and promised <= now and state is not ParcelState.DELIVERED
    if state not in _COMING or (last is not None and last.code == "awaiting_collection"):
        return Estimate(None, "arrived" if state is ParcelState.DELIVERED else "none", is_late)
    if state is ParcelState.OUT_FOR_DELIVERY and last is not None and last.code not in _LATE:
        tonight = end_of_day(local_date(last.at, zone), zone)
        if tonight > now:
            return Estimate(tonight, "out_for_delivery", is_late)
    if promised is not None and not is_late and not (last is not None and last.code in _LATE):
        return Estimate(promised, "promise", is_late)
    later = max(last.at + normal if last is not None else now, promised or now)
    return Estimate(later, "scans", is_late) if later > now else Estimate(None, "none", is_late)
