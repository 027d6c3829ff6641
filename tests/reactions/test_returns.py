"""An open return holds up the receipt of its order."""

from datetime import datetime

import pytest
from tests import given

from dingdan.areas import orders, returns
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.fixture
def may_break() -> frozenset[str]:
    """Nothing is broken here."""
    return frozenset()


async def receipt_clock(db: Database, order_id: int) -> datetime | None:
    async with db.transaction(SYSTEM) as tx:
        clocks = {clock.kind: clock for clock in await deadlines.of_subjects(tx, [order_id])}
    return clocks[orders.AUTO_RECEIVE.name].at


@pytest.mark.requirement("O5.1")
@pytest.mark.requirement("O5.3")
async def test_an_open_return_stops_the_clock_and_its_end_lets_it_run_on(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 2}, buyer="me")
    line = returns.ApplyLine(order_id=order_id, line_no=1, quantity=1)
    applied = await do(db, SYSTEM, returns.apply, returns.Apply(shop.merchant_id, "me", (line,)))
    await given.settle(db)
    assert await receipt_clock(db, order_id) is None
    with pytest.raises(orders.AfterSaleOpen):
        await do(db, SYSTEM, orders.receive, order_id)
    await do(db, SYSTEM, returns.withdraw, applied.returns[0].id)
    await given.settle(db)
    assert await receipt_clock(db, order_id) is not None
    await do(db, SYSTEM, orders.receive, order_id)


@pytest.mark.requirement("O5.3")
async def test_one_of_two_open_returns_is_enough_to_hold_it_up(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 2}, buyer="me")
    first, _ = [
        await do(db, SYSTEM, returns.apply, returns.Apply(
            shop.merchant_id, "me", (returns.ApplyLine(order_id=order_id, line_no=1, quantity=1),)))
        for _ in range(2)
    ]  # fmt: skip
    await do(db, SYSTEM, returns.withdraw, first.returns[0].id)
    await given.settle(db)
    assert await receipt_clock(db, order_id) is None
