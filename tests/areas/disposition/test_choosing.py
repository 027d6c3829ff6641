"""What was not accepted is the buyer's: kept for them, sent back, paid for, or disputed."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.returns import bench, road
from tests.areas.returns.road import fine

from dingdan.areas import cases, disposition, refunds, returns
from dingdan.areas.disposition import Choice, Decide
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SPOILT = fine(1, intact=False, grade="C", disposition="quarantine")


async def rejected(db: Database, shop: given.Shop) -> disposition.ReturnedGoods:
    (goods,) = await bench.looked_at(db, shop, SPOILT)
    await given.settle(db)
    return goods


async def code_of(db: Database, command: object, *args: object, **more: object) -> str:
    try:
        await do(db, SYSTEM, command, *args, **more)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.problems[0].code
    return ""


@pytest.mark.requirement("R3.10")
async def test_rejected_goods_are_never_used_without_money(db: Database) -> None:
    goods = await rejected(db, await given.shop(db))

    assert not goods.is_ours
    assert goods.store_until is not None
    for kind in ("restock", "liquidate", "donate", "scrap"):
        assert (
            await code_of(db, disposition.decide, [Decide(goods_id=goods.id, kind=kind, quantity=1)])
            == "goods.not_ours"
        )  # type: ignore[arg-type]
    assert await bench.wires(db, goods.id) == ["goods.rejected"]


@pytest.mark.requirement("R3.10")
async def test_a_reduction_is_paid_and_only_then_the_goods_are_ours(db: Database) -> None:
    shop = await given.shop(db)
    goods = await rejected(db, shop)

    assert await code_of(db, disposition.choose, goods.id, Choice.REDUCTION) == "goods.no_offer"
    assert await code_of(db, disposition.offer, goods.id, amount=19901) == "goods.offer_unfit"
    await do(db, SYSTEM, disposition.offer, goods.id, amount=5000)
    kept = await do(db, SYSTEM, disposition.choose, goods.id, Choice.REDUCTION)
    await given.settle(db)

    async with db.transaction(SYSTEM) as tx:
        (refund,) = (await refunds.of_orders(tx, [goods.order_id]))[goods.order_id]
    assert (refund.cause, refund.cause_id, refund.amount, refund.state) == ("kept", goods.id, 5000, "settled")
    assert (kept.is_ours, kept.paid_with) == (True, refund.id)
    await do(db, SYSTEM, disposition.decide, [Decide(goods_id=goods.id, kind="liquidate", quantity=1, recovered=3000)])
    assert await code_of(db, disposition.choose, goods.id, Choice.DISPUTE) == "goods.nothing_to_choose"
    # They were paid for once and do not come back again.
    again = returns.ApplyLine(1, order_id=goods.order_id, line_no=1)
    assert await road.refused(db, shop, again) == [("return.quantity_exceeded", "lines[0].quantity")]


@pytest.mark.requirement("R3.10")
async def test_whoever_disagrees_opens_a_case_and_keeps_the_goods(db: Database) -> None:
    goods = await rejected(db, await given.shop(db))
    await do(db, SYSTEM, disposition.choose, goods.id, Choice.DISPUTE)
    await given.settle(db)

    async with db.transaction(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [goods.order_id])
    assert (case.kind, (await do(db, SYSTEM, disposition.get_one, goods.id)).is_ours) == ("inspection_disputed", False)


@pytest.mark.requirement("R3.10")
async def test_a_silent_buyer_is_reminded_twice_and_the_goods_stay_theirs(db: Database) -> None:
    goods = await rejected(db, await given.shop(db))
    for days in (31, 7, 8, 30):
        await bench.later(db, timedelta(days=days))

    assert (await bench.wires(db, goods.id)).count("goods.unclaimed") == 3
    now = await do(db, SYSTEM, disposition.get_one, goods.id)
    assert (now.reminded, now.is_ours, now.open) == (3, False, 1)
    await do(db, SYSTEM, disposition.choose, goods.id, Choice.SEND_BACK)
    await do(db, SYSTEM, disposition.decide, [Decide(goods_id=goods.id, kind="send_back", quantity=1)])
