"""The laws of four countries as data: their windows to the minute, their calendars, and what may be asked for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dingdan.areas import policies

CN, EU, GB, US = policies.packs()
ZONES = {"CN": "Asia/Shanghai", "DE": "Europe/Berlin", "GB": "Europe/London", "US": "America/New_York"}


def at(text: str, country: str = "CN") -> datetime:
    """A moment as people there write it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONES[country])).astimezone(UTC)


def line(country: str, delivered: str, asked: str, reason: str = "NO_REASON", **more: object) -> policies.LineFacts:
    """One thing that came at a moment and is asked back at another."""
    facts = policies.LineFacts(
        reason=reason, quantity=1, returnable=1, delivered_at=at(delivered, country), requested_at=at(asked, country),
        country=country, category="clothing",
    )  # fmt: skip
    return replace(facts, **more)  # type: ignore[arg-type]


@pytest.mark.requirement("W63")
@pytest.mark.requirement("R1.4")
def test_in_europe_a_last_day_on_a_sunday_is_the_monday_after() -> None:
    verdict = policies.judge(EU, line("DE", "2026-03-01 12:00", "2026-03-16 23:59"))
    assert verdict.is_allowed
    assert verdict.window_end == at("2026-03-17 00:00", "DE")
    assert "EU_REST_DAY" in verdict.rules
    assert not policies.judge(EU, line("DE", "2026-03-01 12:00", "2026-03-17 00:00")).is_allowed


def test_in_europe_holidays_are_those_of_the_buyers_country() -> None:
    # 14 days after the 30th of June is the 14th of July, which is a holiday in France only.
    delivered = datetime(2026, 6, 30, 10, tzinfo=UTC)
    asked = delivered + timedelta(days=1)
    facts = line("DE", "2026-06-30 12:00", "2026-07-01 12:00", delivered_at=delivered, requested_at=asked)
    assert policies.judge(EU, facts).window_end == at("2026-07-15 00:00", "DE")
    assert policies.judge(EU, replace(facts, country="FR")).window_end == at("2026-07-16 00:00", "DE")


def test_the_days_are_counted_from_the_last_good_of_the_order() -> None:
    facts = line("DE", "2026-03-02 12:00", "2026-03-20 12:00", last_delivered_at=at("2026-03-10 09:00", "DE"))
    assert policies.judge(EU, facts).window_end == at("2026-03-25 00:00", "DE")


@pytest.mark.requirement("W65")
@pytest.mark.requirement("R1.4")
def test_who_was_never_told_has_a_year_more_in_europe() -> None:
    facts = line("DE", "2026-03-01 12:00", "2027-03-15 23:59", is_untold=True)
    assert policies.judge(EU, facts).is_allowed
    assert policies.judge(EU, facts).window_end == at("2027-03-16 00:00", "DE")
    assert "EU_UNTOLD" in policies.judge(EU, facts).rules
    assert not policies.judge(EU, replace(facts, requested_at=at("2027-03-16 00:00", "DE"))).is_allowed


def test_who_is_told_late_has_the_whole_window_from_then() -> None:
    facts = line("DE", "2026-03-01 12:00", "2026-06-10 12:00", is_untold=True, told_at=at("2026-06-02 08:00", "DE"))
    assert policies.judge(EU, facts).window_end == at("2026-06-17 00:00", "DE")
    soon = replace(facts, requested_at=at("2026-03-04 12:00", "DE"), told_at=at("2026-03-02 12:00", "DE"))
    assert policies.judge(EU, soon).window_end == at("2026-03-17 00:00", "DE")
    too_late = replace(facts, requested_at=at("2027-03-14 12:00", "DE"), told_at=at("2027-03-13 12:00", "DE"))
    # The 27th is a Saturday, and Easter after it.
    assert policies.judge(EU, too_late).window_end == at("2027-03-31 00:00", "DE")


@pytest.mark.requirement("W69")
def test_in_britain_faulty_goods_can_be_rejected_for_thirty_days() -> None:
    verdict = policies.judge(GB, line("GB", "2026-03-01 12:00", "2026-03-31 23:59", "QUALITY_DEFECT"))
    assert verdict.window_end == at("2026-04-01 00:00", "GB")
    assert "LATE_CLAIM" not in verdict.review_reasons
    assert verdict.seller_proves
    assert [one.remedy for one in verdict.remedies if one.is_open] == ["refund", "repair", "exchange"]
    late = policies.judge(GB, line("GB", "2026-03-01 12:00", "2026-10-01 00:00", "QUALITY_DEFECT", failed_repairs=1))
    assert "LATE_CLAIM" in late.review_reasons
    assert not late.seller_proves
    assert [one.remedy for one in late.remedies if one.is_open] == ["repair", "exchange", "reduction", "refund"]


def test_in_britain_the_days_stand_still_during_a_repair() -> None:
    facts = line("GB", "2026-03-01 12:00", "2026-03-20 12:00", "FUNCTION_FAULT", repair_days=10)
    assert policies.judge(GB, facts).window_end == at("2026-04-11 00:00", "GB")


def test_in_britain_a_weekend_does_not_move_the_last_day() -> None:
    # 14 days after Sunday 2026-03-01 is Sunday the 15th.
    assert policies.judge(GB, line("GB", "2026-03-01 12:00", "2026-03-02 12:00")).window_end == at(
        "2026-03-16 00:00", "GB"
    )


@pytest.mark.requirement("W71")
def test_three_guarantees_of_a_phone() -> None:
    facts = line("CN", "2026-01-10 15:00", "2026-01-11 10:00", "FUNCTION_FAULT", category="phone",
                 sold_at=at("2026-01-10 09:00"), repair_days=20)  # fmt: skip
    until = {one.rule: one.until for one in policies.judge(CN, facts).remedies if one.is_open}
    assert until["CN_SANBAO"] == at("2026-01-18 00:00")
    assert until["CN_SANBAO_EXCHANGE"] == at("2026-01-26 00:00")
    assert until["CN_SANBAO_REPAIR"] == at("2027-01-31 00:00")
    anew = replace(facts, exchanged_at=at("2026-06-01 12:00"), requested_at=at("2026-06-02 12:00"), repair_days=0)
    until = {one.rule: one.until for one in policies.judge(CN, anew).remedies}
    assert until["CN_SANBAO_REPAIR"] == at("2027-06-02 00:00")


def test_after_two_repairs_that_failed_a_phone_goes_back() -> None:
    facts = line("CN", "2026-01-10 15:00", "2026-06-11 10:00", "FUNCTION_FAULT", category="phone")
    closed = [
        one.remedy for one in policies.judge(CN, facts).remedies if one.rule == "CN_SANBAO_FAILED" and one.is_open
    ]
    failed = policies.judge(CN, replace(facts, failed_repairs=2)).remedies
    assert closed == []
    assert [one.remedy for one in failed if one.rule == "CN_SANBAO_FAILED" and one.is_open] == ["refund", "exchange"]


@pytest.mark.requirement("W40")
def test_a_live_animal_told_about_in_the_thirteenth_hour_is_looked_at_and_the_claim_stays() -> None:
    facts = line("CN", "2026-03-03 08:00", "2026-03-03 20:00", "QUALITY_DEFECT", category="live", flags=("perishable",))
    late = policies.judge(CN, facts)
    assert (late.is_allowed, late.review_reasons) == (True, ("FAULT_CLAIMED", "REPORTED_LATE"))
    assert "CN_REPORT_LIVE" in late.rules
    in_time = replace(facts, requested_at=facts.requested_at - timedelta(minutes=1))
    assert policies.judge(CN, in_time).review_reasons == ("FAULT_CLAIMED",)


@pytest.mark.requirement("R1.2")
@pytest.mark.parametrize("document", [EU, GB, US], ids=lambda one: one.id)
def test_a_sealed_box_is_returnable_until_its_seal_is_broken(document: policies.PolicyDocument) -> None:
    facts = line("GB", "2026-03-02 12:00", "2026-03-03 12:00", category="beauty/cosmetics")
    assert policies.judge(document, facts).is_allowed
    opened = policies.judge(document, replace(facts, is_unsealed=True))
    assert opened.exclusion is not None
    assert opened.exclusion.endswith("_EX_HYGIENE")
    assert opened.reasons == (("EXCLUDED_BY_SHOP",) if document is US else ("EXCLUDED_BY_LAW",))
    assert policies.excluded_once_unsealed(document, "beauty/cosmetics", ()) == opened.exclusion


def test_what_is_bought_for_the_holidays_may_come_back_until_the_end_of_january() -> None:
    facts = line("US", "2026-11-20 12:00", "2027-01-31 23:59", sold_at=at("2026-11-15 12:00", "US"))
    assert policies.judge(US, facts).is_allowed
    assert "US_SEASON" in policies.judge(US, facts).rules
    assert not policies.judge(US, replace(facts, requested_at=at("2027-02-01 00:00", "US"))).is_allowed
    other = replace(facts, sold_at=at("2026-10-31 12:00", "US"))
    assert not policies.judge(US, other).is_allowed


@pytest.mark.requirement("R1.7")
def test_who_pays_which_way_is_said_for_every_fault_and_direction() -> None:
    ways = {
        (document.id, fault): (freight.outbound, freight.way_back, policies.reship_by(freight))
        for document in policies.packs()
        for fault in policies.FAULTS
        for freight in [policies.freight_for(document, fault)]
    }
    assert ways["cn_statutory", "buyer"] == ("not_refunded", "buyer", "buyer")
    assert ways["eu_crd", "buyer"] == ways["uk_ccr", "buyer"] == ("refunded_standard", "buyer", "buyer")
    assert {ways[document.id, "seller"] for document in policies.packs()} == {("refunded", "seller", "seller")}
    assert ways["cn_statutory", "none"] == ("refunded", "buyer", "buyer")


@pytest.mark.requirement("W31")
def test_the_buyer_bears_what_insurance_does_not_pay() -> None:
    assert policies.postage_of_buyer(CN.no_reason.freight, 1200, insured=1000) == 200
    assert policies.postage_of_buyer(CN.no_reason.freight, 1200, insured=1500) == 0
    assert policies.postage_of_buyer(CN.quality.freight, 1200) == 0


@pytest.mark.requirement("R1.6")
def test_the_money_is_due_from_the_day_that_each_law_counts_from() -> None:
    asked, came = at("2026-03-02 12:00"), at("2026-03-20 12:00")
    due = {
        one.id: policies.refund_due(one, "Asia/Shanghai", asked_at=asked, received_at=came) for one in policies.packs()
    }
    assert due["cn_statutory"] == at("2026-03-28 00:00")
    assert due["uk_ccr"] == at("2026-04-04 00:00")
    # Asked on the 2nd, so due on the 16th; held back until the goods came on the 20th, and no longer.
    assert due["eu_crd"] == at("2026-03-21 00:00")


MOMENTS = st.integers(0, 900 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ANY = st.builds(
    policies.LineFacts, reason=st.sampled_from(sorted(CN.reasons)), quantity=st.integers(1, 3), returnable=st.integers(0, 3),
    requested_at=MOMENTS, delivered_at=st.none() | MOMENTS, sold_at=st.none() | MOMENTS, confirmed_at=st.none() | MOMENTS,
    category=st.sampled_from(["clothing", "phone", "live", "beauty/cosmetics", "press", "clearance", "service"]),
    flags=st.lists(st.sampled_from(["custom_made", "perishable", "virtual", "intimate"])).map(tuple),
    confirmed=st.booleans(), is_untold=st.booleans(), told_at=st.none() | MOMENTS, is_unsealed=st.booleans(),
    country=st.sampled_from(["", "DE", "FR", "GB", "CN", "US", "XX"]), repair_days=st.integers(0, 40),
    failed_repairs=st.integers(0, 3), exchanged_at=st.none() | MOMENTS,
)  # fmt: skip


@given(st.sampled_from(policies.packs()), ANY)
def test_every_pack_answers_everything_with_rules_that_are_written(
    document: policies.PolicyDocument, facts: policies.LineFacts
) -> None:
    verdict = policies.judge(document, facts)
    assert verdict.is_allowed == (not verdict.reasons)
    assert set(verdict.rules) <= document.rules.keys()
    assert {one.rule for one in (*verdict.steps, *verdict.remedies)} <= document.rules.keys()
    assert set(verdict.reasons) <= policies.DECISIONS.keys()
    assert set(verdict.review_reasons) <= policies.REVIEWS.keys()
    assert any(step.answer == "no" for step in verdict.steps) == bool(verdict.reasons)


@given(st.sampled_from(policies.packs()), ANY, st.integers(1, 400))
def test_a_longer_promise_never_takes_anything_away(
    document: policies.PolicyDocument, facts: policies.LineFacts, days: int
) -> None:
    window = document.no_reason.window
    wider = replace(document, no_reason=replace(document.no_reason, window=replace(window, days=window.days + days)))
    if policies.judge(document, facts).is_allowed:
        assert policies.judge(wider, facts).is_allowed


def test_a_season_that_spans_the_new_year() -> None:
    season = policies.Season(name=policies.Words("Winter", "冬"), bought_from="12-20", bought_until="01-10",
                             returnable_until="02-29", rule="US_SEASON")  # fmt: skip
    winter = replace(US, seasons=(season,))
    facts = line("US", "2027-01-02 12:00", "2027-02-20 12:00", sold_at=at("2026-12-28 12:00", "US"))
    assert policies.judge(winter, facts).window_end == at("2027-03-01 00:00", "US")
    january = replace(facts, sold_at=at("2027-01-10 23:00", "US"))
    assert policies.judge(winter, january).is_allowed


def test_the_packs_say_since_when_they_apply() -> None:
    assert {one.id: one.effective_from for one in policies.packs()} == {
        "cn_statutory": date(2024, 7, 1), "eu_crd": date(2026, 6, 19), "uk_ccr": date(2015, 10, 1),
        "us_practice": date(2024, 1, 1),
    }  # fmt: skip
