"""Working time: spans that are counted only while somebody works, by a calendar of days and hours in a named zone."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from dingdan.kernel.resting import marked_days_in
from dingdan.kernel.times import local_date

DAY = 24 * 60
# A calendar that nobody works by for so long is a mistake, not a calendar.
FARTHEST_DAYS = 3_700
EVERY_DAY = frozenset(range(1, 8))


class Counting(Protocol):
    """How time is counted: all of it, or the working part."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much time has been counted since the start."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments counts; nothing where the end is before the start."""


class EveryHour:
    """Every hour counts: the law's way, and everybody's who has no calendar."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The start and the span."""
        return start.astimezone(UTC) + span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The plain difference."""
        return max(end.astimezone(UTC) - start.astimezone(UTC), timedelta())


class Calendar(msgspec.Struct, frozen=True):
    """When somebody works: weekdays (1 is Monday), minutes of the day, and what is known about single days.

    `marked` says what a country's calendar says beyond the weekday (a holiday, a make-up workday); `days_on` and
    `days_off` are the owner's own and count before it.
    """

    zone: str
    weekdays: frozenset[int] = EVERY_DAY
    opens: int = 0
    closes: int = DAY
    marked: Callable[[date], bool | None] | None = None
    days_on: frozenset[date] = frozenset()
    days_off: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether a day is a working day."""
        if day in self.days_off or day in self.days_on:
            return day not in self.days_off
        said = self.marked(day) if self.marked is not None else None
        return day.isoweekday() in self.weekdays if said is None else said

    def next_open(self, at: datetime) -> datetime:
        """The first moment from here on at which somebody works."""
        opens, _ = next(self._windows(at))
        return max(opens, at.astimezone(UTC))

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much working time has passed since the start; nothing added is the start itself."""
        # Sums are made in UTC: with a zone of their own, moments would add what its clocks show.
        start = start.astimezone(UTC)
        if span <= timedelta():
            return start
        left = span
        for opens, closes in self._windows(start):
            begins = max(opens, start)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        raise AssertionError("windows have no end")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments."""
        start, end, passed = start.astimezone(UTC), end.astimezone(UTC), timedelta()
        for opens, closes in self._windows(start) if start < end else ():
            if opens >= end:
                break
            passed += min(closes, end) - max(opens, start)
        return passed

    def add_days(self, start: datetime, days: int) -> datetime:
        """When the last of so many working days closes; the day of the start is not counted (Civil Code art. 201)."""
        day = local_date(start, self.zone)
        for _ in range(FARTHEST_DAYS):
            if days <= 0:
                break
            day += timedelta(days=1)
            days -= self.works_on(day)
        return self._at(day, self.closes)

    def _windows(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of work in rising order that end after a moment; none is empty, none meets another."""
        day = local_date(start, self.zone)
        for ahead in range(FARTHEST_DAYS):
            that = day + timedelta(days=ahead)
            if not self.works_on(that):
                continue
            # Where clocks jump, a window may be shorter, longer, or not there at all.
            opens, closes = self._at(that, self.opens), self._at(that, self.closes)
            if opens < closes and closes > start:
                yield opens, closes
        raise ValueError(f"nobody works for {FARTHEST_DAYS} days")

    def _at(self, day: date, minutes: int) -> datetime:
        """A time of a day on the clocks of the zone, in UTC."""
        moment = datetime.combine(day + timedelta(days=minutes // DAY), time(minutes % DAY // 60, minutes % 60))
        return moment.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


class CalendarTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar as somebody writes it down.

    Times of the day are HH:MM, `24:00` ends a day; weekdays count from 1, Monday. `holidays` names the country whose
    holidays and make-up workdays hold. `kinds` are the promises that are counted by it; all others count every hour.
    """

    zone: str
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    opens: str = "00:00"
    closes: str = "24:00"
    holidays: str | None = None
    days_on: tuple[date, ...] = ()
    days_off: tuple[date, ...] = ()
    kinds: tuple[str, ...] = ()

    def calendar(self) -> Calendar:
        """The calendar that these words make."""
        return Calendar(
            zone=self.zone, weekdays=frozenset(self.weekdays), opens=minutes(self.opens), closes=minutes(self.closes),
            marked=marked_days_in(self.holidays) if self.holidays else None, days_on=frozenset(self.days_on),
            days_off=frozenset(self.days_off),
        )  # fmt: skip


def minutes(clock: str) -> int:
    """A time of the day as minutes since midnight."""
    hours, _, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)
