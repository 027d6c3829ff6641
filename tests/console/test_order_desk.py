"""Orders at the desk: found, seen by whoever may, held, released and cancelled, once."""

import asyncio

import pytest
from tests import given
from tests.console.conftest import Desk, Seat, once_words

from dingdan.areas import identity, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def state(db: Database, order_id: int) -> str:
    async with db.reading(SYSTEM) as tx:
        return str((await orders.get_one(tx, order_id)).state)


async def test_an_empty_list_says_how_orders_come(seat: Seat) -> None:
    desk = await seat("lead")
    assert "No orders yet." in await desk.open("/orders")
    assert "还没有订单。" in await desk.open("/orders", tongue="zh-CN")
    assert "Nothing matches." in await desk.open("/orders?state=cancelled")


async def test_a_list_goes_on_and_comes_as_a_file_that_runs_nothing(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    for n in range(52):
        await given.placed_order(db, shop, buyer=f"buyer-{n}", reference=f"=HYPERLINK({n})")
    html = await desk.open("/orders")
    assert html.count('<tr id="row-') == 50
    more = html.split("data-more")[0].rpartition('href="')[2].partition('"')[0]
    assert (await desk.open(more)).count('<tr id="row-') == 2
    file = await desk.open("/orders?file=csv")
    lines = file.removeprefix("\ufeff").strip().splitlines()
    assert len(lines) == 53
    assert not any(cell.lstrip('"').startswith(("=", "+", "@")) for line in lines for cell in line.split(","))
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT data->>'rows' FROM facts WHERE wire = 'staff.list_exported'") == "52"
    book = await desk.http.get("/orders?file=xlsx", headers=desk._cookie())
    assert book.content.startswith(b"PK")
    assert book.headers["content-disposition"] == 'attachment; filename="orders.xlsx"'
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'staff.list_exported'") == 2
    await desk.open("/orders?file=exe", status=422)


async def test_one_order_shows_its_lines_money_and_story_and_masks_who_bought(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("lead")
    order_id = await given.paid_order(db, shop)
    html = await desk.open(f"/orders/{encode('order', order_id)}")
    for words in (spoken(order_id), "Still refundable", "Timeline", "To pick"):
        assert words in html
    assert "Paid in full" in html
    assert "Customer sees" in html
    chinese = await desk.open(f"/orders/{encode('order', order_id)}", tongue="zh")
    for words in ("剩余可退", "已付清", "买家可见"):
        assert words in chinese
    assert "13812345678" not in html


async def test_holding_and_releasing_and_cancelling(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    order_id = await given.paid_order(db, shop)
    page = f"/orders/{encode('order', order_id)}"
    await desk.send(f"{page}/hold", reason="other")
    assert await state(db, order_id) == "held"
    assert "Release" in await desk.open(page)
    await desk.send(f"{page}/release")
    await desk.send(f"{page}/cancel", reason="buyer_request")
    assert await state(db, order_id) == "cancelled"
    refused = await desk.send(f"{page}/hold", status=409, reason="other")
    assert "order.state_forbids" in refused.text


async def test_one_form_sent_twice_or_by_two_windows_acts_once(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    order_id = await given.paid_order(db, shop)
    page = f"/orders/{encode('order', order_id)}"
    once = once_words(await desk.open(page))[0]
    answers = await asyncio.gather(*(desk.send(f"{page}/hold", reason="other", once=once) for _ in range(5)))
    assert {answer.headers["location"] for answer in answers} == {"/"}
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'order.held'") == 1
    other = await desk.send(f"{page}/hold", status=409, reason="address_unclear", once=once)
    assert "idempotency.key_reused" in other.text


@pytest.mark.parametrize("reason", ["", "x" * 65, "a b", "<script>alert(1)</script>"])
async def test_a_reason_that_is_none_is_refused_in_words(
    db: Database, seat: Seat, shop: given.Shop, reason: str
) -> None:
    desk = await seat("lead")
    order_id = await given.paid_order(db, shop)
    refused = await desk.send(f"/orders/{encode('order', order_id)}/hold", status=422, reason=reason)
    assert "<script>alert" not in refused.text
    assert await state(db, order_id) == "confirmed"


async def test_who_may_not_sees_no_button_and_is_refused(db: Database, seat: Seat, shop: given.Shop) -> None:
    auditor = await seat("auditor")
    order_id = await given.paid_order(db, shop)
    page = f"/orders/{encode('order', order_id)}"
    assert f"{page}/cancel" not in await auditor.open(page)
    refused = await auditor.send(f"{page}/cancel", status=403, reason="other")
    assert "auth.not_allowed" in refused.text
    packer = await seat("warehouse", merchant_id=shop.merchant_id)
    assert "auth.not_allowed" in await packer.open("/orders", status=403)
    assert await state(db, order_id) == "confirmed"


async def test_another_shops_order_does_not_exist(db: Database, seat: Seat, shop: given.Shop) -> None:
    other = await given.shop(db)
    stranger = await seat("merchant", merchant_id=other.merchant_id)
    order_id = await given.paid_order(db, shop)
    number = encode("order", order_id)
    assert "order.unknown" in await stranger.open(f"/orders/{number}", status=404)
    assert "order.unknown" in (await stranger.send(f"/orders/{number}/cancel", status=404, reason="other")).text
    assert number not in await stranger.open("/orders")
    for nonsense in ("ord_0", "x", "ord_0J4Q7W2M9X3KD", "%00", "..%2f..%2fetc"):
        await stranger.open(f"/orders/{nonsense}", status=404)


async def test_the_command_bar_finds_by_number_shops_number_phone_tail_and_name(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("lead")
    order_id = await given.placed_order(db, shop, reference="S-4711")
    number = encode("order", order_id)
    for said in (number, spoken(order_id), "S-4711"):
        assert number in (await desk.send("/find", status=200, q=said)).text
    async with db.reading(SYSTEM) as tx:
        who = await identity.contact(tx, (await orders.get_one(tx, order_id)).contact_id)
    assert who is not None
    for said in (who.phone, who.phone[-4:], who.name):
        assert number in (await desk.send("/find", status=200, q=said)).text
    assert number not in (await desk.send("/find", status=200, q="0000")).text
    other = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    assert number not in (await other.send("/find", status=200, q=number)).text


async def test_counts_beside_the_desks_are_of_ones_own(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    await given.settle(db)
    desk: Desk = await seat("merchant", merchant_id=shop.merchant_id)
    assert 'id="badge-fulfil" hx-swap-oob="true">1<' in (await desk.open("/badges")).replace(
        ' class="o-hot" title="1 late"', ""
    )
    other = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    assert 'id="badge-fulfil" hx-swap-oob="true"><' in await other.open("/badges")


async def test_clocks_say_whose_turn_it_is_and_what_happens_at_zero(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    order_id = await given.placed_order(db, shop)
    page = f"/orders/{encode('order', order_id)}"
    assert "waits for the buyer; then the order expires" in await desk.open(page)
    assert "等待买家；到期订单关闭" in await desk.open(page, tongue="zh")
