"""What may be published: nothing below the law, no exclusion without a ground, no rule left unwritten."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from dingdan.areas import policies
from dingdan.areas.policies.publishing import canonical
from dingdan.areas.policies.rules.linting import problems_of
from dingdan.kernel.refusal import Refusal

CN, EU, GB, US = policies.packs()
replace = msgspec.structs.replace
Document = policies.PolicyDocument


def found(document: Document) -> list[tuple[type[Refusal], str]]:
    """What speaks against a document, and where."""
    return [(type(problem), problem.path) for problem in problems_of(document, canonical(document))]


def test_the_packs_we_ship_may_be_published() -> None:
    assert [document.id for document in policies.packs()] == ["cn_statutory", "eu_crd", "uk_ccr", "us_practice"]
    assert [found(document) for document in policies.packs()] == [[], [], [], []]


@pytest.mark.parametrize("jurisdiction", ["other", "GB", "US", "EU"])
def test_a_drafted_policy_may_be_published(jurisdiction: str) -> None:
    assert found(policies.draft("shop", "1", zone="Europe/London", days=730, effective_from=date(2009, 1, 1),
                                jurisdiction=jurisdiction)) == []  # type: ignore[arg-type]  # fmt: skip


def test_every_rule_says_where_it_stands_in_both_languages() -> None:
    for document in policies.packs():
        shorts = [source.short for source in document.sources]
        for code, rule in document.rules.items():
            assert all((rule.article, rule.en, rule.zh)), code
            assert any(short in rule.article for short in shorts), (code, rule.article)


def test_the_reasons_of_the_specification_are_all_there() -> None:
    wanted = (
        "NO_REASON SIZE_UNFIT ORDERED_BY_MISTAKE QUALITY_DEFECT FUNCTION_FAULT NOT_AS_DESCRIBED WRONG_ITEM MISSING_ITEM"
        " DAMAGED_ON_ARRIVAL LOST_IN_TRANSIT LATE_DELIVERY COUNTERFEIT EXPIRED_OR_NEAR SPOILED SHORT_WEIGHT"
        " PRICE_DISPUTE GIFT_MISSING INVOICE REFUSED_NO_REASON REFUSED_DAMAGED RECALL OTHER"
    )
    assert all(list(document.reasons) == wanted.split() for document in policies.packs())


def _no_reason(document: Document, **changes: object) -> Document:
    return replace(document, no_reason=replace(document.no_reason, **changes))


def _days(document: Document, days: int) -> Document:
    return _no_reason(document, window=replace(document.no_reason.window, days=days))


BAD: dict[str, tuple[Callable[[], Document], type[Refusal], str]] = {
    "six days": (lambda: _days(CN, 6), policies.BelowStatute, "no_reason.window.days"),
    "no rest days": (
        lambda: _no_reason(CN, window=replace(CN.no_reason.window, roll_rest_day=False)),
        policies.BelowStatute,
        "no_reason.window.roll_rest_day",
    ),
    "refund in eight days": (
        lambda: replace(CN, refund=replace(CN.refund, days=8)), policies.BelowStatute, "refund.days",
    ),
    "buyer pays for the seller's fault": (
        lambda: replace(CN, quality=replace(CN.quality, freight=CN.no_reason.freight)),
        policies.BelowStatute,
        "quality.freight.return",
    ),
    "underwear excluded outright": (
        lambda: _no_reason(CN, excluded=("CN_OPT_HYGIENE",), excludable_with_confirmation=()),
        policies.ExclusionWithoutGround,
        "no_reason.excluded[0]",
    ),
    "photos for no reason": (
        lambda: _no_reason(CN, evidence_required=("photo",)),
        policies.EvidenceNotAllowed,
        "no_reason.evidence_required",
    ),
    "a rule that is not written": (
        lambda: replace(CN, review=replace(CN.review, rule="CN_NOWHERE")), policies.RuleMissing, "review.rule",
    ),
    "no text to confirm": (
        lambda: replace(CN, confirmations={}),
        policies.ConfirmationMissing,
        "no_reason.excludable_with_confirmation[0]",
    ),
    "a zone of fancy": (lambda: replace(CN, zone="Asia/Atlantis"), policies.ZoneUnknown, "zone"),
    "a code with blanks": (lambda: replace(CN, id="my policy"), policies.FieldUnusable, "id"),
    "a NUL in a name": (
        lambda: replace(CN, name=policies.Words("a\0b", "甲")), policies.FieldUnusable, "",
    ),
    "who pays where nobody is at fault": (
        lambda: replace(CN, freight={}), policies.FreightRuleMissing, "freight.none.return",
    ),
    "who pays for what is sent instead": (
        lambda: replace(CN, quality=replace(CN.quality, freight=replace(CN.quality.freight, reship=None))),
        policies.FreightRuleMissing,
        "freight.seller.reship",
    ),
    "balance whether they like it or not": (
        lambda: replace(CN, refund=replace(CN.refund, balance="always")), policies.ConsentMissing, "refund.balance",
    ),
    "less for what was tried on": (
        lambda: replace(CN, deductions=policies.DeductionTerms("diminished_value", "CN_INTACT")),
        policies.BelowStatute,
        "deductions.handling",
    ),
    "poor quality is the buyer's affair": (
        lambda: replace(CN, reasons=CN.reasons | {
            "QUALITY_DEFECT": replace(CN.reasons["QUALITY_DEFECT"], fault="buyer")}),
        policies.FaultShifted,
        "reasons.QUALITY_DEFECT.fault",
    ),
    "nobody may say that it is not as described": (
        lambda: replace(CN, reasons={"NO_REASON": CN.reasons["NO_REASON"]}), policies.ReasonMissing, "reasons",
    ),
    "English only": (
        lambda: replace(CN, rules=CN.rules | {"CN_REFUND": replace(CN.rules["CN_REFUND"], zh=" ")}),
        policies.WordsMissing,
        "rules.CN_REFUND.zh",
    ),
    "a window of no time": (
        lambda: replace(CN, conditions=(policies.Condition(code="CN_SANBAO", window=policies.Window(rule="CN_SANBAO")),)),
        policies.FieldUnusable,
        "conditions[0].window.days",
    ),
    "a condition by no rule": (
        lambda: replace(CN, conditions=(policies.Condition(code="CN_NOWHERE"),)), policies.RuleMissing,
        "conditions[0].code",
    ),
    "a season in no month": (
        lambda: replace(CN, seasons=(policies.Season(name=policies.Words("a", "甲"), bought_from="13-01",
                                                     bought_until="12-31", returnable_until="01-31", rule="CN_NOTICE"),)),
        policies.FieldUnusable,
        "seasons[0].bought_from",
    ),
    "changes from one day to the next": (
        lambda: replace(CN, rule_change_notice_days=1), policies.BelowStatute, "rule_change_notice_days",
    ),
    "the freight out stays with us in Europe": (
        lambda: _no_reason(EU, freight=replace(EU.no_reason.freight, outbound="not_refunded")),
        policies.BelowStatute,
        "no_reason.freight.outbound",
    ),
    "nobody needs to be told in Europe": (
        lambda: _no_reason(EU, window=replace(EU.no_reason.window, untold_months=0)),
        policies.BelowStatute,
        "no_reason.window.untold_months",
    ),
    "a week to send back in Europe": (
        lambda: replace(EU, send_back_days=7), policies.BelowStatute, "send_back_days",
    ),
    "cosmetics excluded though sealed in Europe": (
        lambda: _no_reason(EU, excluded=(*EU.no_reason.excluded, "CN_OPT_HYGIENE")),
        policies.ExclusionWithoutGround,
        "no_reason.excluded[11]",
    ),
    "a month to reject faulty goods in Britain": (
        lambda: replace(GB, quality=replace(GB.quality, window=replace(GB.quality.window, days=14))),
        policies.BelowStatute,
        "quality.window.days",
    ),
    "a calendar of nowhere": (lambda: replace(CN, rest_days="ZZ"), policies.FieldUnusable, "rest_days"),
    "thirteen days in Britain": (
        lambda: policies.draft("shop", "1", zone="Europe/London", days=13, effective_from=date(2020, 1, 1),
                               jurisdiction="GB"),
        policies.BelowStatute,
        "no_reason.window.days",
    ),
}  # fmt: skip


@pytest.mark.requirement("R1.2")
@pytest.mark.requirement("R1.4")
@pytest.mark.requirement("R1.5")
@pytest.mark.requirement("R1.7")
@pytest.mark.parametrize("case", BAD)
def test_what_may_not_be_published_is_refused_at_its_place(case: str) -> None:
    make, kind, path = BAD[case]
    assert (kind, path) in found(make())


@pytest.mark.requirement("R1.2")
@pytest.mark.requirement("R1.7")
def test_everything_is_found_at_once_each_with_its_article_and_its_remedy() -> None:
    bad = _no_reason(_days(CN, 3), evidence_required=("photo",), excluded=("CN_OPT_HYGIENE",))
    bad = replace(bad, freight={}, refund=replace(CN.refund, days=30, balance="always"))
    problems = problems_of(bad, canonical(bad))
    assert {problem.code.partition(".")[2] for problem in problems} >= {
        "below_statute", "evidence_not_allowed", "exclusion_without_ground", "freight_rule_missing", "consent_missing",
    }  # fmt: skip
    legal = [problem for problem in problems if problem.code != "policy.field_unusable"]
    assert all(problem.params["article"] and problem.remedy.zh and problem.remedy.en for problem in legal)
    assert {p.params["article"] for p in problems if p.path == "refund.days"} == {"CPL 25(3); Measures 13"}


def test_where_no_law_lists_exclusions_the_shop_may_make_its_own() -> None:
    assert (
        found(_no_reason(US, excluded=(*US.no_reason.excluded, "US_OPT_FINAL"), excludable_with_confirmation=())) == []
    )


def test_a_longer_promise_is_welcome() -> None:
    assert found(_days(CN, 30)) == []


def test_a_field_that_nobody_knows_is_not_read() -> None:
    text = canonical(CN).replace(b'"send_back_days"', b'"send_back_dayz"')
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Document)
