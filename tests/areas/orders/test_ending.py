"""Cancelled, expired, held, received: the agreement's own rules."""

import asyncio
from datetime import timedelta

import pytest
from tests import given

from dingdan.areas import inventory, orders
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at


async def get(db: Database, order_id: int) -> orders.Order:
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def free(db: Database, shop: given.Shop, sku: str) -> int:
    async with db.transaction(SYSTEM) as tx:
        (level,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products[sku]])
    return level.available


async def wires(db: Database, order_id: int) -> list[str]:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire FROM facts WHERE order_id = $1 ORDER BY id", order_id)
    return [row["wire"] for row in rows]


@pytest.mark.requirement("O3.4")
async def test_an_unpaid_order_expires_at_its_time_and_frees_its_stock_once(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    order_id = await given.placed_order(db, shop, {"MUG": 3})
    pay_by = (await get(db, order_id)).pay_by
    await do_at(db, SYSTEM, pay_by - timedelta(seconds=1), orders.expire, [order_id])
    assert (await get(db, order_id)).state == "awaiting_payment"
    for _ in range(2):
        await do_at(db, SYSTEM, pay_by, orders.expire, [order_id])
    assert (await get(db, order_id)).state == "expired"
    assert await free(db, shop, "MUG") == 5
    assert await wires(db, order_id) == ["order.placed", "order.expired"]


async def test_cancelling_gives_the_stock_back_and_a_second_time_is_refused(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    order_id = await given.placed_order(db, shop, {"MUG": 3})
    cancelled = await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")
    assert not cancelled.was_paid
    assert await free(db, shop, "MUG") == 5
    with pytest.raises(orders.StateForbids):
        await do(db, SYSTEM, orders.cancel, order_id, reason="again")


async def test_an_order_that_is_being_picked_is_not_cancelled(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    await do(db, SYSTEM, orders.mark_paid, [order_id])
    assert await do(db, SYSTEM, orders.lock_for_dispatch, [order_id]) == {order_id: True}
    with pytest.raises(orders.AlreadyDispatched):
        await do(db, SYSTEM, orders.cancel, order_id, reason="too late")
    with pytest.raises(orders.AlreadyDispatched):
        await do(db, SYSTEM, orders.hold, order_id, reason="too late")


@pytest.mark.requirement("issue 2: races")
async def test_cancel_and_pick_meet_on_one_row_and_only_one_wins(db: Database) -> None:
    shop = await given.shop(db)
    for n in range(8):
        order_id = await given.placed_order(db, shop, buyer=f"b{n}")
        await do(db, SYSTEM, orders.mark_paid, [order_id])
        cancelled, locked = await asyncio.gather(
            do(db, SYSTEM, orders.cancel, order_id, reason="race"),
            do(db, SYSTEM, orders.lock_for_dispatch, [order_id]),
            return_exceptions=True,
        )
        was_cancelled = isinstance(cancelled, orders.Cancellation)
        assert was_cancelled != (locked == {order_id: True})


async def test_a_held_order_is_not_picked_until_it_is_released(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    await do(db, SYSTEM, orders.mark_paid, [order_id])
    await do(db, SYSTEM, orders.hold, order_id, reason="check the address")
    assert await do(db, SYSTEM, orders.lock_for_dispatch, [order_id]) == {}
    await do(db, SYSTEM, orders.release, order_id)
    assert await do(db, SYSTEM, orders.lock_for_dispatch, [order_id]) == {order_id: True}


@pytest.mark.requirement("O3.5")
async def test_late_money_revives_an_order_only_with_its_stock(db: Database) -> None:
    shop = await given.shop(db, stock=3)
    order_id = await given.placed_order(db, shop, {"MUG": 3})
    pay_by = (await get(db, order_id)).pay_by
    await do_at(db, SYSTEM, pay_by, orders.expire, [order_id])
    other = await given.placed_order(db, shop, {"MUG": 1})
    assert await do(db, SYSTEM, orders.revive, [order_id]) == set()
    await do(db, SYSTEM, orders.cancel, other, reason="makes room")
    assert await do(db, SYSTEM, orders.revive, [order_id]) == {order_id}
    assert (await get(db, order_id)).state == "confirmed"


@pytest.mark.requirement("O5.1")
async def test_receipt_is_not_confirmed_of_what_never_left(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    await do(db, SYSTEM, orders.mark_paid, [order_id])
    with pytest.raises(orders.NotShippedYet):
        await do(db, SYSTEM, orders.receive, order_id)


@pytest.mark.requirement("O5.2")
async def test_automatic_receipt_waits_for_dispatch_and_delivery_both(db: Database) -> None:
    shop = await given.shop(db, auto_confirm_days=10, auto_confirm_days_after_delivery=7)
    order_id = await given.placed_order(db, shop)
    now = (await get(db, order_id)).placed_at
    await do_at(db, SYSTEM, now, orders.mark_paid, [order_id])
    await do_at(db, SYSTEM, now, orders.note_shipped, [order_id])
    await do_at(db, SYSTEM, now + timedelta(days=8), orders.note_delivered, {order_id: now + timedelta(days=6)})
    async with db.transaction(SYSTEM) as tx:
        due = await tx.fetchval(
            "SELECT due_at FROM deadlines WHERE kind = 'order.auto_receive' AND subject_id = $1", order_id
        )
    assert due == now + timedelta(days=13)
    await do_at(db, SYSTEM, due, orders.receive_automatically, [order_id])
    order = await get(db, order_id)
    assert (order.state, order.received_at) == ("completed", due)


async def test_somebody_elses_order_is_as_unknown_as_none(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    stranger = Actor(ActorKind.KEY, 1, merchant_id=shop.merchant_id + 1)
    for missing in (order_id, 12345):
        with pytest.raises(orders.OrderUnknown):
            await do(db, stranger, orders.cancel, missing, reason="not mine")
