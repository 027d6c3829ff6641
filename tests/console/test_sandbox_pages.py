"""The sandbox's pages: what buyers were told in both languages, every code on one page, and bars to scan."""

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import transit
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database
from dingdan.surfaces.console.platform import codes_desk
from dingdan.surfaces.console.platform.sandbox_desk import SCRIPTS

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_messages_are_seen_as_a_telephone_and_a_letter_in_both_languages(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "还没有消息" in await desk.open("/outbox", tongue="zh")
    order_id = await given.paid_order(db, shop)
    await given.settle(db)
    assert encode("order", order_id) in await desk.open("/outbox")
    page = f"/outbox/{encode('order', order_id)}"
    for tongue in ("en", "zh"):
        html = await desk.open(page, tongue=tongue)
        assert 'lang="zh-CN"><' in html.replace("\n", "")
        assert "o-phone" in html
    answer = await desk.http.get(f"{page}/1/letter?language=en", headers=desk._cookie())
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    await desk.open(f"{page}/99/letter", status=404)
    await desk.open(f"{page}/1/letter?language=fr", status=422)
    other = await given.shop(db)
    stranger = await seat("merchant", merchant_id=other.merchant_id)
    await stranger.open(page, status=404)
    await stranger.open(f"{page}/1/letter", status=404)
    assert await desk.open("/outbox?occasion=expired") != await desk.open("/outbox?occasion=received")


async def test_every_code_of_the_sandbox_stands_on_one_page(seat: Seat, shop: given.Shop) -> None:
    desk = await seat("admin")
    html = await desk.open("/sandbox/codes")
    assert set(codes_desk.FAULTS) == set(codes_desk.payments.sandbox.Fault)
    assert {letter for letter, _ in (*SCRIPTS, *codes_desk.MORE_SCRIPTS)} == {*transit.SCRIPTS, "Z"}
    for code in (*map(str, codes_desk.FAULTS), *(f"SB{letter}" for letter in transit.SCRIPTS)):
        assert f">{code}<" in html, code
    assert "被拒绝" in await desk.open("/sandbox/codes", tongue="zh")
    await (await seat("lead")).open("/sandbox/codes", status=403)


async def test_bars_of_what_waits_can_be_printed_or_typed(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    await given.settle(db)
    desk = await seat("logistics", merchant_id=shop.merchant_id)
    html = await desk.open("/sandbox/bars")
    assert 'data-scan-as="CMD-OK"' in html
    assert 'data-scan-as="wrk_' in html or 'data-scan-as="wo' in html
    for sku in shop.products:
        assert f'data-scan-as="{sku}"' in html
    assert "模拟扫描" in await desk.open("/sandbox/bars", tongue="zh")
