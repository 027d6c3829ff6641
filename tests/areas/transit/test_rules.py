"""Pure decisions of the way: when carriers are asked, what is normal, what is noticed, when a parcel arrives."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dingdan.areas.fulfilment import CODES, Seen, standing
from dingdan.areas.transit.model import Feed, Lane, Limit, Normal, Rule, Watch
from dingdan.areas.transit.rules import asking, noticing, silences, telling
from dingdan.areas.transit.rules.arrival import estimate

LEFT = datetime(2026, 3, 3, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NORMAL = timedelta(hours=48)
UNTIL = LEFT + 60 * DAY
WATCH = Watch(
    is_moving=True, dispatched_at=LEFT, last_scan_at=LEFT + HOUR, is_waiting_for_buyer=False, noticed=frozenset(),
    normal=NORMAL,
)  # fmt: skip
FREE = Limit(per_call=2, between=timedelta(0))


class TestAsking:
    def test_older_parcels_are_asked_about_less_often(self) -> None:
        waits = [asking.interval(age * DAY, NORMAL) for age in (0, 1, 5, 20)]

        assert waits == sorted(waits)
        assert waits[0] >= HOUR
        assert waits[-1] == DAY

    def test_on_a_quick_lane_carriers_are_asked_sooner(self) -> None:
        assert asking.interval(DAY, timedelta(hours=24)) < asking.interval(DAY, timedelta(hours=120))

    @settings(deadline=None)
    @over(st.integers(0, 1000), st.integers(0, 1000))
    def test_who_is_due_is_asked_and_the_next_time_lies_ahead(self, age: int, heard: int) -> None:
        now = LEFT + age * HOUR
        about = {"dispatched_at": LEFT, "last_scan_at": LEFT + min(heard, age) * HOUR, "normal": NORMAL, "now": now}

        assert asking.next_ask(**about) > now  # type: ignore[arg-type]
        if not asking.is_due(**about):  # type: ignore[arg-type]
            assert asking.next_ask(**about) == about["last_scan_at"] + asking.interval(age * HOUR, NORMAL)  # type: ignore[arg-type,operator]

    def test_a_set_is_asked_about_in_calls(self) -> None:
        turn = asking.turn(Feed(carrier="c"), FREE, [1, 2, 3], LEFT)

        assert (turn.calls, turn.later) == (((1, 2), (3,)), {})

    def test_a_carrier_that_rests_between_calls_gets_one_now_and_the_others_later(self) -> None:
        turn = asking.turn(Feed(carrier="c"), Limit(2, timedelta(minutes=1)), [1, 2, 3, 4, 5], LEFT)

        assert turn.calls == ((1, 2),)
        assert turn.later == {
            3: LEFT + timedelta(minutes=1), 4: LEFT + timedelta(minutes=1), 5: LEFT + timedelta(minutes=2)
        }  # fmt: skip
        assert turn.free_at == LEFT + timedelta(minutes=3)

    def test_a_carrier_that_is_down_is_left_alone_and_then_tried_with_one_call(self) -> None:
        down = Feed(carrier="c", failures=3, failing_since=LEFT, next_at=LEFT + HOUR)

        resting = asking.turn(down, FREE, [1, 2, 3], LEFT)
        assert (resting.calls, set(resting.later.values())) == ((), {LEFT + HOUR})
        trying = asking.turn(down, FREE, [1, 2, 3], LEFT + HOUR)
        assert (trying.calls, list(trying.later)) == (((1, 2),), [3])

    def test_the_pause_doubles_and_has_an_end(self) -> None:
        pauses = [asking.pause_after(n) for n in range(1, 20)]

        assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
        assert pauses[-1] == HOUR


class TestSilences:
    def test_few_pauses_teach_nothing(self) -> None:
        assert silences.normal([HOUR] * 49) == Normal(timedelta(hours=48), Rule.TOO_FEW, 49, None)

    @pytest.mark.requirement("O4.5")
    def test_what_95_of_100_keep_is_normal(self) -> None:
        pauses = [timedelta(hours=hours) for hours in range(1, 101)]

        assert silences.normal(pauses) == Normal(timedelta(hours=95), Rule.LEARNED, 100, timedelta(hours=95))

    @settings(deadline=None)
    @over(st.lists(st.integers(1, 10**7), min_size=50, max_size=200))
    def test_it_stays_within_bounds_and_does_not_hang_on_the_order(self, seconds: list[int]) -> None:
        pauses = [timedelta(seconds=one) for one in seconds]
        found = silences.normal(pauses)

        assert silences.FLOOR <= found.normal <= silences.CEILING
        assert found == silences.normal(pauses[::-1])

    def test_a_lane_that_is_new_takes_its_carriers_and_a_carrier_that_is_new_the_prior(self) -> None:
        own, few = Normal(30 * HOUR, Rule.LEARNED, 99, 30 * HOUR), Normal(NORMAL, Rule.TOO_FEW, 3, None)
        known = {Lane("sf"): own, Lane("sf", "1/CN-33"): few}

        assert silences.of_lane(known, Lane("sf", "1/CN-33")) == 30 * HOUR
        assert silences.of_lane(known, Lane("yto", "1/CN-33")) == silences.PRIOR

    def test_a_way_leads_from_a_warehouse_to_a_part_of_a_country(self) -> None:
        assert silences.way_of(7, {"country": "CN", "region": "330106"}) == "7/CN-33"
        assert silences.way_of(7, None) == ""


class TestNoticing:
    def silent(self, hours: float, **other: object) -> noticing.Verdict:
        return noticing.silence(replace(WATCH, **other), now=LEFT + HOUR + hours * HOUR, until=UNTIL)

    @pytest.mark.requirement("O4.5")
    def test_silence_is_noticed_when_it_is_longer_than_normal(self) -> None:
        assert self.silent(47.9) == noticing.Verdict(None, LEFT + 49 * HOUR)
        assert self.silent(48).reason == "silent"
        assert self.silent(30, normal=timedelta(hours=30)).reason == "silent"

    @pytest.mark.requirement("O4.5")
    def test_after_a_week_a_parcel_has_probably_disappeared(self) -> None:
        assert self.silent(7 * 24).reason == "disappeared"
        assert self.silent(7 * 24, last_scan_at=None).reason == "disappeared"

    def test_what_is_known_is_not_noticed_again_and_is_looked_at_again(self) -> None:
        again = self.silent(50, noticed=frozenset({"silent"}))

        assert again == noticing.Verdict(None, LEFT + HOUR + 74 * HOUR)
        assert self.silent(200, noticed=frozenset({"disappeared"})).reason is None

    def test_who_waits_at_a_station_is_quiet_and_not_lost(self) -> None:
        assert self.silent(100, is_waiting_for_buyer=True).reason is None
        assert self.silent(7 * 24, is_waiting_for_buyer=True).reason == "silent"

    def test_while_a_carrier_does_not_answer_us_its_parcels_are_not_called_silent(self) -> None:
        deaf = self.silent(60, deaf_until=LEFT + 200 * HOUR)

        assert deaf == noticing.Verdict(None, LEFT + 200 * HOUR)
        assert self.silent(7 * 24, deaf_until=LEFT + 200 * HOUR).reason == "disappeared"

    def test_a_parcel_that_comes_back_is_looked_at_for_the_case_that_it_turns_round(self) -> None:
        verdict = self.silent(100, is_moving=False)

        assert verdict.reason is None
        assert verdict.next_at is not None
        assert self.silent(61 * 24) == noticing.Verdict(None, None)

    @settings(deadline=None)
    @over(st.integers(0, 1500), st.booleans(), st.booleans(), st.booleans())
    def test_the_next_look_always_lies_ahead(self, hours: int, scanned: bool, moving: bool, deaf: bool) -> None:
        now = LEFT + hours * HOUR
        watch = replace(
            WATCH, is_moving=moving, last_scan_at=LEFT if scanned else None, deaf_until=LEFT if deaf else None
        )
        verdict = noticing.silence(watch, now=now, until=UNTIL)

        assert verdict.next_at is None or verdict.next_at > now


class TestArrival:
    PROMISED = LEFT + 5 * DAY

    def at(
        self, now: datetime, *scans: Seen, promised: datetime | None = PROMISED
    ) -> tuple[datetime | None, str, bool]:
        state = standing(scans).state
        found = estimate(state, scans, promised=promised, normal=NORMAL, zone="Asia/Shanghai", now=now)
        return found.at, found.basis, found.is_late

    @pytest.mark.requirement("O4.4")
    def test_the_promise_holds_until_scans_say_better(self) -> None:
        moving = Seen(LEFT + HOUR, "in_transit", "1")
        out = Seen(LEFT + 2 * DAY, "out_for_delivery", "2")

        assert self.at(LEFT + 2 * HOUR, moving) == (self.PROMISED, "promise", False)
        # 8:00 UTC is 16:00 there, and midnight there is 16:00 UTC.
        assert self.at(LEFT + 2 * DAY, moving, out) == (LEFT + 2 * DAY + 8 * HOUR, "out_for_delivery", False)

    @pytest.mark.requirement("O4.4")
    def test_a_carrier_that_says_it_is_late_is_believed(self) -> None:
        late = Seen(LEFT + 4 * DAY, "delayed", "1")

        assert self.at(LEFT + 4 * DAY, late) == (LEFT + 6 * DAY, "scans", False)

    def test_a_promise_that_has_passed_is_told_as_late(self) -> None:
        seen = Seen(LEFT + 4 * DAY, "in_transit", "1")

        assert self.at(LEFT + 5 * DAY + HOUR, seen) == (LEFT + 6 * DAY, "scans", True)
        assert self.at(LEFT + 9 * DAY, seen) == (None, "none", True)

    def test_nobody_knows_it_of_what_does_not_come(self) -> None:
        for code in ("returning", "lost", "damaged", "awaiting_collection", "turned_away"):
            assert self.at(LEFT + DAY, Seen(LEFT + HOUR, code, "1")) == (None, "none", False)
        assert self.at(LEFT + 9 * DAY, Seen(LEFT + HOUR, "delivered", "1")) == (None, "arrived", False)

    @settings(deadline=None)
    @over(
        st.lists(st.tuples(st.integers(0, 200), st.sampled_from(sorted(CODES))), max_size=8),
        st.integers(0, 300), st.none() | st.integers(0, 200),
    )  # fmt: skip
    def test_an_estimate_never_lies_in_the_past(
        self, told: list[tuple[int, str]], now: int, promised: int | None
    ) -> None:
        scans = [Seen(LEFT + hours * HOUR, code, str(n)) for n, (hours, code) in enumerate(told)]
        moment = LEFT + now * HOUR
        at, _, _ = self.at(moment, *scans, promised=None if promised is None else LEFT + promised * HOUR)

        assert at is None or at > moment


@pytest.mark.requirement("O4.6")
def test_nothing_that_is_said_of_the_way_sends_anybody_to_the_carrier() -> None:
    forbidden = (
        "call the carrier",
        "contact the carrier",
        "ask the carrier yourself",
        "联系快递",
        "联系承运",
        "拨打",
        "http",
    )
    for text in (*telling.WORDS.values(), *(code.text for code in CODES.values())):
        assert text.en
        assert text.zh
        assert not [word for word in forbidden if word in text.en.lower() or word in text.zh]
    assert set(telling.NOTICED) < set(telling.WORDS)
