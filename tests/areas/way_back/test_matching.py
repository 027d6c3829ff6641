"""Parcels at the door that nobody announced."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.returns import bench, road

from dingdan.areas import cases, inventory, returns, way_back
from dingdan.areas.way_back import NewStray
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


def parcel(shop: given.Shop, **more: Any) -> NewStray:
    return NewStray(merchant_id=shop.merchant_id, warehouse_id=shop.warehouse_id, **more)


async def told(db: Database, command: Any, *args: Any, by: Actor = SYSTEM, **more: Any) -> list[str]:
    try:
        await do(db, by, command, *args, **more)
    except Refusal as refusal:
        return [p.code for p in refusal.problems]
    return []


async def quarantine(db: Database, shop: given.Shop) -> int:
    async with db.transaction(SYSTEM) as tx:
        (found,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products["MUG"]])
    return found.quarantine


@pytest.mark.requirement("R3.11")
async def test_a_parcel_is_found_by_its_number_the_order_and_the_phone(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop)
    await road.sent(db, held, "BACK-7")
    asked = [
        parcel(shop, carrier="manual", tracking_number="back-7"),
        parcel(shop, order_ref=ids.encode("order", held.order_id)), parcel(shop, phone="+86 138 1234 5678"),
        parcel(shop, carrier="manual", tracking_number=f"SBX{held.order_id:020d}"), parcel(shop, phone="13800000000"),
    ]  # fmt: skip
    found = [(await do(db, SYSTEM, way_back.register, one))[1] for one in asked]

    assert [[(c.found_by, c.return_id) for c in one] for one in found] == [
        [("waybill", held.id)], [("order", held.id)], [("phone", held.id)], [("waybill", held.id)], [],
    ]  # fmt: skip


@pytest.mark.requirement("R3.11")
async def test_goods_are_in_nobodys_books_before_the_parcel_is_matched(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop, {"MUG": 2})
    stray, _ = await do(db, SYSTEM, way_back.register, parcel(shop, grams=800))
    assert await quarantine(db, shop) == 0

    matched = await do(db, SYSTEM, way_back.match, stray.id, held.id, lines=(returns.ReceivedLine(1, 1),))
    assert (matched.state, matched.return_id, await quarantine(db, shop)) == ("matched", held.id, 1)
    assert await told(db, way_back.match, stray.id, held.id) == ["stray.state_forbids"]
    other = await bench.returning(db, await given.shop(db))
    lost, _ = await do(db, SYSTEM, way_back.register, parcel(shop))
    assert await told(db, way_back.match, lost.id, other.id) == ["stray.other_warehouse"]
    await do(db, SYSTEM, way_back.close, lost.id, because="sent_on")


@pytest.mark.requirement("R3.11")
async def test_an_empty_parcel_brings_no_units_and_the_inspection_says_so(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop)
    stray, _ = await do(db, SYSTEM, way_back.register, parcel(shop, is_empty=True, grams=90))
    await do(db, SYSTEM, way_back.match, stray.id, held.id)
    done = await road.inspected(db, held)

    assert (await quarantine(db, shop), done.result, done.refund) == (0, "fail", 0)


@pytest.mark.requirement("R3.11")
async def test_nobody_knows_whose_it_is_for_three_days(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    stray, _ = await do(db, SYSTEM, way_back.register, parcel(shop))
    known, _ = await do(db, SYSTEM, way_back.register,
                        parcel(shop, carrier="manual", tracking_number=f"SBX{order_id:020d}"))  # fmt: skip
    assert known.order_id == order_id
    await do(db, SYSTEM, way_back.ask, known.id, order_id)
    await bench.later(db, timedelta(hours=73))

    assert (await bench.wires(db, stray.id)) == ["stray.found", "stray.unmatched"]
    async with db.transaction(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
    assert case.kind == "stray_parcel"
    # The buyer applies, and what lay in the parcel is received there.
    held = await road.applied(db, shop, returns.ApplyLine(1, order_id=order_id, line_no=1))
    assert (await do(db, SYSTEM, way_back.match, known.id, held.id)).state == "matched"


@pytest.mark.requirement("R3.11")
async def test_two_who_unload_one_parcel_write_one_row_and_receive_once(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop)
    asked = parcel(shop, carrier="manual", tracking_number="TWICE-1")
    made = await asyncio.gather(*(do(db, SYSTEM, way_back.register, asked) for _ in range(2)))
    assert made[0][0].id == made[1][0].id

    said = await asyncio.gather(*(told(db, way_back.match, made[0][0].id, held.id) for _ in range(2)))
    assert (sorted(said), await quarantine(db, shop)) == ([[], ["stray.state_forbids"]], 1)


@pytest.mark.requirement("R3.11")
async def test_two_receivers_at_once_count_each_unit_once(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop)
    arrival = [returns.Receive(held.id, (returns.ReceivedLine(1, 1),))]
    said = await asyncio.gather(*(told(db, returns.receive, arrival) for _ in range(2)))

    assert (sorted(said), await quarantine(db, shop)) == ([[], ["return.more_than_announced"]], 1)


@pytest.mark.requirement("R3.11")
async def test_nonsense_and_strangers_are_refused(db: Database) -> None:
    shop = await given.shop(db)
    wrong = parcel(shop, carrier="manual", grams=0, note="a\0", phone="", order_ref="x" * 101)
    assert await told(db, way_back.register, wrong) == ["stray.unfit"] * 5
    stray, _ = await do(db, SYSTEM, way_back.register, parcel(shop))
    stranger = Actor(ActorKind.STAFF, 9, merchant_id=5)
    assert await told(db, way_back.close, stray.id, because="empty", by=stranger) == ["stray.unknown"]
    assert await told(db, way_back.close, stray.id, because="bored") == ["stray.unfit"]


@pytest.mark.requirement("R3.11")
async def test_a_parcel_is_pictured_once_for_each_picture_and_not_without_end(db: Database) -> None:
    shop = await given.shop(db)
    made, _ = await do(db, SYSTEM, way_back.register, parcel(shop))

    def shot(n: int) -> way_back.NewStrayPicture:
        return way_back.NewStrayPicture(sha256=f"{n:064x}", size=1, width=1, height=1)

    first, again = [await do(db, SYSTEM, way_back.take_picture, made.id, shot(0)) for _ in range(2)]
    assert first == again
    for n in range(1, 12):
        await do(db, SYSTEM, way_back.take_picture, made.id, shot(n))
    assert await told(db, way_back.take_picture, made.id, shot(12)) == ["stray.too_many_pictures"]
    assert await told(db, way_back.take_picture, made.id + 1, shot(0)) == ["stray.unknown"]
    stranger = Actor(ActorKind.STAFF, 1, merchant_id=(await given.shop(db)).merchant_id)
    assert await told(db, way_back.take_picture, made.id, shot(0), by=stranger) == ["stray.unknown"]
    async with db.reading(SYSTEM) as tx:
        assert len(await way_back.pictures_of(tx, made.id)) == 12
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'stray.pictured'") == 12
