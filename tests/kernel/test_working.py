"""Working time: spans that run only while somebody works, whatever the clocks of the zone do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.resting import marked_days_in
from dingdan.kernel.working import Calendar, CalendarTerms, EveryHour

SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"
OFFICE = CalendarTerms(zone=SHANGHAI, weekdays=(1, 2, 3, 4, 5), opens="09:00", closes="18:00", holidays="CN").calendar()
SERVICE = CalendarTerms(zone=SHANGHAI, opens="09:00", closes="18:00").calendar()
ENGLISH = CalendarTerms(zone=LONDON, weekdays=(1, 2, 3, 4, 5), opens="08:30", closes="17:00", holidays="GB").calendar()
NIGHT = CalendarTerms(zone=LONDON, weekdays=(6, 7), opens="00:30", closes="03:30").calendar()
ALWAYS = CalendarTerms(zone=LONDON).calendar()

CALENDARS = st.sampled_from([OFFICE, SERVICE, ENGLISH, NIGHT, ALWAYS])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
SPANS = st.timedeltas(timedelta(), timedelta(hours=90))


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.requirement("issue 4: clocks")
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        # 4 service hours of an evidence round, 09:00 to 18:00 on all days (domain 4.1).
        ("2026-03-03 10:00", 4, "2026-03-03 14:00"),
        ("2026-03-03 16:00", 4, "2026-03-04 11:00"),
        ("2026-03-07 20:00", 4, "2026-03-08 13:00"),
        ("2026-03-03 14:00", 4, "2026-03-03 18:00"),
    ],
)
def test_service_hours_run_while_somebody_serves(start: str, hours: int, end: str) -> None:
    assert SERVICE.add(at(start), timedelta(hours=hours)) == at(end)


@pytest.mark.requirement("issue 4: clocks")
def test_chinese_holidays_rest_and_make_up_days_work() -> None:
    # Spring Festival of 2026 is 15 to 23 February; the Saturdays of the 14th and the 28th make up for it.
    assert OFFICE.works_on(date(2026, 2, 14))
    assert not any(OFFICE.works_on(date(2026, 2, day)) for day in range(15, 24))
    assert OFFICE.works_on(date(2026, 2, 28))
    assert OFFICE.add(at("2026-02-14 17:00"), timedelta(hours=2)) == at("2026-02-24 10:00")
    assert OFFICE.add_days(at("2026-02-14 17:00"), 2) == at("2026-02-25 18:00")
    assert OFFICE.next_open(at("2026-02-14 18:00")) == at("2026-02-24 09:00")


def test_own_days_count_before_the_country_s() -> None:
    own = CalendarTerms(
        zone=SHANGHAI, weekdays=(1, 2, 3, 4, 5), holidays="CN", days_on=(date(2026, 2, 16),),
        days_off=(date(2026, 3, 4), date(2026, 2, 28)),
    ).calendar()  # fmt: skip

    assert own.works_on(date(2026, 2, 16))
    assert not own.works_on(date(2026, 3, 4))
    assert not own.works_on(date(2026, 2, 28))


@pytest.mark.requirement("issue 4: clocks")
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        # Clocks go forward on 29 March 2026 at 01:00 and back on 25 October 2026 at 02:00.
        ("2026-03-28 23:00", 3, "2026-03-29 03:00"),
        ("2026-10-24 23:00", 4, "2026-10-25 02:00"),
    ],
)
def test_an_hour_is_an_hour_when_clocks_jump(start: str, hours: int, end: str) -> None:
    assert ALWAYS.add(at(start, LONDON), timedelta(hours=hours)) == at(end, LONDON)
    assert ALWAYS.add(at(start, LONDON), timedelta(hours=hours)) == EveryHour().add(
        at(start, LONDON).astimezone(UTC), timedelta(hours=hours)
    )


def test_a_window_is_as_long_as_the_clocks_make_it() -> None:
    spring = NIGHT.between(at("2026-03-29 00:00", LONDON), at("2026-03-30 00:00", LONDON))
    autumn = NIGHT.between(at("2026-10-25 00:00", LONDON), at("2026-10-26 00:00", LONDON))

    assert (spring, autumn) == (timedelta(hours=2), timedelta(hours=4))


def test_a_calendar_that_nobody_works_by_says_so() -> None:
    with pytest.raises(ValueError, match="nobody works"):
        Calendar(zone=SHANGHAI, marked=lambda _day: False).add(at("2026-03-03 10:00"), timedelta(hours=1))


def test_the_library_knows_holidays_and_make_up_days_by_the_year_that_is_asked() -> None:
    marked = marked_days_in("CN")

    assert [marked(date(2026, 10, day)) for day in (1, 9, 10)] == [False, None, True]


@given(CALENDARS, MOMENTS, SPANS, SPANS)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, one: timedelta, two: timedelta) -> None:
    assert calendar.add(calendar.add(start, one), two) == calendar.add(start, one + two)


@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)), SPANS)
def test_who_starts_later_is_not_done_earlier(
    calendar: Calendar, start: datetime, wait: timedelta, span: timedelta
) -> None:
    assert calendar.add(start, span) <= calendar.add(start + wait, span)
    assert calendar.add(start, span) <= calendar.add(start, span + wait)


@given(CALENDARS, MOMENTS, SPANS)
def test_what_was_added_is_what_has_passed(calendar: Calendar, start: datetime, span: timedelta) -> None:
    end = calendar.add(start, span)

    assert calendar.between(start, end) == span
    assert end >= start + span
    assert calendar.between(end, start) == timedelta() or end == start


@given(CALENDARS, MOMENTS)
def test_the_next_open_moment_is_worked_in(calendar: Calendar, start: datetime) -> None:
    opens = calendar.next_open(start)

    assert opens >= start
    assert calendar.between(start, opens) == timedelta()
    assert calendar.between(opens, opens + timedelta(seconds=1)) == timedelta(seconds=1)


@given(CALENDARS, MOMENTS, st.integers(0, 40), st.integers(0, 40))
def test_days_add_up_and_end_on_a_working_day(calendar: Calendar, start: datetime, one: int, two: int) -> None:
    end = calendar.add_days(start, one)

    assert calendar.add_days(start, one + two) >= end
    assert one == 0 or calendar.works_on((end - timedelta(microseconds=1)).astimezone(ZoneInfo(calendar.zone)).date())
