"""What stays of the money for goods stands on a paper, with whichever order it lies."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.exchanges import desk as goods
from tests.areas.invoices import desk
from tests.areas.payments import till as money

from dingdan.areas import orders, returns
from dingdan.areas.exchanges import ExchangeState
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R4.9")


async def totals(db: Database, order_id: int) -> list[tuple[str, int]]:
    return [(kind, total) for kind, state, total, _ in await desk.said(db, order_id) if state == "issued"]


@pytest.mark.parametrize("issue_when", ["paid", "completed"])
async def test_what_is_withheld_where_nothing_is_sent_is_invoiced(db: Database, issue_when: str) -> None:
    shop, order_id = await goods.order_a(db)
    await desk.seller(db, shop, issue_when=issue_when)
    await do(db, SYSTEM, orders.receive, order_id)
    await desk.asked(db, order_id)
    held, made = await goods.asked(db, shop, order_id)
    await do(db, SYSTEM, returns.add_costs, {held.id: (8_00, 0)})
    await goods.came_back(db, held)
    assert (await goods.now(db, made)).state is ExchangeState.DIFFERENCE
    await money.pass_time(db, timedelta(hours=73))
    await given.settle(db, with_deadlines=True)

    assert await totals(db, order_id) == [("invoice", 388_70), ("credit_note", 179_99)]
    # Our label, which the buyer bears: it lies with the order that was never paid and never left.
    assert await totals(db, made.sent_order_id) == [("invoice", 8_00)]
    (paper,) = await desk.papers(db, made.sent_order_id)
    assert await desk.name_on(db, paper) == desk.PERSON.name


async def test_what_is_sent_for_goods_is_invoiced_to_whoever_wished_for_the_first_one(db: Database) -> None:
    shop, order_id = await goods.order_a(db)
    await desk.seller(db, shop, issue_when="completed")
    await do(db, SYSTEM, orders.receive, order_id)
    await desk.asked(db, order_id)
    held, made = await goods.asked(db, shop, order_id, wanted="CUP")
    await goods.came_back(db, held)
    await goods.arrives(db, shop, made)
    await desk.receive(db, made.sent_order_id)
    assert await totals(db, order_id) == [("invoice", 388_70), ("credit_note", 149_00), ("credit_note", 30_99)]
    assert await totals(db, made.sent_order_id) == [("invoice", 149_00)]
