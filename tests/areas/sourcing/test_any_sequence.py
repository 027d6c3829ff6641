"""Whatever is split, joined, picked and put back: no unit is lost, none is promised twice, and each warehouse has one task."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as any_of
from hypothesis import strategies as st
from tests import given
from tests.areas.sourcing import houses

from dingdan.areas import fulfilment, inventory, orders, sourcing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import invariants
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: split")

ORDERED, SKUS = {1: 4, 2: 2}, {1: "MUG", 2: "TEE"}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("split"), st.integers(0, 2), st.sampled_from([1, 2]), st.integers(1, 4)),
        st.tuples(st.sampled_from(["claim", "put_back"]), st.integers(0, 2), st.just(0), st.just(0)),
        st.tuples(st.sampled_from(["pool", "lose"]), st.integers(0, 2), st.sampled_from([1, 2]), st.integers(0, 2)),
    ),
    min_size=3,
    max_size=10,
)
# A warehouse whose units came in two goes, with another's between: from an allotment, or in the place of damaged ones.
IN_TWO_GOES = [
    [("split", 1, 1, 2), ("pool", 0, 1, 2), ("split", 0, 1, 1), ("split", 2, 1, 1)],
    [("split", 1, 1, 2), ("claim", 0, 0, 0), ("lose", 0, 1, 1), ("put_back", 0, 0, 0), ("split", 2, 1, 1)],
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_of(steps=STEPS, far=st.integers(0, 5))
@example(steps=IN_TWO_GOES[0], far=5)
@example(steps=IN_TWO_GOES[1], far=5)
async def test_any_sequence_keeps_units_sums_and_tasks(db: Database, steps: list[Any], far: int) -> None:
    three = await houses.three(db, near=6, far=far)
    await houses.serve(db, three.shop, "SH", "BJ")
    order_id = await given.paid_order(db, three.shop, {SKUS[line_no]: units for line_no, units in ORDERED.items()})
    places, codes = [three.hz, three.sh, three.bj], ["HZ", "SH", "BJ"]
    for verb, n, line_no, units in steps:
        place, before = places[n], await as_kept(db, order_id, places)
        busy = await in_hand(db, order_id)
        if verb == "claim":
            await houses.claim(db, place, order_id)
        elif verb == "put_back" and place in busy:
            await do(db, SYSTEM, fulfilment.put_back, [busy[place]], reason="later")
        elif verb == "pool":
            await allot(db, three, place, SKUS[line_no], units)
        elif verb == "lose" and place in busy and before[place][line_no]:
            await do(db, SYSTEM, fulfilment.report_short, busy[place], [fulfilment.ShortLine(line_no, damaged=1)])
            await given.settle(db)
        elif verb == "split":
            there = sum(before[one][line_no] for one in places if one != place and one not in busy)
            free = await houses.free(db, three.shop, place, SKUS[line_no])
            made = await split(db, order_id, {line_no: units}, codes[n])
            assert (made is not None) == (place not in busy and units <= min(there, free))
            after = await as_kept(db, order_id, places)
            gone = {p: less for p in places if p != place and (less := before[p][line_no] - after[p][line_no])}
            assert gone == (made.taken[line_no] if made is not None else {})
        await agrees(db, three, order_id, places)
    assert [one.name for one in await invariants.check(db) if one.count and one.name not in UNPAID] == []


async def agrees(db: Database, three: houses.Three, order_id: int, places: list[int]) -> None:
    """Units, what is reserved and the tasks say the same."""
    kept, order = await as_kept(db, order_id, places), await houses.order(db, order_id)
    async with db.transaction(SYSTEM) as tx:
        levels = await inventory.stock_levels(tx, three.shop.merchant_id)
        works = await fulfilment.works_of(tx, [order_id])
        missed = (await inventory.waiting_units(tx, [order_id])).get(order_id, {})
    for line_no, units in ORDERED.items():
        assert sum(one[line_no] for one in kept.values()) + missed.get(line_no, 0) == units
    reserved = {(one.warehouse_id, one.product_id): one.reserved for one in levels}
    for line_no, sku in SKUS.items():
        assert {p: reserved[p, three.shop.products[sku]] for p in places} == {p: kept[p][line_no] for p in places}
    assert len({work.warehouse_id for work in works}) == len(works)
    waiting = {work.warehouse_id for work in works if work.state is not fulfilment.WorkState.WITHDRAWN}
    stopped = order.state is orders.OrderState.HELD
    assert waiting == (set() if stopped else {place for place in places if any(kept[place].values())})


async def in_hand(db: Database, order_id: int) -> dict[int, int]:
    """The works that somebody picks, by their warehouses."""
    async with db.transaction(SYSTEM) as tx:
        works = await fulfilment.works_of(tx, [order_id])
    return {work.warehouse_id: work.id for work in works if work.state is fulfilment.WorkState.PICKING}


async def allot(db: Database, three: houses.Three, place: int, sku: str, units: int) -> None:
    """Let the shop's channel take so many units more than it can need of a shelf at most; none ends the allotment."""
    async with db.transaction(SYSTEM) as tx:
        (channel,) = await inventory.channels_of(tx, three.shop.merchant_id)
    most = 50 + units if units else None
    pool = inventory.SetPool(three.shop.merchant_id, place, three.shop.products[sku], channel.id, most=most)
    await do(db, SYSTEM, inventory.set_pools, [pool])


# These orders are called paid without anybody paying.
UNPAID = {"M2_captured_is_owed", "T3_only_paid_orders_go_on"}


async def split(db: Database, order_id: int, units: dict[int, int], code: str) -> sourcing.Split | None:
    """What was foreseen and done, if it was."""
    async with db.transaction(SYSTEM) as tx:
        foreseen = (await sourcing.foresee(tx, {order_id: units}, code))[order_id]
    if isinstance(foreseen, Refusal):
        with pytest.raises(Refusal) as no:
            await do(db, SYSTEM, sourcing.split, order_id, units, code)
        assert [one.code for one in foreseen.problems] == [one.code for one in no.value.problems]
        return None
    assert await do(db, SYSTEM, sourcing.split, order_id, units, code) == foreseen
    return foreseen


async def as_kept(db: Database, order_id: int, places: list[int]) -> dict[int, dict[int, int]]:
    """Units of each line in each warehouse."""
    found = await houses.held(db, order_id)
    return {place: {line_no: found.get(place, {}).get(line_no, 0) for line_no in ORDERED} for place in places}
