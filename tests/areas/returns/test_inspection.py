"""What an inspection leads to."""

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.returns.lifecycle import Outcome
from dingdan.areas.returns.model import InspectedLine
from dingdan.areas.returns.rules.inspection import CHOICES, conclude, find_problems, is_accepted


def found(
    quantity: int = 1, *, line_no: int = 1, is_original: bool = True, intact: bool = True, grade: str = "A",
    disposition: str = "restock",
) -> InspectedLine:  # fmt: skip
    return InspectedLine(line_no, quantity, is_original, intact, grade, disposition)  # type: ignore[arg-type]


entries = st.lists(
    st.builds(found, st.integers(1, 4), line_no=st.integers(1, 3), is_original=st.booleans(), intact=st.booleans(),
              grade=st.sampled_from("ABCD"), disposition=st.just("quarantine")),
    max_size=8,
)  # fmt: skip


@pytest.mark.requirement("R3.9")
@settings(deadline=None)
@over(entries)
def test_every_inspected_unit_is_accepted_or_rejected_and_the_grade_has_no_say(lines: list[InspectedLine]) -> None:
    announced = {line_no: sum(line.quantity for line in lines if line.line_no == line_no) for line_no in (1, 2, 3)}
    verdict = conclude(lines, announced)

    for line_no, units in announced.items():
        assert verdict.accepted.get(line_no, 0) + verdict.rejected.get(line_no, 0) == units
    assert sum(verdict.accepted.values()) == sum(x.quantity for x in lines if x.is_original and x.intact)
    assert (verdict.outcome is Outcome.FAILED) == (not sum(verdict.accepted.values()))


@pytest.mark.requirement("W43")
@pytest.mark.requirement("R3.9")
def test_a_dress_that_was_tried_on_is_intact_and_not_as_new() -> None:
    dress = found(grade="B")

    assert is_accepted(dress)
    assert conclude([dress], {1: 1}).outcome is Outcome.PASSED
    assert find_problems([dress], {1: 1}) == []


@pytest.mark.requirement("R3.3")
def test_another_thing_than_was_sold_brings_no_money() -> None:
    assert conclude([found(is_original=False)], {1: 1}).outcome is Outcome.FAILED


@pytest.mark.requirement("R3.4")
def test_what_did_not_come_is_not_paid() -> None:
    verdict = conclude([found(2)], {1: 3})

    assert (verdict.outcome, verdict.accepted) == (Outcome.PARTLY, {1: 2})


@pytest.mark.requirement("R3.4")
@settings(deadline=None)
@over(entries, st.dictionaries(st.integers(1, 3), st.integers(0, 9)))
def test_the_findings_cover_what_was_received_unit_by_unit(
    lines: list[InspectedLine], received: dict[int, int]
) -> None:
    problems = find_problems(lines, received)
    sums = {no: sum(line.quantity for line in lines if line.line_no == no) for no in received}
    codes = [p.code for p in problems]

    assert codes.count("return.inspection_sums") == len([no for no in received if sums[no] != received[no]])
    assert codes.count("return.line_unknown") == len([line for line in lines if line.line_no not in received])


@pytest.mark.requirement("R3.10")
@pytest.mark.requirement("R5.1")
def test_goods_that_are_not_paid_back_are_never_sold_or_destroyed() -> None:
    for disposition, code in (("restock", "return.goods_are_the_buyers"), ("scrap", "return.goods_are_the_buyers")):
        (problem,) = find_problems([found(intact=False, disposition=disposition)], {1: 1})
        assert (problem.code, problem.path) == (code, "lines[0].disposition")
    assert find_problems([found(intact=False, disposition="send_back")], {1: 1}) == []


def test_goods_that_are_paid_back_are_not_sent_back() -> None:
    (problem,) = find_problems([found(disposition="send_back")], {1: 1})

    assert problem.code == "return.goods_are_ours"


@pytest.mark.requirement("R3.10")
def test_whoever_gets_no_money_has_choices_in_both_languages() -> None:
    assert {choice.code for choice in CHOICES} == {"goods_sent_back", "price_reduction", "dispute"}
    assert all(choice.text.en and choice.text.zh for choice in CHOICES)
