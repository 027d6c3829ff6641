"""Which purchase is meant when only a product is named."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.returns.rules.matching import Lot, choose, is_price_paid

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def lot(order_id: int, left: int, *, price: int = 500, units: int | None = None) -> Lot:
    units = units or left or 1
    return Lot(order_id, 1, DAY + timedelta(days=order_id), left, price * units, units)


lots = st.lists(
    st.builds(lot, st.integers(1, 30), st.integers(0, 6), price=st.sampled_from([400, 500])),
    max_size=8,
    unique_by=lambda lot: lot.order_id,
)


def taken(found: list[tuple[Lot, int]] | None) -> list[tuple[int, int]]:
    return [(lot.order_id, units) for lot, units in found or []]


@pytest.mark.requirement("R2.1")
@settings(deadline=None)
@over(lots, st.integers(1, 20), st.sampled_from([None, 400, 500, 450]))
def test_exactly_what_is_wanted_is_found_or_there_is_not_enough(
    shelf: list[Lot], wanted: int, claimed: int | None
) -> None:
    found = choose(shelf, wanted, claimed)

    if found is None:
        assert sum(lot.left for lot in shelf) < wanted
    else:
        assert sum(units for _, units in found) == wanted
        assert all(0 < units <= lot.left for lot, units in found)
        assert len({lot.order_id for lot, _ in found}) == len(found)


@settings(deadline=None)
@over(lots, st.integers(1, 20))
def test_the_claimed_price_is_kept_wherever_there_is_enough_of_it(shelf: list[Lot], wanted: int) -> None:
    found = choose(shelf, wanted, 400)
    if sum(lot.left for lot in shelf if lot.net == 400 * lot.units) >= wanted:
        assert found is not None
        assert all(is_price_paid(400, lot) for lot, _ in found)


def test_a_purchase_of_exactly_this_many_is_meant_before_a_later_larger_one() -> None:
    assert taken(choose([lot(1, 3), lot(2, 5), lot(3, 3), lot(4, 9)], 3, None)) == [(3, 3)]


def test_one_purchase_is_meant_before_several() -> None:
    assert taken(choose([lot(1, 9), lot(2, 2), lot(3, 2)], 4, None)) == [(1, 4)]


def test_several_are_taken_latest_first() -> None:
    assert taken(choose([lot(1, 2), lot(2, 2), lot(3, 2)], 5, None)) == [(3, 2), (2, 2), (1, 1)]


def test_the_paid_price_comes_before_everything_else() -> None:
    shelf = [lot(1, 2, price=400), lot(2, 1, price=400), lot(3, 3, price=500)]

    assert taken(choose(shelf, 3, 400)) == [(2, 1), (1, 2)]
    assert taken(choose(shelf, 4, 400)) == [(3, 3), (2, 1)]
    assert taken(choose(shelf, 3, 999)) == [(3, 3)]


def test_what_is_gone_is_not_there() -> None:
    assert choose([lot(1, 0), lot(2, 0)], 1, None) is None
    assert choose([], 1, None) is None


@pytest.mark.parametrize(("claimed", "is_paid"), [(666, True), (667, True), (665, False), (668, False)])
def test_a_unit_price_with_a_fraction_is_claimed_either_way(claimed: int, is_paid: bool) -> None:
    assert is_price_paid(claimed, Lot(1, 1, DAY, 3, 2000, 3)) is is_paid


@settings(deadline=None)
@over(st.integers(0, 10**6), st.integers(1, 100), st.integers(-5, 5))
def test_a_whole_unit_price_is_matched_to_the_cent(price: int, units: int, off: int) -> None:
    assert is_price_paid(price + off, Lot(1, 1, DAY, units, price * units, units)) is (off == 0)
