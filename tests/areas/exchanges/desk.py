"""Steps on the road of an exchange, for the tests of this area."""

from msgspec.structs import replace
from tests import given
from tests.areas.orders.test_amending import free
from tests.areas.payments import till as money
from tests.areas.pricing import till
from tests.areas.returns import bench, road

from dingdan.areas import cases, exchanges, fulfilment, orders, policies, pricing, refunds, returns
from dingdan.areas.exchanges import Ask, Exchange
from dingdan.areas.returns import ApplyLine, Resolution, Return
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

PRICES = {"MUG": 19900, "TEE": 8990, "SOCK": 3990, "BOWL": 22900, "CUP": 14900, "VASE": 19900}
A = {"MUG": 1, "TEE": 2, "SOCK": 1}

__all__ = ["free"]


async def order_a(db: Database, *, stock: int = 10) -> tuple[given.Shop, int]:
    """Order A of docs/money.md in the buyer's hands: of 199.00 for the first line 179.99 were paid."""
    shop = await given.shop(db, stock=stock, freight=10_00, prices=PRICES)
    await till.running(db, shop, pricing.Tiers((pricing.Tier(30000, 4000),)))
    order_id = await given.delivered_order(db, shop, A)
    return shop, order_id


async def waiting_shop(db: Database, **more: str) -> tuple[given.Shop, int]:
    """A shop whose policy lets buyers wait for what is sold out, and a mug in a buyer's hands."""
    law = policies.packs()[0].exchange
    assert law is not None
    shop = await bench.shop(db, parts={"exchange": replace(law, out_of_stock="wait", **more)}, stock=10, prices=PRICES)
    return shop, await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1})


async def trusting_shop(db: Database) -> tuple[given.Shop, int]:
    """A shop that trusts everybody up to 200.00."""
    trust = policies.EarlyRefund(most=200_00, completed_orders=0)
    shop = await bench.shop(db, parts={"early_refund": trust}, stock=10, prices=PRICES)
    return shop, await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1})


async def cases_of(db: Database, order_id: int) -> list[str]:
    async with db.reading(SYSTEM) as tx:
        return [one.kind for one in await cases.of_orders(tx, [order_id])]


async def of_return(db: Database, held: Return) -> Exchange:
    async with db.reading(SYSTEM) as tx:
        return (await exchanges.of_returns(tx, [held.id]))[held.id]


async def asked(
    db: Database, shop: given.Shop, order_id: int, *, wanted: str | None = None, line_no: int = 1, quantity: int = 1,
    reason: str = "NO_REASON",
) -> tuple[Return, Exchange]:  # fmt: skip
    """An application to exchange units of one line."""
    application = road.wish(shop, ApplyLine(quantity, reason, order_id, line_no), resolution=Resolution.EXCHANGE)
    wishes = {} if wanted is None else {(order_id, line_no): wanted}
    applied, (made,) = await do(db, SYSTEM, exchanges.ask, Ask(application, wishes))
    await given.settle(db)
    return applied.returns[0], made


async def came_back(db: Database, held: Return, *lines: returns.InspectedLine) -> returns.Inspected:
    """The goods are here and were looked at."""
    await road.sent(db, held, f"BACK-{held.id}")
    await given.settle(db)
    await road.received(db, held)
    await given.settle(db)
    done = await road.inspected(db, held, *(lines or (road.fine(1),)))
    await given.settle(db)
    return done


async def now(db: Database, made: Exchange) -> Exchange:
    async with db.reading(SYSTEM) as tx:
        return await exchanges.get_one(tx, made.id)


async def order(db: Database, made: Exchange) -> orders.Order:
    """What goes out."""
    return await money.order_of(db, made.sent_order_id)


async def wanted(db: Database, made: Exchange) -> list[tuple[int, int, int]]:
    """For which lines what is wanted, and how many."""
    async with db.reading(SYSTEM) as tx:
        return [(n.line_no, n.product_id, n.quantity) for n in (await exchanges.lines_of(tx, [made.id]))[made.id]]


async def told(db: Database, held: Return, wire: str) -> list[int]:
    """The amounts of the facts of one kind that were told about a return."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT data->>'amount' AS amount FROM facts WHERE subject_id = $1 AND wire = $2 ORDER BY id", held.id, wire
        )
    return [int(row["amount"]) for row in rows]


async def arrives(db: Database, shop: given.Shop, made: Exchange) -> None:
    """What goes out is sent and is there."""
    await delivered(db, shop, made.sent_order_id)


async def delivered(db: Database, shop: given.Shop, order_id: int) -> None:
    """An order is sent and is there."""
    number = await given.ship(db, shop, order_id)
    async with db.transaction(SYSTEM) as tx:
        await fulfilment.scan(tx, [fulfilment.Scan(carrier="manual", tracking_number=number, event_id="d1",
                                                   code="delivered", at=tx.now, place="")])  # fmt: skip
    await given.settle(db)


async def back(db: Database, order_id: int) -> list[tuple[str, int, str]]:
    """Every refund of an order: why, how much, and where it stands."""
    async with db.reading(SYSTEM) as tx:
        found = (await refunds.of_orders(tx, [order_id]))[order_id]
    return [(str(one.cause), one.amount, str(one.state)) for one in found]
