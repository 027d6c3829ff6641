"""Periods follow each other without a gap, in the merchant's own days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas.settlements.rules.periods import period_of

pytestmark = pytest.mark.requirement("issue 5: settlement")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "length", "starts", "ends"),
    [
        ("2026-11-26T00:00", "Asia/Shanghai", "month", "2026-10-31T16:00", "2026-11-30T16:00"),
        ("2026-11-30T15:59", "Asia/Shanghai", "month", "2026-10-31T16:00", "2026-11-30T16:00"),
        ("2026-11-30T16:00", "Asia/Shanghai", "month", "2026-11-30T16:00", "2026-12-31T16:00"),
        ("2026-11-26T00:00", "Asia/Shanghai", "week", "2026-11-22T16:00", "2026-11-29T16:00"),
        # The week in which the clocks go back has an hour more.
        ("2026-10-23T12:00", "Europe/Berlin", "week", "2026-10-18T22:00", "2026-10-25T23:00"),
        ("2024-02-29T12:00", "UTC", "month", "2024-02-01T00:00", "2024-03-01T00:00"),
    ],
)
def test_a_period_is_a_month_or_a_week_of_the_merchants(
    at: str, zone: str, length: str, starts: str, ends: str
) -> None:
    assert period_of(utc(at), zone, length) == (utc(starts), utc(ends))  # type: ignore[arg-type]


@given(
    st.integers(0, 10 * 366 * 86_400).map(lambda seconds: utc("2020-01-01") + timedelta(seconds=seconds)),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    st.lists(st.sampled_from(["month", "week"]), min_size=2, max_size=6),
)
def test_whatever_length_is_agreed_on_next_no_moment_is_in_two_periods_or_in_none(
    at: datetime, zone: str, lengths: list[str]
) -> None:
    _, end = period_of(at, zone, lengths[0])  # type: ignore[arg-type]
    for length in lengths[1:]:
        starts, ends = period_of(end, zone, length, not_before=end)  # type: ignore[arg-type]
        assert starts == end < ends <= end + timedelta(days=32)
        end = ends
