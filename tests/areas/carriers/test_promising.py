"""What is promised: cut-offs, working days, holidays, presales, and which lane is taken."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from dingdan.areas import carriers
from dingdan.kernel.times import local_date

pytestmark = pytest.mark.requirement("O1.10")

SHANGHAI, HERE = "Asia/Shanghai", 7
KEY = carriers.LaneKey(1, "CN", "330106")
ASK = carriers.Ask(warehouse_id=HERE, zone=SHANGHAI, country="CN")
LANE = carriers.Lane(
    id=1, merchant_id=1, code="east", carrier_id=5, carrier="sf", service="standard", warehouse_id=None, country="CN",
    region="33", deliverable=True, cut_off=16 * 60, handling_days=0, days_min=1, days_max=2, days="every_day",
    surcharge=0, currency=None, priority=100, active=True,
)  # fmt: skip


def lane(**other: Any) -> carriers.Lane:
    """The lane with something else about it."""
    return msgspec.structs.replace(LANE, **other)


def lanes(*found: carriers.Lane) -> carriers.Lanes:
    """What a merchant has."""
    return carriers.Lanes(KEY, found, are_kept=any(one.deliverable for one in found))


def ask(**other: Any) -> carriers.Ask:
    """The question with something else about it."""
    return msgspec.structs.replace(ASK, **other)


def at(text: str, zone: str = SHANGHAI) -> datetime:
    """A moment as the clock on the wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days(found: carriers.Lanes, now: str, **other: Any) -> tuple[str, str]:
    """The last days of dispatch and arrival."""
    made = carriers.promise(found, ask(**other), at(now, other.get("zone", SHANGHAI)))
    assert isinstance(made, carriers.Promise), made
    last = [
        local_date(end - timedelta(microseconds=1), other.get("zone", SHANGHAI))
        for end in (made.ship_by, made.arrive_by)
    ]
    return last[0].isoformat(), last[1].isoformat()


@pytest.mark.parametrize(
    ("now", "shipped"),
    [
        ("2026-11-25T00:00", "2026-11-25"),
        ("2026-11-25T15:59:59.999999", "2026-11-25"),
        ("2026-11-25T16:00", "2026-11-26"),
        ("2026-11-25T23:59", "2026-11-26"),
    ],
)
def test_the_cut_off_is_a_minute_of_the_day(now: str, shipped: str) -> None:
    assert days(lanes(LANE), now)[0] == shipped


def test_the_cut_off_is_one_of_the_warehouse() -> None:
    in_berlin = carriers.promise(lanes(LANE), ask(zone="Europe/Berlin"), at("2026-11-25T18:00"))
    in_china = carriers.promise(lanes(LANE), ASK, at("2026-11-25T18:00"))

    assert isinstance(in_berlin, carriers.Promise)
    assert isinstance(in_china, carriers.Promise)
    assert (in_berlin.basis["shipped_on"], in_china.basis["shipped_on"]) == ("2026-11-25", "2026-11-26")


@pytest.mark.parametrize(
    ("now", "when"),
    [
        # A Friday: on the way over the weekend.
        ("2026-11-27T10:00", ("2026-11-27", "2026-12-01")),
        ("2026-11-27T17:00", ("2026-11-30", "2026-12-02")),
        # The National Day week of 2026 with its make-up workday on Saturday, October 10.
        ("2026-09-30T17:00", ("2026-10-08", "2026-10-10")),
    ],
)
def test_working_days_leave_out_weekends_and_holidays_and_count_make_up_days(now: str, when: tuple[str, str]) -> None:
    assert days(lanes(lane(days="working_days")), now) == when


def test_days_on_which_nothing_moves_are_named() -> None:
    made = carriers.promise(lanes(lane(days="working_days")), ASK, at("2026-11-27T17:00"))

    assert isinstance(made, carriers.Promise)
    assert made.basis["rest_days"] == ["2026-11-28", "2026-11-29"]


def test_handling_takes_its_days() -> None:
    assert days(lanes(lane(handling_days=2)), "2026-11-25T10:00") == ("2026-11-27", "2026-11-29")


def test_a_presale_leaves_on_its_day_and_not_before() -> None:
    assert days(lanes(LANE), "2026-11-25T17:00", not_before=date(2026, 12, 10)) == ("2026-12-10", "2026-12-12")
    assert days(lanes(LANE), "2026-11-25T17:00", not_before=date(2026, 11, 1)) == ("2026-11-26", "2026-11-28")
    assert days(carriers.Lanes(KEY), "2026-11-25T17:00", not_before=date(2026, 12, 10)) == ("2026-12-10", "2026-12-17")


@pytest.mark.parametrize(
    ("now", "shipped"),
    [
        # On the day that clocks are set back, half past one comes twice: the first one counts, and both are over after it.
        ("2026-11-01T05:29:59+00:00", "2026-11-01"),
        ("2026-11-01T05:30:00+00:00", "2026-11-02"),
        ("2026-11-01T06:10:00+00:00", "2026-11-02"),
    ],
)
def test_a_cut_off_that_comes_twice_is_over_after_the_first(now: str, shipped: str) -> None:
    zone = "America/New_York"
    made = carriers.promise(lanes(lane(cut_off=90)), ask(zone=zone, country="US"), datetime.fromisoformat(now))

    assert isinstance(made, carriers.Promise)
    assert made.basis["shipped_on"] == shipped


def test_a_day_of_25_hours_ends_at_its_own_midnight() -> None:
    zone = "America/New_York"
    made = carriers.promise(lanes(LANE), ask(zone=zone, country="US"), at("2026-11-01T10:00", zone))

    assert isinstance(made, carriers.Promise)
    assert made.ship_by == at("2026-11-02T00:00", zone)


def test_without_lanes_the_merchants_general_promise_holds() -> None:
    made = carriers.promise(carriers.Lanes(KEY), ask(ship_within_hours=24, transit_days=(2, 4)), at("2026-11-25T10:00"))

    assert isinstance(made, carriers.Promise)
    assert made.ship_by == at("2026-11-26T10:00")
    assert (made.arrive_from, made.arrive_by) == (at("2026-11-28T00:00"), at("2026-12-01T00:00"))
    assert (made.carrier, made.basis["rule"], made.basis["ship_within_hours"]) == (None, "settings", 24)


def test_a_promise_says_what_it_was_computed_from_in_plain_data() -> None:
    made = carriers.promise(lanes(LANE), ASK, at("2026-11-25T17:00"))

    assert isinstance(made, carriers.Promise)
    assert msgspec.json.decode(msgspec.json.encode(made), type=carriers.Promise) == made
    assert made.basis == {
        "rule": "lane", "paid_at": "2026-11-25T09:00:00Z", "zone": SHANGHAI, "country": "CN", "region": "330106",
        "not_before": None, "lane": "east", "whose": "merchant", "carrier": "sf", "service": "standard",
        "cut_off": "2026-11-25T08:00:00Z", "is_after_cut_off": True, "days": "every_day", "calendar": None,
        "handling_days": 0, "transit_days": [1, 2], "shipped_on": "2026-11-26", "rest_days": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("others", "taken"),
    [
        # Of one carrier's service: the merchant's before the platform's, this warehouse before any, the smaller region.
        ([{"code": "p", "merchant_id": None, "region": "330106"}], "east"),
        ([{"code": "here", "warehouse_id": HERE}], "here"),
        ([{"code": "there", "warehouse_id": 8}], "east"),
        ([{"code": "city", "region": "3301"}], "city"),
        # Of several: priority, then surcharge, then days, then name.
        ([{"code": "first", "carrier_id": 6, "carrier": "yto", "priority": 1}], "first"),
        ([{"code": "dear", "carrier_id": 6, "carrier": "aaa", "surcharge": 500, "currency": "CNY"}], "east"),
        ([{"code": "quick", "carrier_id": 6, "carrier": "yto", "days_max": 1}], "quick"),
        ([{"code": "name", "carrier_id": 6, "carrier": "aaa"}], "name"),
    ],
)
def test_one_lane_is_taken_for_a_reason(others: list[dict[str, Any]], taken: str) -> None:
    made = carriers.promise(
        lanes(LANE, *(lane(id=n + 2, **o) for n, o in enumerate(others))), ASK, at("2026-11-25T10:00")
    )

    assert isinstance(made, carriers.Promise)
    assert made.basis["lane"] == taken


NO = {"deliverable": False, "region": "330106", "code": "no"}


@pytest.mark.parametrize(
    ("found", "service", "why", "instead"),
    [
        ([NO], None, "excluded", []),
        ([{"warehouse_id": 8}], None, "no_lane", [("warehouse", "standard", 8)]),
        ([{}], "express", "service", [("service", "standard", None)]),
        ([NO, {"id": 2, "service": "freight"}], "standard", "excluded", [("service", "freight", None)]),
        (
            [NO, {"id": 2, "warehouse_id": 8}, {"id": 3, "service": "express"}], "standard", "excluded",
            [("service", "express", None), ("warehouse", "standard", 8)],
        ),
    ],
)  # fmt: skip
def test_where_nothing_goes_what_does_is_named(
    found: list[dict[str, Any]], service: str | None, why: str, instead: list[tuple[str, str, int | None]]
) -> None:
    made = carriers.promise(lanes(*(lane(**one) for one in found)), ask(service=service), at("2026-11-25T10:00"))

    assert isinstance(made, carriers.NotDeliverable)
    assert made.why == why
    assert [(other.kind, other.service, other.warehouse_id) for other in made.alternatives] == instead


def test_a_refusal_offers_the_services_that_go_there() -> None:
    no = carriers.promise(lanes(LANE), ask(service="express"), at("2026-11-25T10:00"))
    assert isinstance(no, carriers.NotDeliverable)

    problem = carriers.undeliverable(no, "delivery", service_pointer="/delivery/service")

    patches = [[(one.path, one.value) for one in way.patch] for way in problem.solutions if way.patch]
    assert (problem.code, problem.path) == ("carriers.undeliverable", "delivery")
    assert patches == [[("/delivery/service", "standard")]]
    assert [way.kind for way in carriers.undeliverable(no).solutions] == ["other_address"]


def test_lanes_that_only_say_no_leave_the_general_promise_elsewhere() -> None:
    only_no = carriers.Lanes(KEY, (lane(**NO),), are_kept=False)

    assert isinstance(carriers.promise(only_no, ASK, at("2026-11-25T10:00")), carriers.NotDeliverable)
    assert isinstance(carriers.promise(carriers.Lanes(KEY), ASK, at("2026-11-25T10:00")), carriers.Promise)


MANY = st.lists(
    st.builds(
        lane, id=st.integers(1, 9), carrier_id=st.integers(1, 3), cut_off=st.integers(0, 1440),
        handling_days=st.integers(0, 5), days_min=st.integers(0, 3), days_max=st.integers(3, 9),
        days=st.sampled_from(["every_day", "working_days"]), priority=st.integers(1, 3),
    ),
    max_size=4,
)  # fmt: skip
ZONES = st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Asia/Kathmandu", "America/Santiago"])
NOW = st.integers(0, 2 * 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
LATER, DAY = st.timedeltas(timedelta(0), timedelta(days=40)), st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 1))


@any_of(
    MANY,
    ZONES,
    NOW,
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 1)),
)
def test_waiting_never_makes_a_promise_better(
    found: list[carriers.Lane], zone: str, now: datetime, later: timedelta, not_before: date | None
) -> None:
    asked = ask(zone=zone, country="CN", not_before=not_before)
    first, second = (carriers.promise(lanes(*found), asked, moment) for moment in (now, now + later))

    assert isinstance(first, carriers.Promise)
    assert isinstance(second, carriers.Promise)
    assert now <= first.ship_by <= first.arrive_by
    assert first.arrive_from <= first.arrive_by
    assert (first.ship_by, first.arrive_by) <= (second.ship_by, second.arrive_by)
    assert first.arrive_by <= second.arrive_by
