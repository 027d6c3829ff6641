"""Buyers' pages at the desk: a colour that can be read, the name as a picture, and pictures of goods."""

import io

import pytest
from PIL import Image
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import catalog, merchants
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def shop_of(db: Database, shop: given.Shop) -> merchants.Merchant:
    async with db.reading(SYSTEM) as tx:
        return (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id]


async def test_a_merchant_chooses_the_colour_of_its_own_pages(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = await desk.open("/storefront")
    for said in ("Buyers&#39; pages", "Choose the colour", "Little shop"):
        assert said in page, said
    assert "买家所见" in await desk.open("/storefront", tongue="zh-CN")
    here = f"/storefront/{(await shop_of(db, shop)).code}"
    refused = await desk.send(f"{here}/accent", accent="#ffd400", status=422)
    assert "its contrast is 1.43 to 1" in refused.text
    await desk.send(f"{here}/accent", accent="#8A3B1E")
    assert (await shop_of(db, shop)).accent == "#8a3b1e"
    assert 'fill="#8a3b1e"' in await desk.open(here)
    there = f"/storefront/{(await shop_of(db, await given.shop(db))).code}"
    await desk.open(there, status=404)
    await desk.send(f"{there}/accent", accent="#8a3b1e", status=404)


async def test_the_platform_sees_all_shops_and_others_none(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("admin")
    assert f"/storefront/{(await shop_of(db, shop)).code}" in await desk.open("/storefront")
    picker = await seat("warehouse")
    await picker.open("/storefront", status=403)


async def test_a_product_gets_a_picture_and_loses_it(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    here = f"/stock/{encode('product', shop.products['MUG'])}"
    drawn = io.BytesIO()
    Image.new("RGB", (90, 30), "green").save(drawn, "PNG")
    assert "Drawn anew as a square" in await desk.open(here)
    await desk.send(f"{here}/picture", status=422)
    answer = await desk.http.post(f"{here}/picture", files={"files": ("a.png", drawn.getvalue(), "image/png")},
                                  headers={"Origin": "http://house.test", **desk._cookie()})  # fmt: skip
    assert answer.status_code == 303
    async with db.reading(SYSTEM) as tx:
        picture = (await catalog.by_ids(tx, [shop.products["MUG"]]))[shop.products["MUG"]].picture
    assert picture is not None
    at = f"/brand/goods/{encode('product', shop.products['MUG'])}/{picture[:12]}"
    assert at in await desk.open(here)
    assert f'class="o-goodspic" src="{at}"' in await desk.open("/stock")
    await desk.send(f"{here}/no-picture")
    assert at not in await desk.open(here)
