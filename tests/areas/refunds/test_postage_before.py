"""Postage that went back out of an order's money never keeps what comes later from being done; it is owed otherwise."""

from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.customs import test_noting as border
from tests.areas.exchanges import desk
from tests.areas.returns import road

from dingdan.areas import cases, exchanges, orders, refunds, returns
from dingdan.areas.returns import ApplyLine, Return, Send
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def sent_at_cost(db: Database, held: Return, postage: int) -> Return:
    held = await do(db, SYSTEM, returns.approve, held.id)
    await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", f"COST-{held.id}", postage)])
    return held


async def paid_way_back(db: Database, *, fault: str = "WRONG_ITEM") -> tuple[given.Shop, int, Return]:
    """Two units of 100.00; one went back as a fault and took 15.00 of postage out of the order: 85.00 are left."""
    shop = await given.shop(db, prices={"TEE": 100_00, "BOWL": 120_00}, stock=10)
    order_id = await given.delivered_order(db, shop, {"TEE": 2})
    held = await sent_at_cost(db, await road.applied(db, shop, ApplyLine(1, fault, order_id, 1)), 15_00)
    await road.received(db, held)
    await road.inspected(db, held, road.fine(1, disposition="quarantine"))
    await given.settle(db)
    return shop, order_id, held


async def owed(db: Database, *held: Return) -> list[int]:
    return [(await road.now_is(db, one)).postage_owed for one in held]


async def test_the_next_unit_is_exchanged_for_what_is_left(db: Database) -> None:
    shop, order_id, before = await paid_way_back(db)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)

    made = await desk.now(db, made)
    # The same again costs the buyer nothing, and they keep their postage.
    assert (made.state, made.worth, made.carried, made.price) == (
        exchanges.ExchangeState.REPLACED, 85_00, 85_00, 85_00,
    )  # fmt: skip
    assert await owed(db, before, held) == [0, 0]
    assert (await desk.order(db, made)).state is orders.OrderState.CONFIRMED


async def test_what_is_dearer_is_paid_and_the_postage_is_owed_otherwise(db: Database) -> None:
    shop, order_id, before = await paid_way_back(db)
    held, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    await desk.came_back(db, held)

    made = await desk.now(db, made)
    assert (made.state, made.carried, made.price) == (exchanges.ExchangeState.DIFFERENCE, 85_00, 120_00)
    # 35.00 are asked where 20.00 are due, so 15.00 are owed.
    assert await owed(db, before, held) == [0, 15_00]
    assert "postage_owed" in await desk.cases_of(db, order_id)


async def test_a_remedy_gives_what_is_left(db: Database) -> None:
    _, order_id, before = await paid_way_back(db)
    case = await trouble.trouble(db, order_id)
    await do(db, trouble.MARA, cases.propose, case.id, trouble.refund())
    await given.settle(db)

    assert [amount for cause, amount, _ in await desk.back(db, order_id) if cause == "case"] == [85_00]
    assert await owed(db, before) == [15_00]
    assert "postage_owed" in await desk.cases_of(db, order_id)


async def test_import_tax_comes_back_as_far_as_money_is_left_and_a_person_sees_to_the_rest(db: Database) -> None:
    shop, order_id = await border.bought(db)
    ours = await sent_at_cost(db, await road.applied(db, shop, ApplyLine(1, "WRONG_ITEM", order_id, 1)), 15_00)
    await road.received(db, ours)
    await road.inspected(db, ours, road.fine(1, disposition="quarantine"))
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=2))
    await border.looked_at(db, held)
    await border.soap_back(db, order_id)
    await given.settle(db)

    async with db.reading(SYSTEM) as tx:
        found = (await refunds.of_orders(tx, [order_id]))[order_id]
        order = await orders.get_one(tx, order_id)
        failed = await tx.fetchval("SELECT count(*) FROM reaction_parked")
    # 233.20 went back for the first line and 94.10 of the 100.00 of the second one: nothing is left for its tax.
    assert (sum(one.amount for one in found), failed) == (order.total, 0)
    # 5.90 of the price and 9.10 of the tax: the 15.00 of the postage.
    assert await owed(db, ours, held) == [9_10, 5_90]
    assert await desk.told(db, ours, "return.postage_owed") == [9_10]
    assert "postage_owed" in await desk.cases_of(db, order_id)
