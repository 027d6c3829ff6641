"""Splits that meet each other, a claim, a cancellation or a sale."""

import asyncio

import pytest
from tests import given
from tests.areas.sourcing.houses import claim, free, held, order, three, works

from dingdan.areas import fulfilment, orders, placement, sourcing
from dingdan.areas.fulfilment import WorkState
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 2: races")


def code(end: object) -> str:
    """What came of it."""
    return end.problems[0].code if isinstance(end, Refusal) else type(end).__name__


async def test_of_two_splits_for_the_last_free_unit_one_gets_it(db: Database) -> None:
    houses = await three(db, far=1, near=20)
    for _ in range(4):
        pair = [await given.paid_order(db, houses.shop, {"MUG": 2}) for _ in range(2)]
        ended = await asyncio.gather(
            *(do(db, SYSTEM, sourcing.split, one, {1: 1}, "SH") for one in pair), return_exceptions=True
        )
        assert sorted(map(code, ended)) == ["Split", "split.too_few_there"]
        assert await free(db, houses.shop, houses.sh, "MUG") == 0
        winner = next(i for i, end in zip(pair, ended, strict=True) if isinstance(end, sourcing.Split))
        assert sum(units for place in (await held(db, winner)).values() for units in place.values()) == 2
        await do(db, SYSTEM, sourcing.split, winner, {1: 1}, "HZ")


async def test_a_split_and_a_sale_never_both_get_the_last_unit(db: Database) -> None:
    houses = await three(db, far=1, near=1)
    for _ in range(4):
        order_id = await given.paid_order(db, houses.shop, {"MUG": 1})
        basket = given.basket(houses.shop, {"MUG": 1}, buyer="quick")
        moved, results = await asyncio.gather(
            do(db, SYSTEM, sourcing.split, order_id, {1: 1}, "SH"), do(db, SYSTEM, placement.place, [basket]),
            return_exceptions=True,
        )  # fmt: skip
        (sold,) = results
        # The shelf that the split left free may serve the sale after all.
        assert isinstance(moved, sourcing.Split) or isinstance(sold, placement.Placed)
        kept = await held(db, order_id)
        assert sum(units for place in kept.values() for units in place.values()) == 1
        for one in [order_id, *([sold.order_id] if isinstance(sold, placement.Placed) else [])]:
            await do(db, SYSTEM, orders.cancel, one, reason="changed_my_mind")
        await given.settle(db)
        assert [await free(db, houses.shop, place, "MUG") for place in (houses.hz, houses.sh)] == [1, 1]


async def test_a_split_that_meets_a_claim_moves_all_or_nothing_of_it(db: Database) -> None:
    houses = await three(db, near=50, far=50)
    for _ in range(6):
        order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
        moved, claimed = await asyncio.gather(
            do(db, SYSTEM, sourcing.split, order_id, {1: 3}, "SH"),
            claim(db, houses.hz, order_id),
            return_exceptions=True,
        )
        assert isinstance(claimed, list)
        assert bool(claimed) != isinstance(moved, sourcing.Split)
        if claimed:
            assert code(moved) == "split.units_in_hand"
            assert await held(db, order_id) == {houses.hz: {1: 3}}
            assert await works(db, order_id) == {houses.hz: WorkState.PICKING}
        else:
            assert await works(db, order_id) == {houses.hz: WorkState.WITHDRAWN, houses.sh: WorkState.QUEUED}
            assert (await order(db, order_id)).dispatch_locked_at is None


async def test_a_picker_who_claims_during_a_split_gets_what_is_left(db: Database) -> None:
    houses = await three(db, near=50, far=50)
    for _ in range(4):
        order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
        moved, claimed = await asyncio.gather(
            do(db, SYSTEM, sourcing.split, order_id, {1: 2}, "SH"),
            claim(db, houses.hz, order_id),
            return_exceptions=True,
        )
        left = 1 if isinstance(moved, sourcing.Split) else 3
        (work,) = claimed if claimed else await claim(db, houses.hz, order_id)
        async with db.transaction(SYSTEM) as tx:
            ((content,),) = (await fulfilment.contents(tx, [work])).values()
        assert content.quantity == left


async def test_a_split_and_a_cancellation_leave_nothing_kept(db: Database) -> None:
    houses = await three(db, near=10, far=10)
    for _ in range(6):
        order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
        moved, cancelled = await asyncio.gather(
            do(db, SYSTEM, sourcing.split, order_id, {1: 2}, "SH"),
            do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind"),
            return_exceptions=True,
        )
        assert not isinstance(cancelled, BaseException)
        assert code(moved) in ("Split", "order.state_forbids")
        await given.settle(db)
        assert await held(db, order_id) == {}
        assert [await free(db, houses.shop, place, "MUG") for place in (houses.hz, houses.sh)] == [10, 10]
        assert set((await works(db, order_id)).values()) == {WorkState.WITHDRAWN}


async def test_many_splits_in_both_directions_never_lock_each_other_out(db: Database) -> None:
    houses = await three(db, near=40, far=40)
    pairs = [await given.paid_order(db, houses.shop, {"MUG": 2, "TEE": 2}) for _ in range(8)]
    for one in pairs[::2]:
        await do(db, SYSTEM, sourcing.split, one, {1: 2, 2: 2}, "SH")
    ended = await asyncio.gather(
        *(
            do(db, SYSTEM, sourcing.split, one, {1: 1, 2: 2}, "HZ" if n % 2 == 0 else "SH")
            for n, one in enumerate(pairs)
        ),
        do(db, SYSTEM, sourcing.split_product, pairs[:4], "MUG", "SH"),
        do(db, SYSTEM, sourcing.split_product, pairs[4:], "MUG", "HZ"),
        return_exceptions=True,
    )
    assert not [end for end in ended if isinstance(end, BaseException) and not isinstance(end, Refusal)]
