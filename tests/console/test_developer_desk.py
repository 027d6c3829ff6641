"""Developers: a key in one click, keys made and revoked, webhooks set up, tested and sent again, the sandbox's clock."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from tests import given
from tests.console.conftest import HOST, Seat, once_words

from dingdan import worker
from dingdan.areas import orders, webhooks
from dingdan.areas.webhooks import delivering
from dingdan.areas.webhooks.model import Outcome
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.kernel.page import Page
from dingdan.plumbing import clock, request_log
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")
URL = "https://93.184.216.34/hooks"


async def test_one_click_makes_a_key_that_works_and_is_shown_once(seat: Seat) -> None:
    desk = await seat("admin")
    # Who runs the platform reads no orders: the first call is one that the key may make.
    assert "/v1/orders?limit=1" not in await desk.open("/developers")
    assert "/v1/merchants?limit=1" in await desk.open("/developers")
    made = await desk.send("/developers/key", status=200)
    (secret,) = set(re.findall(r"ddk_\w+", made.text))
    listed = await desk.open("/keys")
    assert "quick start" in listed
    assert secret not in listed


async def test_a_key_is_made_rolled_and_revoked(seat: Seat) -> None:
    desk = await seat("admin")
    first = await desk.send("/keys/make", status=200, name="till", scopes=["product.read"])
    page = re.search(r"/keys/key_\w+", await desk.open("/keys"))
    assert page is not None
    assert "product.read" in await desk.open(page[0])
    second = await desk.send(f"{page[0]}/replace", status=200)
    assert first.text != second.text
    await desk.send(f"{page[0]}/revoke")
    assert "已吊销" in await desk.open(page[0], tongue="zh")
    await desk.send("/keys/make", status=403, name="more", scopes=["order.cancel"])
    await (await seat("lead")).open("/keys", status=403)


@pytest.mark.parametrize(
    ("page", "path", "form", "made"),
    [
        ("/keys", "/keys/make", {"name": "till"}, "api_keys"),
        ("/webhooks", "/webhooks/add", {"url": URL}, "webhook_endpoints"),
        ("/developers", "/developers/key", {}, "api_keys"),
    ],
)
async def test_a_form_that_shows_a_secret_makes_one_thing_however_often_it_is_sent(
    db: Database, seat: Seat, shop: given.Shop, page: str, path: str, form: dict[str, str], made: str
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    once, said = once_words(await desk.open(page))[0], {"Origin": HOST, "HX-Request": "true", **desk._cookie()}

    async def send(**more: str) -> httpx.Response:
        return await desk.http.post(path, data={**form, "once": once, **more}, headers=said)

    async def count() -> int:
        async with db.reading(SYSTEM) as tx:
            return int(await tx.fetchval(f"SELECT count(*) FROM {made}"))

    before = await count()
    if form:
        # What was refused may be sent again, mended.
        assert (await send(**dict.fromkeys(form, "x" * 600))).status_code == 422
    answers = await asyncio.gather(*(send() for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409]
    (shown,) = (one.text for one in answers if one.status_code == 200)
    (secret,) = set(re.findall(r"(?:ddk|whsec)_[\w+/=]+", shown))
    # Whatever is typed: nothing more is made, and what was shown stays on the page.
    for late in (await send(), await send(**dict.fromkeys(form, "https://93.184.216.34/other"))):
        assert (late.status_code, late.headers["hx-reswap"]) == (409, "afterbegin")
        assert "page.already_done" in late.text
        assert secret not in late.text
    assert await count() == before + 1
    # Neither what was typed nor what was shown is kept with the word.
    async with db.reading(SYSTEM) as tx:
        kept = await tx.fetch("SELECT answer FROM idempotency_keys")
    assert [row["answer"] for row in kept] == [None]


async def test_keys_that_end_soon_are_spoken_of(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert "end within 14 days" not in await desk.open("/today")
    await desk.send("/keys/make", status=200, name="till", scopes=["product.read"], days="30")
    assert "Ends soon" not in await desk.open("/keys")
    async with db.transaction(SYSTEM) as tx:
        await clock.advance(tx, timedelta(days=20))
    assert "14 天内到期的密钥" in await desk.open("/today", tongue="zh")
    (page,) = set(re.findall(r"/keys/key_\w+", await desk.open("/keys?stands=ending")))
    assert "Ends soon" in await desk.open(page)
    await desk.send(f"{page}/replace", status=200, overlap="24")
    assert page not in await desk.open("/keys?stands=ending")
    assert "已轮换，仍有效" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/replace", status=409, overlap="24")
    await desk.send(f"{page}/replace", status=422, overlap="999")


async def test_a_failed_call_is_found_by_its_id_and_leads_to_what_it_means(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await desk.send("/keys/make", status=200, name="till", scopes=["product.read"])
    async with db.reading(SYSTEM) as tx:
        key_id = await tx.fetchval("SELECT id FROM api_keys")
    lines = [
        request_log.Line(
            db.ids.mint(), key_id, shop.merchant_id, "GET", "/v1/orders", status, 7, f"till-000{status}", codes
        )
        for status, codes in ((200, ()), (403, ("auth.not_allowed",)))
    ]
    async with db.connection() as connection:
        await request_log.keep(connection, lines, [0.0, 0.0])
    assert "till-000403" in await desk.open(f"/keys/{encode('key', key_id)}")
    html = await desk.open("/requests?request=till-000403")
    assert "/problems/auth.not_allowed" in html
    assert "till-000200" not in html
    assert "till-000403" not in await desk.open("/requests?ended=done", tongue="zh")
    assert "auth.not_allowed (1)" in await desk.open("/requests")
    await desk.open("/requests?key=nobody", status=422)
    other = await given.shop(db)
    assert "till-000" not in await (await seat("merchant", merchant_id=other.merchant_id)).open("/requests")
    await (await seat("lead")).open("/requests", status=403)


async def test_one_click_makes_a_catcher_that_shows_what_it_got(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    made = await desk.send("/webhooks/catch")
    page = made.headers["location"]
    assert "尚未收到消息" in await desk.open(page, tongue="zh")
    await given.placed_order(db, shop)
    await worker.settle(db, with_deadlines=False)
    caught = re.search(r"/caught/cwh_\w+", await desk.open(page))
    assert caught is not None
    for words in ("Signature good", "webhook-signature", "order.placed", "hmac.compare_digest"):
        assert words in (await desk.open(caught[0])).replace("&#34;", '"'), words
    await desk.send(f"{page}/answer", code="500")
    await desk.send(f"{page}/answer", status=409, code="302")
    assert "order.placed" in await desk.open("/deliveries?state=delivered")
    assert "order.placed" not in await desk.open("/deliveries?state=failed", tongue="zh")
    other = await given.shop(db)
    stranger = await seat("merchant", merchant_id=other.merchant_id)
    await stranger.open(caught[0], status=404)
    assert "order.placed" not in await stranger.open("/deliveries")
    # Whoever runs the platform makes one for a merchant, and sees it in the list of all.
    platform = await seat("admin")
    theirs = (await platform.send("/webhooks/catch", merchant=encode("merchant", shop.merchant_id))).headers["location"]
    assert theirs in await platform.open("/webhooks")
    assert "order.placed" in await platform.open("/events")


async def test_an_endpoint_is_added_tested_and_sees_its_calls(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    added = await desk.send("/webhooks/add", status=200, url=URL, events="order.*, refund.settled", description="till")
    assert "whsec_" in added.text
    assert URL in await desk.open("/webhooks")
    async with db.reading(SYSTEM) as tx:
        (one,) = await webhooks.endpoints(tx, shop.merchant_id, Page(5))
    assert one.events == ("order.*", "refund.settled")
    page = f"/webhooks/{encode('webhook_endpoint', one.id)}"
    await desk.send(f"{page}/test")
    delivery = re.search(r"/deliveries/dlv_\w+", await desk.open(page))
    assert delivery is not None
    for words in ("webhook.test", "Send again"):
        assert words in await desk.open(delivery[0])
    assert "webhook.test" in await desk.open(f"{page}/deliveries?state=pending")
    await desk.send(f"{delivery[0]}/resend")
    assert "whsec_" in (await desk.send(f"{page}/rotate", status=200)).text
    await desk.send(f"{page}/replay", since="2026-01-01T00:00")
    for never in ("yesterday", "", "0001-01-01T00:00"):
        await desk.send(f"{page}/replay", status=422, since=never)
    await desk.send(f"{page}/disable")
    assert "已停用" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/enable")
    await desk.send(f"{page}/remove")
    other = await given.shop(db)
    await (await seat("merchant", merchant_id=other.merchant_id)).open(page, status=404)
    await desk.send("/webhooks/add", status=422, url="http://localhost/hooks")


async def test_a_message_that_is_out_is_looked_at_again(db: Database, seat: Seat, shop: given.Shop) -> None:
    """While a call is out the next one seems far away; a page that was opened just then showed no call for good."""
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = (await desk.send("/webhooks/catch")).headers["location"]
    delivery = (await desk.send(f"{page}/test")).headers["location"]
    assert "data-soon" in await desk.open(delivery)
    (turn,) = await do(db, SYSTEM, delivering.lease, well=1, failing=0)
    taken = await do(db, SYSTEM, delivering.take_in_hand, turn)
    assert taken is not None
    assert "data-soon" in await desk.open(delivery)
    (one,) = taken.deliveries
    came = Outcome(delivery_id=one.id, number=1, result=webhooks.Result.SUCCEEDED, status=200, url="https://catch.test")
    await do(db, SYSTEM, delivering.note, turn, [came], {})
    shown = await desk.open(delivery)
    assert "data-soon" not in shown
    assert "Call 1: Succeeded" in shown


async def test_an_endpoint_is_told_of_other_things_and_elsewhere(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await desk.send("/webhooks/add", status=200, url=URL, events="order.*")
    async with db.reading(SYSTEM) as tx:
        (one,) = await webhooks.endpoints(tx, shop.merchant_id, Page(5))
    page, elsewhere = f"/webhooks/{encode('webhook_endpoint', one.id)}", f"{URL}/2"
    assert "/change" in await desk.open(page)
    await desk.send(
        f"{page}/change",
        url=elsewhere,
        events="refund.settled, order.paid",
        scopes=["refund.read"],
        description="till 2",
    )
    async with db.reading(SYSTEM) as tx:
        now = await webhooks.endpoint(tx, one.id)
    assert (now.url, now.events, now.scopes, now.description) == (
        elsewhere,
        ("refund.settled", "order.paid"),
        ("refund.read",),
        "till 2",
    )
    wrong = await desk.send(
        f"{page}/change", status=422, url=URL, events="order.paid, moon.rises", scopes=["order.write"]
    )
    assert "moon.rises" in wrong.text
    assert "order.write" in wrong.text
    await desk.send(f"{page}/change", status=422, url="http://localhost/hooks", events="*")
    await desk.send(f"{page}/change", status=422, url=URL, events="")
    async with db.reading(SYSTEM) as tx:
        assert await webhooks.endpoint(tx, one.id) == now
    # A catcher has no address to change.
    caught = (await desk.send("/webhooks/catch")).headers["location"]
    assert 'name="url"' not in await desk.open(caught)
    await desk.send(f"{caught}/change", events="order.paid")
    other = await given.shop(db)
    await (await seat("merchant", merchant_id=other.merchant_id)).send(f"{page}/change", status=404, events="*")


async def test_events_are_told_as_the_feed_tells_them(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    desk = await seat("manager")
    assert "order.paid" in await desk.open("/events?what=order.")
    assert "payment.captured" not in await desk.open("/events?what=order.")


async def test_the_clock_says_what_will_fire_and_goes_there(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await given.placed_order(db, shop)
    desk = await seat("admin")
    html = await desk.open("/sandbox")
    assert "the order expires and the stock is free" in html
    assert "订单关闭，库存释放" in await desk.open("/sandbox", tongue="zh")
    await desk.send("/sandbox/next")
    async with db.reading(SYSTEM) as tx:
        pay_by = (await orders.get_one(tx, order_id)).pay_by
        assert pay_by is not None
        assert pay_by < tx.now < pay_by + timedelta(minutes=5)
    await desk.send("/sandbox/hour")
    await desk.send("/sandbox/two-days")
    async with db.reading(SYSTEM) as tx:
        assert await clock.ahead(tx) > timedelta(hours=49)
    await desk.send("/sandbox/advance", status=422, hours="0")
    await (await seat("lead")).open("/sandbox", status=403)


async def test_the_outside_world_is_told_to_fail(seat: Seat) -> None:
    desk = await seat("admin")
    await desk.send("/sandbox/provider", fault="refuse", times="2")
    await desk.send("/sandbox/tax", fault="refuse")
    await desk.send("/sandbox/mend")
    await desk.send("/sandbox/provider", status=422, fault="earthquake")
    await desk.send("/sandbox/parcel", status=404, parcel="nothing", script="L")


async def test_every_part_is_drawn(seat: Seat) -> None:
    desk = await seat("lead")
    for words, tongue in (("Whose turn it is", "en"), ("责任方标签", "zh")):
        assert words in await desk.open("/styleguide", tongue=tongue)


async def test_no_part_is_drawn_as_what_it_is_called_in_the_program(seat: Seat) -> None:
    html = await (await seat("lead")).open("/styleguide")
    for raw in ("Text(en=", "Chip(", "Code(", "Fuse(", "Money(", "datetime.", "Link(", "Two("):
        assert raw not in html, raw
