"""Who looks after an order: staff who may read it, for many at once, told only where it changes, and gone with the person."""

import asyncio

import pytest
from tests import given
from tests.areas.orders.test_noting import hired

from dingdan.areas import identity, orders
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def kept(db: Database, *order_ids: int, by: Actor = SYSTEM) -> dict[int, int]:
    async with db.reading(by) as tx:
        return {i: one.staff_id for i, one in (await orders.keepers(tx, order_ids)).items()}


async def told(db: Database) -> list[int | None]:
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT data FROM facts WHERE wire = 'order.assigned' ORDER BY id")
        return [row["data"]["staff_id"] for row in rows]


async def test_an_order_is_looked_after_by_one_and_only_changes_are_told(db: Database) -> None:
    shop = await given.shop(db)
    first, second = await given.placed_order(db, shop), await given.placed_order(db, shop, buyer="b2")
    lin, chen = await hired(db, "lin", "林晚", "reviewer"), await hired(db, "chen", "陈思", "lead")
    assert await do(db, lin, orders.assign, [second, first, first], to=lin.id) == sorted([first, second])
    assert await do(db, lin, orders.assign, [first], to=lin.id) == []
    assert await do(db, lin, orders.assign, [first, second], to=chen.id) == sorted([first, second])
    assert await kept(db, first, second) == {first: chen.id, second: chen.id}
    assert await do(db, lin, orders.assign, [first], to=None) == [first]
    assert await do(db, lin, orders.assign, [first], to=None) == []
    assert await kept(db, first, second) == {second: chen.id}
    assert await told(db) == [lin.id, lin.id, chen.id, chen.id, None]


async def test_who_cannot_read_it_looks_after_nothing_and_all_that_is_wrong_is_said(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    order_id, foreign = await given.placed_order(db, shop), await given.placed_order(db, other)
    own = await hired(db, "own", "店员", "merchant", merchant_id=shop.merchant_id)
    boss, packer = await hired(db, "boss", "平台", "lead"), await hired(db, "packer", "仓管", "warehouse")
    gone = await hired(db, "gone", "离职", "lead")
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "gone", "离职", ("lead",), active=False))
    # Who may not read who looks after orders, or not say so, does not look after any.
    broker, auditor = await hired(db, "broker", "报关", "customs_broker"), await hired(db, "audits", "审计", "auditor")
    for nobody in (packer.id, gone.id, broker.id, auditor.id, 7):
        with pytest.raises(orders.KeeperUnknown):
            await do(db, boss, orders.assign, [order_id], to=nobody)
    with pytest.raises(orders.KeeperOutOfReach) as refused:
        await do(db, boss, orders.assign, [order_id, foreign], to=own.id)
    assert refused.value.path == "orders[1]"
    assert await kept(db, order_id, foreign) == {}
    # A merchant's people choose among themselves, of their own orders.
    with pytest.raises(orders.KeeperUnknown):
        await do(db, own, orders.assign, [order_id], to=boss.id)
    with pytest.raises(orders.OrderUnknown):
        await do(db, own, orders.assign, [order_id, foreign], to=own.id)
    assert await do(db, own, orders.assign, [order_id], to=own.id) == [order_id]
    stranger = Actor(ActorKind.STAFF, 9, "x", other.merchant_id)
    with pytest.raises(orders.OrderUnknown):
        await do(db, stranger, orders.assign, [order_id], to=None)


async def test_whoever_was_let_go_looks_after_nothing_and_has_it_again_when_back(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    lin = await hired(db, "lin", "林晚", "reviewer")
    await do(db, lin, orders.assign, [order_id], to=lin.id)
    for roles, active in ((("reviewer",), False), (("warehouse",), True)):
        await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin", "林晚", roles, active=active))
        assert await kept(db, order_id) == {}
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin", "林晚", ("reviewer",)))
    assert await kept(db, order_id) == {order_id: lin.id}


async def test_a_merchant_sees_that_the_platform_has_it_and_not_who(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    order_id = await given.placed_order(db, shop)
    boss = await hired(db, "boss", "平台", "lead")
    await do(db, boss, orders.assign, [order_id], to=boss.id)
    async with db.reading(Actor(ActorKind.STAFF, 9, "x", shop.merchant_id)) as tx:
        assert (await orders.keepers(tx, [order_id]))[order_id].name is None
    assert await kept(db, order_id, by=Actor(ActorKind.STAFF, 9, "x", other.merchant_id)) == {}


async def test_of_two_at_once_the_last_one_has_it_and_both_are_told(db: Database) -> None:
    shop = await given.shop(db)
    some = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(6)]
    people = [await hired(db, f"p{n}", f"人{n}", "lead") for n in range(2)]
    await asyncio.gather(
        do(db, people[0], orders.assign, some, to=people[0].id),
        do(db, people[1], orders.assign, some[::-1], to=people[1].id),
    )
    now = await kept(db, *some)
    # Whoever came last has all of them: they were locked in one order.
    assert len(set(now.values())) == 1
    facts = await told(db)
    assert sorted(facts, key=str) == sorted([people[0].id] * 6 + [people[1].id] * 6, key=str)
    assert facts[-1] == now[some[0]]


def test_whoever_works_on_orders_may_look_after_them() -> None:
    assert {
        "arbitrator", "customer_service", "finance", "lead", "logistics", "manager", "merchant", "reviewer", "risk",
    } == orders.KEEPING  # fmt: skip
    assert all("order.read" in identity.ROLES[role] for role in orders.KEEPING)


async def test_the_buyer_hears_nothing_of_it(db: Database) -> None:
    assert "order.assigned" in orders.OF_THE_STAFF
