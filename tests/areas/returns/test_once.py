"""A unit is paid back once, whichever way is tried first: return, remedy of a case, or a second application."""

import asyncio

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.returns import road

from dingdan.areas import cases, returns
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R2.1")


async def test_what_is_in_a_return_is_not_made_good_by_a_case(db: Database) -> None:
    shop = await given.shop(db, prices={"CUP": 10_00})
    order_id = await given.delivered_order(db, shop, {"CUP": 2})
    await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
    case = await desk.trouble(db, order_id)

    with pytest.raises(cases.UnitsMadeGood):
        await do(db, desk.ANNA, cases.propose, case.id, desk.refund(units=2))
    assert (await do(db, desk.ANNA, cases.propose, case.id, desk.refund(units=1))).state == "executed"


@pytest.mark.parametrize("remedy", [desk.refund(), desk.reship()], ids=["paid back", "sent again"])
async def test_what_a_case_made_good_does_not_come_back(db: Database, remedy: cases.Propose) -> None:
    shop = await given.shop(db, prices={"CUP": 10_00})
    order_id = await given.delivered_order(db, shop, {"CUP": 1})
    case = await desk.trouble(db, order_id)
    assert (await do(db, desk.ANNA, cases.propose, case.id, remedy)).state == "executed"

    assert await road.refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1)) == [
        ("return.quantity_exceeded", "lines[0].quantity")
    ]


async def test_a_remedy_that_nobody_grants_lets_its_units_go(db: Database) -> None:
    shop = await given.shop(db, prices={"RING": 400_00})
    order_id = await given.delivered_order(db, shop, {"RING": 1})
    case = await desk.trouble(db, order_id)
    wanted = await do(db, desk.ANNA, cases.propose, case.id, desk.refund())
    assert wanted.state == "proposed"
    assert await road.refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1))

    await do(db, desk.LEA, cases.refuse, wanted.id, reason="not_due")
    assert (await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))).decision == "approved"


async def test_a_withdrawn_return_leaves_its_units_to_a_case(db: Database) -> None:
    shop = await given.shop(db, prices={"CUP": 10_00})
    order_id = await given.delivered_order(db, shop, {"CUP": 1})
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
    await do(db, SYSTEM, returns.withdraw, held.id)
    case = await desk.trouble(db, order_id)

    assert (await do(db, desk.ANNA, cases.propose, case.id, desk.refund())).state == "executed"


async def test_goods_of_a_lapsed_return_do_not_come_in_once_a_case_made_them_good(db: Database) -> None:
    shop = await given.shop(db, prices={"CUP": 10_00})
    order_id = await given.delivered_order(db, shop, {"CUP": 1})
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
    await do(db, SYSTEM, returns.lapse, [held.id])
    case = await desk.trouble(db, order_id)
    assert (await do(db, desk.ANNA, cases.propose, case.id, desk.reship())).state == "executed"

    with pytest.raises(returns.UnitsTaken):
        await do(db, SYSTEM, returns.receive, [returns.Receive(held.id)])


async def test_a_return_and_a_remedy_at_once_are_one_of_them(db: Database) -> None:
    shop = await given.shop(db, prices={"CUP": 10_00})
    for _ in range(4):
        order_id = await given.delivered_order(db, shop, {"CUP": 1})
        case = await desk.trouble(db, order_id)
        ended = await asyncio.gather(
            do(db, SYSTEM, returns.apply, road.wish(shop, ApplyLine(1, order_id=order_id, line_no=1))),
            do(db, desk.ANNA, cases.propose, case.id, desk.refund()),
            do(db, SYSTEM, returns.apply, road.wish(shop, ApplyLine(1, order_id=order_id, line_no=1))),
            return_exceptions=True,
        )
        assert sum(not isinstance(end, BaseException) for end in ended) == 1
        assert all(isinstance(end, Refusal) for end in ended if isinstance(end, BaseException))
