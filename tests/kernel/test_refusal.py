"""Refusals: one no or many, each with its place in the request and words in two languages."""

import pytest

from dingdan.kernel import refusal
from dingdan.kernel.refusal import Action, Kind, Operation, Refusal, Refusals, Solution, Text, refuse_all


class TooFew(Refusal):
    """Only so many are left."""

    code = "sample.too_few"
    kind = Kind.CONFLICT
    message = Text("Only {left} left.", "仅剩 {left} 件。")
    remedy = Text("Take {left} or fewer.", "请减少到 {left} 件以内。")


refusal.REGISTRY.pop("sample.too_few")  # Only of this file; the documents list what the program refuses.


@pytest.mark.requirement("O1.1")
def test_all_problems_are_raised_together() -> None:
    problems = [TooFew("lines[0].quantity", left=1), TooFew("lines[2].quantity", left=0)]

    with pytest.raises(Refusals) as raised:
        refuse_all(problems)

    assert list(raised.value.problems) == problems
    assert raised.value.params == {"count": 2}


def test_one_problem_is_raised_as_itself() -> None:
    with pytest.raises(TooFew) as raised:
        refuse_all([TooFew("quantity", left=1)])

    assert raised.value.problems == (raised.value,)


def test_no_problem_raises_nothing() -> None:
    refuse_all([])


@pytest.mark.parametrize(
    ("prefix", "path", "joined"),
    [
        ("orders[3]", "lines[0].sku", "orders[3].lines[0].sku"),
        ("orders", "[3].sku", "orders[3].sku"),
        ("orders[3]", "", "orders[3]"),
        ("", "sku", "sku"),
        ("", "", ""),
    ],
)
def test_a_path_can_be_put_below_another(prefix: str, path: str, joined: str) -> None:
    moved = TooFew(path, left=1).at(prefix)

    assert isinstance(moved, TooFew)
    assert moved.path == joined
    assert moved.params == {"left": 1}


def test_many_problems_move_together() -> None:
    moved = Refusals([TooFew("a", left=1), TooFew("b", left=2)]).at("orders[1]")

    assert [problem.path for problem in moved.problems] == ["orders[1].a", "orders[1].b"]


def test_words_are_filled_in_both_languages() -> None:
    said = TooFew(left=3).message.filled({"left": 3})

    assert said == Text("Only 3 left.", "仅剩 3 件。")


def test_a_missing_param_shows_instead_of_failing() -> None:
    assert Text("Only {left} left.", "仅剩 {left} 件。").filled({}).en == "Only {left} left."


def test_two_refusals_cannot_share_a_code() -> None:
    with pytest.raises(AssertionError, match=r"two refusals share request\.problems"):
        type("Other", (Refusal,), {"code": "request.problems", "__qualname__": "Other"})


LABEL = Text("Take one.", "改为一件。")
PATCH = (Operation("replace", "/lines/0/quantity", 1),)


def test_ways_out_stay_with_a_problem_wherever_it_is_put() -> None:
    way_out = Solution("reduce_quantity", LABEL, patch=PATCH)
    moved = TooFew("quantity", left=1).with_solutions(way_out).at("lines[0]")

    assert (moved.path, moved.solutions) == ("lines[0].quantity", (way_out,))


@pytest.mark.parametrize("both", [True, False])
def test_a_way_out_is_a_patch_or_an_action(both: bool) -> None:
    with pytest.raises(AssertionError):
        Solution("odd", LABEL, patch=PATCH if both else None, action=Action("POST", "/v1/x", {}) if both else None)
