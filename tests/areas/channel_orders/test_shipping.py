"""What a channel sends itself leaves our stock once, whole, with its parcels."""

import pytest
from tests import given
from tests.areas.channel_orders import there

from dingdan.areas import fulfilment, inventory
from dingdan.areas.channel_orders import PartLine, ShippedThere
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("O3.10")


async def on_hand(db: Database, shop: given.Shop, sku: str = "MUG") -> int:
    """What lies on the shelf."""
    async with db.transaction(SYSTEM) as tx:
        (level,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products[sku]])
    return level.on_hand


async def test_an_order_that_comes_paid_and_sent_is_shipped_and_never_queued(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),), shipments=(there.sent(),)))
    order = await there.order_of(db, made)
    async with db.transaction(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, [order.id])
        assert await fulfilment.works_of(tx, [order.id]) == []
    assert (order.shipped_at is not None, parcel.carrier, parcel.tracking_number) == (True, "sf", "SF1234567890123")
    assert (await on_hand(db, shop), await there.updates(db, shop)) == (4, [])


async def test_an_order_that_waits_to_be_picked_is_taken_out_of_the_queue(db: Database) -> None:
    shop = await given.shop(db)
    made, _ = await there.tell(
        db, shop, there.told(payments=(there.paid(),)), there.told(after=3, shipments=(there.sent(),))
    )
    order = await there.order_of(db, made)
    async with db.transaction(SYSTEM) as tx:
        (work,) = await fulfilment.works_of(tx, [order.id])
    assert (order.shipped_at is not None, work.state) == (True, "withdrawn")


async def test_a_part_that_was_sent_holds_the_rest_until_all_of_it_was(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    first = ShippedThere("s1", "sf", "SF1234567890123", there.at(3), (PartLine("1", 1),))
    rest = ShippedThere("s2", "sf", "SF1234567890124", there.at(4), (PartLine("1", 2),))
    told = there.told(quantity=3, payments=(there.paid(59700),), shipments=(first,))
    (made,) = await there.tell(db, shop, told)
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("held", ["part_shipped"])
    await there.tell(db, shop, there.told(quantity=3, after=4, shipments=(rest,)))
    assert ((await there.order_of(db, made)).shipped_at is not None, await there.kinds(db, made)) == (True, [])
    assert await on_hand(db, shop) == 2


async def test_a_carrier_nobody_knows_is_a_problem_and_the_parcel_is_kept(db: Database) -> None:
    shop = await given.shop(db)
    sent = there.sent("X-99 1", carrier="cainiao")
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),), shipments=(sent,)))
    order = await there.order_of(db, made)
    async with db.transaction(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, [order.id])
    assert (await there.kinds(db, made), parcel.carrier, parcel.tracking_number) == (
        ["unknown_carrier"], "manual", "X-991")  # fmt: skip


async def test_one_number_for_two_orders_refuses_neither(db: Database) -> None:
    shop = await given.shop(db)
    sent = (there.sent(),)
    made = await there.tell(
        db, shop, *(there.told(f"T-{n}", payments=(there.paid(),), shipments=sent) for n in range(2))
    )
    assert all([(await there.order_of(db, one)).shipped_at is not None for one in made])


async def test_what_was_sent_before_it_was_paid_leaves_when_the_money_is_known(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(shipments=(there.sent(),)))
    assert (await there.order_of(db, made)).shipped_at is None
    await there.tell(db, shop, there.told(after=1, payments=(there.paid(),)))
    assert (await there.order_of(db, made)).shipped_at is not None
