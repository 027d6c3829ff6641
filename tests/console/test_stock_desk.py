"""Stock and channels at the desk: numbers that explain themselves, counts with a second person, problems with a way out."""

import pytest
from tests import given
from tests.areas.channel_orders import there
from tests.console.conftest import Seat

from dingdan.areas import channel_orders
from dingdan.areas.inventory.tables import REASONS
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database
from dingdan.surfaces.console.house import channel_desk, stock_desk

pytestmark = pytest.mark.requirement("issue 6: console")


async def on_hand(db: Database, shop: given.Shop) -> int:
    async with db.reading(SYSTEM) as tx:
        found = await tx.fetchval("SELECT on_hand FROM stock WHERE product_id = $1", shop.products["MUG"])
    return int(found)


async def test_a_number_is_explained_movement_by_movement(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.shipped_order(db, shop, {"MUG": 2})
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    rows = await desk.open("/stock")
    assert "Sellable" in rows
    assert "MUG" in rows
    page = f"/stock/{encode('product', shop.products['MUG'])}"
    sheet = await desk.open(page)
    for words in ("Explain the numbers", "-2", "98"):
        assert words in sheet
    assert "逐笔变动" in await desk.open(page, tongue="zh")
    assert "商品编码" in (await desk.open("/stock?file=csv", tongue="zh"))


async def test_the_filter_says_whose_stock_it_is(db: Database, seat: Seat, shop: given.Shop) -> None:
    other = await given.shop(db, code="other-shop")
    html = await (await seat("auditor")).open("/stock?merchant=other-shop")
    chooser = html.partition('<select name="merchant">')[2].partition("</select>")[0]
    assert '<option value="other-shop" selected>' in chooser
    assert 'value=""' not in chooser, "one merchant's at a time: there is no choice of all"
    assert other.merchant_id != shop.merchant_id
    unasked = (await (await seat("auditor")).open("/stock")).partition('<select name="merchant">')[2]
    assert unasked.partition("</select>")[0].count("selected") == 1


async def test_a_count_above_the_limit_waits_for_a_second_person(db: Database, seat: Seat, shop: given.Shop) -> None:
    first = await seat("warehouse", merchant_id=shop.merchant_id)
    await first.send("/stock/count", warehouse="HZ", sku="MUG", counted="100", why="daily")
    asked = await first.send("/stock/count", warehouse="HZ", sku="MUG", counted="1", why="doubt")
    page = asked.headers["location"]
    assert page.startswith("/stocktakes/")
    assert await on_hand(db, shop) == 100
    assert "Approve" not in await first.open(page)
    await first.send(f"{page}/approve", status=403)
    second = await seat("merchant", merchant_id=shop.merchant_id)
    assert "-99" in await second.open(page)
    await second.send(f"{page}/approve")
    assert await on_hand(db, shop) == 1
    await second.send(f"{page}/refuse", status=409, reason="other")
    assert "盘点单" in await second.open("/stock?show=stocktakes", tongue="zh")


async def test_goods_are_received_held_kept_back_and_shelved(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await desk.send("/stock/move", verb="receive", warehouse="HZ", sku="MUG", quantity="5", why="delivery")
    assert await on_hand(db, shop) == 105
    await desk.send("/stock/move", verb="hold", warehouse="HZ", sku="MUG", quantity="3", why="quality_check")
    await desk.send("/stock/safety", warehouse="HZ", sku="MUG", safety="7")
    await desk.send("/stock/bin", warehouse="HZ", sku="MUG", bin="A-02-10")
    await desk.send("/stock/pool", channel="web", warehouse="HZ", sku="MUG", guaranteed="4", most="", buffer="0")
    sheet = await desk.open(f"/stock/{encode('product', shop.products['MUG'])}")
    for words in ("3 / 7", "A-02-10", "95"):
        assert words in sheet
    assert "Guaranteed" in await desk.open("/stock?show=pools")
    assert "Nothing goes between warehouses." in await desk.open("/stock?show=transfers")
    fine = {"verb": "receive", "warehouse": "HZ", "sku": "MUG", "quantity": "1", "why": "delivery"}
    for wrong in ({"quantity": "0"}, {"verb": "burn"}, {"quantity": "9" * 40}):
        await desk.send("/stock/move", status=422, **fine | wrong)
    for unknown in ({"sku": "NOTHING"}, {"warehouse": "NOWHERE"}):
        await desk.send("/stock/move", status=404, **fine | unknown)
    assert await on_hand(db, shop) == 105


async def test_who_may_not_and_whose_it_is_not(db: Database, seat: Seat, shop: given.Shop) -> None:
    inspector = await seat("inspector", merchant_id=shop.merchant_id)
    assert "Count it" not in await inspector.open("/stock")
    await inspector.send("/stock/count", status=403, warehouse="HZ", sku="MUG", counted="1")
    other = await given.shop(db, code="other")
    stranger = await seat("merchant", merchant_id=other.merchant_id)
    await stranger.open(f"/stock/{encode('product', shop.products['MUG'])}", status=404)
    await (await seat("finance", merchant_id=shop.merchant_id)).open("/channels", status=403)


async def test_a_channels_problem_says_what_to_do_and_is_solved(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "Channel sync" in await desk.open("/channels")
    (made,) = await there.tell(db, shop, there.told(sku="TB-MUG", payments=(there.paid(),)))
    channel = encode("channel", (await there.channel(db, shop)).id)
    assert "Needs a look" in await desk.open("/channels")
    rows = await desk.open(f"/channels?channel={channel}")
    assert "Say what it is called here" in rows
    page = f"/channels/orders/{encode('channel_order', made.id)}"
    assert "未知 SKU" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/map", sku="TB-MUG", ours="MUG")
    await given.settle(db)
    assert "Everything fits." in await desk.open(f"/channels?channel={channel}")
    await desk.send(f"{page}/retry")
    other = await given.shop(db, code="other")
    stranger = await seat("merchant", merchant_id=other.merchant_id)
    await stranger.open(page, status=404)
    await stranger.open(f"/channels?channel={channel}", status=404)


def test_every_movement_and_problem_has_words() -> None:
    assert set(REASONS) == set(stock_desk.REASONS)
    assert {str(kind) for kind in channel_orders.ProblemKind} == set(channel_desk.PROBLEMS)
