"""The feed of channels: nothing that changed is skipped, what did not change is not told."""

import asyncio

import pytest
from tests import given

from dingdan.areas import catalog, channels, inventory, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def channel_of(db: Database, shop: given.Shop) -> inventory.Channel:
    async with db.reading(SYSTEM) as tx:
        return (await inventory.channels(tx, [(shop.merchant_id, "web")]))[shop.merchant_id, "web"]


async def read(db: Database, channel: inventory.Channel, since: int = 0) -> tuple[dict[str, int], int]:
    """What is told behind a place, in pieces of two, and the place after it."""
    found: dict[str, int] = {}
    while True:
        async with db.reading(SYSTEM) as tx:
            piece = await channels.changes(tx, channel.id, since, limit=2)
        found |= {one.sku: one.available for one in piece.items}
        since = piece.position
        if not piece.goes_on:
            return found, since


async def publish(db: Database) -> None:
    while await do(db, SYSTEM, channels.publish):
        pass


async def lose_slowly(db: Database, shop: given.Shop, begun: asyncio.Event, may_end: asyncio.Event) -> None:
    """Write three mugs off in a transaction that stays open for a while."""
    async with db.transaction(SYSTEM) as tx:
        await inventory.move(tx, [
            inventory.Move("write_off", shop.merchant_id, shop.warehouse_id, shop.products["MUG"], 3)
        ])  # fmt: skip
        begun.set()
        await may_end.wait()


@pytest.mark.requirement("O3.1")
async def test_a_channel_is_told_what_it_may_sell_and_then_what_changed(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    channel = await channel_of(db, shop)
    await publish(db)
    told, place = await read(db, channel)
    assert told == {"MUG": 10, "TEE": 10, "SOCK": 10}
    order_id = await given.placed_order(db, shop, {"TEE": 4})
    await publish(db)
    told, after = await read(db, channel, place)
    assert told == {"TEE": 6}
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind")
    await publish(db)
    assert (await read(db, channel, after))[0] == {"TEE": 10}


async def test_nothing_new_is_told_and_nothing_written_where_nothing_changed(db: Database) -> None:
    shop = await given.shop(db)
    await publish(db)
    _, place = await read(db, await channel_of(db, shop))
    assert await do(db, SYSTEM, channels.publish) == 0
    assert await read(db, await channel_of(db, shop), place) == ({}, place)


async def test_a_transaction_that_began_before_and_ends_after_a_publication_is_not_skipped(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    channel = await channel_of(db, shop)
    await publish(db)
    _, place = await read(db, channel)
    begun, may_end = asyncio.Event(), asyncio.Event()
    slow = asyncio.create_task(lose_slowly(db, shop, begun, may_end))
    await begun.wait()
    await given.placed_order(db, shop, {"TEE": 1})
    await publish(db)
    told, place = await read(db, channel, place)
    assert told == {"TEE": 9}
    may_end.set()
    await slow
    await publish(db)
    assert (await read(db, channel, place))[0] == {"MUG": 7}


async def test_two_publishers_and_many_buyers_leave_a_reader_with_the_truth(db: Database) -> None:
    shop = await given.shop(db, stock=50)
    channel = await channel_of(db, shop)
    known: dict[str, int] = {}
    place = 0
    for _ in range(4):
        orders_ = [given.placed_order(db, shop, {"MUG": 1, "TEE": 2}) for _ in range(5)]
        await asyncio.gather(*orders_, *(do(db, SYSTEM, channels.publish) for _ in range(2)))
        told, place = await read(db, channel, place)
        known |= told
    await publish(db)
    known |= (await read(db, channel, place))[0]
    assert known == {"MUG": 30, "TEE": 10, "SOCK": 50}


async def test_a_bundle_is_told_in_whole_ones_also_when_only_its_contents_change(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    channel = await channel_of(db, shop)
    gift = catalog.SaveProduct(shop.merchant_id, "GIFT", {"en": "Gift"}, "home", components=(("MUG", 1), ("SOCK", 3)))
    await do(db, SYSTEM, catalog.save_products, [gift])
    await publish(db)
    told, place = await read(db, channel)
    assert told["GIFT"] == 3
    await do(db, SYSTEM, catalog.save_products, [catalog.SaveProduct(
        shop.merchant_id, "GIFT", {"en": "Gift"}, "home", components=(("MUG", 1), ("SOCK", 1)))])  # fmt: skip
    await publish(db)
    assert (await read(db, channel, place))[0] == {"GIFT": 10}


@pytest.mark.requirement("O3.7")
async def test_what_is_promised_to_one_channel_is_not_told_to_another(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices={"MUG": 100})
    await do(
        db, SYSTEM, inventory.save_channel, inventory.SaveChannel(shop.merchant_id, "tmall", {"en": "T"}, "CNY", "HZ")
    )
    async with db.reading(SYSTEM) as tx:
        other = (await inventory.channels(tx, [(shop.merchant_id, "tmall")]))[shop.merchant_id, "tmall"]
    pool = inventory.SetPool(shop.merchant_id, shop.warehouse_id, shop.products["MUG"], other.id, 4, buffer=1)
    await do(db, SYSTEM, inventory.set_pools, [pool])
    await publish(db)
    assert (await read(db, await channel_of(db, shop)))[0] == {"MUG": 6}
    assert (await read(db, other))[0] == {"MUG": 9}


async def test_what_is_off_sale_is_told_as_nothing(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices={"MUG": 100})
    channel = await channel_of(db, shop)
    await publish(db)
    for active, units in ((False, 0), (True, 10)):
        mug = catalog.SaveProduct(shop.merchant_id, "MUG", {"en": "Mug"}, "home", active=active)
        await do(db, SYSTEM, catalog.save_products, [mug])
        await publish(db)
        assert (await read(db, channel))[0] == {"MUG": units}
