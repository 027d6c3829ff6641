"""The inspection station: four steps for a clean unit, consequences before the key, and stops that wait."""

import html
import io
import re

import httpx
import pytest
from PIL import Image
from tests import given
from tests.areas.returns import bench, road
from tests.console.conftest import HOST, Desk, Seat

from dingdan.areas import orders, policies, returns, way_back
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.kernel.page import Page
from dingdan.overviews import stray_list
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


def at(held: returns.Return, query: str = "") -> str:
    return f"/station/inspect/{encode('return', held.id)}" + (f"?{query}" if query else "")


def keys(page: str) -> dict[str, str]:
    """Where each key of the page leads."""
    found = re.findall(r'<a class="[^"]*" href="([^"]+)" data-step[^>]*data-fkey="(\w+)"', page)
    return {key: html.unescape(href) for href, key in found}


async def now_is(db: Database, held: returns.Return) -> returns.Return:
    return await road.now_is(db, held)


async def strays(db: Database) -> list[stray_list.Row]:
    async with db.reading(SYSTEM) as tx:
        return await stray_list.page(tx, stray_list.Filter(), Page(limit=10))


async def test_a_clean_unit_takes_four_steps_from_the_waybill_to_the_money(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    await road.sent(db, held, "BACK-77")
    desk = await seat("inspector", merchant_id=shop.merchant_id)
    found = await desk.send("/station/inspect/scan", scan="BACK-77")
    assert found.headers["location"] == at(held)
    unit = await desk.open(at(held, "scan=MUG"))
    assert "Intact: yes" in unit
    graded = await desk.open(keys(unit)["F1"])
    assert "Everything is accepted." in graded
    done = await desk.send(f"{at(held)}/finish", u="1~1~A~~~")
    end = await now_is(db, held)
    assert (end.journey, end.outcome) == ("received", "settled" if end.outcome == "settled" else "passed")
    assert end.refund_id is not None
    closed = await desk.open(done.headers["location"])
    assert spoken(held.id) in closed
    assert "back to stock" in closed
    assert "回良品仓" in await desk.open(done.headers["location"], tongue="zh-CN")


async def test_the_money_is_said_before_the_key_is_pressed(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop, {"MUG": 2})
    desk = await seat("inspector", merchant_id=shop.merchant_id)
    page = await desk.open(at(held, "scan=MUG"))
    async with db.reading(SYSTEM) as tx:
        paid = (await orders.get_one(tx, held.order_id)).total
    assert f"{paid / 100:,.2f}" in page
    assert f"{paid / 200:,.2f}" in page
    spoilt = await desk.open(keys(page)["F6"])
    assert "Intact: no" in spoilt
    assert "Not as new: a check is no." in spoilt
    assert "F1" not in keys(spoilt)
    ended = await desk.open(keys(spoilt)["F3"])
    assert "1 units are not accepted" in ended
    assert "有 1 件申报商品未到" not in ended
    assert "按缺 1 件完成" in await desk.open(keys(spoilt)["F3"], tongue="zh")


async def test_a_wrong_thing_stops_everything_until_somebody_says_ok(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    desk = await seat("inspector", merchant_id=shop.merchant_id)
    page = await desk.open(at(held, "scan=PEN"))
    assert "This is not part of the return." in page
    assert "data-stop" in page
    assert "该商品不在此退货单中。" in await desk.open(at(held, "scan=PEN"), tongue="zh")
    assert "All units of this item were scanned already." in await desk.open(at(held, "u=1~1~A~~~&scan=MUG"))
    assert "no grade yet" in await desk.open(at(held, "at=1&scan=MUG"))
    await desk.send(f"{at(held)}/aside", what="different", code="PEN", note="a pen")
    (aside,) = await strays(db)
    assert aside.order_id in (None, held.order_id)
    async with db.reading(SYSTEM) as tx:
        assert "PEN a pen" in (await way_back.stray(tx, aside.id)).note


async def test_a_reload_loses_nothing_and_undo_goes_back(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop, {"MUG": 2})
    desk = await seat("inspector", merchant_id=shop.merchant_id)
    state = "u=1~1~B~wrapped~~&at=1&no=undamaged"
    assert re.sub(r'name="once" value="[^"]+"', "", await desk.open(at(held, state))) == re.sub(
        r'name="once" value="[^"]+"', "", await desk.open(at(held, state))
    )
    assert keys(await desk.open(at(held, state)))["Undo"] == at(held, "u=1~1~B~wrapped~~")
    assert keys(await desk.open(at(held, "u=1~1~B~wrapped~~")))["Undo"] == at(held, "at=1&no=wrapped")


async def test_two_people_look_where_the_policy_says_so(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db, parts={"inspection": policies.Inspection(second_per_thousand=1_000)})
    held = await bench.returning(db, shop)
    await road.received(db, held)
    first = await seat("inspector", merchant_id=shop.merchant_id, login="ann.qc")
    assert "Nothing is paid before" in await first.open(at(held, "u=1~1~A~~~"))
    await first.send(f"{at(held)}/finish", u="1~1~A~~~")
    assert (await now_is(db, held)).outcome == "open"
    await first.send(f"{at(held)}/confirm", status=403)
    second = await seat("inspector", merchant_id=shop.merchant_id, login="ben.qc")
    assert "I find the same" in await second.open(at(held))
    await second.send(f"{at(held)}/confirm")
    assert (await now_is(db, held)).outcome in ("passed", "settled")


async def test_a_picture_is_kept_and_shown_to_whoever_may(db: Database, seat: Seat, http: httpx.AsyncClient) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    desk = await seat("inspector", merchant_id=shop.merchant_id)
    shot = io.BytesIO()
    Image.new("RGB", (60, 40), (9, 80, 9)).save(shot, "JPEG")
    cookie = desk._cookie()
    answer = await http.post(
        f"{at(held)}/pictures",
        files={"files": ("box.jpg", shot.getvalue(), "image/jpeg")},
        data={"shows": "deviation", "line_no": "1"},
        headers={"Origin": HOST, "Referer": f"{HOST}{at(held)}", **cookie},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, at(held))
    page = await desk.open(at(held))
    (href,) = set(re.findall(r'src="(/evidence/looks/\w+)"', page))
    assert (await http.get(href, headers=desk._cookie())).headers["content-type"] == "image/jpeg"
    other = await seat("reviewer", merchant_id=(await given.shop(db, code="other")).merchant_id)
    assert (await http.get(href, headers=other._cookie())).status_code in (403, 404)


async def test_who_may_not_and_what_is_not_there(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    await (await seat("customer_service", merchant_id=shop.merchant_id)).open("/station/inspect", status=403)
    stranger: Desk = await seat("inspector", merchant_id=(await given.shop(db, code="other")).merchant_id)
    await stranger.open(at(held), status=404)
    await stranger.send(f"{at(held)}/finish", status=404, u="1~1~A~~~")
    desk = await seat("inspector", merchant_id=shop.merchant_id, login="mine.qc")
    refused = await desk.send("/station/inspect/scan", status=404, scan="NOTHING-1")
    assert "station.nothing_fits" in refused.text
    for query in ("u=1~1~E~~~", "u=1", "u=1~0~A~~~%00", "at=99999", "no=x&nonsense=1"):
        await desk.open(at(held, query), status=422)
    for units in ("9~1~A~~~", "1~0~A~~~", "1~7~A~~~", "1~1~A~undamaged~~"):
        await desk.send(f"{at(held)}/finish", status=422 if units[0] == "1" else 404, u=units)
    assert (await now_is(db, held)).journey == "at_buyer"
    assert "Ready. Scan a waybill." in await desk.open("/station/inspect")


async def test_the_queue_shows_what_waits_with_its_clock(db: Database, seat: Seat) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    desk = await seat("inspector", merchant_id=shop.merchant_id)
    assert "Everything was looked at." in await desk.open("/q/inspection")
    await road.received(db, held)
    page = await desk.open("/q/inspection")
    assert spoken(held.id) in page
    assert "o-fuse" in page
    assert "初检" in await desk.open("/q/inspection", tongue="zh")
