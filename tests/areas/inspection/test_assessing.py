"""What answers to checks come to, against the recipe and what was packed."""

from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas import policies
from dingdan.areas.inspection import InspectedLine, Missing, PackedOut, assess, why_second

(LAW,) = (one for one in policies.packs() if one.id == "cn_statutory")
TERMS = LAW.inspection


def look(category: str = "home/cups", *no: str, packed: PackedOut | None = None, **more: Any) -> tuple[Any, list[str]]:
    """An entry whose checks are all yes but these; gives what it came to, and codes with paths of what is wrong."""
    recipe = TERMS.recipe(category, ())
    checks = {check.code: check.code not in no for check in recipe.checks}
    said: dict[str, Any] = {"is_original": None, "intact": None, "grade": "B", "disposition": "quarantine"}
    found, problems = assess(
        InspectedLine(1, 1, **(said | {"checks": checks} | more)),
        recipe,
        packed or PackedOut(sku="MUG"),
        is_strict=False,
    )
    return found, [f"{p.code} {p.path}" for p in problems]


@pytest.mark.requirement("R3.7")
@pytest.mark.parametrize(
    ("category", "spoils", "tag"),
    [
        ("food/tea", "sealed", "seal_broken"), ("cosmetics", "sealed", "seal_broken"), ("phone", "untouched", "altered"),
        ("electronics/tv", "not_activated", "activated"), ("electronics", "marks", "marks_altered"),
        ("shoes", "tag", "tag_cut"), ("clothing", "clean", "soiled"), ("books", "unused", "used"),
    ],
)  # fmt: skip
def test_what_spoils_goods_depends_on_what_they_are(category: str, spoils: str, tag: str) -> None:
    whole, _ = look(category)
    spoilt, _ = look(category, spoils)

    assert (whole.line.intact, spoilt.line.intact, tag in spoilt.line.tags) == (True, False, True)


@pytest.mark.requirement("R3.5")
@pytest.mark.requirement("W43")
@pytest.mark.parametrize("category", ["food", "phone", "clothing", "books"])
def test_torn_packaging_decides_the_shelf_and_never_the_money(category: str) -> None:
    found, problems = look(category, "wrapped")

    assert (problems, found.line.intact, found.line.is_original, found.line.tags) == ([], True, True, ("opened",))
    assert look(category, "wrapped", grade="A")[1] == ["inspection.findings_contradict grade"]


@pytest.mark.requirement("R3.3")
def test_the_serial_is_compared_with_what_was_packed() -> None:
    packed = PackedOut(sku="PHONE", serials=frozenset({"A1", "A2"}))

    assert look("phone", packed=packed, serials=("A1",))[0].line.is_original
    other, _ = look("phone", packed=packed, serials=("B9",))
    assert (other.line.is_original, other.deviations) == (False, ("serial",))
    assert look("phone", packed=packed)[1] == ["inspection.serials_missing serials"]
    assert look("phone", packed=packed, serials=("B9",), is_original=True)[1] == [
        "inspection.findings_contradict is_original"
    ]


@pytest.mark.requirement("R3.6")
def test_a_missing_accessory_makes_it_incomplete_and_a_missing_gift_does_not() -> None:
    cable, gift = Missing("accessory", "cable", 900), Missing("gift", "pen", 2990)

    assert look("phone", missing=(cable,))[0].line.intact is False
    assert look("phone", missing=(gift,))[0].line.intact is True


@pytest.mark.requirement("R3.7")
def test_every_check_is_answered_and_no_other() -> None:
    recipe = TERMS.recipe("books", ())
    entry = InspectedLine(1, 1, None, None, "B", "quarantine", checks={"original": True, "smell": False})
    _, problems = assess(entry, recipe, PackedOut(sku="B"), is_strict=True)

    assert [p.code for p in problems] == ["inspection.check_unknown", "inspection.checks_missing"]
    assert "complete" in str(problems[1].params["missing"])


@pytest.mark.requirement("R3.9")
def test_whoever_contradicts_the_checks_is_told_so() -> None:
    assert look("books", "unused", intact=True)[1] == ["inspection.findings_contradict intact"]
    assert look("books", intact=False)[1] == ["inspection.findings_contradict intact"]


@pytest.mark.requirement("R3.9")
def test_without_checks_an_inspector_says_both_and_a_strict_policy_wants_the_checks() -> None:
    recipe = TERMS.recipe("books", ())
    said = InspectedLine(1, 1, True, True, "A", "restock")
    mute = InspectedLine(1, 1, None, True, "A", "restock")

    assert assess(said, recipe, PackedOut(sku="B"), is_strict=False)[1] == []
    for entry, is_strict in ((said, True), (mute, False)):
        (problem,) = assess(entry, recipe, PackedOut(sku="B"), is_strict=is_strict)[1]
        assert problem.code == "inspection.checks_missing"


@pytest.mark.requirement("R3.3")
@pytest.mark.parametrize(("grams", "is_off"), [(400, False), (360, False), (359, True), (441, True)])
def test_weight_may_differ_so_much(grams: int, is_off: bool) -> None:
    found, _ = look("home", packed=PackedOut(sku="MUG", grams=400), grams=grams)

    assert ("weight" in found.deviations) is is_off


@pytest.mark.requirement("R3.8")
@settings(deadline=None)
@over(st.integers(1, 2**62), st.integers(0, 1000), st.integers(0, 10**7))
def test_the_sample_is_drawn_by_the_return_and_can_be_drawn_again(return_id: int, share: int, value: int) -> None:
    terms = policies.Inspection(second_per_thousand=share, second_above=5_000_00)
    why = why_second(terms, return_id, value, ())

    assert why == why_second(terms, return_id, value, ())
    assert ("value" in why) == (value >= 5_000_00)
    assert share != 1000 or "sample" in why
    assert why_second(policies.Inspection(), return_id, value, ("weight",)) == ()


@pytest.mark.requirement("R3.8")
def test_the_sample_is_about_as_large_as_it_should_be() -> None:
    terms = policies.Inspection(second_per_thousand=50)
    drawn = sum(bool(why_second(terms, 10**15 + n, 0, ())) for n in range(4_000))

    assert 140 < drawn < 260
