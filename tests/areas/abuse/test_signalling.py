"""What is a sign and what it weighs: chance, few returns and a used right never come to anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import asdict

from dingdan.areas.abuse.lifecycle import FlagState
from dingdan.areas.abuse.model import LASTS, Flag, Habit, Measure, NewSignal, Picture, Seen, Signal, SignalKind
from dingdan.areas.abuse.rules import signalling, weighing
from dingdan.kernel.rates import wilson

K = SignalKind
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def seen(kind: SignalKind, number: int = 1, *, ago: int = 1, buyer: int = 7, **found: int) -> Seen:
    return Seen(buyer_id=buyer, merchant_id=1, kind=kind, subject="return", subject_id=number, order_id=number,
                at=NOW - timedelta(days=ago), found=found)  # fmt: skip


def habit(returned: int, orders: int, others_returned: int = 100, others: int = 1000) -> Habit:
    return Habit(buyer_id=7, merchant_id=1, category="clothing", orders=orders, returned=returned, others=others,
                 others_returned=others_returned, latest=5, order_id=4, at=NOW - timedelta(days=1))  # fmt: skip


def kept(one: NewSignal, *, dismissed: bool = False) -> Signal:
    return Signal(
        **asdict(one), id=one.subject_id, flag_id=None, noticed_at=NOW, dismissed_at=NOW if dismissed else None
    )


def fresh(*things: Seen | Habit, known: list[Signal] | None = None) -> list[NewSignal]:
    picture = Picture(
        tuple(one for one in things if isinstance(one, Seen)), tuple(one for one in things if isinstance(one, Habit))
    )
    return signalling.fresh(picture, known or [], NOW)


@pytest.mark.requirement("R7.1")
@pytest.mark.parametrize(("one", "is_unusual"), [
    (habit(3, 3), False), (habit(7, 7), False), (habit(8, 60), False), (habit(12, 14), True), (habit(9, 9), True),
    (habit(12, 14, 700, 1000), False), (habit(12, 14, 1, 20), False),
])  # fmt: skip
def test_a_rate_is_a_sign_where_chance_does_not_explain_it(one: Habit, is_unusual: bool) -> None:
    assert signalling.is_unusual(one) is is_unusual


@pytest.mark.requirement("R7.1")
@for_all(st.integers(0, signalling.FEWEST_RETURNED - 1), st.integers(0, 500), st.integers(0, 1000))
def test_few_returns_never_flag_anybody(returned: int, more: int, others_returned: int) -> None:
    assert not signalling.is_unusual(habit(returned, returned + more, others_returned))


@pytest.mark.requirement("R7.2")
def test_a_right_that_is_used_ever_so_often_has_no_consequence() -> None:
    (rate,) = fresh(habit(500, 500))
    assert weighing.level(weighing.score([kept(rate)])) == 0
    assert rate.found["returned"] == 500
    assert rate.found["at_least_per_mille"] > 2 * rate.found["usual_at_most_per_mille"]


@pytest.mark.requirement("R7.1")
def test_what_may_happen_to_anybody_once_is_a_sign_when_it_happens_again() -> None:
    once = [seen(K.WARDROBING, 1), seen(K.NOT_RECEIVED, 2), seen(K.NOT_RECEIVED, 3)]
    assert fresh(*once) == []
    again = fresh(*once, seen(K.WARDROBING, 4), seen(K.NOT_RECEIVED, 5))
    assert sorted((one.kind, one.points) for one in again) == [
        (K.NOT_RECEIVED, 10)] * 3 + [(K.WARDROBING, 15)] * 2  # fmt: skip
    assert fresh(seen(K.WARDROBING, 1), seen(K.WARDROBING, 2, buyer=8)) == []
    assert fresh(seen(K.WARDROBING, 1), seen(K.WARDROBING, 2, ago=181)) == []


@pytest.mark.requirement("R7.1")
@pytest.mark.parametrize(("grams", "kind"), [
    (1000, None), (760, None), (1240, None), (700, K.WEIGHT_DIFFERS), (1400, K.WEIGHT_DIFFERS), (200, K.EMPTY_PARCEL),
])  # fmt: skip
def test_the_weight_says_what_came_back(grams: int, kind: SignalKind | None) -> None:
    found = fresh(seen(K.WEIGHT_DIFFERS, grams=grams, expected=1000))
    assert [one.kind for one in found] == ([kind] if kind else [])


@pytest.mark.requirement("R7.1")
@pytest.mark.parametrize(("marks", "is_linked"), [
    ({"phone": 0, "address": 3, "device": 0}, False), ({"phone": 1, "address": 0, "device": 0}, True),
    ({"phone": 0, "address": 0, "device": 1}, True),
])  # fmt: skip
def test_who_lives_at_one_address_is_not_one_person(marks: dict[str, int], is_linked: bool) -> None:
    assert bool(fresh(seen(K.LINKED_ACCOUNT, **marks))) is is_linked


@pytest.mark.requirement("R7.1")
@pytest.mark.parametrize(("bought", "back", "is_bulk"), [(19, 19, False), (20, 18, True), (20, 17, False)])
def test_who_buys_in_bulk_and_keeps_nothing_may_be_a_competitor(bought: int, back: int, is_bulk: bool) -> None:
    assert bool(fresh(seen(K.BULK_RETURNS, bought=bought, back=back))) is is_bulk


def test_the_same_thing_is_noticed_once_and_a_habit_one_at_a_time() -> None:
    first = fresh(seen(K.SWAPPED_ITEM, 1), seen(K.SWAPPED_ITEM, 1), habit(12, 14))
    assert len(first) == 2
    for dismissed in (False, True):
        known = [kept(one, dismissed=dismissed) for one in first]
        later = asdict(habit(13, 15)) | {"latest": 99}
        assert fresh(seen(K.SWAPPED_ITEM, 1), Habit(**later), known=known) == []


@pytest.mark.requirement("R7.4")
@pytest.mark.parametrize("kind", list(K))
def test_every_sign_is_over_after_180_days(kind: SignalKind) -> None:
    enough = {"grams": 500, "expected": 1000, "phone": 1, "device": 0, "address": 0, "bought": 20, "back": 20}
    found = fresh(*(seen(kind, n, **enough) for n in range(1, 4))) or fresh(habit(12, 14))
    signal = kept(found[0])
    assert signal.expires_at - signal.happened_at == LASTS == timedelta(days=180)
    assert weighing.counting([signal], signal.expires_at) == []
    assert weighing.counting([signal], signal.expires_at - timedelta(seconds=1)) == [signal]
    assert fresh(*(seen(kind, n, ago=180, **enough) for n in range(1, 4))) == []


@pytest.mark.requirement("R7.2")
@for_all(st.sampled_from(list(K)), st.integers(1, 60))
def test_one_kind_of_sign_never_reaches_the_hardest_measure(kind: SignalKind, many: int) -> None:
    (pattern,) = fresh(seen(K.SWAPPED_ITEM))
    values = asdict(pattern) | {"kind": kind, "points": signalling.POINTS[kind]}
    assert weighing.level(weighing.score([kept(NewSignal(**values)) for _ in range(many)])) < 3


def flag(state: FlagState, level: int, confirmed: int = 0, **more: object) -> Flag:
    values: dict[str, object] = dict.fromkeys(Flag.__struct_fields__)
    values |= {"id": 1, "merchant_id": 1, "buyer_id": 7, "state": state, "version": 1, "score": 1, "level": level, "parts": 1,
               "confirmed_level": confirmed, "opened_at": NOW, "expires_at": NOW + LASTS}  # fmt: skip
    return Flag(**(values | more))  # type: ignore[arg-type]


@pytest.mark.requirement("R7.2")
def test_measures_are_graded_and_the_hardest_is_never_the_systems_alone() -> None:
    grades = [weighing.measures(flag(FlagState.OPEN, level), NOW) for level in (1, 2, 3)]
    assert grades[0] < grades[1] == grades[2]
    assert all(Measure.NO_EXTRAS not in found for found in grades)
    both = {state: weighing.measures(flag(state, 3, 3), NOW) for state in FlagState}
    assert both[FlagState.CONFIRMED] == frozenset(Measure)
    assert Measure.NO_EXTRAS not in both[FlagState.APPEALED]
    assert both[FlagState.LIFTED] == both[FlagState.EXPIRED] == frozenset()
    assert weighing.measures(flag(FlagState.CONFIRMED, 3, 3), NOW + LASTS) == frozenset()


def test_the_bounds_of_a_rate_are_wilsons() -> None:
    assert [round(one, 4) for one in wilson(10, 100)] == [0.0552, 0.1744]
    assert wilson(3, 3, z=signalling.STRICT)[0] < wilson(3, 3)[0] < 0.5
    assert wilson(0, 0) == (0.0, 1.0)
