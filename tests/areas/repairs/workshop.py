"""Steps on the road of a repair, for the tests of this area."""

from datetime import timedelta

from tests import given
from tests.areas.payments import till as money
from tests.areas.returns import bench, road

from dingdan.areas import repairs, returns
from dingdan.areas.repairs import Repair, RepairState, SendBack
from dingdan.areas.returns import ApplyLine, Resolution, Return
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

BACK = SendBack("sf", "SF12345")
FAULT = "FUNCTION_FAULT"


async def phone_shop(db: Database) -> tuple[given.Shop, int]:
    """A shop of phones, which have three guarantees, and one of them in a buyer's hands."""
    shop = await bench.shop(db, category="phone", stock=10, prices={"PHONE": 199_00})
    return shop, await given.delivered_order(db, shop, {"PHONE": 1})


async def asked(db: Database, shop: given.Shop, order_id: int, *, quantity: int = 1) -> tuple[Return, Repair]:
    """A repair that was granted."""
    held = await road.applied(db, shop, ApplyLine(quantity, FAULT, order_id, 1), resolution=Resolution.REPAIR)
    held = await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    return held, await of_return(db, held)


async def here(db: Database, shop: given.Shop, order_id: int, *, quantity: int = 1) -> tuple[Return, Repair]:
    """Goods that are here to be mended."""
    held, _ = await asked(db, shop, order_id, quantity=quantity)
    await road.sent(db, held, f"IN-{held.id}")
    await road.received(db, held)
    await given.settle(db)
    return held, await of_return(db, held)


async def mended(db: Database, shop: given.Shop, order_id: int, *, days: int = 0) -> tuple[Return, Repair]:
    """Goods that were mended and are with the buyer again, after so many days."""
    held, made = await here(db, shop, order_id)
    await later(db, days=days)
    await do(db, SYSTEM, repairs.send_back, made.id, BACK)
    await do(db, SYSTEM, repairs.arrive, made.id)
    await given.settle(db)
    return held, await now(db, made)


async def later(db: Database, **span: int) -> None:
    """Turn the clock, and let everything follow."""
    if any(span.values()):
        await money.pass_time(db, timedelta(**span))
        await given.settle(db, with_deadlines=True)


async def of_return(db: Database, held: Return) -> Repair:
    async with db.reading(SYSTEM) as tx:
        return (await repairs.of_returns(tx, [held.id]))[held.id]


async def now(db: Database, made: Repair) -> Repair:
    async with db.reading(SYSTEM) as tx:
        return await repairs.get_one(tx, made.id)


async def state(db: Database, made: Repair) -> RepairState:
    return (await now(db, made)).state


async def stock(db: Database, shop: given.Shop) -> list[tuple[str, int]]:
    """Every movement of the shop's stock since it was counted and sold: why, and how many."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT reason, quantity FROM movements WHERE merchant_id = $1 AND reason IN ('return_in', 'send_back')",
            shop.merchant_id,
        )
    return [(row["reason"], row["quantity"]) for row in rows]
