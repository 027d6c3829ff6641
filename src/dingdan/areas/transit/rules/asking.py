"""When carriers are asked about parcels: less often the older the parcel, never more than the carrier wants."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas.transit.model import Feed, Limit

# Carriers that can be asked, and how each wants to be. An adapter stands for each in `carriers/`.
LIMITS: Mapping[str, Limit] = {"sandbox": Limit(per_call=100, between=timedelta(0))}

# How often by age; a parcel that was heard of lately needs no question.
BY_AGE = (
    (timedelta(days=1), timedelta(hours=4)),
    (timedelta(days=3), timedelta(hours=8)),
    (timedelta(days=10), timedelta(hours=12)),
)
AT_MOST = timedelta(hours=24)
AT_LEAST = timedelta(hours=1)

# How long a carrier that does not answer is left alone, doubled each time.
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


class Turn(msgspec.Struct, frozen=True):
    """What is asked now, a set for each call; when the others come; and the line as it is from now on."""

    calls: tuple[tuple[int, ...], ...]
    later: Mapping[int, datetime]
    free_at: datetime | None


def interval(age: timedelta, normal: timedelta) -> timedelta:
    """How long after news of a parcel a carrier is asked: a quarter of the lane's normal silence, longer with age."""
    by_age = next((every for limit, every in BY_AGE if age < limit), AT_MOST)
    return max(AT_LEAST, min(by_age, normal / 4)) if age < BY_AGE[-1][0] else by_age


def is_due(*, dispatched_at: datetime, last_scan_at: datetime | None, normal: timedelta, now: datetime) -> bool:
    """Whether nothing was heard of a parcel for so long that its carrier is asked."""
    return (last_scan_at or dispatched_at) + interval(now - dispatched_at, normal) <= now


def next_ask(*, dispatched_at: datetime, last_scan_at: datetime | None, normal: timedelta, now: datetime) -> datetime:
    """When to ask next about a parcel that is asked about now, or was just heard of."""
    every = interval(now - dispatched_at, normal)
    heard = last_scan_at or dispatched_at
    return heard + every if heard + every > now else now + every


def turn(feed: Feed, limit: Limit, parcel_ids: Sequence[int], now: datetime) -> Turn:
    """Who is asked about now. A line that fails is tried with one call when its pause is over; the others wait."""
    if feed.next_at is not None and feed.next_at > now:
        return Turn((), dict.fromkeys(parcel_ids, feed.next_at), feed.free_at)
    sets = [tuple(parcel_ids[i : i + limit.per_call]) for i in range(0, len(parcel_ids), limit.per_call)]
    free = max(feed.free_at or now, now)
    calls: list[tuple[int, ...]] = []
    later: dict[int, datetime] = {}
    for one in sets:
        if feed.failures and calls:
            later |= dict.fromkeys(one, now + pause_after(feed.failures))
            continue
        if free <= now:
            calls.append(one)
        else:
            later |= dict.fromkeys(one, free)
        free += limit.between
    return Turn(tuple(calls), later, free if limit.between else None)


def pause_after(failures: int) -> timedelta:
    """How long a carrier is left alone after so many calls in a row without an answer."""
    return min(PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
