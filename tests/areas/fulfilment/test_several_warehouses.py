"""Orders that come from several warehouses: a work in each, shipped and delivered when all of it is."""

import msgspec
import pytest
from tests import given

from dingdan.areas import catalog, fulfilment, inventory, orders, returns
from dingdan.areas.fulfilment import PackedLine, Scan, Ship, WorkState
from dingdan.areas.inventory import Count
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SHANGHAI = msgspec.structs.replace(given.ADDRESS, province="上海市", city="上海市", district="徐汇区")


class Wide(msgspec.Struct, frozen=True):
    """A shop with a second warehouse, which has what the first has not."""

    shop: given.Shop
    other: int


async def wide_shop(db: Database, near: int = 3, far: int = 3, **settings: object) -> Wide:
    """Both warehouses serve the shop's channel; the near one lies where buyers live."""
    shop = await given.shop(db, stock=near, split_orders=True, **settings)  # type: ignore[arg-type]
    place = inventory.SaveWarehouse(shop.merchant_id, "SH", {"en": "Shanghai"}, "Asia/Shanghai", SHANGHAI)
    other = await do(db, SYSTEM, inventory.save_warehouse, place)
    await do(db, SYSTEM, inventory.count, [
        Count(shop.merchant_id, other.id, product, far) for product in shop.products.values()
    ])  # fmt: skip
    channel = inventory.SaveChannel(shop.merchant_id, "web", {"en": "Web"}, "CNY", "SH", warehouses=("HZ",))
    await do(db, SYSTEM, inventory.save_channel, channel)
    return Wide(shop, other.id)


async def send(db: Database, order_id: int, place: int, *pieces: PackedLine, number: str) -> fulfilment.Parcel:
    (work,) = await do(db, SYSTEM, fulfilment.claim, place, limit=1, claimed_by=7, order_ids=[order_id])
    await do(db, SYSTEM, fulfilment.pack, work.id, list(pieces))
    (parcel,) = await do(db, SYSTEM, fulfilment.ship, [Ship(work.id, "manual", number)])
    return parcel


async def arrive(db: Database, number: str) -> None:
    async with db.transaction(SYSTEM) as tx:
        await fulfilment.scan(tx, [Scan("manual", number, "d", "delivered", tx.now)])
    await given.settle(db)


async def order(db: Database, order_id: int) -> orders.Order:
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def works(db: Database, order_id: int) -> dict[int, WorkState]:
    async with db.transaction(SYSTEM) as tx:
        return {work.warehouse_id: work.state for work in await fulfilment.works_of(tx, [order_id])}


@pytest.fixture
def may_break() -> frozenset[str]:
    return frozenset()


@pytest.mark.requirement("O3.6")
async def test_an_order_is_shipped_and_delivered_when_all_its_works_are(db: Database) -> None:
    wide = await wide_shop(db)
    order_id = await given.paid_order(db, wide.shop, {"MUG": 5})
    assert await works(db, order_id) == dict.fromkeys([wide.shop.warehouse_id, wide.other], WorkState.QUEUED)
    await send(db, order_id, wide.shop.warehouse_id, PackedLine(1, 3), number="ONE-1")
    await arrive(db, "ONE-1")
    assert (await order(db, order_id)).shipped_at is None
    assert (await order(db, order_id)).delivered_at is None
    await send(db, order_id, wide.other, PackedLine(None, 2, "MUG"), number="TWO-2")
    assert (await order(db, order_id)).shipped_at is not None
    await arrive(db, "TWO-2")
    assert (await order(db, order_id)).delivered_at is not None


async def test_the_nearest_warehouse_serves_and_a_box_holds_only_its_share(db: Database) -> None:
    wide = await wide_shop(db)
    near = await given.paid_order(db, wide.shop, {"MUG": 2, "TEE": 1})
    assert (await order(db, near)).warehouse_id == wide.shop.warehouse_id
    split = await given.paid_order(db, wide.shop, {"MUG": 2, "TEE": 1})
    (work,) = await do(db, SYSTEM, fulfilment.claim, wide.other, limit=1, claimed_by=7, order_ids=[split])
    with pytest.raises(fulfilment.QuantityDiffers):
        await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 1), PackedLine(2, 1)])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, 2), PackedLine(2, 1)])


async def test_an_order_that_is_picked_anywhere_is_not_cancelled(db: Database) -> None:
    wide = await wide_shop(db)
    order_id = await given.paid_order(db, wide.shop, {"MUG": 5})
    one, other = [
        (await do(db, SYSTEM, fulfilment.claim, place, limit=1, claimed_by=7))[0]
        for place in (wide.shop.warehouse_id, wide.other)
    ]
    await do(db, SYSTEM, fulfilment.put_back, [one.id], reason="later")
    with pytest.raises(orders.AlreadyDispatched):
        await do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind")
    await do(db, SYSTEM, fulfilment.put_back, [other.id], reason="later")
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind")
    await given.settle(db)
    assert set((await works(db, order_id)).values()) == {WorkState.WITHDRAWN}


async def bundle(db: Database, shop: given.Shop) -> given.Shop:
    """The shop with a set of one mug and two socks."""
    gift = catalog.SaveProduct(
        shop.merchant_id, "GIFT", {"en": "Gift set"}, "home", components=(("MUG", 1), ("SOCK", 2))
    )
    (saved,) = await do(db, SYSTEM, catalog.save_products, [gift])
    await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, "GIFT", "CNY", 25000)])
    return msgspec.structs.replace(shop, products=shop.products | {"GIFT": saved.id})


async def test_a_bundle_is_picked_piece_by_piece_and_comes_back_as_pieces(db: Database) -> None:
    shop = await bundle(db, await given.shop(db, stock=10))
    order_id = await given.paid_order(db, shop, {"GIFT": 2, "MUG": 1})
    pieces = [PackedLine(None, 3, "MUG"), PackedLine(None, 4, "SOCK")]
    await send(db, order_id, shop.warehouse_id, *pieces, number="SET-1")
    await arrive(db, "SET-1")
    line = returns.ApplyLine(order_id=order_id, line_no=1, quantity=1)
    (back,) = (await do(db, SYSTEM, returns.apply, returns.Apply(shop.merchant_id, "buyer-1", (line,)))).returns
    await given.settle(db)
    await do(db, SYSTEM, returns.receive, [returns.Receive(back.id, None)])
    fine = returns.InspectedLine(1, 1, is_original=True, intact=True, grade="A", disposition="restock")
    await do(db, SYSTEM, returns.inspect, [returns.Inspect(back.id, (fine,))])
    async with db.transaction(SYSTEM) as tx:
        levels = {one.product_id: one.on_hand for one in await inventory.stock_levels(tx, shop.merchant_id)}
    assert (levels[shop.products["MUG"]], levels[shop.products["SOCK"]]) == (8, 8)


async def test_a_box_with_half_a_bundle_is_not_closed(db: Database) -> None:
    shop = await bundle(db, await given.shop(db, stock=10))
    order_id = await given.paid_order(db, shop, {"GIFT": 2})
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=7, order_ids=[order_id])
    with pytest.raises(fulfilment.QuantityDiffers):
        await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(None, 2, "MUG"), PackedLine(None, 3, "SOCK")])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(None, 2, "GIFT")])
