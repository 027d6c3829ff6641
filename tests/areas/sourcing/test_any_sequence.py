"""Whatever is split, joined, picked and put back: no unit is lost, none is promised twice, and each warehouse has one task."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st
from tests import given
from tests.areas.sourcing import houses

from dingdan.areas import fulfilment, inventory, sourcing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import invariants
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: split")

ORDERED = {1: 4, 2: 2}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("split"), st.integers(0, 2), st.sampled_from([1, 2]), st.integers(1, 4)),
        st.tuples(st.sampled_from(["claim", "put_back"]), st.integers(0, 2), st.just(0), st.just(0)),
    ),
    min_size=3,
    max_size=10,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_of(steps=STEPS, far=st.integers(0, 5))
async def test_any_sequence_keeps_units_sums_and_tasks(db: Database, steps: list[Any], far: int) -> None:
    three = await houses.three(db, near=6, far=far)
    await houses.serve(db, three.shop, "SH", "BJ")
    order_id = await given.paid_order(db, three.shop, {"MUG": ORDERED[1], "TEE": ORDERED[2]})
    places, codes = [three.hz, three.sh, three.bj], ["HZ", "SH", "BJ"]
    kept = {place: dict.fromkeys(ORDERED, 0) for place in places} | {three.hz: dict(ORDERED)}
    whole = {place: 6 if place == three.hz else far for place in places}
    busy: dict[int, int] = {}
    for verb, n, line_no, units in steps:
        place = places[n]
        if verb == "claim":
            busy.update([(place, work.id) for work in await houses.claim(db, place, order_id)])
        elif verb == "put_back" and place in busy:
            await do(db, SYSTEM, fulfilment.put_back, [busy.pop(place)], reason="later")
        elif verb == "split":
            there = sum(kept[one][line_no] for one in places if one != place and one not in busy)
            may = place not in busy and units <= there and units <= whole[place] - kept[place][line_no]
            assert may == await is_split(db, order_id, {line_no: units}, codes[n])
        kept = await as_kept(db, order_id, places)
        assert {line_no: sum(one[line_no] for one in kept.values()) for line_no in ORDERED} == ORDERED
        async with db.transaction(SYSTEM) as tx:
            levels = await inventory.stock_levels(tx, three.shop.merchant_id)
            works = await fulfilment.works_of(tx, [order_id])
        reserved = {(one.warehouse_id, one.product_id): one.reserved for one in levels}
        for line_no, sku in ((1, "MUG"), (2, "TEE")):
            assert {p: reserved[p, three.shop.products[sku]] for p in places} == {p: kept[p][line_no] for p in places}
        assert len({work.warehouse_id for work in works}) == len(works)
        waiting = {work.warehouse_id for work in works if work.state is not fulfilment.WorkState.WITHDRAWN}
        assert waiting == {place for place in places if any(kept[place].values())}
    assert [one.name for one in await invariants.check(db) if one.count and one.name not in UNPAID] == []


# These orders are called paid without anybody paying.
UNPAID = {"M2_captured_is_owed", "T3_only_paid_orders_go_on"}


async def is_split(db: Database, order_id: int, units: dict[int, int], code: str) -> bool:
    """Whether it was done."""
    async with db.transaction(SYSTEM) as tx:
        foreseen = (await sourcing.foresee(tx, {order_id: units}, code))[order_id]
    if isinstance(foreseen, Refusal):
        with pytest.raises(Refusal) as no:
            await do(db, SYSTEM, sourcing.split, order_id, units, code)
        assert [one.code for one in foreseen.problems] == [one.code for one in no.value.problems]
        return False
    assert await do(db, SYSTEM, sourcing.split, order_id, units, code) == foreseen
    return True


async def as_kept(db: Database, order_id: int, places: list[int]) -> dict[int, dict[int, int]]:
    """Units of each line in each warehouse."""
    found = await houses.held(db, order_id)
    return {place: {line_no: found.get(place, {}).get(line_no, 0) for line_no in ORDERED} for place in places}
