"""The archive on pages: found by number, checked anew, taken out on record, and held."""

import io
import zipfile
from datetime import timedelta

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan import worker
from dingdan.areas import orders
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def kept(db: Database, shop: given.Shop) -> int:
    """An order in the archive."""
    order_id = await given.delivered_order(db, shop, {"MUG": 1}, reference="S-1")
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        at = tx.now + timedelta(hours=1)
    await worker.settle(db, at=at)
    return order_id


async def test_an_order_is_found_opened_held_and_taken_out(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("arbitrator")
    assert "Nothing is archived yet." in await desk.open("/archive")
    order_id = await kept(db, shop)
    number, page = spoken(order_id), f"/archive/{encode('order', order_id)}"
    assert number in await desk.open(f"/archive?number={number}")
    assert number not in await desk.open("/archive?number=0J4Q7-W2M9X-3KD")
    shop_code = encode("merchant", shop.merchant_id)
    assert number in await desk.open(f"/archive?merchant={shop_code}&reference=S-1")
    shown = await desk.open(page)
    for words in ("Hashes right", "Every hash was computed again", "Tracking", "People kept until"):
        assert words in shown, words
    assert "13812345678" not in shown
    assert "校验通过" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/hold", reason="lawsuit")
    assert "A lawsuit" in await desk.open(page)
    assert "archive.hold_open" in (await desk.send(f"{page}/hold", status=409, reason="lawsuit")).text
    await desk.send(f"{page}/lift", reason="over")
    assert "Everything was archived whole." in await desk.open("/archive/failures")
    answer = await desk.http.get(f"{page}/case-file", headers=desk._cookie())
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE data->>'page' = 'archive.case_file'") == 1


async def test_who_may_not_and_who_is_a_stranger(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await kept(db, shop)
    page = f"/archive/{encode('order', order_id)}"
    lead = await seat("lead")
    assert f"{page}/hold" not in await lead.open(page)
    await lead.send(f"{page}/hold", status=403, reason="other")
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(page, status=404)
    await stranger.open(f"{page}/case-file", status=404)
    await stranger.send(f"{page}/hold", status=404, reason="other")
    await (await seat("reviewer")).open("/archive", status=403)
