"""Unmatched parcels, exchanges, repairs and goods that wait: each act does what its command does, for whoever may."""

import re

import pytest
from tests import given
from tests.areas.exchanges import desk as trades
from tests.areas.repairs import workshop
from tests.areas.returns import bench, road
from tests.console.conftest import Seat, once_words
from tests.surfaces.test_warehouse import photo

from dingdan.areas import disposition
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def stray_state(db: Database) -> str:
    async with db.reading(SYSTEM) as tx:
        return str(await tx.fetchval("SELECT state FROM strays ORDER BY id DESC LIMIT 1"))


async def test_a_parcel_without_an_owner_is_written_down_matched_and_received(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    assert "Every parcel has an owner." in await desk.open("/parcels/unmatched")
    number = encode("order", held.order_id)
    made = await desk.send(
        "/parcels/unmatched", warehouse=encode("warehouse", shop.warehouse_id), order=number, note="one mug", weight_grams="400"
    )  # fmt: skip
    page = made.headers["location"]
    sheet = await desk.open(page)
    assert "80%" in sheet
    assert f"Link with {spoken(held.id)}" in sheet
    assert "包裹上或内附该订单号" in await desk.open(page, tongue="zh")
    bare = page.partition("?")[0]
    assert "待匹配" in await desk.open("/parcels/unmatched", tongue="zh")
    once = once_words(sheet)[0]
    for _ in range(2):
        await desk.send(f"{bare}/match", to=encode("return", held.id), found_by="order", once=once)
    assert (await road.now_is(db, held)).journey == "received"
    assert await stray_state(db) == "matched"
    await desk.send(f"{bare}/close", status=409, because="empty")


async def test_a_parcel_can_be_looked_for_asked_about_and_closed(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    desk = await seat("manager", "warehouse", merchant_id=shop.merchant_id)
    made = await desk.send("/parcels/unmatched", warehouse=encode("warehouse", shop.warehouse_id), is_empty="true")
    page = made.headers["location"]
    assert "Nothing fits yet." in await desk.open(page)
    looked = await desk.send(f"{page}/search", order=spoken(held.order_id))
    assert spoken(held.id) in await desk.open(looked.headers["location"])
    await desk.send(f"{page}/ask", status=404, order="nothing")
    await desk.send(f"{page}/ask", order=encode("order", held.order_id))
    assert await stray_state(db) == "asked"
    await desk.send(f"{page}/close", because="sent_on")
    stranger = await seat("warehouse", merchant_id=(await given.shop(db, code="other")).merchant_id)
    await stranger.open(page, status=404)
    await (await seat("customer_service", merchant_id=shop.merchant_id)).open("/parcels/unmatched", status=403)


async def test_who_looks_for_an_owner_sees_what_came(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    place, shot = encode("warehouse", shop.warehouse_id), [("files", ("a.jpg", photo(), "image/jpeg"))]
    made = await desk.send("/parcels/unmatched", files=shot, warehouse=place)
    page = made.headers["location"]
    (href,) = set(re.findall(r'src="(/evidence/strays/\w+)"', await desk.open(page)))
    assert (await desk.http.get(href, headers=desk._cookie())).headers["content-type"] == "image/jpeg"
    await desk.send(f"{page}/pictures", status=422, files=[("files", ("a.svg", b"<svg/>", "image/svg+xml"))])
    stranger = await seat("warehouse", merchant_id=(await given.shop(db, code="other")).merchant_id)
    assert (await stranger.http.get(href, headers=stranger._cookie())).status_code == 404
    await stranger.send(f"{page}/pictures", status=404, files=[("files", ("a.jpg", photo(), "image/jpeg"))])


async def test_an_exchange_has_two_sides_and_its_acts(db: Database, seat: Seat) -> None:
    shop, order_id = await trades.trusting_shop(db)
    held, made = await trades.asked(db, shop, order_id)
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    rows = await desk.open("/exchanges")
    assert spoken(held.id) in rows
    assert "Comes back" in rows
    page = f"/exchanges/{encode('exchange', made.id)}"
    assert "退回与换发" in await desk.open(page, tongue="zh")
    assert "Send it ahead" in await desk.open(page)
    await desk.send(f"{page}/ship-ahead")
    assert (await trades.now(db, made)).ahead_at is not None
    assert "sent ahead" in await desk.open("/exchanges")
    await desk.send(f"{page}/ship-ahead", status=409)
    inspector = await seat("inspector", merchant_id=shop.merchant_id)
    await inspector.send(f"{page}/ship-ahead", status=403)
    stranger = await seat("merchant", merchant_id=(await given.shop(db, code="other")).merchant_id)
    await stranger.open(page, status=404)
    assert "No exchange is under way." in await stranger.open("/exchanges")


async def test_a_repair_is_paused_sent_back_and_arrives(db: Database, seat: Seat) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await workshop.here(db, shop, order_id)
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    assert spoken(held.id) in await desk.open("/exchanges?show=repairs")
    page = f"/repairs/{encode('repair', made.id)}"
    assert "寄回" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/pause")
    assert "Let the clock run" in await desk.open(page)
    await desk.send(f"{page}/resume")
    refused = await desk.send(f"{page}/send-back", status=422, carrier="sf", tracking_number="SF12345")
    assert "repair" in refused.text
    await desk.send(f"{page}/send-back", carrier="sf", tracking_number="SF12345", is_mended="true")
    await desk.send(f"{page}/arrive")
    assert await workshop.state(db, made) == "done"
    assert "The fault is back" not in await desk.open(page)


async def test_goods_that_wait_are_decided_about(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    goods = await bench.looked_at(db, shop, road.fine(1, grade="D", disposition="quarantine"))
    desk = await seat("warehouse", merchant_id=shop.merchant_id)
    assert encode("goods", goods[0].id) in await desk.open("/exchanges?show=goods")
    page = f"/goods/{encode('goods', goods[0].id)}"
    assert "Decide what becomes of it" in await desk.open(page)
    await desk.send(f"{page}/dispose", status=409, kind="restock", quantity="1")
    await desk.send(f"{page}/dispose", status=422, kind="vendor", quantity="1", recovered="a lot")
    await desk.send(f"{page}/dispose", kind="vendor", quantity="1", recovered="1.00")
    async with db.reading(SYSTEM) as tx:
        assert (await disposition.get_one(tx, goods[0].id)).open == 0
    assert "退供应商" in await desk.open(page, tongue="zh")


async def test_what_is_not_ours_is_the_buyers_to_choose(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    line = road.fine(1, intact=False, grade="C", disposition="quarantine")
    (goods,) = await bench.looked_at(db, shop, line)
    desk = await seat("manager", merchant_id=shop.merchant_id)
    page = f"/goods/{encode('goods', goods.id)}"
    await desk.send(f"{page}/offer", amount="5.00")
    await desk.send(f"{page}/choose", choice="goods_sent_back")
    async with db.reading(SYSTEM) as tx:
        found = await disposition.get_one(tx, goods.id)
    assert (found.offered, found.choice) == (500, "goods_sent_back")
