"""Stock on a real database: holds, releases, movements, counts."""

import asyncio
from typing import Any

import pytest
from tests.given import ADDRESS

from dingdan.areas import inventory
from dingdan.areas.inventory import Count, Disposal, Incoming, Want
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MERCHANT, WAREHOUSE = 1, 10


async def stocked(db: Database, **units: int) -> dict[str, int]:
    """Products with units on hand; gives their ids by name."""
    ids = {name: number for number, name in enumerate(units, start=100)}
    await do(db, SYSTEM, inventory.count, [Count(MERCHANT, WAREHOUSE, ids[name], n) for name, n in units.items()])
    return ids


async def level(db: Database, product_id: int) -> tuple[int, int, int]:
    async with db.transaction(SYSTEM) as tx:
        (found,) = await inventory.stock_levels(tx, MERCHANT, [product_id])
    return found.on_hand, found.reserved, found.quarantine


async def reserve(db: Database, *wants: tuple[int, int, int]) -> list[inventory.Shortage]:
    reserved = await do(db, SYSTEM, inventory.reserve, [
        Want(order, n, MERCHANT, product, quantity, (WAREHOUSE,)) for n, (order, product, quantity) in enumerate(wants)
    ])  # fmt: skip
    return reserved.short


class TestHolding:
    @pytest.mark.requirement("O3.3")
    async def test_units_are_held_for_the_order_that_asked(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        assert await reserve(db, (1, ids["mug"], 3)) == []
        assert await level(db, ids["mug"]) == (5, 3, 0)

    @pytest.mark.requirement("O1.3")
    async def test_a_shortage_says_what_was_free_and_takes_nothing(self, db: Database) -> None:
        ids = await stocked(db, mug=5, tee=5)
        (short,) = await reserve(db, (1, ids["tee"], 2), (1, ids["mug"], 6))
        assert (short.wanted, short.free) == (6, 5)
        assert await level(db, ids["tee"]) == (5, 0, 0)

    @pytest.mark.requirement("O3.2")
    async def test_the_last_units_go_to_whoever_came_first_in_the_batch(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        short = await reserve(db, *((order, ids["mug"], 2) for order in range(1, 5)))
        assert [one.order_id for one in short] == [3, 4]
        assert await level(db, ids["mug"]) == (5, 4, 0)

    async def test_wishes_beyond_all_measure_take_nothing_from_their_neighbour(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        short = await reserve(db, (1, ids["mug"], 2), *((order, ids["mug"], 2_000_000_000) for order in (2, 3)))
        assert [one.order_id for one in short] == [2, 3]
        assert await level(db, ids["mug"]) == (5, 2, 0)

    @pytest.mark.requirement("O3.4")
    async def test_a_second_release_frees_nothing_more(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        await reserve(db, (1, ids["mug"], 3))
        assert await do(db, SYSTEM, inventory.release, [1]) == 3
        assert await do(db, SYSTEM, inventory.release, [1]) == 0
        assert await level(db, ids["mug"]) == (5, 0, 0)

    @pytest.mark.requirement("O3.5")
    async def test_a_released_hold_is_taken_again_only_where_stock_is_left(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        await reserve(db, (1, ids["mug"], 3))
        await do(db, SYSTEM, inventory.release, [1])
        await reserve(db, (2, ids["mug"], 4))
        assert await do(db, SYSTEM, inventory.hold_again, [1]) == set()
        await do(db, SYSTEM, inventory.release, [2])
        assert await do(db, SYSTEM, inventory.hold_again, [1]) == {1}

    @pytest.mark.requirement("O3.6")
    async def test_what_leaves_is_a_movement(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        await reserve(db, (1, ids["mug"], 3))
        (left,) = await do(db, SYSTEM, inventory.consume, [(1, WAREHOUSE)])
        assert left.quantity == 3
        assert await level(db, ids["mug"]) == (2, 0, 0)

    @pytest.mark.requirement("W77")
    async def test_eight_at_once_for_five_units_make_five_orders(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        results = await asyncio.gather(*(reserve(db, (order, ids["mug"], 1)) for order in range(1, 9)))
        assert sum(not short for short in results) == 5
        assert await level(db, ids["mug"]) == (5, 5, 0)

    async def test_baskets_in_opposite_order_never_lock_each_other_out(self, db: Database) -> None:
        ids = await stocked(db, mug=500, tee=500)
        pairs = [(ids["mug"], ids["tee"]), (ids["tee"], ids["mug"])]
        await asyncio.gather(*(
            reserve(db, (order, pairs[order % 2][0], 1), (order, pairs[order % 2][1], 1)) for order in range(1, 41)
        ))  # fmt: skip
        assert await level(db, ids["mug"]) == (500, 40, 0)


class TestComingBack:
    @pytest.mark.requirement("R5.4")
    async def test_returned_units_are_not_for_sale_before_somebody_decided(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        await do(db, SYSTEM, inventory.take_in, [Incoming(MERCHANT, WAREHOUSE, ids["mug"], 2, 1, 1, 77)])
        assert await level(db, ids["mug"]) == (5, 0, 2)
        disposal = Disposal(MERCHANT, WAREHOUSE, ids["mug"], 1, 1, 1, 77, "restock")
        await do(db, SYSTEM, inventory.dispose, [disposal])
        assert await level(db, ids["mug"]) == (6, 0, 1)

    async def test_nothing_leaves_quarantine_that_is_not_there(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        disposal = Disposal(MERCHANT, WAREHOUSE, ids["mug"], 1, 1, 1, 77, "scrap")
        with pytest.raises(inventory.NotInQuarantine):
            await do(db, SYSTEM, inventory.dispose, [disposal])


class TestCounting:
    @pytest.mark.requirement("O3.1")
    async def test_the_same_count_twice_moves_nothing_the_second_time(self, db: Database) -> None:
        ids = await stocked(db, mug=5)
        (again,) = await do(db, SYSTEM, inventory.count, [Count(MERCHANT, WAREHOUSE, ids["mug"], 5)])
        assert again.difference == 0
        async with db.transaction(SYSTEM) as tx:
            assert await tx.fetchval("SELECT count(*) FROM movements") == 1

    async def test_all_that_is_wrong_with_a_count_is_said_at_once_and_nothing_changes(self, db: Database) -> None:
        ids = await stocked(db, mug=5, tee=5)
        await reserve(db, (1, ids["mug"], 3))
        wrong: list[Any] = [
            Count(MERCHANT, WAREHOUSE, ids["mug"], 2),
            Count(MERCHANT, WAREHOUSE, ids["tee"], 9, if_on_hand=4),
            Count(MERCHANT, WAREHOUSE, ids["tee"], -1),
        ]
        with pytest.raises(Refusals) as told:
            await do(db, SYSTEM, inventory.count, wrong)
        assert [problem.path for problem in told.value.problems] == ["[0].on_hand", "[1].if_on_hand", "[2].on_hand"]
        assert await level(db, ids["tee"]) == (5, 0, 0)


@pytest.mark.requirement("S-01")
async def test_nobody_counts_or_builds_for_another_merchant(db: Database) -> None:
    stranger = Actor(ActorKind.KEY, 1, merchant_id=MERCHANT + 1)
    with pytest.raises(inventory.WarehouseUnknown):
        await do(db, stranger, inventory.count, [Count(MERCHANT, WAREHOUSE, 100, 5)])
    place = inventory.SaveWarehouse(MERCHANT, "W", {"en": "W"}, "Asia/Shanghai", ADDRESS)
    with pytest.raises(inventory.WarehouseUnknown):
        await do(db, stranger, inventory.save_warehouse, place)
