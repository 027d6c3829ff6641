"""An order whose goods never arrive waits for nothing more once the last case about it has ended."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.transit import sent

from dingdan.areas import cases, orders
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O6.1")


async def opened(db: Database, order_id: int) -> dict[str, int]:
    """The open cases of an order by their kinds."""
    async with db.reading(SYSTEM) as tx:
        return {case.kind: case.id for case in await cases.of_orders(tx, [order_id]) if case.ended_at is None}


async def state(db: Database, order_id: int) -> str:
    async with db.reading(SYSTEM) as tx:
        return str((await orders.get_one(tx, order_id)).state)


async def paid_back(db: Database, case_id: int, closure: str = "paid_back") -> None:
    """A unit in money, and the end."""
    await do(db, desk.MARA, cases.propose, case_id, desk.refund())
    await given.settle(db)
    await do(db, desk.ANNA, cases.close, case_id, closure=closure)
    await given.settle(db)


async def test_a_parcel_that_broke_on_its_way_and_was_made_good_is_waited_for_no_more(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.shipped_order(db, shop)
    await desk.scan(db, order_id, "damaged")
    await paid_back(db, (await opened(db, order_id))["damage"])
    assert await state(db, order_id) == "completed"
    await desk.scan(db, order_id, "delivered")
    async with db.reading(SYSTEM) as tx:
        clocks = {one.kind for one in await deadlines.of_subjects(tx, [order_id])}
    assert (await state(db, order_id), "order.auto_receive" in clocks) == ("completed", False)


@pytest.mark.parametrize("last", ["delay", "loss"])
async def test_whichever_case_about_a_parcel_without_news_ends_last_ends_its_order(db: Database, last: str) -> None:
    shop = await given.shop(db)
    parcel = await sent.parcel(db, shop, sandbox_number(1, "S"))
    for hours in (12, 39, 150):
        await sent.turn(db, timedelta(hours=hours))
    order_id = parcel.lines[0].order_id
    found = await opened(db, order_id)
    assert sorted(found) == ["delay", "loss"]
    first = {"delay": "loss", "loss": "delay"}[last]
    await paid_back(db, found[first])
    assert await state(db, order_id) == "confirmed"
    await do(db, desk.ANNA, cases.close, found[last], closure="solved")
    assert await state(db, order_id) == "completed"


@pytest.mark.parametrize("is_first", [True, False])
async def test_what_arrives_beside_a_lost_parcel_has_its_time_of_receipt(db: Database, is_first: bool) -> None:
    shop = await given.shop(db)
    lost, there = await sent.parcels(db, shop, [sandbox_number(1, "L"), sandbox_number(2, "N")])
    order_id = lost.lines[0].order_id
    if is_first:
        await sent.tell(db, there, "delivered")
    await sent.tell(db, lost, "lost")
    await given.settle(db)
    await paid_back(db, (await opened(db, order_id))["loss"])
    if not is_first:
        assert await state(db, order_id) == "confirmed"
        await sent.tell(db, there, "delivered")
        await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        clocks = {one.kind for one in await deadlines.of_subjects(tx, [order_id])}
    assert (order.state, order.delivered_at is not None, "order.auto_receive" in clocks) == ("confirmed", True, True)
