"""When goods leave and arrive: the lane that is taken, and the days counted along it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dingdan.areas.carriers.model import Ask, Lane, Lanes, NotDeliverable, Promise
from dingdan.areas.carriers.rules.choosing import choose
from dingdan.kernel.resting import rest_days_in
from dingdan.kernel.times import end_of_day, iso, local_date

# Longer than any holiday; a calendar without a single working day in it is a mistake.
MOST_REST_DAYS = 60
ONE_DAY = timedelta(days=1)


def promise(found: Lanes, ask: Ask, now: datetime) -> Promise | NotDeliverable:
    """What can be promised to somebody who pays now. A later now never gives an earlier promise."""
    lane = choose(found, ask)
    if isinstance(lane, NotDeliverable):
        return lane
    return _by_settings(found, ask, now) if lane is None else by_lane(lane, found, ask, now)


def cut_off_of(day: date, minutes: int, zone: str) -> datetime:
    """The moment at which a day stops taking orders: the first of the two where clocks are set back over it."""
    if minutes >= 24 * 60:
        return end_of_day(day, zone)
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone)).astimezone(UTC)


def by_lane(lane: Lane, found: Lanes, ask: Ask, now: datetime) -> Promise:
    """What a lane promises to somebody who pays now."""
    walk = _Walk(rest_days_in(ask.country) if lane.days == "working_days" else None)
    today = local_date(now, ask.zone)
    cut_off = cut_off_of(today, lane.cut_off, ask.zone)
    # An order at the very minute of the cut-off is too late.
    first = today if now < cut_off else today + ONE_DAY
    shipped = walk.on(walk.open_from(max(first, ask.not_before or first)), lane.handling_days)
    ship_by = end_of_day(shipped, ask.zone)
    basis: dict[str, Any] = _basis("lane", found, ask, now) | {
        "lane": lane.code, "whose": "platform" if lane.merchant_id is None else "merchant", "carrier": lane.carrier,
        "service": lane.service, "cut_off": iso(cut_off), "is_after_cut_off": now >= cut_off, "days": lane.days,
        "calendar": ask.country if lane.days == "working_days" else None, "handling_days": lane.handling_days,
        "transit_days": [lane.days_min, lane.days_max], "shipped_on": shipped.isoformat(),
    }  # fmt: skip
    earliest, latest = walk.on(shipped, lane.days_min), walk.on(shipped, lane.days_max)
    return Promise(
        ship_by=ship_by, arrive_from=end_of_day(earliest - ONE_DAY, ask.zone), arrive_by=end_of_day(latest, ask.zone),
        carrier=lane.carrier, service=lane.service, surcharge=lane.surcharge, currency=lane.currency,
        basis=basis | {"rest_days": [day.isoformat() for day in sorted(walk.rested)]},
    )  # fmt: skip


def _by_settings(found: Lanes, ask: Ask, now: datetime) -> Promise:
    """Nobody keeps lanes: what the merchant promises in general."""
    ship_by = now + timedelta(hours=ask.ship_within_hours)
    if ask.not_before is not None:
        ship_by = max(ship_by, end_of_day(ask.not_before, ask.zone))
    # The end of a day is already the next one's beginning.
    shipped = local_date(ship_by - timedelta(microseconds=1), ask.zone)
    soonest, latest = ask.transit_days
    return Promise(
        ship_by=ship_by, arrive_from=end_of_day(shipped + (soonest - 1) * ONE_DAY, ask.zone),
        arrive_by=end_of_day(shipped + latest * ONE_DAY, ask.zone), carrier=None, service=None, surcharge=0,
        currency=None, basis=_basis("settings", found, ask, now) | {
            "ship_within_hours": ask.ship_within_hours, "transit_days": [soonest, latest],
            "shipped_on": shipped.isoformat(),
        },
    )  # fmt: skip


def _basis(rule: str, found: Lanes, ask: Ask, now: datetime) -> dict[str, Any]:
    return {
        "rule": rule, "paid_at": iso(now), "zone": ask.zone, "country": found.key.country, "region": found.key.region,
        "not_before": ask.not_before.isoformat() if ask.not_before else None,
    }  # fmt: skip


class _Walk:
    """Walks over days, and remembers those on which nothing moved."""

    def __init__(self, is_rest_day: Callable[[date], bool] | None) -> None:
        self._is_rest_day = is_rest_day
        self.rested: set[date] = set()

    def open_from(self, day: date) -> date:
        """The first day from this one on that is none of rest."""
        if self._is_rest_day is None:
            return day
        for _ in range(MOST_REST_DAYS):
            if not self._is_rest_day(day):
                break
            self.rested.add(day)
            day += ONE_DAY
        return day

    def on(self, day: date, days: int) -> date:
        """So many days further that are none of rest."""
        if self._is_rest_day is None:
            return day + days * ONE_DAY
        for _ in range(days):
            day = self.open_from(day + ONE_DAY)
        return day
