"""Who gets the last units: laws of the pure rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas.inventory import Part
from dingdan.areas.inventory.rules.scarcity import hand_out, needs_of

lines = st.tuples(st.integers(1, 8), st.integers(1, 4), st.integers(1, 5))


def wants_of(rows: list[tuple[int, int, int]]) -> list[Part]:
    ordered = sorted(rows, key=lambda row: row[0])
    return [
        Part(order_id=order, line_no=n, part_no=1, merchant_id=1, warehouse_id=1, product_id=product, quantity=quantity)
        for n, (order, product, quantity) in enumerate(ordered)
    ]


@pytest.mark.requirement("O3.2")
@given(st.lists(lines, max_size=25), st.dictionaries(st.integers(1, 4), st.integers(0, 12)))
def test_never_more_than_is_free_and_all_of_an_order_or_nothing(
    rows: list[tuple[int, int, int]], free: dict[int, int]
) -> None:
    wants = wants_of(rows)
    served, short = hand_out(wants, {(1, product): units for product, units in free.items()})
    for (_, product), taken in needs_of(served).items():
        assert product not in free or taken <= free[product]
    served_orders = {want.order_id for want in served}
    assert served_orders.isdisjoint({one.order_id for one in short})
    assert served_orders | {one.order_id for one in short} == {want.order_id for want in wants}
    assert all(want in served for want in wants if want.order_id in served_orders)


@given(st.lists(lines, max_size=25), st.integers(0, 12))
def test_an_order_is_refused_only_for_want_of_units(rows: list[tuple[int, int, int]], units: int) -> None:
    wants = wants_of(rows)
    _, short = hand_out(wants, {(1, 1): units})
    assert all(one.product_id == 1 and one.wanted <= one.wanted and one.free < sum(
        w.quantity for w in wants if w.order_id == one.order_id and w.product_id == 1) for one in short)  # fmt: skip
