"""Which days are days of rest, by whose calendar: the one place that knows the library of holidays."""

from collections.abc import Callable
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


@lru_cache(maxsize=300)
def marked_days_in(country: str) -> Callable[[date], bool | None]:
    """What a country says about a day beyond its weekday: True a make-up workday, False a holiday, None nothing."""
    calendar = country_holidays(country)

    def marked(day: date) -> bool | None:
        # Asking for the holiday first makes the library look the year up, its make-up days too.
        if day in calendar:
            return False
        return True if day in calendar.weekend_workdays else None

    return marked


def is_kept(country: str) -> bool:
    """Whether somebody keeps the holidays of this country for us."""
    try:
        country_holidays(country)
    except NotImplementedError:
        return False
    return True


@cache
def _china() -> HolidayBase:
    return country_holidays("CN")


CALENDARS: dict[str, IsRestDay] = {"CN": is_rest_day_in_china, "weekends": is_weekend}


def rest_days_called(name: str, buyers_country: str = "") -> IsRestDay:
    """The calendar of that name: `weekends`, a country's code, or `buyer` for that of the buyer's country."""
    country = buyers_country.upper() if name == "buyer" else name
    return CALENDARS.get(country) or (rest_days_in(country) if country else is_weekend)
