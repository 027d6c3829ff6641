"""A ruling is carried out by whoever has to, in their time; else by the platform, which takes it out of their deposit."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.disputes import court
from tests.areas.disputes.court import ANNA
from tests.areas.payments import till
from tests.areas.returns import road
from tests.areas.settlements import desk

from dingdan.areas import cases, disputes, orders, returns, settlements, talks
from dingdan.areas.disputes import AtFault, Dispute, DisputeState, Executor, Outcome, Wish
from dingdan.areas.disputes.rules import deciding
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at


async def final(db: Database, held: returns.Return) -> Dispute:
    """A ruling for the buyer that both sides accepted: the seller has a day."""
    one, _ = await court.ruled(db, held)
    for side in talks.Side:
        await do(db, SYSTEM, disputes.accept, one.id, side=side)
    return await court.now(db, one)


@pytest.mark.requirement("R6.3")
async def test_the_seller_carries_it_out_in_its_time_and_nobody_does_it_again(db: Database) -> None:
    held = await court.refused(db)
    one = await final(db, held)
    assert one.final_at is not None
    assert one.do_by == one.final_at + disputes.DO_WITHIN
    assert set(await court.clocks(db, one)) == {"dispute.comply"}
    with pytest.raises(disputes.SellersTime):
        await do(db, ANNA, disputes.execute, one.id)
    done = await do(db, SYSTEM, disputes.comply, one.id)
    assert (done.state, done.done_by, await court.clocks(db, one)) == (DisputeState.EXECUTED, Executor.SELLER, {})
    again = await court.carried_out(db, one)
    with pytest.raises(disputes.DisputeStateForbids):
        await do(db, SYSTEM, disputes.comply, one.id)
    assert (again.done_by, await court.paid_back(db, held.order_id)) == (Executor.SELLER, [199_00])
    async with db.reading(SYSTEM) as tx:
        assert await disputes.advanced(tx, [held.order_id]) == set()


@pytest.mark.requirement("R6.3")
async def test_the_platform_does_it_where_the_seller_does_not_and_says_so_before(db: Database) -> None:
    held = await court.refused(db)
    one = await final(db, held)
    assert one.do_by is not None
    await deadlines.run_due(db, disputes.COMPLY, disputes.execute_due, at=one.do_by - timedelta(hours=1),
                            on_rung=disputes.warn_of_doing)  # fmt: skip
    assert (await court.now(db, one)).state is DisputeState.FINAL
    done = await court.carried_out(db, one)
    assert (done.state, done.done_by) == (DisputeState.EXECUTED, Executor.PLATFORM)
    assert [wire for wire in await till.wires(db, one.id) if wire in ("dispute.undone", "dispute.executed")] == [
        "dispute.undone", "dispute.executed",
    ]  # fmt: skip
    async with db.reading(SYSTEM) as tx:
        assert len(await disputes.advanced(tx, [held.order_id])) == 1


async def test_the_platform_does_at_once_what_is_its_own_to_do(db: Database) -> None:
    for lines, fault in ((court.NOTHING, AtFault.BUYER), (court.REFUND, AtFault.PLATFORM)):
        assert deciding.executor_of(lines, fault) is Executor.PLATFORM
    for outcome in (Outcome.REFUND, Outcome.REDUCE, Outcome.REPLACE, Outcome.RETURN_REFUND):
        assert deciding.executor_of((Wish(1, 1, outcome),), AtFault.CARRIER) is Executor.SELLER
    held = await court.refused(db)
    one, _ = await court.ruled(db, held, fault=AtFault.PLATFORM)
    for side in talks.Side:
        await do(db, SYSTEM, disputes.accept, one.id, side=side)
    with pytest.raises(disputes.NotYoursToDo):
        await do(db, SYSTEM, disputes.comply, one.id)
    done = await do(db, ANNA, disputes.execute, one.id)
    assert (done.done_by, await court.paid_back(db, held.order_id)) == (Executor.PLATFORM, [199_00])
    async with db.reading(SYSTEM) as tx:
        assert await disputes.advanced(tx, [held.order_id]) == set()


async def test_of_two_who_carry_it_out_at_once_one_does(db: Database) -> None:
    held = await court.refused(db)
    one = await final(db, held)
    assert one.do_by is not None
    await asyncio.gather(
        do(db, SYSTEM, disputes.comply, one.id),
        do_at(db, SYSTEM, one.do_by, disputes.execute_due, [one.id]),
        return_exceptions=True,
    )
    await given.settle(db)
    assert await court.paid_back(db, held.order_id) == [199_00]


@pytest.mark.requirement("R6.5")
@pytest.mark.parametrize(("deposit", "is_paid_out", "drawn"), [
    (500_00, True, 187_36), (150_00, True, 150_00), (0, True, 0), (500_00, False, 0),
])  # fmt: skip
async def test_what_the_platform_paid_comes_out_of_the_deposit_once_as_far_as_the_seller_had_its_money(
    db: Database, deposit: int, is_paid_out: bool, drawn: int
) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop, deposit_required=100_00, period="week")
    if deposit:
        await do(db, SYSTEM, settlements.top_up, shop.merchant_id, "CNY", deposit, receipt="T-1")
    held = await court.refused(db, shop=shop)
    if is_paid_out:
        await do(db, SYSTEM, orders.receive, held.order_id)
        await given.settle(db)
        await desk.later(db, days=8)
        await do(db, desk.FINN, settlements.prepare, "CNY")
    await court.carried_out(db, await final(db, held))
    if not is_paid_out:
        await do(db, SYSTEM, orders.receive, held.order_id)
    for _ in range(2):
        await given.settle(db)
        await do(db, SYSTEM, settlements.recover, [held.order_id])

    booked = await desk.lines(db, held.order_id)
    assert [amount for kind, _, amount in booked if kind == "refund"] == [-199_00]
    assert [amount for kind, _, amount in booked if kind == "deposit_draw"] == ([drawn] if drawn else [])
    async with db.reading(SYSTEM) as tx:
        left = sum(one.balance for one in await settlements.merchant_deposits(tx, shop.merchant_id))
        assert (await orders.get_one(tx, held.order_id)).refunded == 199_00
    assert left == deposit - drawn


@pytest.mark.requirement("R6.5")
async def test_what_the_seller_paid_itself_leaves_its_deposit_alone(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    await do(db, SYSTEM, settlements.top_up, shop.merchant_id, "CNY", 500_00, receipt="T-1")
    held = await court.refused(db, shop=shop)
    one = await final(db, held)
    await do(db, SYSTEM, disputes.comply, one.id)
    await given.settle(db)
    await do(db, SYSTEM, orders.receive, held.order_id)
    await given.settle(db)
    assert [kind for kind, _, _ in await desk.lines(db, held.order_id)].count("deposit_draw") == 0
    assert (await road.now_is(db, held)).decision == returns.Decision.REFUSED


@pytest.mark.requirement("R6.1")
async def test_nothing_is_left_to_rule_about_where_the_two_sides_agree(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
    one = await do_at(db, SYSTEM, held.requested_at + court.DAY, disputes.open_dispute, disputes.OpenDispute(
        subject="return", subject_id=held.id, issue=disputes.Issue.OTHER, side=talks.Side.BUYER, lines=court.REFUND,
        text="没有人理我。",
    ))  # fmt: skip
    await do(db, ANNA, disputes.suspend, one.id, reason=disputes.StillFor.AGREEMENT)
    await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    over = await court.now(db, one)
    assert (over.state, over.still_until, await court.clocks(db, one)) == (DisputeState.AGREED, None, {})
    async with db.reading(SYSTEM) as tx:
        assert await disputes.open_of_orders(tx, [order_id]) == set()
        (kept,) = await disputes.standstills(tx, over)
    assert kept.outcome == "agreed"
    await do(db, SYSTEM, disputes.end_agreed, [held.id])


async def test_agreeing_ends_it_after_a_ruling_too_and_nothing_is_paid_twice(db: Database) -> None:
    held = await court.refused(db)
    one = await final(db, held)
    await do(db, SYSTEM, disputes.end_agreed, [held.id])
    assert (await court.now(db, one)).state is DisputeState.AGREED
    with pytest.raises(disputes.DisputeStateForbids):
        await do(db, SYSTEM, disputes.comply, one.id)
    assert await court.paid_back(db, held.order_id) == []


async def test_nobody_opens_the_case_of_a_ruling_by_hand(db: Database) -> None:
    order_id = await given.delivered_order(db, await given.shop(db))
    with pytest.raises(cases.KindUnknown):
        await do(
            db, SYSTEM, cases.open_by_hand, cases.OpenCase(kind="platform_ruling", order_id=order_id), source="staff"
        )
