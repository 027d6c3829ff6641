"""What several rules ask for together, and the clock in service hours."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.areas.review.test_triggers import rule, seen

from dingdan.areas.review import model as m
from dingdan.areas.review.rules.planning import HARD_CAP, in_service, plan, reasons_of

pytestmark = pytest.mark.requirement("O2.3")

ZONE = "Asia/Shanghai"
TERMS = m.Terms()


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """A moment of March 2026 in the shop's zone."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(ZONE))


def planned(*rules: m.Rule, now: datetime, **more: Any) -> m.Plan:
    return plan(reasons_of(rules, seen(flags=["presale", "custom_made"])), TERMS, zone=ZONE, now=now, **more)


@pytest.mark.parametrize(
    ("paid", "due", "end"),
    [
        (at(10), at(12), at(14)),
        (at(20), at(10, day=3), at(12, day=3)),
        (at(22), at(11, day=3), at(13, day=3)),
        (at(3), at(11), at(13)),
        (at(19), at(21), at(11, day=3)),
    ],
)
def test_two_hours_of_service_and_two_more_for_a_lead(paid: datetime, due: datetime, end: datetime) -> None:
    found = planned(rule("presale", m.Presale()), now=paid)
    assert (found.due_at, found.decide_by) == (due, end)


@pytest.mark.requirement("O2.2")
def test_several_rules_are_one_look_with_all_questions_and_the_strictest_clock() -> None:
    items = (m.Item("a", "A?", "甲？"), m.Item("b", "B?", "乙？"))
    lazy = rule("presale", m.Presale(), limit_minutes=600)
    strict = rule("custom", m.CustomMade(), limit_minutes=30, owner="risk", on_timeout="cancel")
    wide = m.RuleDocument(title=m.Words("W", "宽"), trigger=m.Presale(), checklist=items)
    found = planned(lazy, strict, m.Rule(id=9, merchant_id=None, code="w", number=1, is_active=True,
                                         effective_from=at(1), document=wide, created_at=at(1)), now=at(10))  # fmt: skip
    assert [item.code for item in found.checklist] == ["a", "b"]
    assert (found.owner, found.on_timeout, found.limit_minutes) == ("risk", "cancel", 30)
    assert (found.due_at, found.warn_at) == (at(10, 30), at(10, 22) + timedelta(seconds=30))


@for_all(
    st.integers(0, 365 * 24 * 60), st.integers(1, 1440), st.integers(0, 23),
    st.integers(1, 24), st.sampled_from([ZONE, "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)  # fmt: skip
def test_whatever_the_hours_an_answer_comes_within_a_day(
    paid: int, minutes: int, opens: int, closes: int, zone: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=paid)
    terms = m.Terms(service_from_hour=min(opens, closes - 1), service_to_hour=closes)
    spoken = reasons_of([rule("presale", m.Presale(), limit_minutes=minutes)], seen(flags=["presale"]))
    found = plan(spoken, terms, zone=zone, now=now)
    assert now <= found.warn_at <= found.due_at <= found.decide_by <= now + HARD_CAP
    assert found.due_at >= min(now + timedelta(minutes=minutes), now + HARD_CAP)


def test_service_that_never_sleeps_is_plain_time() -> None:
    terms = m.Terms(service_from_hour=0, service_to_hour=24)
    assert in_service(at(23, 30), 120, terms, ZONE) == at(1, 30, day=3)
