"""Whatever lets units go serves those who wait for them: an order of a channel, and one of which pieces were missing."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest
from tests import given
from tests.areas.channel_orders import there
from tests.areas.exchanges import desk
from tests.areas.sourcing import houses

from dingdan.areas import carriers, exchanges, fulfilment, inventory, orders, placement, returns, sourcing
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

FAR = msgspec.structs.replace(
    given.ADDRESS, province="新疆维吾尔自治区", city="乌鲁木齐市", district="天山区", detail="解放北路 1 号"
)


@pytest.fixture
def may_break() -> frozenset[str]:
    """Nothing is broken here."""
    return frozenset()


async def split(db: Database, three: houses.Three, order_id: int) -> None:
    await do(db, SYSTEM, sourcing.split, order_id, {1: 2}, "SH")


async def cancel(db: Database, three: houses.Three, order_id: int) -> None:
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind")


async def cancel_some(db: Database, three: houses.Three, order_id: int) -> None:
    await do(db, SYSTEM, orders.cancel_lines, order_id, {1: 2}, reason="changed_my_mind")


async def expire(db: Database, three: houses.Three, order_id: int) -> None:
    await do_at(db, SYSTEM, (await houses.order(db, order_id)).pay_by, orders.expire, [order_id])


async def send_far(db: Database, three: houses.Three, order_id: int) -> None:
    """No way leads there from where it is kept."""
    carrier_id = await given.carrier(db, three.shop)
    ways = [
        carriers.SaveLane(merchant_id=three.shop.merchant_id, code=code, carrier_id=carrier_id, country="CN", **more)
        for code, more in (
            ("all", {}), ("not-from-here", {"region": "65", "warehouse_id": three.hz, "deliverable": False}))
    ]  # fmt: skip
    await do(db, SYSTEM, carriers.save_lanes, ways)
    await do(db, SYSTEM, placement.change_address, order_id, placement.ChangeAddress(ship_to=FAR))


@pytest.mark.requirement("issue 6: split")
@pytest.mark.parametrize("let_go", [split, send_far, cancel, cancel_some, expire])
async def test_who_waits_for_units_gets_those_that_are_let_go(
    db: Database, let_go: Callable[[Database, houses.Three, int], Awaitable[None]]
) -> None:
    three = await houses.three(db, near=3, far=0)
    shop, mug = three.shop, three.shop.products["MUG"]
    make = given.placed_order if let_go is expire else given.paid_order
    order_id = await make(db, shop, {"MUG": 2, "TEE": 1} if let_go is cancel_some else {"MUG": 2})
    short = await given.paid_order(db, shop, {"MUG": 1}, buyer="short")
    (work,) = await houses.claim(db, three.hz, short)
    await do(db, SYSTEM, fulfilment.report_short, work.id, [fulfilment.ShortLine(1, damaged=1)])
    (waits,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    await do(db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, three.sh, mug, 2)])
    await given.settle(db)
    held = orders.OrderState.HELD
    assert ((await houses.order(db, short)).state, (await there.order_of(db, waits)).state) == (held, held)

    await let_go(db, three, order_id)
    await given.settle(db)

    assert (await there.order_of(db, waits)).state is orders.OrderState.CONFIRMED
    served = await houses.order(db, short)
    assert (served.state, served.short_since) == (orders.OrderState.CONFIRMED, None)
    assert await houses.held(db, short) == {three.hz: {1: 1}}


@pytest.mark.requirement("R4.6")
async def test_what_was_kept_for_an_exchange_that_is_dropped_serves_an_order_that_is_short(db: Database) -> None:
    shop, bought = await desk.waiting_shop(db)
    bowl = shop.products["BOWL"]
    await do(db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, shop.warehouse_id, bowl, 2)])
    kept, made = await desk.asked(db, shop, bought, wanted="BOWL")
    short = await given.paid_order(db, shop, {"BOWL": 1}, buyer="short")
    (work,) = await houses.claim(db, shop.warehouse_id, short)
    await do(db, SYSTEM, fulfilment.report_short, work.id, [fulfilment.ShortLine(1, damaged=1)])
    await given.settle(db)
    assert (await houses.order(db, short)).state is orders.OrderState.HELD

    await do(db, SYSTEM, returns.withdraw, kept.id)
    await given.settle(db)

    assert (await desk.now(db, made)).state is exchanges.ExchangeState.DROPPED
    assert (await houses.order(db, short)).state is orders.OrderState.CONFIRMED
