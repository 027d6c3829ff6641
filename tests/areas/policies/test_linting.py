"""What may be published: nothing below the law, no exclusion without a ground, no rule left unwritten."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from dingdan.areas import policies
from dingdan.areas.policies.publishing import canonical
from dingdan.areas.policies.rules.linting import problems_of
from dingdan.kernel.refusal import Refusal

CN = policies.packs()[0]
replace = msgspec.structs.replace
Document = policies.PolicyDocument


def found(document: Document) -> list[tuple[type[Refusal], str]]:
    """What speaks against a document, and where."""
    return [(type(problem), problem.path) for problem in problems_of(document, canonical(document))]


def test_the_packs_we_ship_may_be_published() -> None:
    assert [document.id for document in policies.packs()] == ["cn_statutory"]
    assert found(CN) == []


@pytest.mark.parametrize("jurisdiction", ["other", "GB"])
def test_a_drafted_policy_may_be_published(jurisdiction: str) -> None:
    assert found(policies.draft("shop", "1", zone="Europe/London", days=730, effective_from=date(2009, 1, 1),
                                jurisdiction=jurisdiction)) == []  # type: ignore[arg-type]  # fmt: skip


def test_every_rule_says_where_it_stands_in_both_languages() -> None:
    for code, rule in CN.rules.items():
        assert all((rule.article, rule.en, rule.zh)), code
    shorts = [source.short for source in CN.sources]
    assert all(any(short in rule.article for short in shorts) for rule in CN.rules.values())


def test_the_reasons_of_the_specification_are_all_there() -> None:
    wanted = (
        "NO_REASON SIZE_UNFIT ORDERED_BY_MISTAKE QUALITY_DEFECT FUNCTION_FAULT NOT_AS_DESCRIBED WRONG_ITEM MISSING_ITEM"
        " DAMAGED_ON_ARRIVAL LOST_IN_TRANSIT LATE_DELIVERY COUNTERFEIT EXPIRED_OR_NEAR SPOILED SHORT_WEIGHT"
        " PRICE_DISPUTE GIFT_MISSING INVOICE REFUSED_NO_REASON REFUSED_DAMAGED RECALL OTHER"
    )
    assert list(CN.reasons) == wanted.split()


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


def test_a_longer_promise_is_welcome() -> None:
    assert found(_days(CN, 30)) == []


def test_a_field_that_nobody_knows_is_not_read() -> None:
    text = canonical(CN).replace(b'"send_back_days"', b'"send_back_dayz"')
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Document)
