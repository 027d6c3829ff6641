"""Windows of whole days: the day of the start is day 0, and the last day ends at midnight of its zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.times import end_of_day, end_of_window, iso, local_date

SHANGHAI = "Asia/Shanghai"
ZONES = st.sampled_from([SHANGHAI, "Europe/Berlin", "Europe/London", "America/New_York", "Pacific/Apia", "UTC"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def is_weekend(day: date) -> bool:
    return day.weekday() >= 5


@pytest.mark.requirement("W59", "R1.4")
def test_seven_days_from_signature_in_china() -> None:
    signed = datetime(2026, 3, 3, 15, 30, tzinfo=ZoneInfo(SHANGHAI))

    closes = end_of_window(signed, 7, SHANGHAI)

    assert closes == datetime(2026, 3, 11, 0, 0, tzinfo=ZoneInfo(SHANGHAI))
    assert iso(closes) == "2026-03-10T16:00:00Z"


@pytest.mark.requirement("W63")
def test_fourteen_days_that_end_on_a_sunday_roll_to_monday() -> None:
    taken = datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    closes = end_of_window(taken, 14, "Europe/Berlin", is_rest_day=is_weekend)

    assert closes == end_of_day(date(2026, 3, 16), "Europe/Berlin")


@given(MOMENTS, st.integers(min_value=0, max_value=400), ZONES)
def test_the_whole_of_the_last_day_is_inside(start: datetime, days: int, zone: str) -> None:
    closes = end_of_window(start, days, zone)

    assert local_date(closes - timedelta(microseconds=1), zone) == local_date(start, zone) + timedelta(days=days)
    assert local_date(closes, zone) > local_date(start, zone) + timedelta(days=days)


@given(MOMENTS, st.integers(min_value=0, max_value=400), ZONES)
def test_the_hour_of_the_start_changes_nothing(start: datetime, days: int, zone: str) -> None:
    midnight = end_of_day(local_date(start, zone) - timedelta(days=1), zone)

    assert end_of_window(start, days, zone) == end_of_window(midnight, days, zone)


@given(MOMENTS, st.integers(min_value=0, max_value=60), ZONES)
def test_rest_days_only_ever_lengthen_a_window(start: datetime, days: int, zone: str) -> None:
    plain = end_of_window(start, days, zone)
    rolled = end_of_window(start, days, zone, is_rest_day=is_weekend)

    assert plain <= rolled <= plain + timedelta(days=2, hours=1)
    assert not is_weekend(local_date(rolled - timedelta(microseconds=1), zone))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)])
def test_a_day_is_as_long_as_its_clocks_make_it(day: date, hours: int) -> None:
    began = end_of_day(day - timedelta(days=1), "Europe/Berlin")

    assert end_of_day(day, "Europe/Berlin") - began == timedelta(hours=hours)


@given(MOMENTS, ZONES)
def test_a_moment_reads_back_whatever_zone_wrote_it(moment: datetime, zone: str) -> None:
    written = iso(moment.astimezone(ZoneInfo(zone)))

    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == moment
