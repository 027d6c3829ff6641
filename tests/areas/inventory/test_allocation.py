"""From where orders are served and who gets the last units: laws of the pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas.inventory import Holder, Part, Want
from dingdan.areas.inventory.rules import allocation, caps
from dingdan.areas.inventory.rules.shelf import Pool, Shelf
from dingdan.areas.inventory.rules.shortage import unserved

NEAR, FAR = 1, 2
lines = st.tuples(st.integers(1, 8), st.integers(1, 4), st.integers(1, 5))
Shelves = dict[tuple[int, int], Shelf]


def wants_of(rows: list[tuple[int, int, int]], **more: object) -> list[Want]:
    ordered = sorted(rows, key=lambda row: row[0])
    return [
        Want(order, n, 1, product, quantity, (NEAR, FAR), **more)  # type: ignore[arg-type]
        for n, (order, product, quantity) in enumerate(ordered)
    ]


def shelves_of(near: dict[int, int], far: dict[int, int]) -> Shelves:
    found = {(NEAR, p): Shelf(near.get(p, 0)) for p in range(1, 5)}
    return found | {(FAR, p): Shelf(far.get(p, 0)) for p in range(1, 5)}


units = st.dictionaries(st.integers(1, 4), st.integers(0, 12))


@pytest.mark.requirement("O3.2")
@given(st.lists(lines, max_size=25), units, units, st.booleans())
def test_never_more_than_is_free_and_all_of_an_order_or_nothing(
    rows: list[tuple[int, int, int]], near: dict[int, int], far: dict[int, int], may_split: bool
) -> None:
    wants = wants_of(rows, may_split=may_split)
    served, short = allocation.allocate(wants, shelves_of(near, far))
    for (place, product), taken in allocation.needs_of(served).items():
        assert taken <= (near if place == NEAR else far).get(product, 0)
    got = {part.order_id for part in served}
    assert got.isdisjoint({one.order_id for one in short})
    assert got | {one.order_id for one in short} == {want.order_id for want in wants}
    for want in wants:
        parts = [p for p in served if (p.order_id, p.line_no) == (want.order_id, want.line_no)]
        assert sum(p.quantity for p in parts) == (want.quantity if want.order_id in got else 0)


@given(st.lists(lines, max_size=25), units, units)
def test_without_leave_an_order_comes_from_one_warehouse_and_the_nearest_that_has_all(
    rows: list[tuple[int, int, int]], near: dict[int, int], far: dict[int, int]
) -> None:
    wants = wants_of(rows)
    shelves = shelves_of(near, far)
    for own in allocation.by_order(wants).values():
        had = {key: shelf.free for key, shelf in shelves.items()}
        served, _ = allocation.allocate(own, shelves)
        places = {part.warehouse_id for part in served}
        assert len(places) <= 1
        if places == {FAR}:
            needs = allocation.needs_of(allocation.first_choice(own))
            assert any(had[NEAR, p] < n for (_, p), n in needs.items())
            assert {part.chosen_by for part in served} == {"has_all"}


@given(st.lists(lines, max_size=25), units, units, st.booleans())
def test_cutting_short_lines_down_to_what_is_free_makes_the_order_fit(
    rows: list[tuple[int, int, int]], near: dict[int, int], far: dict[int, int], may_split: bool
) -> None:
    wants = wants_of([(1, product, quantity) for _, product, quantity in rows], may_split=may_split)
    _, short = allocation.allocate(wants, shelves_of(near, far))
    free = {one.line_no: one.free for one in short}
    cut = [
        Want(1, w.line_no, 1, w.product_id, n, w.warehouse_ids, may_split=may_split)
        for w in wants
        if (n := free.get(w.line_no, w.quantity))
    ]
    assert all(one.free < one.wanted for one in short)
    assert allocation.allocate(cut, shelves_of(near, far))[1] == []


def test_a_split_takes_what_the_nearest_has_and_the_rest_from_the_next() -> None:
    served, short = allocation.allocate(wants_of([(1, 1, 5)], may_split=True), shelves_of({1: 3}, {1: 4}))
    assert [(p.warehouse_id, p.quantity, p.part_no, p.chosen_by) for p in served] == [
        (NEAR, 3, 1, "split"),
        (FAR, 2, 2, "split"),
    ]
    assert short == []


def test_without_leave_to_split_the_shortage_says_what_lies_elsewhere() -> None:
    _, (short,) = allocation.allocate(wants_of([(1, 1, 5)]), shelves_of({1: 3}, {1: 4}))
    assert (short.free, [(e.warehouse_id, e.free) for e in short.elsewhere]) == (4, [(NEAR, 3)])


def test_a_bundle_is_never_torn_apart_between_warehouses() -> None:
    want = Want(1, 1, 1, 99, 3, (NEAR, FAR), may_split=True, components=((1, 1), (2, 2)))
    served, short = allocation.allocate([want], shelves_of({1: 9, 2: 3}, {1: 2, 2: 9}))
    assert short == []
    assert [(p.warehouse_id, p.product_id, p.quantity, p.each) for p in served] == [
        (NEAR, 1, 1, 1), (NEAR, 2, 2, 2), (FAR, 1, 2, 1), (FAR, 2, 4, 2)
    ]  # fmt: skip


takes = st.lists(st.tuples(st.sampled_from([0, 1, 2, 3]), st.integers(-5, 40)), max_size=40)


def pooled(free: int, a: int, b: int, *, most: int | None = None, buffer: int = 0) -> Shelf:
    """Channel 1 has pool 1, channel 2 pool 2; channels 0 and 3 have none."""
    return Shelf(free, {
        1: Pool(1, guaranteed=a, most=None, buffer=buffer, taken=0),
        2: Pool(2, guaranteed=b, most=most, buffer=0, taken=0),
    })  # fmt: skip


@pytest.mark.requirement("O3.7")
@pytest.mark.requirement("W80")
def test_of_a_hundred_with_guarantees_of_thirty_and_twenty_the_first_gets_eighty() -> None:
    shelf = pooled(100, 30, 20)
    assert shelf.free_for(1) == 80
    shelf.take(1, 80)
    assert (shelf.free_for(1), shelf.free_for(2)) == (0, 20)


@pytest.mark.requirement("O3.7")
@given(st.integers(0, 60), st.integers(0, 30), st.integers(0, 30), st.integers(0, 10), takes)
def test_a_guaranteed_channel_can_always_sell_its_minimum_and_nobody_more_than_there_is(
    more: int, a: int, b: int, buffer: int, wishes: list[tuple[int, int]]
) -> None:
    shelf = pooled(a + b + more, a, b, buffer=buffer)
    out: dict[int | None, int] = {}
    for channel, wish in wishes:
        pool = shelf.pool_of(channel)
        quantity = min(wish, shelf.free_for(pool)) if wish > 0 else -min(-wish, out.get(pool, 0))
        shelf.take(pool, quantity)
        out[pool] = out.get(pool, 0) + quantity
        assert shelf.free >= 0
        assert shelf.free_for(1) >= max(0, a - out.get(1, 0))
        assert shelf.free_for(2) >= max(0, b - out.get(2, 0))
    assert sum(out.values()) + shelf.free == a + b + more


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 60))
def test_what_is_left_after_a_loss_is_divided_and_never_sold_twice(free: int, a: int, b: int) -> None:
    shelf = pooled(free, a, b)
    assert sum(shelf.free_for(pool) for pool in (1, 2)) <= max(free, 2 * free - a - b)
    if 0 < free < a + b:
        assert shelf.free_for(1) + shelf.free_for(2) == free
        assert shelf.free_for(None) == 0


def test_a_channel_never_exceeds_its_cap() -> None:
    shelf = pooled(100, 0, 5, most=8)
    shelf.take(2, 6)
    assert shelf.free_for(2) == 2


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(1, 4)), max_size=20), st.integers(0, 6))
def test_nobody_keeps_more_unpaid_units_than_the_cap(rows: list[tuple[int, int, int]], most: int) -> None:
    wants = wants_of(rows, holders=(Holder(b"b", most),))
    refused = {one.order_id for one in caps.over_cap(wants, {})}
    kept = caps.rows_of([want for want in wants if want.order_id not in refused])
    for product in (1, 2, 3):
        assert sum(n for (_, p, _, _), n in kept.items() if p == product) <= most


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.integers(1, 20))
def test_a_loss_meets_the_orders_that_came_last(quantities: list[int], missing: int) -> None:
    parts = [
        Part(order_id=n, line_no=1, part_no=1, merchant_id=1, warehouse_id=1, product_id=1, quantity=q)
        for n, q in enumerate(quantities)
    ]
    gone = unserved(parts, missing)
    served = [part for part in parts if part.order_id not in gone]
    assert sum(part.quantity for part in served) <= max(0, sum(quantities) - missing)
    assert all(one < other for one in [p.order_id for p in served] for other in gone)
