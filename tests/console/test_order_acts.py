"""What is done at the sheet of an order and to many orders at once: notes, tags, changes, and a look before many change."""

import asyncio
import re

import pytest
from tests import given
from tests.areas.refunds.test_holding import time_is_up
from tests.console.conftest import Seat, once_words

from dingdan.areas import identity, orders, packing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def of(db: Database, order_id: int) -> orders.Order:
    async with db.reading(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


def page(order_id: int) -> str:
    return f"/orders/{encode('order', order_id)}"


async def test_a_note_stands_in_the_story_and_calls_somebody_on_their_today(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, other = await seat("reviewer"), await seat("lead", login="chen")
    order_id = await given.paid_order(db, shop)
    once = once_words(await desk.open(page(order_id)))[0]
    for _ in range(2):
        await desk.send(f"{page(order_id)}/note", text="@chen <b>看一下</b> 4111 1111 1111 1111", once=once)
    seen = await desk.open(page(order_id))
    assert seen.count("@chen &lt;b&gt;看一下&lt;/b&gt; ••••1111") == 1
    assert 'data-groups="other notes"' in seen
    today = await other.open("/today", tongue="zh")
    assert "提及我的备注" in today
    assert spoken(order_id) in today
    await other.send(f"{page(order_id)}/seen")
    assert "提及我的备注" not in await other.open("/today", tongue="zh")
    await desk.send(f"{page(order_id)}/write", text="后天发货")
    waits = await desk.open(page(order_id))
    for words in ("About to be sent to the buyer", "后天发货", f"{page(order_id)}/unwrite", 'data-key="Ctrl Z"'):
        assert words in waits
    assert "/unwrite" not in await other.open(page(order_id))
    await desk.send(f"{page(order_id)}/unwrite")
    assert "后天发货" not in await desk.open(page(order_id))
    assert "order.words_gone" in (await desk.send(f"{page(order_id)}/unwrite", status=409)).text
    await desk.send(f"{page(order_id)}/write", text="明天发货")
    assert ' notes customer"' not in await desk.open(page(order_id))
    await time_is_up(db)
    assert 'data-groups="system notes customer"' in await desk.open(page(order_id))
    for text in ("", "@nobody.here hi"):
        await desk.send(f"{page(order_id)}/note", status=422, text=text)
    broker = await seat("customs_broker")
    assert "明天发货" not in await broker.open(page(order_id))
    await broker.send(f"{page(order_id)}/note", status=403, text="x")
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.send(f"{page(order_id)}/note", status=404, text="x")


async def test_tags_are_set_shown_and_found_by(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    tagged, plain = await given.paid_order(db, shop), await given.paid_order(db, shop, buyer="b2")
    await desk.send(f"{page(tagged)}/tags", tags="vip，急")
    assert 'name="shown" value="vip\n急"' in await desk.open(page(tagged))
    await desk.send(f"{page(tagged)}/tags", tags="急, 大客户", shown="vip\r\n急")
    found = await desk.open("/orders?tag=急")
    assert spoken(tagged) in found
    assert spoken(plain) not in found
    assert spoken(tagged) not in await desk.open("/orders?tag=vip")
    assert "大客户" in await desk.open(page(tagged))
    await desk.send(f"{page(tagged)}/tags", status=422, tags="x" * 31)


async def test_a_tag_that_a_colleague_put_on_meanwhile_stays(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, order_id = await seat("lead"), await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.tag, [order_id], add=["old", "kept", "theirs"])
    # The form was opened before `theirs` was put on.
    await desk.send(f"{page(order_id)}/tags", tags="kept，new", shown="kept\r\nold")
    async with db.reading(SYSTEM) as tx:
        assert (await orders.tags(tx, [order_id]))[order_id] == ["kept", "new", "theirs"]


async def test_an_order_is_changed_without_the_api(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    html = await desk.open(page(order_id))
    for words in (
        "More",
        "Copy link",
        "Message",
        "Reship",
        "Compensate",
        "Print",
        "Another address",
        "Nothing has left yet",
    ):
        assert words in html, words
    await desk.send(f"{page(order_id)}/address", detail="文三路 9 号 2 幢 301 室")
    await desk.send(f"{page(order_id)}/cancel_units", line="1", units="1", reason="buyer_request")
    await desk.send(f"{page(order_id)}/cancel_units", status=422, line="1", units="9", reason="buyer_request")
    async with db.reading(SYSTEM) as tx:
        assert (await orders.lines(tx, [order_id]))[order_id][0].left == 2
    unpaid = await given.placed_order(db, shop, {"TEE": 1}, buyer="b2")
    moved = await desk.send(f"{page(unpaid)}/quantities", line="1", units="2")
    assert moved.headers["location"] != page(unpaid)
    assert "message.channel_off" in (await desk.send(f"{page(order_id)}/resend", status=409)).text
    opened = await desk.send(f"{page(order_id)}/trouble", kind="damage", text="x", status=303)
    assert opened.headers["location"].startswith("/cases/cas_")
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    slips = await merchant.http.get(f"/papers/slips/{encode('order', order_id)}", headers=merchant._cookie())
    assert slips.content.startswith(b"%PDF")
    buyer = await of(db, order_id)
    await desk.send(f"{page(order_id)}/forget")
    async with db.reading(SYSTEM) as tx:
        contact = await identity.contact(tx, buyer.contact_id)
    assert contact is None or contact.is_erased
    assert '<dd class="o-code">erased</dd>' in (await desk.send(f"{page(order_id)}/reveal", status=200)).text


async def test_many_are_held_tagged_told_and_cancelled_after_a_look(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    paid = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(2)]
    unpaid = await given.placed_order(db, shop, buyer="b9")
    keys = [encode("order", one) for one in [*paid, unpaid]]
    assert "/orders/together/hold/check" in await desk.open("/orders")
    dry = (await desk.send("/orders/together/hold/check", status=200, keys=keys)).text
    assert "2 will be held." in dry
    assert f"{spoken(unpaid)}</span> not paid" in dry
    assert re.findall(r'name="keys" value="(\w+)"', dry) == keys[:2]
    assert (await of(db, paid[0])).state == "confirmed"
    await desk.send("/orders/together/hold", keys=keys, reason="other")
    assert [(await of(db, one)).state for one in [*paid, unpaid]] == ["held", "held", "awaiting_payment"]
    assert "It can be done to none" in (await desk.send("/orders/together/hold/check", status=200, keys=keys)).text
    await desk.send("/orders/together/release", keys=keys)
    await desk.send("/orders/together/tag", keys=keys, tags="双11")
    await desk.send("/orders/together/write", keys=keys[:2], text="延迟一天")
    async with db.reading(SYSTEM) as tx:
        assert set((await orders.tags(tx, [*paid, unpaid])).values().__iter__().__next__()) == {"双11"}
        assert [one.text for one in await orders.notes(tx, paid, shown_only=True)] == ["延迟一天"] * 2
    goes_back = (await desk.send("/orders/together/cancel/check", status=200, keys=keys)).text
    assert "CN¥398.00" in goes_back
    await desk.send("/orders/together/cancel", keys=keys, reason="out_of_stock")
    assert {(await of(db, one)).state for one in [*paid, unpaid]} == {"cancelled"}
    for hostile in ([], ["x" * 13], [encode("review", paid[0])], [encode("order", 7)], [keys[0]] * 51):
        assert (await desk.send("/orders/together/hold/check", status=422, keys=hostile)).status_code == 422
    packer = await seat("warehouse", merchant_id=shop.merchant_id)
    await packer.send("/orders/together/cancel", status=403, keys=keys, reason="other")
    fresh = [encode("order", await given.paid_order(db, shop, buyer=f"c{n}")) for n in range(2)]
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    slips = await merchant.send("/orders/together/slips", status=200, keys=fresh)
    assert slips.content.startswith(b"%PDF")


async def test_those_that_go_to_the_same_hands_are_combined_and_the_others_are_not(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("lead")
    same = [await given.paid_order(db, shop, buyer=buyer) for buyer in ("b1", "b1", "b2", "b2", "b1")]
    alone = await given.paid_order(db, shop, buyer="b3")
    keys = [encode("order", one) for one in [*same[:4], alone]]
    assert "/orders/together/combine/check" in await desk.open("/orders")
    dry = (await desk.send("/orders/together/combine/check", status=200, keys=keys)).text
    assert re.findall(r'name="keys" value="(\w+)"', dry) == keys[:4]
    assert f"{spoken(alone)}</span> no other of these" in dry
    await desk.send("/orders/together/combine", keys=keys)
    async with db.reading(SYSTEM) as tx:
        every = sorted(tuple(one.order_ids) for one in await packing.consents_of(tx, [*same, alone]))
    # What was not chosen is in none of them.
    assert every == sorted([(same[0], same[1]), (same[2], same[3])])
    # A second time changes nothing, and one more that goes there is one more to agree to.
    assert "It can be done to none" in (await desk.send("/orders/together/combine/check", status=200, keys=keys)).text
    await desk.send("/orders/together/combine", keys=[*keys, encode("order", same[4])])
    async with db.reading(SYSTEM) as tx:
        every = [tuple(one.order_ids) for one in await packing.consents_of(tx, [same[4]])]
    assert every == [(same[0], same[1], same[4])]
    await (await seat("finance")).send("/orders/together/combine", status=403, keys=keys)


async def test_what_somebody_else_does_meanwhile_is_left_out(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, is_held = await seat("lead"), asyncio.Event()
    paid = [await given.paid_order(db, shop, buyer=f"b{n}") for n in range(2)]

    async def together() -> None:
        await is_held.wait()
        await desk.send("/orders/together/hold", keys=[encode("order", one) for one in paid], reason="out_of_stock")

    sent = asyncio.create_task(together())
    async with db.transaction(SYSTEM) as tx:
        await orders.hold(tx, paid[1], reason="other")
        is_held.set()
        await asyncio.sleep(0.5)
    await sent
    assert [(await of(db, one)).state for one in paid] == ["held", "held"]
