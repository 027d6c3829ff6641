"""What a picker does not find: the books are put right, others give it, or the order waits for it or for a word (O3.9)."""

from typing import Any

import pytest
from tests import given
from tests.areas.fulfilment.test_several_warehouses import bundle, wide_shop

from dingdan.areas import fulfilment, inventory, orders
from dingdan.areas.fulfilment import PackedLine, Ship, ShortLine, WorkState
from dingdan.areas.inventory import Count
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.fixture
def may_break() -> frozenset[str]:
    return frozenset()


async def claimed(db: Database, order_id: int, place: int) -> fulfilment.Work:
    (work,) = await do(db, SYSTEM, fulfilment.claim, place, limit=1, claimed_by=7, order_ids=[order_id])
    return work


async def report(db: Database, work: fulfilment.Work, *lines: ShortLine) -> fulfilment.Work:
    after = await do(db, SYSTEM, fulfilment.report_short, work.id, list(lines))
    await given.settle(db)
    return after


async def order_of(db: Database, order_id: int) -> orders.Order:
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def states(db: Database, order_id: int) -> list[tuple[int, WorkState]]:
    async with db.transaction(SYSTEM) as tx:
        return [(work.warehouse_id, work.state) for work in await fulfilment.works_of(tx, [order_id])]


async def fact(db: Database, order_id: int, wire: str = "work.short") -> Any:
    async with db.transaction(SYSTEM) as tx:
        return await tx.fetchval("SELECT data FROM facts WHERE wire = $1 AND order_id = $2", wire, order_id)


async def level(db: Database, shop: given.Shop, sku: str = "MUG") -> inventory.StockLevel:
    async with db.transaction(SYSTEM) as tx:
        found = await inventory.stock_levels(tx, shop.merchant_id, [shop.products[sku]])
    return next(one for one in found if one.warehouse_id == shop.warehouse_id)


@pytest.mark.requirement("O3.9")
async def test_another_warehouse_gives_what_was_not_found_and_both_parts_leave(db: Database) -> None:
    wide = await wide_shop(db, near=5, far=3)
    order_id = await given.paid_order(db, wide.shop, {"MUG": 3})
    work = await claimed(db, order_id, wide.shop.warehouse_id)
    after = await report(db, work, ShortLine(1, missing=1, damaged=1))

    assert after.state is WorkState.PICKING
    assert await fact(db, order_id) == {
        "warehouse_id": wide.shop.warehouse_id, "missing": {"1": 1}, "damaged": {"1": 1}, "moved": {"1": 2}, "waiting": {},
    }  # fmt: skip
    shelf = await level(db, wide.shop)
    assert (shelf.on_hand, shelf.reserved) == (3, 1)
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 1)])
    await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "manual", "ONE-1")])
    assert (await order_of(db, order_id)).shipped_at is None
    other = await claimed(db, order_id, wide.other)
    await do(db, SYSTEM, fulfilment.pack, other.id, [PackedLine(1, 2)])
    await do(db, SYSTEM, fulfilment.ship, [Ship(other.id, "manual", "TWO-2")])
    assert (await order_of(db, order_id)).shipped_at is not None


@pytest.mark.requirement("O3.9")
async def test_for_a_damaged_piece_the_same_shelf_gives_another(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    work = await claimed(db, order_id, shop.warehouse_id)
    after = await report(db, work, ShortLine(1, damaged=2))

    shelf = await level(db, shop)
    assert (after.state, shelf.on_hand, shelf.reserved) == (WorkState.PICKING, 3, 3)
    told = await fact(db, order_id)
    assert (told["damaged"], told["moved"], told["waiting"]) == ({"1": 2}, {}, {})
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 3)])
    async with db.transaction(SYSTEM) as tx:
        moves = await tx.fetch("SELECT reason, why, quantity FROM movements WHERE why IS NOT NULL")
    assert [tuple(row) for row in moves] == [("write_off", "damaged", -2)]


@pytest.mark.requirement("O3.9")
async def test_a_shelf_where_pieces_are_missing_sells_nothing_until_somebody_has_looked(db: Database) -> None:
    shop = await given.shop(db, stock=50)
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    await report(db, await claimed(db, order_id, shop.warehouse_id), ShortLine(1, missing=1))

    assert (await order_of(db, order_id)).state is orders.OrderState.HELD
    with pytest.raises(Refusal) as caught:
        await given.placed_order(db, shop, {"MUG": 1})
    assert "stock" in caught.value.problems[0].code
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'stock.frozen'") == 1
    await do(db, SYSTEM, inventory.thaw, [(shop.warehouse_id, shop.products["MUG"])])
    await given.settle(db)
    assert (await order_of(db, order_id)).state is orders.OrderState.CONFIRMED


@pytest.mark.requirement("O3.9")
async def test_where_nothing_is_left_the_other_warehouse_takes_the_whole_order(db: Database) -> None:
    wide = await wide_shop(db, near=5, far=5)
    order_id = await given.paid_order(db, wide.shop, {"MUG": 2})
    work = await claimed(db, order_id, wide.shop.warehouse_id)
    after = await report(db, work, ShortLine(1, missing=2))

    assert (after.state, after.claimed_by) == (WorkState.WITHDRAWN, None)
    assert await states(db, order_id) == [(wide.shop.warehouse_id, WorkState.WITHDRAWN), (wide.other, WorkState.QUEUED)]
    assert (await order_of(db, order_id)).warehouse_id == wide.other
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind")
    await given.settle(db)


@pytest.mark.requirement("O3.9")
async def test_what_nobody_has_stops_the_order_until_the_buyer_gives_the_units_up(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    order_id = await given.paid_order(db, shop, {"MUG": 3, "TEE": 1})
    work = await claimed(db, order_id, shop.warehouse_id)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE stock SET safety = on_hand")
    after = await report(db, work, ShortLine(1, damaged=1))

    order = await order_of(db, order_id)
    assert (after.state, order.state, order.dispatch_locked_at) == (WorkState.QUEUED, orders.OrderState.HELD, None)
    assert (await fact(db, order_id))["waiting"] == {"1": 1}
    assert await states(db, order_id) == [(shop.warehouse_id, WorkState.WITHDRAWN)]
    with pytest.raises(orders.StillShort):
        await do(db, SYSTEM, orders.release, order_id)

    await do(db, SYSTEM, orders.cancel_lines, order_id, {1: 1}, reason="missing")
    await given.settle(db)

    order = await order_of(db, order_id)
    assert (order.state, order.short_since) == (orders.OrderState.CONFIRMED, None)
    work = await claimed(db, order_id, shop.warehouse_id)
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2), PackedLine(2, 1)])
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM refunds WHERE order_id = $1", order_id) == 1


@pytest.mark.requirement("O3.9")
async def test_goods_that_come_let_the_order_go_on_by_itself_in_its_old_place(db: Database) -> None:
    shop = await given.shop(db, stock=3)
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    later = await given.paid_order(db, shop, {"TEE": 1})
    await report(db, await claimed(db, order_id, shop.warehouse_id), ShortLine(1, missing=2))
    assert (await order_of(db, order_id)).state is orders.OrderState.HELD

    await do(db, SYSTEM, inventory.count, [Count(shop.merchant_id, shop.warehouse_id, shop.products["MUG"], 9)])
    await given.settle(db)
    assert (await order_of(db, order_id)).short_since is not None
    await do(db, SYSTEM, inventory.thaw, [(shop.warehouse_id, shop.products["MUG"])])
    await given.settle(db)

    assert (await order_of(db, order_id)).short_since is None
    got = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=9, claimed_by=7)
    assert [work.order_id for work in got] == [order_id, later]
    await do(db, SYSTEM, fulfilment.pack, got[0].id, [PackedLine(1, 3)])


@pytest.mark.requirement("O3.9")
async def test_the_rest_may_leave_and_the_order_is_whole_when_the_missing_units_are_given_up(db: Database) -> None:
    shop = await given.shop(db, stock=3, ship_the_rest=True)
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    work = await claimed(db, order_id, shop.warehouse_id)
    await report(db, work, ShortLine(1, missing=1))
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2)])
    await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "manual", "REST-1")])
    async with db.transaction(SYSTEM) as tx:
        await fulfilment.scan(tx, [fulfilment.Scan("manual", "REST-1", "d", "delivered", tx.now)])
    await given.settle(db)
    order = await order_of(db, order_id)
    assert (order.shipped_at, order.delivered_at) == (None, None)
    with pytest.raises(orders.AlreadyDispatched):
        await do(db, SYSTEM, orders.cancel_lines, order_id, {1: 2}, reason="missing")

    await do(db, SYSTEM, orders.cancel_lines, order_id, {1: 1}, reason="missing")
    await given.settle(db)

    order = await order_of(db, order_id)
    assert order.shipped_at is not None
    assert order.delivered_at is not None


@pytest.mark.requirement("O3.9")
async def test_units_that_come_after_the_rest_has_left_leave_in_a_work_of_their_own(db: Database) -> None:
    shop = await given.shop(db, stock=3, ship_the_rest=True)
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    work = await claimed(db, order_id, shop.warehouse_id)
    await report(db, work, ShortLine(1, missing=1))
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2)])
    await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "manual", "REST-2")])
    receive = inventory.Move("receive", shop.merchant_id, shop.warehouse_id, shop.products["MUG"], 5)
    await do(db, SYSTEM, inventory.move, [receive])
    await do(db, SYSTEM, inventory.thaw, [(shop.warehouse_id, shop.products["MUG"])])
    await given.settle(db)

    second = await claimed(db, order_id, shop.warehouse_id)
    assert second.id != work.id
    await do(db, SYSTEM, fulfilment.pack, second.id, [PackedLine(1, 1)])
    await do(db, SYSTEM, fulfilment.ship, [Ship(second.id, "manual", "LATE-2")])
    assert (await order_of(db, order_id)).shipped_at is not None


@pytest.mark.requirement("O3.9")
async def test_a_broken_piece_of_a_bundle_costs_one_piece_and_the_bundle_waits_whole(db: Database) -> None:
    shop = await bundle(db, await given.shop(db, stock=10))
    order_id = await given.paid_order(db, shop, {"GIFT": 5})
    work = await claimed(db, order_id, shop.warehouse_id)
    await report(db, work, ShortLine(1, damaged=1, sku="SOCK"))

    assert (await fact(db, order_id))["waiting"] == {"1": 1}
    assert ((await level(db, shop, "SOCK")).on_hand, (await level(db, shop, "SOCK")).reserved) == (9, 8)
    assert ((await level(db, shop, "MUG")).on_hand, (await level(db, shop, "MUG")).reserved) == (10, 4)


async def test_reports_that_do_not_fit_are_refused_all_at_once_and_change_nothing(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop, {"MUG": 2, "TEE": 1})
    work = await claimed(db, order_id, shop.warehouse_id)
    wrong = [ShortLine(1, missing=3), ShortLine(9, missing=1), ShortLine(2), ShortLine(2, missing=1, sku="MUG")]

    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, fulfilment.report_short, work.id, wrong)
    with pytest.raises(fulfilment.ShortUnfit):
        await do(db, SYSTEM, fulfilment.report_short, work.id, [])
    with pytest.raises(fulfilment.WorkUnknown):
        await do(db, SYSTEM, fulfilment.report_short, 77, [ShortLine(1, missing=1)])

    assert [(p.code, p.path) for p in caught.value.problems] == [("work.short_unfit", f"lines[{n}]") for n in range(4)]
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2), PackedLine(2, 1)])
    with pytest.raises(fulfilment.WorkStateForbids):
        await do(db, SYSTEM, fulfilment.report_short, work.id, [ShortLine(1, missing=1)])


async def test_others_keep_the_units_that_they_were_promised(db: Database) -> None:
    shop = await given.shop(db, stock=4)
    first = await given.paid_order(db, shop, {"MUG": 2})
    second = await given.paid_order(db, shop, {"MUG": 2})
    await report(db, await claimed(db, first, shop.warehouse_id), ShortLine(1, missing=2))
    assert (await level(db, shop)).on_hand == 2

    work = await claimed(db, second, shop.warehouse_id)
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2)])
    await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "manual", "SECOND-1")])
