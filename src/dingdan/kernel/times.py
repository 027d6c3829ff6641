"""Days and spans in a named zone; never "now"."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

IsRestDay = Callable[[date], bool]


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a moment as people in that zone write it."""
    return moment.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=1_000)
def end_of_day(day: date, zone: str) -> datetime:
    """Midnight that ends a day in that zone (24:00), in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The day of that number so many months on, or the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_window(start: datetime, days: int, zone: str, *, is_rest_day: IsRestDay | None = None) -> datetime:
    """The moment a window of whole days closes: the day of the start is day 0 and the last day ends at 24:00.

    With `is_rest_day` a last day that is a rest day rolls to the next that is none.
    Source: Civil Code of China art. 201 and 203; Regulation (EEC) 1182/71 art. 3.
    """
    last = local_date(start, zone) + timedelta(days=days)
    while is_rest_day is not None and is_rest_day(last):
        last += timedelta(days=1)
    return end_of_day(last, zone)


def iso(moment: datetime) -> str:
    """The one way we write a moment: UTC, microseconds only where there are any, a Z at the end."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
