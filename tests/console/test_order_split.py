"""Orders split at the desk, one by hand and many together."""

import re

import pytest
from tests import given
from tests.areas.channel_orders import there
from tests.areas.sourcing import houses
from tests.console.conftest import Seat, once_words

from dingdan.areas import orders
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: split")


def page(order_id: int) -> str:
    return f"/orders/{encode('order', order_id)}"


async def test_units_are_moved_after_a_look_and_the_timeline_says_so(db: Database, seat: Seat) -> None:
    three = await houses.three(db)
    desk = await seat("reviewer")
    order_id = await given.paid_order(db, three.shop, {"MUG": 3, "TEE": 1})
    assert f'href="{page(order_id)}/split"' in await desk.open(page(order_id))
    shown = await desk.open(f"{page(order_id)}/split")
    for words in ("Hangzhou × 3", "Free in SH", "SH (SH)", "Warehouse BJ does not serve the channel web."):
        assert words in shown
    said = {"line_nos": ["1", "2"], "quantities": ["2", "0"], "warehouse": "SH"}
    foreseen = (await desk.send(f"{page(order_id)}/split/preview", status=200, **said)).text
    assert "Hangzhou → SH × 2" in foreseen
    assert "leaves in 2 parcels" in foreseen
    assert await houses.held(db, order_id) == {three.hz: {1: 3, 2: 1}}
    once = once_words(shown)[-1]
    for _ in range(2):
        await desk.send(f"{page(order_id)}/split", **said, once=once)
    assert await houses.held(db, order_id) == {three.hz: {1: 1, 2: 1}, three.sh: {1: 2}}
    story = await desk.open(page(order_id))
    assert "Now sent from SH instead of Hangzhou: 1 × 2" in story
    assert "Sent from several warehouses" in story
    assert "由杭州仓改为SH 仓发货：1 × 2" in await desk.open(page(order_id), tongue="zh")
    joined = await desk.send(f"{page(order_id)}/split", line_nos=["1"], quantities=["2"], warehouse="HZ")
    assert joined.headers["location"].startswith(page(order_id))
    assert await houses.held(db, order_id) == {three.hz: {1: 3, 2: 1}}


async def test_what_stands_against_it_stands_on_the_page(db: Database, seat: Seat) -> None:
    three = await houses.three(db, far=1)
    desk = await seat("lead")
    order_id = await given.paid_order(db, three.shop, {"MUG": 3})
    preview = f"{page(order_id)}/split/preview"
    foreseen = (await desk.send(preview, status=200, line_nos="1", quantities="2", warehouse="SH")).text
    assert "Warehouse SH has 1 of MUG free, 2 were named." in foreseen
    again = (await desk.send(f"{page(order_id)}/split", status=409, line_nos="1", quantities="2", warehouse="SH")).text
    assert "split.too_few_there" in again
    assert 'value="2"' in again
    await desk.send(f"{page(order_id)}/split", status=422, line_nos="1", quantities="0", warehouse="SH")
    for hostile in ({"line_nos": ["1", "2"], "quantities": "1"}, {"line_nos": "x", "quantities": "1"},
                    {"line_nos": "1", "quantities": "-1"}, {"line_nos": "1", "quantities": "1" * 12}):  # fmt: skip
        await desk.send(f"{page(order_id)}/split", status=422, warehouse="SH", **hostile)
        assert "→" not in (await desk.send(preview, status=200, warehouse="SH", **hostile)).text
    await houses.claim(db, three.hz, order_id)
    picked = await desk.open(page(order_id))
    assert re.search(r'data-why="The order is being picked or has left the warehouse."[^>]*>Split…', picked)
    alone = await given.paid_order(db, await given.shop(db), {"MUG": 1})
    one = await desk.open(page(alone))
    assert re.search(r'data-why="The channel web is served from one warehouse only."[^>]*>Split…', one)


async def test_an_order_that_waits_for_stock_is_not_said_to_be_picked(db: Database, seat: Seat) -> None:
    three = await houses.three(db, near=0, far=0)
    (waits,) = await there.tell(db, three.shop, there.told(payments=(there.paid(),)))
    where, desk = page((await there.order_of(db, waits)).id), await seat("lead")
    why = "No warehouse keeps anything of this order now; it waits for stock."
    assert re.search(f'data-why="{why}"[^>]*>Split…', await desk.open(where))
    why = "该订单目前没有仓库留货，正在等待库存。"
    assert re.search(f'data-why="{why}"[^>]*>拆单…', await desk.open(where, tongue="zh"))


async def test_a_long_order_is_split_whole_and_in_part(db: Database, seat: Seat) -> None:
    goods = {f"SKU-{n:03}": 100 for n in range(1, 251)}
    three = await houses.three(db, near=2, far=2, prices=goods)
    order_id = await given.paid_order(db, three.shop, dict.fromkeys(goods, 2))
    desk = await seat("reviewer")
    numbers = re.findall('name="line_nos" value="([0-9]+)"', await desk.open(f"{page(order_id)}/split"))
    assert len(numbers) == len(goods)
    for units in ("1", "0"):
        said = {"line_nos": numbers, "quantities": ["1", *[units] * 249], "warehouse": "SH"}
        foreseen = (await desk.send(f"{page(order_id)}/split/preview", status=200, **said)).text
        assert f"Hangzhou → SH × {250 if units == '1' else 1}" in foreseen
        await desk.send(f"{page(order_id)}/split", **said)
    assert await houses.held(db, order_id) == {
        three.hz: dict.fromkeys(range(2, 251), 1),
        three.sh: {line_no: 2 if line_no == 1 else 1 for line_no in range(1, 251)},
    }


async def test_many_are_split_together_as_far_as_the_shelf_goes(db: Database, seat: Seat) -> None:
    three = await houses.three(db, far=3)
    desk = await seat("reviewer")
    first, second = [await given.paid_order(db, three.shop, {"MUG": 2, "TEE": 1}) for _ in range(2)]
    third = await given.placed_order(db, three.shop, {"TEE": 1})
    over = await given.paid_order(db, three.shop, {"MUG": 1})
    await do(db, SYSTEM, orders.cancel, over, reason="other")
    await given.settle(db)
    keys = [encode("order", one) for one in (first, second, third, over)]
    assert "/orders/together/split/check" in await desk.open("/orders")
    asked = (await desk.send("/orders/together/split/check", status=200, keys=keys)).text
    for words in ("Product MUG (MUG)", "Product TEE (TEE)", "Hangzhou (HZ)", "SH (SH)"):
        assert words in asked
    query = "&".join(f"keys={key}" for key in keys) + "&sku=MUG&warehouse=SH"
    assert "Choose a product" in await desk.open("/orders/together/split/preview?keys=" + keys[0])
    foreseen = await desk.open(f"/orders/together/split/preview?{query}")
    assert "Orders that send units from there: 1. Units: 2." in foreseen
    assert "Warehouse SH has 1 of MUG free, 2 were named." in foreseen
    assert "No units of MUG wait for this order in another warehouse." in foreseen
    assert spoken(over) in foreseen
    await desk.send("/orders/together/split", keys=keys, sku="MUG", warehouse="SH")
    assert await houses.held(db, first) == {three.hz: {2: 1}, three.sh: {1: 2}}
    assert await houses.held(db, second) == {three.hz: {1: 2, 2: 1}}
    for hostile in ([], ["x" * 13], [encode("order", 7)], [keys[0]] * 51):
        await desk.send("/orders/together/split", status=422, keys=hostile, sku="MUG", warehouse="SH")


async def test_who_may_not_neither_sees_nor_does_it(db: Database, seat: Seat) -> None:
    three = await houses.three(db)
    order_id = await given.paid_order(db, three.shop, {"MUG": 3})
    service = await seat("customer_service")
    assert "Split…" not in await service.open(page(order_id))
    said = {"line_nos": "1", "quantities": "1", "warehouse": "SH"}
    await service.open(f"{page(order_id)}/split", status=403)
    await service.send(f"{page(order_id)}/split", status=403, **said)
    await service.send(
        "/orders/together/split", status=403, keys=[encode("order", order_id)], sku="MUG", warehouse="SH"
    )
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(f"{page(order_id)}/split", status=404)
    await stranger.send(f"{page(order_id)}/split", status=404, **said)
    await stranger.send(f"{page(order_id)}/split/preview", status=404, **said)
    key = encode("order", order_id)
    await stranger.send("/orders/together/split", status=422, keys=[key], sku="MUG", warehouse="SH")
    await stranger.open(f"/orders/together/split/preview?keys={key}&sku=MUG&warehouse=SH", status=422)
    await stranger.send("/orders/together/split/check", status=422, keys=[key])
    assert await houses.held(db, order_id) == {three.hz: {1: 3}}
