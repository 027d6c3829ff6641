"""Tracking numbers for many orders at once."""

import asyncio

import pytest
from tests import given

from dingdan.areas import carriers, fulfilment, orders
from dingdan.areas.fulfilment import PackedLine, ShipLine, Upload, WorkState
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O4.3")


async def works(db: Database, *order_ids: int) -> list[fulfilment.Work]:
    async with db.transaction(SYSTEM) as tx:
        return await fulfilment.works_of(tx, order_ids)


async def shipped(db: Database, order_id: int) -> bool:
    async with db.transaction(SYSTEM) as tx:
        return (await orders.get_one(tx, order_id)).shipped_at is not None


async def test_queued_and_packed_orders_leave_with_their_numbers_and_a_second_time_changes_nothing(
    db: Database,
) -> None:
    shop = await given.shop(db)
    queued, packed = [await given.paid_order(db, shop, {"MUG": 2}, buyer=f"b{n}") for n in range(2)]
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=7, order_ids=[packed])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2)])
    wanted = [
        Upload(queued, "manual", "van-1", (ShipLine(1, 1),)), Upload(packed, "manual", "VAN-2"),
        Upload(queued, "manual", "VAN-3", (ShipLine(1, 1),)),
    ]  # fmt: skip

    assert await do(db, SYSTEM, fulfilment.upload, wanted) == ["created"] * 3
    assert await do(db, SYSTEM, fulfilment.upload, wanted) == ["unchanged"] * 3
    assert await shipped(db, queued)
    assert await shipped(db, packed)
    assert {one.state for one in await works(db, queued, packed)} == {WorkState.HANDED_OVER}


async def test_every_problem_names_its_place_and_nothing_leaves(db: Database) -> None:
    shop = await given.shop(db)
    good, picked, gone = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(3)]
    await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=7, order_ids=[picked])
    await do(db, SYSTEM, orders.cancel, gone, reason="changed_mind")
    await given.settle(db)
    wanted = [
        Upload(good, "manual", "VAN-1"), Upload(picked, "manual", "VAN-2"), Upload(gone, "manual", "VAN-3"),
        Upload(77, "manual", "VAN-4"), Upload(good, "manual", "VAN-5", (), 77),
    ]  # fmt: skip

    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, fulfilment.upload, wanted)

    assert [(p.code, p.path) for p in caught.value.problems] == [
        ("work.state_forbids", "[1].order"), ("work.state_forbids", "[2].order"), ("work.unknown", "[3].order"),
        ("work.unknown", "[4].order"),
    ]  # fmt: skip
    await given.carrier(db, shop, "sf")
    with pytest.raises(carriers.NumberUnfit) as unfit:
        await do(db, SYSTEM, fulfilment.upload, [Upload(good, "sf", "12")])
    assert unfit.value.path == "[0].tracking_number"
    assert (await works(db, good))[0].state is WorkState.QUEUED


async def test_an_order_that_was_cancelled_a_moment_ago_does_not_leave(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")

    with pytest.raises(fulfilment.WorkStateForbids) as caught:
        await do(db, SYSTEM, fulfilment.upload, [Upload(order_id, "manual", "VAN-1")])
    assert caught.value.path == "[0].order"


async def test_one_file_sent_twice_at_once_ships_once(db: Database) -> None:
    shop = await given.shop(db)
    ids = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(3)]
    wanted = [Upload(order_id, "manual", f"VAN-{order_id}") for order_id in ids]

    ended = await asyncio.gather(*(do(db, SYSTEM, fulfilment.upload, wanted) for _ in range(2)))

    assert sorted(ended) == [["created"] * 3, ["unchanged"] * 3]
