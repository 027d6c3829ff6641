"""Carriers on pages: the register, every figure with its target and reason, and what may be done."""

from datetime import timedelta

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import carriers
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def scored(db: Database, shop: given.Shop, late: int, of: int = 200) -> int:
    """A carrier of the shop that was evaluated twice."""
    number = await given.carrier(db, shop)
    async with db.transaction(SYSTEM) as tx:
        for days in (30, 0):
            counted = [carriers.LaneCounts(number, "CN-33", "CN-11", {"late": carriers.Tally(of, late)})]
            await carriers.record_scores(tx, counted, until=tx.now - timedelta(days=days))
    return number


async def test_a_scorecard_shows_target_samples_grade_reason_and_trend(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "No carriers are registered." in await desk.open("/carriers")
    await scored(db, shop, late=40)
    register = await desk.open("/carriers")
    assert "20.00%" in register
    shown = await desk.open("/carriers/sf")
    for words in (
        "≤ 5.00%",
        "40 of 200 arrived after the promise",
        "polyline",
        "not enough: 0 of 30",
        "How the grade is found",
        "浙江省 → 北京市",
    ):
        assert words in shown, words
    assert "浙江省 → 北京市" in shown
    assert "评级方法" in await desk.open("/carriers/sf", tongue="zh")
    file = await desk.open("/carriers/sf/figures")
    assert "Late" not in file
    assert "arrived after the promise,40,200,20.00%" in file
    assert "晚于承诺送达" in await desk.open("/carriers/sf/figures", tongue="zh")


async def laned(db: Database, merchant_id: int | None, carrier_id: int, name: str, count: int) -> None:
    """Lanes of a carrier; those that are off may go the same way."""
    await do(db, SYSTEM, carriers.save_lanes, [
        carriers.SaveLane(merchant_id=merchant_id, code=f"{name}-{n}", carrier_id=carrier_id, country="CN", active=False)
        for n in range(count)
    ])  # fmt: skip


async def test_a_carrier_shows_its_lanes_however_many_others_have(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    older, later = await given.carrier(db, shop), await given.carrier(db, shop, code="yto")
    await laned(db, shop.merchant_id, older, "old", 250)
    await laned(db, shop.merchant_id, later, "late", 3)
    page = await desk.open("/carriers/yto")
    assert "late-2" in page
    assert "no lanes" not in page
    assert "only the first" not in page
    page = await desk.open("/carriers/sf")
    assert ("old-99" in page, "old-100" in page) == (True, False)
    assert "Lanes, only the first 100" in page
    assert "仅显示前 100 条" in await desk.open("/carriers/sf", tongue="zh")
    # One's own lanes of the platform's carrier are one's own, and nobody else's.
    (saved,) = await do(db, SYSTEM, carriers.save_carriers, [
        carriers.SaveCarrier(merchant_id=None, code="zto", name={"en": "zto"}, services=("standard",))
    ])  # fmt: skip
    shared = saved.id
    await laned(db, None, shared, "shared", 1)
    await laned(db, shop.merchant_id, shared, "own", 1)
    other = await given.shop(db)
    await laned(db, other.merchant_id, shared, "theirs", 1)
    page = await desk.open("/carriers/zto")
    assert ("shared-0" in page, "own-0" in page, "theirs-0" in page) == (True, True, False)


async def test_a_carrier_is_suspended_restored_graded_and_evaluated(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    number = await scored(db, shop, late=2)

    async def stands() -> str:
        async with db.reading(SYSTEM) as tx:
            return next(str(one.state) for one in await carriers.carriers_of(tx, shop.merchant_id) if one.id == number)

    await desk.send("/carriers/sf/suspend", reason="losses")
    assert await stands() == "suspended"
    assert "Restore" in await desk.open("/carriers/sf")
    await desk.send("/carriers/sf/suspend", status=409, reason="losses")
    await desk.send("/carriers/sf/restore", reason="improved")
    assert await stands() == "active"
    async with db.reading(SYSTEM) as tx:
        soon = str((tx.now + timedelta(days=30)).date())
    await desk.send("/carriers/sf/grade", grade="D", reason="losses", until=soon)
    assert "by hand" in await desk.open("/carriers/sf")
    await desk.send("/carriers/sf/evaluate")
    for hostile in ({"grade": "Z"}, {"until": "2020-01-01"}, {"until": "soon"}, {"reason": "a b"}):
        await desk.send(
            "/carriers/sf/grade", status=422, **({"grade": "B", "reason": "other", "until": soon} | hostile)
        )


async def test_whose_carrier_it_is_and_who_may(db: Database, seat: Seat, shop: given.Shop) -> None:
    await scored(db, shop, late=2)
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    assert "carriers.carrier_unknown" in await stranger.open("/carriers/sf", status=404)
    await stranger.send("/carriers/sf/suspend", status=404, reason="envy")
    assert "/carriers/sf" not in await stranger.open("/carriers")
    auditor = await seat("auditor")
    page = (await auditor.open("/carriers")).split('data-href="')[1].partition('"')[0]
    assert "/carriers/sf/suspend" not in await auditor.open(page.replace("&amp;", "&"))
    await auditor.send("/carriers/sf/suspend", status=403, reason="other")
    await (await seat("reviewer")).open("/carriers", status=403)
    for nonsense in ("pigeon", "%00", "x" * 80):
        assert "sf" not in await auditor.open(f"/carriers/{nonsense}", status=422 if nonsense != "pigeon" else 404)


async def test_notes_about_a_carrier_are_those_of_its_house(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, reader = (
        await seat("merchant", merchant_id=shop.merchant_id),
        await seat("warehouse", merchant_id=shop.merchant_id),
    )
    await given.carrier(db, shop)
    await desk.send("/carriers/sf/note", text="<b>每周一开会</b> 4111 1111 1111 1111")
    assert "&lt;b&gt;每周一开会&lt;/b&gt; ••••1111" in await reader.open("/carriers/sf")
    await desk.send("/carriers/sf/note", status=422, text="")
    await desk.send("/carriers/sf/note", status=422, text="x" * 1001)
    await reader.send("/carriers/sf/note", status=403, text="x")
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.send("/carriers/sf/note", status=404, text="x")
