"""What a policy says about one line: windows to the minute, exclusions, confirmations, whose fault."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas import policies
from dingdan.kernel.resting import is_rest_day_in_china

CN = policies.packs()[0]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment as people in Shanghai write it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def line(**changes: object) -> policies.LineFacts:
    """An ordinary thing, asked back the day after it came, with anything about it changed."""
    usual = {
        "reason": "NO_REASON",
        "quantity": 1,
        "returnable": 1,
        "delivered_at": at("2026-03-03 15:30"),
        "requested_at": at("2026-03-04 09:00"),
        "category": "clothing",
    }
    return policies.LineFacts(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.requirement("W59")
@pytest.mark.requirement("R1.4")
def test_signed_on_a_tuesday_ends_with_the_next_tuesday() -> None:
    verdict = policies.judge(CN, line())
    assert verdict.window_end == at("2026-03-11 00:00")  # the end of the 10th
    assert policies.judge(CN, line(requested_at=at("2026-03-10 23:59"))).is_allowed
    late = policies.judge(CN, line(requested_at=at("2026-03-11 00:00")))
    assert (late.is_allowed, late.reasons) == (False, ("OUT_OF_WINDOW",))


@pytest.mark.requirement("W61")
def test_completion_ends_nothing() -> None:
    # Signed on the 3rd, confirmed by the clock on the 6th: nothing about that is even asked.
    assert policies.judge(CN, line(requested_at=at("2026-03-10 23:59"))).is_allowed


@pytest.mark.requirement("R1.4")
def test_a_last_day_in_the_spring_festival_rolls_to_the_first_workday() -> None:
    # Day 7 is Friday 2026-02-20; the holiday lasts to the 23rd, and the 24th is a workday.
    verdict = policies.judge(CN, line(delivered_at=at("2026-02-13 10:00"), requested_at=at("2026-02-14 10:00")))
    assert verdict.window_end == at("2026-02-25 00:00")
    assert "CN_REST_DAY" in verdict.rules


def test_a_make_up_workday_is_no_rest_day() -> None:
    # Saturday 2026-02-28 is worked for the holiday, so the window that ends on it does not roll.
    verdict = policies.judge(CN, line(delivered_at=at("2026-02-21 10:00"), requested_at=at("2026-02-22 10:00")))
    assert verdict.window_end == at("2026-03-01 00:00")
    assert "CN_REST_DAY" not in verdict.rules


def test_a_year_without_a_published_calendar_knows_weekends() -> None:
    assert [is_rest_day_in_china(date(2090, 1, day)) for day in (6, 7, 8, 9)] == [False, True, True, False]


@pytest.mark.requirement("W40")
@pytest.mark.requirement("R1.2")
def test_fresh_food_is_excluded_by_law_and_rot_is_not() -> None:
    plain = policies.judge(CN, line(flags=("perishable",), category="food/fruit"))
    assert not plain.is_allowed
    assert (plain.reasons, plain.exclusion) == (("EXCLUDED_BY_LAW",), "CN_EX_PERISHABLE")
    assert "CPL 25(1) no. 2; Measures 6" in plain.articles
    rotten = policies.judge(CN, line(flags=("perishable",), category="food/fruit", reason="SPOILED"))
    assert (rotten.is_allowed, rotten.needs_review, rotten.review_reasons) == (True, True, ("FAULT_CLAIMED",))
    assert "CN_QUALITY" in rotten.rules


@pytest.mark.requirement("W41")
@pytest.mark.requirement("R1.3")
def test_without_the_buyers_own_confirmation_a_phone_can_be_returned() -> None:
    verdict = policies.judge(CN, line(category="electronics/phone"))
    assert (verdict.is_allowed, verdict.needs_review) == (True, False)
    assert "CN_UNCONFIRMED" in verdict.rules
    assert "Measures 20(2); Impl. 19(2)" in verdict.articles


@pytest.mark.requirement("R1.3")
def test_with_the_confirmation_on_record_it_cannot() -> None:
    verdict = policies.judge(CN, line(category="electronics/phone", confirmed=True))
    assert (verdict.reasons, verdict.exclusion) == (("EXCLUDED_CONFIRMED",), "CN_OPT_ACTIVATED")
    broken = policies.judge(CN, line(category="electronics/phone", confirmed=True, reason="FUNCTION_FAULT"))
    assert broken.is_allowed


@pytest.mark.requirement("R1.3")
def test_underwear_takes_a_confirmation_and_shirts_do_not() -> None:
    assert policies.confirmation_needed(CN, "clothing", ("intimate",)) == "CN_OPT_HYGIENE"
    assert policies.confirmation_needed(CN, "Clothing/Underwear", ()) == "CN_OPT_HYGIENE"
    assert policies.confirmation_needed(CN, "clothing", ("presale", "cross_border")) is None
    words = policies.confirmation(CN, "CN_OPT_HYGIENE")
    assert "不适用七日无理由退货" in words.zh
    assert "for this purchase" in words.en
    assert policies.text_version(CN, "CN_OPT_HYGIENE") == "CN_OPT_HYGIENE:1"


@pytest.mark.requirement("R1.2")
def test_what_the_law_excludes_needs_no_confirmation() -> None:
    assert policies.exclusions(CN, ("perishable",), "food") == ("CN_EX_PERISHABLE", "CN_OPT_HYGIENE")
    assert policies.confirmation_needed(CN, "food", ("perishable",)) is None


@pytest.mark.parametrize(
    ("flag", "code"),
    [("custom_made", "CN_EX_CUSTOM"), ("perishable", "CN_EX_PERISHABLE"), ("virtual", "CN_EX_DIGITAL")],
)
def test_flags_lead_to_the_exclusions_of_the_law(flag: str, code: str) -> None:
    assert policies.excluded_by_law(CN, "other", (flag,)) == code


def test_everything_that_speaks_against_it_is_said_at_once() -> None:
    verdict = policies.judge(CN, line(flags=("custom_made",), quantity=3, requested_at=at("2026-05-01 00:00")))
    assert verdict.reasons == ("QTY_EXCEEDED", "EXCLUDED_BY_LAW", "OUT_OF_WINDOW")


def test_a_fault_that_shows_late_goes_to_a_person_for_two_years() -> None:
    late = policies.judge(CN, line(reason="QUALITY_DEFECT", requested_at=at("2026-06-01 00:00")))
    assert (late.is_allowed, late.review_reasons) == (True, ("FAULT_CLAIMED", "LATE_CLAIM"))
    assert "CN_QUALITY_LATE" in late.rules
    too_late = policies.judge(CN, line(reason="QUALITY_DEFECT", requested_at=at("2028-03-03 00:00")))
    assert too_late.reasons == ("OUT_OF_WINDOW",)
    counterfeit = policies.judge(CN, line(reason="COUNTERFEIT", requested_at=at("2030-01-01 00:00")))
    assert counterfeit.is_allowed


def test_goods_on_their_way_can_be_turned_away() -> None:
    verdict = policies.judge(CN, line(reason="REFUSED_NO_REASON", delivered_at=None))
    assert (verdict.is_allowed, verdict.window_end, verdict.fault) == (True, None, "buyer")
    assert "CN_TURNED_AWAY" in verdict.rules


def test_what_has_not_left_us_can_always_be_given_up() -> None:
    verdict = policies.judge(CN, line(unshipped=True, delivered_at=None, flags=("custom_made",)))
    assert verdict.is_allowed
    assert "CN_UNSHIPPED" in verdict.rules


def test_an_odd_reason_goes_to_a_person_and_an_unknown_one_nowhere() -> None:
    assert policies.judge(CN, line(reason="PRICE_DISPUTE")).review_reasons == ("OPEN_REASON",)
    with pytest.raises(policies.ReasonUnknown):
        policies.judge(CN, line(reason="BORED"))


@pytest.mark.requirement("R1.4")
def test_a_british_shop_with_two_years_to_return() -> None:
    shop = policies.draft("generous", "1", zone="Europe/London", days=730, effective_from=date(2009, 1, 1),
                          jurisdiction="GB")  # fmt: skip
    sold = datetime(2009, 12, 1, 7, 45, tzinfo=UTC)
    # London is on winter time at both ends; 730 days on is a Thursday, and even a Sunday would not roll.
    facts = line(delivered_at=sold, requested_at=datetime(2011, 12, 1, 23, 59, tzinfo=UTC))
    assert policies.judge(shop, facts).is_allowed
    assert policies.judge(shop, facts).window_end == datetime(2011, 12, 2, tzinfo=UTC)
    next_day = msgspec.structs.replace(facts, requested_at=datetime(2011, 12, 2, tzinfo=UTC))
    assert policies.judge(shop, next_day).reasons == ("OUT_OF_WINDOW",)


MOMENTS = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
FACTS = st.builds(
    policies.LineFacts,
    reason=st.sampled_from(sorted(CN.reasons)),
    quantity=st.integers(1, 9),
    returnable=st.integers(0, 9),
    requested_at=MOMENTS,
    delivered_at=st.none() | MOMENTS,
    unshipped=st.booleans(),
    category=st.sampled_from(["clothing", "food/fruit", "phone", "press", "clearance"]),
    flags=st.lists(st.sampled_from(["presale", "custom_made", "perishable", "virtual", "intimate"])).map(tuple),
    confirmed=st.booleans(),
)


@pytest.mark.requirement("R2.3")
@given(FACTS)
def test_every_verdict_names_rules_that_are_written_and_says_one_thing(facts: policies.LineFacts) -> None:
    verdict = policies.judge(CN, facts)
    assert verdict.rules
    assert set(verdict.rules) <= CN.rules.keys()
    assert len(verdict.articles) == len(verdict.rules)
    assert verdict.is_allowed == (not verdict.reasons)
    assert verdict.needs_review == bool(verdict.review_reasons)
    assert not (verdict.reasons and verdict.needs_review)
    assert set(verdict.reasons) <= policies.DECISIONS.keys()


@given(FACTS)
def test_asking_for_no_more_than_is_left_is_never_too_many(facts: policies.LineFacts) -> None:
    verdict = policies.judge(CN, facts)
    assert ("QTY_EXCEEDED" in verdict.reasons) == (facts.quantity > facts.returnable)


@given(FACTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_asking_earlier_never_hurts(facts: policies.LineFacts, earlier: timedelta) -> None:
    if facts.delivered_at is None or facts.requested_at - earlier <= facts.delivered_at:
        return
    sooner = msgspec.structs.replace(facts, requested_at=facts.requested_at - earlier)
    if policies.judge(CN, facts).is_allowed:
        assert policies.judge(CN, sooner).is_allowed


@given(FACTS)
def test_a_confirmation_that_is_missing_never_hurts_the_buyer(facts: policies.LineFacts) -> None:
    without = policies.judge(CN, msgspec.structs.replace(facts, confirmed=False))
    assert "EXCLUDED_CONFIRMED" not in without.reasons
    if policies.judge(CN, facts).is_allowed:
        assert without.is_allowed


@given(FACTS)
def test_the_window_is_never_shorter_for_rest_days(facts: policies.LineFacts) -> None:
    rolled = policies.judge(CN, facts).window_end
    plain = policies.judge(CN, facts, policies.Clock(CN.zone, lambda day: False)).window_end
    assert (rolled is None) == (plain is None)
    assert rolled is None or plain is None or rolled >= plain
