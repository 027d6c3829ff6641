"""The order and its acts: everything on one screen in both languages, and the same rules as everywhere."""

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.transit import sent
from tests.portal.conftest import Let, once_words, photo

from dingdan.areas import feedback, fulfilment, invoices, orders, payments
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: portal")


async def order(db: Database, order_id: int) -> orders.Order:
    async with db.reading(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def test_an_unpaid_order_shows_everything_on_one_screen_and_is_paid(
    db: Database, let: Let, shop: given.Shop
) -> None:
    guest = await let(await given.placed_order(db, shop, {"MUG": 2}))
    html = await guest.open()
    for said in (spoken(guest.order_id), "Product MUG", "CN¥199.00 × 2", "CN¥398.00", "Pay by", "文三路 1 号",
                 "Can be returned", "Pay now", "Change the address", "Cancel the order"):  # fmt: skip
        assert said in html, said
    for said in ("您的订单", "商品 MUG", "¥398.00", "待付款", "支持无理由退货", "立即付款", "修改收货地址", "取消订单"):
        assert said in await guest.open(tongue="zh-CN"), said
    paid = await guest.send("/pay", way="sandbox.instant")
    assert paid.headers["location"] == guest.here
    await given.settle(db)
    assert (await order(db, guest.order_id)).paid_at is not None
    assert "Pay now" not in await guest.open()


async def test_an_order_is_cancelled_once_and_not_when_it_has_left(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.paid_order(db, shop))
    once = once_words(await guest.open())[0]
    for _ in range(2):
        await guest.send("/cancel", reason="buyer_request", once=once)
    assert (await order(db, guest.order_id)).state == "cancelled"
    gone = await let(await given.shipped_order(db, shop, buyer="buyer-2"))
    assert "Cancel the order" not in await gone.open()
    refused = await gone.send("/cancel", reason="buyer_request", status=409)
    assert "This did not go through" in refused.text
    assert spoken(gone.order_id) in refused.text


async def test_what_was_typed_stays_when_an_address_is_refused(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.paid_order(db, shop))
    typed = {
        "name": "李四",
        "phone": "13900000000",
        "country": "CN",
        "province": "浙江省",
        "city": "宁波市",
        "district": "",
        "detail": "中山路 9 号",
    }
    refused = await guest.send("/address", status=422, **typed)
    assert "中山路 9 号" in refused.text
    assert '<details class="p-door" open' in refused.text
    await guest.send("/address", **(typed | {"district": "海曙区"}))
    assert "中山路 9 号" in await guest.open()


async def test_receipt_objection_and_rating(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.delivered_order(db, shop))
    assert "Counts as received on" in await guest.open()
    await guest.send("/object", reason="damaged", text="the handle is off")
    assert "My objection is settled" in await guest.open()
    await guest.send("/receive", status=409)
    await guest.send("/settled")
    await guest.send("/receive")
    assert (await order(db, guest.order_id)).state == "completed"
    await guest.send("/rate", rating="4", text="好", files=[photo()])
    async with db.reading(SYSTEM) as tx:
        (given_,) = await feedback.of_orders(tx, [guest.order_id])
    assert (given_.rating, len(given_.photos)) == (4, 1)
    await guest.send("/rate", rating="6", status=422)


async def test_an_invoice_is_asked_for(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.paid_order(db, shop))
    assert "Ask for an invoice" not in await guest.open()
    seller = invoices.Seller(legal_name="小店有限公司", tax_number="91110000600037341L", address="杭州市文三路 1 号")
    await do(db, SYSTEM, invoices.save_seller, shop.merchant_id, seller)
    assert "Ask for an invoice" in await guest.open()
    await guest.send("/invoice", kind="personal", name="王小明")
    async with db.reading(SYSTEM) as tx:
        (wish,), _ = await invoices.of_order(tx, guest.order_id)
    assert wish.state == "asked"
    assert "Ask for an invoice" not in await guest.open()
    await guest.send("/invoice", kind="company", name="", status=422)


async def test_tracking_says_when_it_comes_and_calls_it_back(db: Database, let: Let, shop: given.Shop) -> None:
    waiting = await let(await given.paid_order(db, shop, buyer="buyer-2"))
    assert "It has not left yet" in await waiting.open("/tracking")
    parcel = await sent.parcel(db, shop, fulfilment.sandbox_number(1, "A"))
    guest = await let(parcel.lines[0].order_id)
    html = await guest.open("/tracking")
    for said in ("Parcel 1 of 1", parcel.tracking_number, "× 1", "Have it brought back", "Arrives by"):
        assert said in html, said
    await guest.send("/call-back")
    html = await guest.open("/tracking")
    assert "You wanted it back." in html
    assert "Have it brought back" not in html
    assert "您已申请拦截" in await guest.open("/tracking", tongue="zh-CN")
    await guest.send("/call-back", status=409)


async def test_messages_stand_in_one_thread(db: Database, let: Let) -> None:
    shop = await given.shop(db, messages=True)
    guest = await let(await given.paid_order(db, shop))
    html = await guest.open("/messages")
    assert f"We have your order {spoken(guest.order_id)}" in html
    assert "已收到您的订单" in await guest.open("/messages", tongue="zh-CN")


async def test_a_refused_payment_is_told_above_the_form_and_can_be_tried_again(
    db: Database, let: Let, shop: given.Shop
) -> None:
    guest = await let(await given.placed_order(db, shop))
    refused = await guest.send("/pay", way="sandbox.nothing", status=422)
    for said in ("This did not go through", '<details class="p-door" open>', "Pay now", "To pay"):
        assert said in refused.text, said
    assert "This did not go through" in (await guest.send("/pay", way="???", status=422)).text
    (started,) = await do(db, SYSTEM, payments.start, [guest.order_id], provider="sandbox", method="qr")
    await payments.call_started(db, [started.id])
    async with db.reading(SYSTEM) as tx:
        code = await payments.get_one(tx, started.id)
    await sandbox.pay(db, code.provider_ref or "", "failed")
    await till.deliver(db)
    page = await guest.open()
    assert "The payment was declined. Nothing was taken. Try again, or another way." in page
    assert "未产生扣款。请重试或更换支付方式。" in await guest.open(tongue="zh-CN")
    await guest.send("/pay", way="sandbox.instant")
    await given.settle(db)
    refused = await guest.send("/pay", way="sandbox.instant", status=409)
    assert "Your order" in refused.text
