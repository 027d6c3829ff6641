"""Goods come, go, are held back, transferred, counted; a loss stops selling and names the orders it meets."""

import asyncio
from typing import Any

import pytest

from dingdan.areas import inventory
from dingdan.areas.inventory import Arrived, Move, SendTransfer, SetSafety, TakeStock, Want
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MERCHANT, HERE, THERE = 1, 10, 20
MUG, TEE = 100, 101
COUNTER = Actor(ActorKind.STAFF, 41, merchant_id=MERCHANT)
SIGNER = Actor(ActorKind.STAFF, 42, merchant_id=MERCHANT)


@pytest.fixture(autouse=True)
async def places(unchecked_db: Database) -> None:
    async with unchecked_db.transaction(SYSTEM) as tx:
        for place, code in ((HERE, "HERE"), (THERE, "THERE")):
            await tx.execute(
                """INSERT INTO warehouses (id, merchant_id, code, name, zone, return_address, created_at, updated_at)
                VALUES ($1, $2, $3, '{}', 'Asia/Shanghai', '{}', now(), now())""", place, MERCHANT, code)  # fmt: skip


async def move(db: Database, verb: Any, quantity: int, product: int = MUG, **more: Any) -> None:
    await do(db, SYSTEM, inventory.move, [Move(verb, MERCHANT, HERE, product, quantity, **more)])


async def level(db: Database, product: int = MUG, place: int = HERE) -> inventory.StockLevel:
    async with db.transaction(SYSTEM) as tx:
        levels = await inventory.stock_levels(tx, MERCHANT, [product])
    return next(one for one in levels if one.warehouse_id == place)


async def reserve(db: Database, order: int, quantity: int, product: int = MUG) -> list[inventory.Shortage]:
    want = Want(order, 1, MERCHANT, product, quantity, (HERE,))
    return (await do(db, SYSTEM, inventory.reserve, [want])).short


async def facts(db: Database, wire: str) -> list[dict[str, Any]]:
    async with db.reading(SYSTEM) as tx:
        return [row["data"] for row in await tx.fetch("SELECT data FROM facts WHERE wire = $1 ORDER BY id", wire)]


class TestMoves:
    @pytest.mark.requirement("O3.1")
    async def test_what_is_available_is_on_hand_less_reserved_safety_and_held(self, db: Database) -> None:
        await move(db, "receive", 20)
        await move(db, "hold", 4)
        await do(db, SYSTEM, inventory.set_safety, [SetSafety(MERCHANT, HERE, MUG, 3)])
        await reserve(db, 1, 5)
        found = await level(db)
        assert (found.on_hand, found.reserved, found.held, found.safety, found.available) == (20, 5, 4, 3, 8)
        assert [one.free for one in await reserve(db, 2, 9)] == [8]

    @pytest.mark.requirement("O3.6")
    async def test_goods_received_into_hold_are_not_for_sale_until_released(self, db: Database) -> None:
        await move(db, "receive", 5, is_held=True)
        assert [one.free for one in await reserve(db, 1, 1)] == [0]
        await move(db, "release", 5)
        assert await reserve(db, 1, 5) == []

    async def test_more_than_there_is_cannot_be_moved_and_all_of_it_is_told_at_once(self, db: Database) -> None:
        await move(db, "receive", 5)
        wrong = [
            Move("write_off", MERCHANT, HERE, MUG, 6), Move("release", MERCHANT, HERE, MUG, 1),
            Move("receive", MERCHANT, HERE, MUG, 0), Move("adjust", MERCHANT, HERE, TEE, -1),
            Move("receive", MERCHANT, HERE, MUG, -3),
        ]  # fmt: skip
        with pytest.raises(Refusals) as told:
            await do(db, SYSTEM, inventory.move, wrong)
        assert [problem.path for problem in told.value.problems] == [f"[{n}].quantity" for n in range(5)]
        assert (await level(db)).on_hand == 5

    async def test_a_stranger_moves_nothing(self, db: Database) -> None:
        stranger = Actor(ActorKind.KEY, 1, merchant_id=MERCHANT + 1)
        with pytest.raises(inventory.WarehouseUnknown):
            await do(db, stranger, inventory.move, [Move("receive", MERCHANT, HERE, MUG, 1)])


class TestLosses:
    @pytest.mark.requirement("O3.9")
    @pytest.mark.requirement("O3.1")
    async def test_a_loss_below_what_is_promised_stops_selling_and_names_the_last_orders(self, db: Database) -> None:
        await move(db, "receive", 10)
        for order, quantity in ((1, 4), (2, 3), (3, 2)):
            await reserve(db, order, quantity)
        await move(db, "write_off", 5, why="damaged")
        found = await level(db)
        assert (found.on_hand, found.reserved, found.available, found.is_frozen) == (5, 9, -4, True)
        assert await facts(db, "stock.short") == [{"warehouse_id": HERE, "missing": 4, "order_ids": [3, 2]}]
        assert len(await facts(db, "stock.frozen")) == 1

    async def test_what_is_frozen_is_not_sold_until_somebody_has_looked(self, db: Database) -> None:
        await move(db, "receive", 5)
        await reserve(db, 1, 5)
        await move(db, "write_off", 1)
        await move(db, "receive", 3)
        assert [one.why for one in await reserve(db, 2, 1)] == ["frozen"]
        await do(db, SYSTEM, inventory.thaw, [(HERE, MUG)])
        assert await reserve(db, 2, 2) == []
        with pytest.raises(inventory.NotFrozen):
            await do(db, SYSTEM, inventory.thaw, [(HERE, MUG)])

    async def test_it_is_not_released_while_more_is_promised_than_there_is(self, db: Database) -> None:
        await move(db, "receive", 5)
        await reserve(db, 1, 5)
        await move(db, "write_off", 1)
        with pytest.raises(inventory.StillShort):
            await do(db, SYSTEM, inventory.thaw, [(HERE, MUG)])
        await do(db, SYSTEM, inventory.release, [1])
        await do(db, SYSTEM, inventory.thaw, [(HERE, MUG)])

    async def test_goods_that_the_books_do_not_have_do_not_leave(self, db: Database) -> None:
        await move(db, "receive", 5)
        await reserve(db, 1, 5)
        await move(db, "write_off", 1)
        with pytest.raises(inventory.ShelfEmpty):
            await do(db, SYSTEM, inventory.consume, [(1, HERE)])

    async def test_a_loss_and_a_sale_at_once_never_sell_what_is_lost(self, db: Database) -> None:
        await move(db, "receive", 5)
        results = await asyncio.gather(*(reserve(db, n, 1) for n in range(1, 6)), move(db, "write_off", 3))
        found = await level(db)
        sold = sum(one == [] for one in results[:-1])
        assert (found.on_hand, found.reserved, found.is_frozen) == (2, sold, sold > 2)


class TestTransfers:
    async def send(self, db: Database, quantity: int = 6) -> inventory.Transfer:
        return await do(db, SYSTEM, inventory.send_transfer, SendTransfer(MERCHANT, HERE, THERE, ((MUG, quantity),)))

    @pytest.mark.requirement("O3.6")
    async def test_goods_on_their_way_are_for_sale_nowhere(self, db: Database) -> None:
        await move(db, "receive", 10)
        await self.send(db)
        assert (await level(db)).available == 4
        there = await level(db, place=THERE)
        assert (there.in_transit, there.available) == (6, 0)

    async def test_parcels_come_one_by_one_and_what_is_missing_is_written_off(self, db: Database) -> None:
        await move(db, "receive", 10)
        sent = await self.send(db)
        after = await do(db, SYSTEM, inventory.receive_transfer, sent.id, [Arrived(MUG, 3)])
        assert str(after.state) == "sent"
        after = await do(db, SYSTEM, inventory.receive_transfer, sent.id, [Arrived(MUG, 2, 1)])
        assert str(after.state) == "arrived"
        there = await level(db, place=THERE)
        assert (there.on_hand, there.in_transit) == (5, 0)

    async def test_nothing_arrives_twice(self, db: Database) -> None:
        await move(db, "receive", 10)
        sent = await self.send(db)
        both = [do(db, SYSTEM, inventory.receive_transfer, sent.id) for _ in range(2)]
        results = await asyncio.gather(*both, return_exceptions=True)
        assert sum(isinstance(one, inventory.NotInTransfer) for one in results) == 1
        assert (await level(db, place=THERE)).on_hand == 6

    async def test_promised_goods_stay(self, db: Database) -> None:
        await move(db, "receive", 10)
        await reserve(db, 1, 5)
        with pytest.raises(inventory.TooFewUnits):
            await self.send(db)


def counted(*counts: tuple[int, int], alone_up_to: int = 0) -> TakeStock:
    return TakeStock(MERCHANT, HERE, counts, "daily", alone_up_to)


class TestStocktakes:
    @pytest.mark.requirement("O3.8")
    async def test_a_small_difference_is_booked_at_once_with_who_counted(self, db: Database) -> None:
        await move(db, "receive", 10)
        take = await do(db, COUNTER, inventory.take_stock, counted((MUG, 9), (TEE, 2), alone_up_to=3))
        assert (str(take.state), take.differing, take.counted_by, take.decided_by) == ("approved", 3, 41, 41)
        assert ((await level(db)).on_hand, (await level(db, TEE)).on_hand) == (9, 2)

    @pytest.mark.requirement("O3.8")
    async def test_a_large_difference_waits_for_a_second_person(self, db: Database) -> None:
        await move(db, "receive", 10)
        take = await do(db, COUNTER, inventory.take_stock, counted((MUG, 4)))
        with pytest.raises(inventory.SecondPersonNeeded):
            await do(db, COUNTER, inventory.approve_stocktake, take.id)
        assert (await level(db)).on_hand == 10
        await do(db, SIGNER, inventory.approve_stocktake, take.id)
        assert (await level(db)).on_hand == 4
        with pytest.raises(inventory.StocktakeDecided):
            await do(db, SIGNER, inventory.approve_stocktake, take.id)

    async def test_what_was_sold_between_count_and_signature_stays_right(self, db: Database) -> None:
        await move(db, "receive", 10)
        take = await do(db, COUNTER, inventory.take_stock, counted((MUG, 8)))
        await reserve(db, 1, 3)
        await do(db, SYSTEM, inventory.consume, [(1, HERE)])
        await do(db, SIGNER, inventory.approve_stocktake, take.id)
        assert (await level(db)).on_hand == 5

    @pytest.mark.requirement("O3.9")
    async def test_a_count_below_what_is_promised_stops_selling_and_names_the_orders(self, db: Database) -> None:
        await move(db, "receive", 10)
        await reserve(db, 1, 6)
        await reserve(db, 2, 4)
        take = await do(db, COUNTER, inventory.take_stock, counted((MUG, 7)))
        await do(db, SIGNER, inventory.approve_stocktake, take.id)
        assert (await level(db)).is_frozen
        assert [one["order_ids"] for one in await facts(db, "stock.short")] == [[2]]

    async def test_two_signatures_at_once_book_once(self, db: Database) -> None:
        await move(db, "receive", 10)
        take = await do(db, COUNTER, inventory.take_stock, counted((MUG, 4)))
        both = [do(db, SIGNER, inventory.approve_stocktake, take.id) for _ in range(2)]
        results = await asyncio.gather(*both, return_exceptions=True)
        assert sum(isinstance(one, inventory.StocktakeDecided) for one in results) == 1
        assert (await level(db)).on_hand == 4

    async def test_a_refused_count_changes_nothing(self, db: Database) -> None:
        await move(db, "receive", 10)
        take = await do(db, COUNTER, inventory.take_stock, counted((MUG, 4)))
        await do(db, SIGNER, inventory.refuse_stocktake, take.id, reason="counted_twice")
        assert (await level(db)).on_hand == 10

    async def test_a_product_named_twice_and_an_empty_count_are_refused(self, db: Database) -> None:
        with pytest.raises(inventory.FieldUnfit):
            await do(db, COUNTER, inventory.take_stock, counted((MUG, 1), (MUG, 2)))
        with pytest.raises(inventory.FieldUnfit):
            await do(db, COUNTER, inventory.take_stock, counted())
