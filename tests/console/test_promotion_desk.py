"""Promotions at the desk: drafted by a form of each kind, tried on a basket, run, stopped, and coupons given away."""

import re

import pytest
from tests import given
from tests.console.conftest import Desk, Seat, once_words

from dingdan.areas import pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")
COMMON = {
    "name_zh": "活动", "name_en": "Sale", "currency": "CNY", "starts_at": "2026-01-01T00:00", "min_spend": "0", "priority": "100",
}  # fmt: skip


async def made(desk: Desk, kind: str, **more: str) -> str:
    """The page of a draft."""
    answer = await desk.send("/promotions/new", kind=kind, **(COMMON | more))
    return str(answer.headers["location"])


async def draft_of(db: Database, page: str) -> pricing.Draft:
    async with db.reading(SYSTEM) as tx:
        return (await pricing.get_one(tx, decode("promotion", page.rpartition("/")[2]) or 0)).draft


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("percent", {"off_percent": "12.5", "most": "30"}, "12.5% off, at most CN¥30.00"),
        ("amount", {"off_amount": "１５"}, "CN¥15.00 off"),
        ("buy_get", {"buy": "2", "get": "1", "off_percent": "100"}, "buy 2, get 1 free"),
        ("bundle", {"parts": "MUG\nTEE 2", "price": "300"}, "MUG × 1 + TEE × 2 for CN¥300.00"),
        ("tiers", {"tiers": "300 40\n500 15%", "by": "sum"}, "CN¥300.00: CN¥40.00 off; CN¥500.00: 15% off"),
        ("free_freight", {}, "free delivery"),
        ("presale", {"deposit": "20", "counts_as": "40", "balance_from": "2027-01-01T00:00", "balance_until": "2027-01-03T00:00",
                     "skus": "MUG"}, "advance CN¥20.00 counts as CN¥40.00"),
    ],
)  # fmt: skip
async def test_each_kind_has_its_form(
    db: Database, seat: Seat, shop: given.Shop, kind: str, fields: dict[str, str], words: str
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert 'name="kind" value="' + kind in await desk.open(f"/promotions/new?kind={kind}")
    page = await made(desk, kind, **fields)
    assert words in await desk.open(page)
    before = await draft_of(db, page)
    form = await desk.open(f"{page}/edit", tongue="zh")
    assert "优惠内容" in form
    form = form.split(f'action="{page}/edit"')[1].split("</form>")[0]
    sent = {
        name: value
        for name, value in re.findall(r'<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
        if value != "true"
    }
    sent |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    ticked = dict.fromkeys(re.findall(r'<input type="checkbox"[^>]*name="([^"]+)"[^>]* checked', form), "true")
    await desk.send(f"{page}/edit", **(sent | ticked | ({"by": "sum"} if kind == "tiers" else {})))
    assert await draft_of(db, page) == before


async def test_a_form_that_is_refused_keeps_what_was_typed(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    for more in ({"off_percent": "200"}, {"off_percent": "ten"}, {"off_percent": "10", "starts_at": "soon"},
                 {"off_percent": "10", "limit_total": "-4"}, {"off_percent": "10", "currency": "ZZZ"}):  # fmt: skip
        answer = await desk.send(
            "/promotions/new", status=422, kind="percent", **(COMMON | {"name_en": "<b>Mine</b>"} | more)
        )
        assert "&lt;b&gt;Mine&lt;/b&gt;" in answer.text
        assert "This did not go through" in answer.text
    assert "No promotion yet." in await desk.open("/promotions")


async def test_a_promotion_is_tried_run_and_stopped(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await given.paid_order(db, shop, {"MUG": 2})
    page = await made(desk, "tiers", tiers="300 40")
    html = await desk.open(f"{page}/preview?lines=MUG+2")
    for words in ("Without it", "CN¥398.00", "CN¥358.00", "−CN¥40.00"):
        assert words in html
    await desk.open(f"{page}/preview?lines=NOTHING+2", status=404)
    await desk.open(f"{page}/preview?lines=MUG+x", status=422)
    once = once_words(await desk.open(page))[0]
    for _ in range(2):
        await desk.send(f"{page}/schedule", once=once)
    assert "Active" in await desk.open("/promotions")
    await desk.send(f"{page}/stop", reason="sold_out")
    await desk.send(f"{page}/stop", status=409, reason="sold_out")
    assert "已停止" in await desk.open(page, tongue="zh")


async def test_codes_are_made_in_bulk_and_seen_by_whoever_gives_them(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    reader = await seat("customer_service", merchant_id=shop.merchant_id)
    await given.placed_order(db, shop, buyer="ann")
    page = await made(desk, "amount", off_amount="10", code="welcome", needs_grant="true")
    await desk.send(f"{page}/schedule")
    shown = await desk.send(f"{page}/codes", status=200, codes="3")
    codes = re.findall(r'<dd class="o-code">([^<]+)</dd>', shown.text)
    assert len(set(codes)) == 3
    file = await desk.open(f"{page}/grants?file=csv")
    assert all(code in file for code in codes)
    theirs = await reader.open(f"{page}/grants")
    assert not any(code in theirs for code in codes)
    assert f"****{codes[0][-4:]}" in theirs
    await reader.send(f"{page}/codes", status=403, codes="3")
    await desk.send(f"{page}/give", buyers="ann")
    assert "nobody knows eve" in (await desk.send(f"{page}/give", status=422, buyers="ann\neve")).text
    for codes_asked in ("0", "1001", "many"):
        await desk.send(f"{page}/codes", status=422, codes=codes_asked)
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM coupon_grants") == 4


async def test_a_promotion_is_its_merchants(db: Database, seat: Seat, shop: given.Shop) -> None:
    page = await made(await seat("merchant", merchant_id=shop.merchant_id), "free_freight")
    platform = await seat("admin")
    ours = await made(platform, "amount", off_amount="5", code="ALLSHOPS")
    other = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await other.open(page, status=404)
    await other.send(f"{page}/stop", status=404, reason="other")
    assert "/schedule" not in await other.open(ours)
    await other.send(f"{ours}/schedule", status=404)
    picker = await seat("warehouse", merchant_id=shop.merchant_id)
    await picker.open("/promotions", status=403)
