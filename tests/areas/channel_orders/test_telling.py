"""What happens here is told back, once, in order, and shown as late when nobody takes it."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.channel_orders import there

from dingdan.areas import channel_orders, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import telemetry
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.reactions.channel_orders import tell_channel

pytestmark = pytest.mark.requirement("O3.10")


async def test_a_parcel_is_told_with_its_number_and_the_channels_own_lines(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    number = await given.ship(db, shop, (await there.order_of(db, made)).id)
    parcel, shipped = await there.updates(db, shop)
    assert (parcel.kind, shipped.kind, parcel.number) == ("parcel_dispatched", "shipped", "T-1")
    assert parcel.document == {
        "carrier": "manual", "tracking_number": number, "lines": [{"ref": "1", "quantity": 1}]}  # fmt: skip


async def test_a_cancellation_here_is_told_and_one_there_is_not(db: Database) -> None:
    shop = await given.shop(db)
    here, _ = await there.tell(
        db, shop, there.told(payments=(there.paid(),)), there.told("T-2", cancelled=there.called_off())
    )
    await do(db, SYSTEM, orders.cancel, (await there.order_of(db, here)).id, reason="no_goods")
    await given.settle(db)
    told = await there.updates(db, shop)
    assert [(one.kind, one.number) for one in told] == [("cancelled", "T-1"), ("refunded", "T-1")]
    assert (told[0].document, told[1].document["amount"]) == ({"reason": "no_goods"}, 19900)


async def test_orders_of_our_own_are_told_to_nobody(db: Database) -> None:
    shop = await given.shop(db)
    await given.shipped_order(db, shop)
    assert await there.updates(db, shop) == []


async def test_a_fact_handed_out_again_makes_no_second_update(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    order = await there.order_of(db, made)
    await given.ship(db, shop, order.id)
    fact = orders.OrderShipped(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id)
    await do(db, SYSTEM, tell_channel, [fact, fact])
    assert len(await there.updates(db, shop)) == 2


async def test_what_waits_too_long_is_late_and_what_was_acknowledged_has_a_lag(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    await given.ship(db, shop, (await there.order_of(db, made)).id)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE channel_updates SET at = at - $1::interval", timedelta(seconds=90))
    where = await there.channel(db, shop)
    async with db.transaction(SYSTEM) as tx:
        before = await channel_orders.sync(tx, where.id)
    assert (before.backlog, before.late, before.lag_p50_ms) == (2, 2, None)
    await channel_orders.measure(db)
    assert telemetry.CHANNEL_UPDATES.labels("late")._value.get() == 2
    ids = [one.id for one in await there.updates(db, shop)]
    assert await do(db, SYSTEM, channel_orders.acknowledge, where, ids) == 2
    async with db.transaction(SYSTEM) as tx:
        after = await channel_orders.sync(tx, where.id)
    assert (after.backlog, after.late) == (0, 0)
    assert after.lag_p95_ms is not None
    assert after.lag_p95_ms >= 90_000


async def test_a_channel_acknowledges_its_own_updates_only(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    await given.ship(db, shop, (await there.order_of(db, made)).id)
    ids = [one.id for one in await there.updates(db, shop)]
    assert await do(db, SYSTEM, channel_orders.acknowledge, await there.channel(db, other), ids) == 0
