"""Which days are days of rest, by whose calendar: the one place that knows the library of holidays."""

from datetime import date
from functools import cache, lru_cache

from holidays import HolidayBase, country_holidays

from dingdan.kernel.times import IsRestDay

_SATURDAY = 5


def is_weekend(day: date) -> bool:
    """Saturdays and Sundays."""
    return day.weekday() >= _SATURDAY


def is_rest_day_in_china(day: date) -> bool:
    """Weekends and holidays less the make-up workdays.

    The State Council orders make-up workdays late in the year before; of a year that is not ordered yet only the
    statutory days and the weekends are known.
    """
    return not _china().is_working_day(day)


@lru_cache(maxsize=300)
def rest_days_in(country: str) -> IsRestDay:
    """The rest days of a country by its ISO code; where nobody keeps them for us, the weekends."""
    try:
        calendar = country_holidays(country)
    except NotImplementedError:
        return is_weekend
    return lambda day: not calendar.is_working_day(day)


@cache
def _china() -> HolidayBase:
    return country_holidays("CN")


CALENDARS: dict[str, IsRestDay] = {"CN": is_rest_day_in_china, "weekends": is_weekend}
