"""Grades: what a rate must be worth, whoever counts it and in whatever order."""

from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from dingdan.areas.carriers import CONSEQUENCES, GRADES, SHARES, Carrier, Contract, LaneCounts, Tally, explain, total
from dingdan.areas.carriers.rules.evaluating import proposal, verb_for
from dingdan.areas.carriers.rules.grading import MEASURES, TOO_FEW_TO_SUSPEND, score, without
from dingdan.kernel.rates import wilson

pytestmark = pytest.mark.requirement("O4.2")

NAMES = [measure.name for measure in MEASURES]


@st.composite
def tallies(draw: Any, most: int = 5000) -> dict[str, Tally]:
    """Counts of everything."""
    found = {}
    for name in NAMES:
        samples = draw(st.integers(0, most))
        found[name] = Tally(samples, draw(st.integers(0, samples)))
    return found


AROUND = st.lists(tallies(), max_size=2).map(tuple)


@over(tallies(TOO_FEW_TO_SUSPEND - 1), AROUND)
def test_few_samples_never_suspend(counts: dict[str, Tally], around: Any) -> None:
    assert score(counts, around=around).grade < "E"


@over(tallies(), AROUND, st.sampled_from(NAMES), st.integers(1, 200), st.booleans())
def test_more_that_went_wrong_never_makes_a_better_grade(
    counts: dict[str, Tally], around: Any, name: str, more: int, is_new: bool
) -> None:
    was = counts[name]
    bad = min(more, was.samples - was.bad) if not is_new else more
    worse = counts | {name: Tally(was.samples + (bad if is_new else 0), was.bad + bad)}

    assert score(worse, around=around).grade >= score(counts, around=around).grade


@over(tallies(), AROUND, st.sampled_from(NAMES), st.integers(1, 5000))
def test_more_that_went_well_never_makes_a_rate_worse(
    counts: dict[str, Tally], around: Any, name: str, more: int
) -> None:
    was = counts[name]
    better = counts | {name: Tally(was.samples + more, was.bad)}

    def rate(held: dict[str, Tally]) -> int:
        return next(figure.rate for figure in score(held, around=around).figures if figure.name == name)

    assert rate(better) <= rate(counts)


@over(st.lists(tallies(50), max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_counted_does_not_matter(parts: list[dict[str, Tally]], chance: Any) -> None:
    mixed = list(parts)
    chance.shuffle(mixed)

    assert total(mixed) == total(parts)
    assert without(total(parts), total(mixed)) == total([])


@pytest.mark.parametrize("name", NAMES)
def test_one_bad_parcel_alone_is_no_worse_than_b_and_none_is_an_a(name: str) -> None:
    assert score({}).grade == "A"
    assert score({name: Tally(1, 1)}).grade == "B"


def test_what_others_do_wrong_makes_nobody_worse_than_b() -> None:
    terrible = dict.fromkeys(NAMES, Tally(1000, 900))

    assert score({}, around=(terrible,)).grade == "B"
    assert score(dict.fromkeys(NAMES, Tally(200, 0)), around=(terrible,)).grade < "C"


@pytest.mark.parametrize(
    ("samples", "bad", "grade"),
    [
        (1000, 20, "A"),
        (1000, 80, "B"),
        (1000, 150, "C"),
        (1000, 250, "D"),
        (1000, 500, "E"),
        (60, 20, "D"),
        (20, 20, "C"),
    ],
)
def test_a_grade_is_that_of_the_worst_figure_and_says_why(samples: int, bad: int, grade: str) -> None:
    got = score({"late": Tally(samples, bad), "lost": Tally(1000, 0)})
    late = next(figure for figure in got.figures if figure.name == "late")

    assert (got.grade, late.grade) == (grade, grade)
    assert late.low <= bad * 1_000_000 // samples <= late.high
    said = explain(late)
    assert f"{bad} of {samples}" in said.en
    assert f"{samples} 件中 {bad} 件" in said.zh
    assert (grade in said.en, grade in said.zh) == (True, True)


def test_the_bounds_are_wilsons() -> None:
    assert [round(one, 4) for one in wilson(10, 100)] == [0.0552, 0.1744]
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(7, 7)[1] == 1.0


def test_worse_grades_have_no_milder_consequences() -> None:
    assert [SHARES[grade] for grade in GRADES] == sorted(SHARES.values(), reverse=True)
    assert all((CONSEQUENCES[grade].zh and CONSEQUENCES[grade].en) for grade in GRADES)


def carrier(state: Contract, *, auto_suspend: bool) -> Carrier:
    return Carrier(1, None, "sf", {}, (), (), True, state, 1, None, auto_suspend)


@pytest.mark.parametrize(
    ("state", "grade", "auto_suspend", "verb", "proposed"),
    [
        ("active", "B", False, None, None), ("active", "C", False, "warn", None), ("active", "D", True, "warn", None),
        ("active", "E", False, "warn", "suspend"), ("active", "E", True, "suspend", None), ("warned", "E", True, "suspend", None),
        ("warned", "E", False, None, "suspend"), ("warned", "A", False, "restore", None), ("suspended", "A", True, None, None),
        ("suspended", "E", True, None, None),
    ],
)  # fmt: skip
def test_only_a_person_or_a_setting_suspends_and_only_a_person_ends_it(
    state: str, grade: Any, auto_suspend: bool, verb: str | None, proposed: str | None
) -> None:
    one = carrier(Contract(state), auto_suspend=auto_suspend)

    assert (verb_for(one, grade), proposal(one, grade)) == (verb, proposed)


def test_counts_of_a_lane_are_plain_data() -> None:
    assert LaneCounts(1, "CN-33", "CN-11", {"late": Tally(2, 1) + Tally(1, 0)}).counts["late"] == Tally(3, 1)
