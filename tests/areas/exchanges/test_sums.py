"""What an exchange comes to in the end, however it went: never more than a return would bring, and never less."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.exchanges import desk
from tests.areas.payments import till as money
from tests.areas.returns import road

from dingdan.areas.exchanges import ExchangeState
from dingdan.areas.returns import Outcome
from dingdan.plumbing.database import Database


@pytest.mark.requirement("R4.6", "R3.10")
async def test_goods_that_come_when_the_exchange_has_lapsed_bring_their_money_back(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    await money.pass_time(db, timedelta(days=9))
    await given.settle(db, with_deadlines=True)
    await road.received(db, held)
    await road.inspected(db, held, road.fine(1))
    await given.settle(db)
    assert ((await desk.now(db, made)).state, await desk.back(db, order_id)) == (
        ExchangeState.DROPPED, [("return", 179_99, "settled")],
    )  # fmt: skip
    assert (await road.now_is(db, held)).outcome is Outcome.SETTLED
