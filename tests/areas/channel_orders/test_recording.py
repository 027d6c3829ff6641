"""Orders made on a channel are recorded, never refused, and once."""

import asyncio

import pytest
from tests import given
from tests.areas.channel_orders import there

from dingdan.areas import channel_orders, identity, inventory, ledger
from dingdan.areas.channel_orders import ChannelBuyer, ChannelLine
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O3.10")


async def test_a_paid_order_is_written_with_the_channels_amounts_and_confirmed(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(price=100, discount=10, total=90, payments=(there.paid(90),)))
    order = await there.order_of(db, made)
    assert (made.status, order.state, order.total, order.discount) == ("created", "confirmed", 90, 10)
    async with db.transaction(SYSTEM) as tx:
        books = {one.account: one.amount for one in await ledger.balances(tx, shop.merchant_id)}
    assert books == {"channel_clearing": 90, "buyer_funds": -90}


async def test_the_same_word_twice_changes_nothing(db: Database) -> None:
    shop = await given.shop(db)
    message = there.told(payments=(there.paid(),))
    first, second = await there.tell(db, shop, message, message)
    assert (first.status, second.status, first.id) == ("created", "unchanged", second.id)


async def test_one_number_twenty_times_at_once_is_one_order(db: Database) -> None:
    shop = await given.shop(db)
    where = await there.channel(db, shop)
    message = there.told(payments=(there.paid(),))
    made = await asyncio.gather(*(do(db, SYSTEM, channel_orders.take_in, where, [message]) for _ in range(20)))
    await given.settle(db)
    assert sorted(one.status for (one,) in made) == ["created"] + ["unchanged"] * 19
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM orders") == 1


async def test_one_call_may_tell_of_one_order_several_times(db: Database) -> None:
    shop = await given.shop(db)
    where = await there.channel(db, shop)
    messages = [there.told(), there.told("T-2"), there.told(after=1, payments=(there.paid(),))]
    made = await do(db, SYSTEM, channel_orders.take_in, where, messages)
    await given.settle(db)
    assert [one.status for one in made] == ["created", "created", "changed"]
    assert (await there.order_of(db, made[2])).state == "confirmed"


async def test_price_and_offer_are_the_channels(db: Database) -> None:
    shop = await given.shop(db, prices={"MUG": 19900})
    (made,) = await there.tell(db, shop, there.told(price=1, quantity=3, payments=(there.paid(3),)))
    assert ((await there.order_of(db, made)).total, await there.kinds(db, made)) == (3, [])


async def test_an_order_over_nothing_is_paid_as_it_is(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(price=100, discount=100, total=0))
    assert (await there.order_of(db, made)).state == "confirmed"


async def test_two_payments_confirm_when_all_is_in(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(10000),)))
    assert (await there.order_of(db, made)).state == "awaiting_payment"
    await there.tell(db, shop, there.told(after=2, payments=(there.paid(9900, "p2"),)))
    assert (await there.order_of(db, made)).state == "confirmed"


async def test_people_are_sealed_and_buyers_are_named_by_channel(db: Database) -> None:
    shop = await given.shop(db)
    await there.tell(db, shop, there.told())
    async with db.transaction(SYSTEM) as tx:
        row = await tx.fetchrow("SELECT * FROM channel_orders")
        assert "王小明" not in str(dict(row))
        assert await identity.find_buyer(tx, shop.merchant_id, "web:taobao-77") == row["buyer_id"]
        assert await identity.find_buyer(tx, shop.merchant_id, "taobao-77") is None


async def test_what_no_label_prints_is_no_reason_to_refuse(db: Database) -> None:
    shop = await given.shop(db)
    odd = Address(name="\x00王", phone="?", country="CN", province="", city="\x07", district="", detail="x" * 600)
    (made,) = await there.tell(db, shop, there.told(ship_to=odd, buyer=ChannelBuyer(), payments=(there.paid(),)))
    assert (await there.order_of(db, made)).state == "held"
    assert await there.kinds(db, made) == ["address_unusable"]


async def test_two_lines_of_one_product_stay_two(db: Database) -> None:
    shop = await given.shop(db)
    lines = tuple(ChannelLine(ref=ref, sku="MUG", quantity=1, unit_price=5000) for ref in ("a", "b"))
    (made,) = await there.tell(db, shop, there.told(lines=lines, total=10000, payments=(there.paid(10000),)))
    order = await there.order_of(db, made)
    async with db.transaction(SYSTEM) as tx:
        assert len((await inventory.parts_of(tx, [order.id]))[order.id]) == 2


async def test_nobody_is_told_what_their_channel_told_them_unless_the_merchant_wants_it(db: Database) -> None:
    quiet, loud = await given.shop(db), await given.shop(db, messages_for_channels=True)
    for shop in (quiet, loud):
        await there.tell(db, shop, there.told(payments=(there.paid(),)))
    async with db.transaction(SYSTEM) as tx:
        said = await tx.fetch("SELECT DISTINCT merchant_id FROM confirmations")
    assert [row["merchant_id"] for row in said] == [loud.merchant_id]
