"""Orders over several warehouses, bundles, pools and caps, on a real database with real races."""

import asyncio
from typing import Any

import msgspec
import pytest

from dingdan.areas import inventory
from dingdan.areas.inventory import Count, SetPool, Want
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MERCHANT, NEAR, FAR = 1, 10, 20
MUG, TEE, SET = 100, 101, 102
A, B, C = 31, 32, 33


async def stocked(db: Database, near: dict[int, int], far: dict[int, int] | None = None) -> None:
    counts = [Count(MERCHANT, NEAR, p, n) for p, n in near.items()]
    counts += [Count(MERCHANT, FAR, p, n) for p, n in (far or {}).items()]
    await do(db, SYSTEM, inventory.count, counts)


def want(order: int, product: int = MUG, quantity: int = 1, line_no: int = 1, **more: Any) -> Want:
    return msgspec.structs.replace(Want(order, line_no, MERCHANT, product, quantity, (NEAR, FAR)), **more)


async def reserve(db: Database, *wants: Want) -> inventory.Reserved:
    return await do(db, SYSTEM, inventory.reserve, list(wants))


async def parts(db: Database, order: int) -> list[tuple[int, int, int, str]]:
    async with db.transaction(SYSTEM) as tx:
        found = (await inventory.parts_of(tx, [order])).get(order, [])
    return [(p.warehouse_id, p.product_id, p.quantity, p.chosen_by) for p in found]


async def free(db: Database, product: int, place: int = NEAR) -> int:
    async with db.transaction(SYSTEM) as tx:
        levels = await inventory.stock_levels(tx, MERCHANT, [product])
    return next(one.available for one in levels if one.warehouse_id == place)


class TestSeveralWarehouses:
    @pytest.mark.requirement("O3.2")
    async def test_the_nearest_that_has_all_serves_the_order_and_says_why(self, db: Database) -> None:
        await stocked(db, {MUG: 5, TEE: 0}, {MUG: 5, TEE: 5})
        reserved = await reserve(db, want(1, MUG), want(1, TEE, line_no=2), want(2, MUG))
        assert reserved.warehouse_of == {1: FAR, 2: NEAR}
        assert await parts(db, 1) == [(FAR, MUG, 1, "has_all"), (FAR, TEE, 1, "has_all")]
        assert await parts(db, 2) == [(NEAR, MUG, 1, "first")]

    async def test_what_a_moved_order_had_taken_is_free_again(self, db: Database) -> None:
        await stocked(db, {MUG: 5, TEE: 0}, {MUG: 5, TEE: 5})
        await reserve(db, want(1, MUG, 5), want(1, TEE, line_no=2))
        assert (await free(db, MUG), await free(db, MUG, FAR)) == (5, 0)

    async def test_an_order_is_split_only_where_that_is_allowed(self, db: Database) -> None:
        await stocked(db, {MUG: 3}, {MUG: 3})
        refused = await reserve(db, want(1, quantity=5))
        assert [(s.free, [(e.warehouse_id, e.free) for e in s.elsewhere]) for s in refused.short] == [(3, [(FAR, 3)])]
        assert (await reserve(db, want(2, quantity=5, may_split=True))).short == []
        assert await parts(db, 2) == [(NEAR, MUG, 3, "split"), (FAR, MUG, 2, "split")]

    async def test_a_warehouse_that_may_not_serve_is_named_as_a_way_out(self, db: Database) -> None:
        await stocked(db, {MUG: 1}, {MUG: 7})
        async with db.transaction(SYSTEM) as tx:
            for place, code in ((NEAR, "N"), (FAR, "F")):
                await tx.execute(
                    """INSERT INTO warehouses (id, merchant_id, code, name, zone, return_address, created_at, updated_at)
                    VALUES ($1, $2, $3, '{}', 'Asia/Shanghai', '{}', now(), now())""", place, MERCHANT, code)  # fmt: skip
        wish = want(1, quantity=2, warehouse_ids=(NEAR,))
        (short,) = (await reserve(db, wish)).short
        assert (short.free, [(e.warehouse_id, e.free) for e in short.elsewhere]) == (1, [(FAR, 7)])
        async with db.reading(SYSTEM) as tx:
            shelves = await inventory.shelves_at(tx, [(NEAR, wish.product_id)])
        (foreseen,) = inventory.shortages([wish], shelves)
        assert (foreseen.line_no, foreseen.free) == (short.line_no, short.free)

    async def test_split_orders_of_two_batches_in_opposite_order_never_lock_each_other_out(self, db: Database) -> None:
        await stocked(db, {MUG: 30, TEE: 30}, {MUG: 30, TEE: 30})
        results = await asyncio.gather(*(
            reserve(db, *(
                want(order, product, 3, n, may_split=True, warehouse_ids=(NEAR, FAR) if order % 2 else (FAR, NEAR))
                for n, product in enumerate((MUG, TEE) if order % 3 else (TEE, MUG), start=1)
            ))
            for order in range(1, 31)
        ))  # fmt: skip
        assert sum(not one.short for one in results) == 20
        assert [await free(db, p, place) for p in (MUG, TEE) for place in (NEAR, FAR)] == [0, 0, 0, 0]

    async def test_late_money_takes_the_parts_again_where_they_were(self, db: Database) -> None:
        await stocked(db, {MUG: 3}, {MUG: 3})
        await reserve(db, want(1, quantity=5, may_split=True))
        await do(db, SYSTEM, inventory.release, [1])
        await reserve(db, want(2, quantity=2, warehouse_ids=(FAR,)))
        assert await do(db, SYSTEM, inventory.hold_again, [1]) == set()
        await do(db, SYSTEM, inventory.release, [2])
        assert await do(db, SYSTEM, inventory.hold_again, [1]) == {1}


class TestBundles:
    async def test_what_is_held_of_a_bundle_is_what_lies_in_it(self, db: Database) -> None:
        await stocked(db, {MUG: 5, TEE: 9})
        held = want(1, SET, 2, components=((MUG, 1), (TEE, 3)))
        assert (await reserve(db, held)).short == []
        assert [one[:3] for one in await parts(db, 1)] == [(NEAR, MUG, 2), (NEAR, TEE, 6)]
        (short,) = (await reserve(db, want(2, SET, 2, components=((MUG, 1), (TEE, 3))))).short
        assert (short.product_id, short.free) == (SET, 1)

    async def test_a_bundle_comes_back_as_what_lay_in_it(self, db: Database) -> None:
        await stocked(db, {MUG: 5, TEE: 9})
        await reserve(db, want(1, SET, 2, components=((MUG, 1), (TEE, 3))))
        await do(db, SYSTEM, inventory.consume, [(1, NEAR)])
        await do(db, SYSTEM, inventory.take_in, [inventory.Incoming(MERCHANT, NEAR, SET, 1, 1, 1, 77)])
        await do(db, SYSTEM, inventory.dispose, [inventory.Disposal(MERCHANT, NEAR, SET, 1, 1, 1, 77, "restock")])
        assert (await free(db, MUG), await free(db, TEE)) == (4, 6)


async def pool(db: Database, channel: int, guaranteed: int, **more: Any) -> None:
    await do(db, SYSTEM, inventory.set_pools, [SetPool(MERCHANT, NEAR, MUG, channel, guaranteed, **more)])


class TestPools:
    @pytest.mark.requirement("W80")
    @pytest.mark.requirement("O3.7")
    async def test_of_a_hundred_with_guarantees_of_thirty_and_twenty_the_first_sells_eighty(self, db: Database) -> None:
        await stocked(db, {MUG: 100})
        await pool(db, A, 30)
        await pool(db, B, 20)
        reserved = await reserve(db, *(want(n, channel_id=A, warehouse_ids=(NEAR,)) for n in range(1, 91)))
        assert (len(reserved.warehouse_of), [s.order_id for s in reserved.short]) == (80, list(range(81, 91)))
        more = await reserve(db, *(want(n, channel_id=B, warehouse_ids=(NEAR,)) for n in range(101, 131)))
        assert len(more.warehouse_of) == 20

    @pytest.mark.requirement("O3.7")
    async def test_a_flood_at_one_channel_leaves_the_others_their_minimum(self, db: Database) -> None:
        await stocked(db, {MUG: 40})
        await pool(db, A, 10)
        await pool(db, B, 5, most=8)
        channels = [A, C, C, C, B, C, C, C]
        results = await asyncio.gather(*(
            reserve(db, want(n, channel_id=channels[n % 8], warehouse_ids=(NEAR,))) for n in range(1, 161)
        ))  # fmt: skip
        sold: dict[int, int] = {A: 0, B: 0, C: 0}
        for n, one in enumerate(results, start=1):
            sold[channels[n % 8]] += not one.short
        assert sum(sold.values()) == 40
        assert sold[A] >= 10
        assert 5 <= sold[B] <= 8

    async def test_what_a_channel_gives_back_is_its_own_again_and_sold_units_stay_sold(self, db: Database) -> None:
        await stocked(db, {MUG: 10})
        await pool(db, A, 4)
        await reserve(db, want(1, quantity=4, channel_id=A), want(2, quantity=6))
        await do(db, SYSTEM, inventory.release, [1])
        assert len((await reserve(db, want(3, quantity=1))).short) == 1
        await reserve(db, want(4, quantity=3, channel_id=A))
        await do(db, SYSTEM, inventory.consume, [(4, NEAR)])
        assert [s.free for s in (await reserve(db, want(5, quantity=2, channel_id=A))).short] == [1]

    async def test_more_than_there_is_cannot_be_guaranteed(self, db: Database) -> None:
        await stocked(db, {MUG: 10})
        await pool(db, A, 6)
        with pytest.raises(inventory.GuaranteeTooLarge):
            await pool(db, B, 5)
        await pool(db, A, 0)
        await pool(db, B, 5)
        assert len((await reserve(db, want(1, quantity=6, warehouse_ids=(NEAR,)))).short) == 1

    async def test_a_new_allotment_begins_to_count_anew(self, db: Database) -> None:
        await stocked(db, {MUG: 10})
        await pool(db, A, 3)
        await reserve(db, want(1, quantity=3, channel_id=A))
        await pool(db, A, 3, renew=True)
        assert [s.free for s in (await reserve(db, want(2, quantity=5, warehouse_ids=(NEAR,)))).short] == [4]
        await do(db, SYSTEM, inventory.release, [1])
        async with db.transaction(SYSTEM) as tx:
            assert [one.taken for one in await inventory.pools_of(tx, A)] == [0]


class TestCaps:
    async def test_a_buyer_keeps_no_more_unpaid_units_than_the_cap_whatever_comes_at_once(self, db: Database) -> None:
        await stocked(db, {MUG: 100})
        buyer = inventory.Holder(b"buyer-hash", 3)
        results = await asyncio.gather(*(reserve(db, want(n, holders=(buyer,))) for n in range(1, 13)))
        assert sum(not one.short for one in results) == 3
        assert {s.why for one in results for s in one.short} == {"cap"}

    async def test_paid_and_released_units_count_no_more(self, db: Database) -> None:
        await stocked(db, {MUG: 100})
        buyer, device = inventory.Holder(b"buyer-hash", 2), inventory.Holder(b"device-hash", 3)
        both = (buyer, device)
        await reserve(db, want(1, quantity=2, holders=both))
        assert len((await reserve(db, want(2, holders=both))).short) == 1
        await do(db, SYSTEM, inventory.note_paid, [1])
        await reserve(db, want(3, quantity=2, holders=both))
        await do(db, SYSTEM, inventory.release, [3])
        assert (await reserve(db, want(4, quantity=2, holders=both))).short == []
