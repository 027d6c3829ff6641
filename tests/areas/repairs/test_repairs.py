"""Goods that come to be mended: whose they are, how long it may take, and what follows when it was in vain."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.exchanges import desk
from tests.areas.payments import till as money
from tests.areas.repairs import workshop
from tests.areas.repairs.workshop import BACK
from tests.areas.returns import bench, road

from dingdan.areas import exchanges, orders, repairs, returns, talks
from dingdan.areas.exchanges import ExchangeState
from dingdan.areas.repairs import RepairState, SendBack
from dingdan.areas.returns import ApplyLine, Decision, Outcome, Resolution
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R4.7")


def fault(order_id: int, *, line_no: int = 1) -> ApplyLine:
    return ApplyLine(1, workshop.FAULT, order_id, line_no)


async def clocks(db: Database, number: int) -> dict[str, deadlines.Deadline]:
    async with db.reading(SYSTEM) as tx:
        return {one.kind: one for one in await deadlines.of_subjects(tx, [number])}


async def code_of(coming: object) -> str:
    """The code of a refusal, or nothing."""
    try:
        await coming  # type: ignore[misc]
    except Refusal as refusal:
        return refusal.code
    return ""


async def test_mended_goods_go_back_and_stock_and_money_never_move(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await workshop.here(db, shop, order_id)
    assert made.state is RepairState.MENDING
    assert set(await clocks(db, made.id)) == {"repair.finish_by"}
    # Neither is anybody asked to inspect them, nor does the law's clock of money run.
    assert await clocks(db, held.id) == {}
    assert made.begun_at is not None
    assert made.finish_by is not None
    assert timedelta(days=30) <= made.finish_by - made.begun_at < timedelta(days=31)

    # While they are here nothing else can be had for them.
    assert await road.refused(db, shop, fault(order_id)) == [("return.quantity_exceeded", "lines[0].quantity")]
    assert await code_of(road.inspected(db, held, road.fine(1))) == "return.state_forbids"
    made = await do(db, SYSTEM, repairs.send_back, made.id, BACK)
    assert (made.state, made.carrier, made.tracking_number) == (RepairState.RETURNING, "sf", "SF12345")
    made = await do(db, SYSTEM, repairs.arrive, made.id)
    await given.settle(db)

    now = await road.now_is(db, held)
    assert (made.state, now.outcome, now.refund_id) == (RepairState.DONE, Outcome.SETTLED, None)
    assert await workshop.stock(db, shop) == []
    assert await desk.back(db, order_id) == []
    # The buyer has every right again.
    again = await road.applied(db, shop, ApplyLine(1, "NO_REASON", order_id, 1))
    assert again.decision is Decision.APPROVED


async def test_what_has_no_fault_of_ours_goes_back_as_it_came_with_a_reason(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, repairs.send_back, made.id, SendBack("", "x\0", is_mended=False))
    assert [(one.code, one.path) for one in caught.value.problems] == [
        ("repair.waybill_unfit", "carrier"), ("repair.waybill_unfit", "tracking_number"), ("repair.finding_missing", "note"),
    ]  # fmt: skip
    assert await workshop.state(db, made) is RepairState.MENDING
    await do(db, SYSTEM, repairs.send_back, made.id, SendBack("sf", "SF1", is_mended=False, note="进水"))
    made = await do(db, SYSTEM, repairs.arrive, made.id)
    assert (made.state, made.note) == (RepairState.DONE, "进水")
    assert await code_of(do(db, SYSTEM, repairs.relapse, made.id)) == "repair.state_forbids"


@pytest.mark.requirement("R4.8", "W71")
async def test_days_in_repair_do_not_count_against_the_guarantees(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    async with db.reading(SYSTEM) as tx:
        before = await _until(tx, order_id)
    await workshop.mended(db, shop, order_id, days=20)
    async with db.reading(SYSTEM) as tx:
        after = await _until(tx, order_id)
    # A day that was begun counts for the buyer.
    assert after["CN_SANBAO_REPAIR"] - before["CN_SANBAO_REPAIR"] in (timedelta(days=20), timedelta(days=21))
    # The days for refund and exchange are those of the law from the sale; no repair stops them.
    assert after["CN_SANBAO"] == before["CN_SANBAO"]


@pytest.mark.requirement("W71", "R4.8")
async def test_two_repairs_in_vain_open_the_refund_long_after_its_days(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    await workshop.later(db, days=100)
    for failures in (1, 2):
        _, made = await workshop.mended(db, shop, order_id, days=1)
        made = await do(db, SYSTEM, repairs.relapse, made.id)
        assert made.state is RepairState.RELAPSED
        async with db.reading(SYSTEM) as tx:
            order = await orders.get_one(tx, order_id)
            (verdict,) = await returns.judge_lines(tx, order, workshop.FAULT)
        opened = [one.remedy for one in verdict.remedies if one.rule == "CN_SANBAO_FAILED" and one.is_open]
        assert opened == ([] if failures == 1 else ["refund", "exchange"])
    held = await road.applied(db, shop, fault(order_id))
    assert held.decision is Decision.REQUESTED


@pytest.mark.requirement("R4.8", "W71")
async def test_what_was_sent_instead_has_a_guarantee_from_when_it_came(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)
    await money.pass_time(db, timedelta(days=9))
    await desk.arrives(db, shop, made)
    assert (await desk.now(db, made)).state is ExchangeState.DONE
    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, made.sent_order_id)
        until = await _until(tx, made.sent_order_id)
    assert order.with_buyer_since is not None
    assert until["CN_SANBAO_REPAIR"] > order.with_buyer_since + timedelta(days=365)
    assert until["CN_SANBAO_REPAIR"] - order.placed_at > timedelta(days=373)


async def test_a_second_repair_in_vain_becomes_the_money(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, first = await workshop.mended(db, shop, order_id, days=3)
    await do(db, SYSTEM, repairs.relapse, first.id)
    held, second = await workshop.here(db, shop, order_id)
    second = await do(db, SYSTEM, repairs.fail, second.id, "unmended")
    assert (second.state, set(await clocks(db, second.id))) == (RepairState.CHOOSING, {"repair.choose_by"})
    second = await do(db, SYSTEM, repairs.choose, second.id, "refund")
    await given.settle(db)

    assert (second.state, second.instead, second.is_silent) == (RepairState.TURNED, "refund", False)
    assert await desk.back(db, order_id) == [("return", 199_00, "settled")]
    now = await road.now_is(db, held)
    assert (now.resolution, now.outcome) == (Resolution.REFUND, Outcome.SETTLED)
    # Now they are ours, and wait for somebody to decide about them.
    assert await workshop.stock(db, shop) == [("return_in", 1)]
    assert await clocks(db, second.id) == {}
    assert await road.refused(db, shop, fault(order_id)) == [("return.quantity_exceeded", "lines[0].quantity")]


async def test_a_repair_in_vain_becomes_an_exchange(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await workshop.here(db, shop, order_id)
    await workshop.later(db, days=12)
    await do(db, SYSTEM, repairs.fail, made.id, "unmended")
    made = await do(db, SYSTEM, repairs.choose, made.id, "exchange")
    await given.settle(db)

    swapped = await desk.of_return(db, held)
    assert (made.state, swapped.state, swapped.carried) == (RepairState.TURNED, ExchangeState.REPLACED, 199_00)
    # The time for sending another one begins with the choice, not when the first one came.
    assert not (await clocks(db, swapped.id))[exchanges.SHIP_BY.name].is_over
    assert await desk.back(db, order_id) == [("exchange", 199_00, "settled")]


async def test_more_than_the_days_let_the_buyer_choose_and_silence_is_the_money(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    await workshop.later(db, days=29)
    assert await workshop.state(db, made) is RepairState.MENDING
    await workshop.later(db, days=2)
    made = await workshop.now(db, made)
    assert (made.state, made.why) == (RepairState.CHOOSING, "too_long")
    # Whoever has the goods cannot undo that.
    assert await code_of(do(db, SYSTEM, repairs.send_back, made.id, BACK)) == "repair.state_forbids"
    await workshop.later(db, days=8)
    made = await workshop.now(db, made)
    assert (made.state, made.instead, made.is_silent) == (RepairState.TURNED, "refund", True)
    assert await desk.back(db, order_id) == [("return", 199_00, "settled")]


async def test_the_days_stand_still_only_while_the_buyer_is_waited_for(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    await workshop.later(db, days=10)
    await do(db, SYSTEM, repairs.pause, made.id)
    assert await code_of(do(db, SYSTEM, repairs.pause, made.id)) == "repair.clock_stands"
    assert (await clocks(db, made.id))["repair.finish_by"].waiting_for == "buyer"
    await workshop.later(db, days=40)
    assert await workshop.state(db, made) is RepairState.MENDING
    await do(db, SYSTEM, repairs.resume, made.id)
    assert await code_of(do(db, SYSTEM, repairs.resume, made.id)) == "repair.clock_stands"
    await workshop.later(db, days=21)
    assert await workshop.state(db, made) is RepairState.CHOOSING


async def test_goods_that_nobody_heard_of_are_late_and_when_lost_the_buyer_chooses(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    assert await code_of(do(db, SYSTEM, repairs.fail, made.id, "lost")) == "repair.state_forbids"
    await do(db, SYSTEM, repairs.send_back, made.id, BACK)
    await workshop.later(db, days=11)
    assert (await workshop.now(db, made)).overdue_at is not None
    made = await do(db, SYSTEM, repairs.fail, made.id, "lost")
    assert (made.state, made.why) == (RepairState.CHOOSING, "lost")
    await do(db, SYSTEM, repairs.choose, made.id, "refund")
    await given.settle(db)
    assert await desk.back(db, order_id) == [("return", 199_00, "settled")]


async def test_what_never_comes_is_not_mended(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await workshop.asked(db, shop, order_id)
    await do(db, SYSTEM, returns.withdraw, held.id)
    await given.settle(db)
    made = await workshop.now(db, made)
    assert (made.state, made.why) == (RepairState.DROPPED, "withdrawn")
    assert (await road.applied(db, shop, ApplyLine(1, "NO_REASON", order_id, 1))).decision is Decision.APPROVED


async def test_what_comes_after_its_time_is_mended_all_the_same(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await workshop.asked(db, shop, order_id)
    await workshop.later(db, days=20)
    assert (await road.now_is(db, held)).journey == "lapsed"
    await road.received(db, held)
    await given.settle(db)
    assert await workshop.state(db, made) is RepairState.MENDING


async def test_of_an_empty_parcel_nothing_is_mended_or_paid(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held, made = await workshop.asked(db, shop, order_id)
    await road.received(db, held, (returns.ReceivedLine(1, 0),))
    await given.settle(db)
    await do(db, SYSTEM, repairs.fail, made.id, "unmended")
    made = await do(db, SYSTEM, repairs.choose, made.id, "refund")
    await given.settle(db)
    assert (made.state, (await road.now_is(db, held)).outcome) == (RepairState.TURNED, Outcome.FAILED)
    assert await desk.back(db, order_id) == []


async def test_what_comes_in_two_parcels_is_one_repair(db: Database) -> None:
    shop = await bench.shop(db, category="phone", stock=10, prices={"PHONE": 199_00})
    order_id = await given.delivered_order(db, shop, {"PHONE": 2})
    held, made = await workshop.asked(db, shop, order_id, quantity=2)
    for _ in range(2):
        await road.received(db, held, (returns.ReceivedLine(1, 1),))
        await given.settle(db)
    await do(db, SYSTEM, repairs.fail, made.id, "unmended")
    await do(db, SYSTEM, repairs.choose, made.id, "refund")
    await given.settle(db)
    assert await desk.back(db, order_id) == [("return", 398_00, "settled")]
    assert await workshop.stock(db, shop) == [("return_in", 2)]


async def test_a_repair_can_be_offered_and_taken(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    held = await road.applied(db, shop, fault(order_id))
    wanted = talks.Propose(talks.OfferKind.REPAIR)
    one = await do(db, SYSTEM, talks.offer, held.id, wanted, side=talks.Side.SELLER)
    await do(db, SYSTEM, talks.take, one.id, side=talks.Side.BUYER)
    await given.settle(db)
    held = await road.now_is(db, held)
    assert (held.resolution, held.decision, held.outcome) == (Resolution.REPAIR, Decision.APPROVED, Outcome.OPEN)
    assert held.send_by is not None
    assert await workshop.state(db, await workshop.of_return(db, held)) is RepairState.ASKED
    assert set(await clocks(db, held.id)) == {"return.send_by"}


async def test_two_people_end_one_repair_once(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    codes = await asyncio.gather(
        code_of(do(db, SYSTEM, repairs.send_back, made.id, BACK)),
        code_of(do(db, SYSTEM, repairs.fail, made.id, "unmended")),
        code_of(do(db, SYSTEM, repairs.send_back, made.id, SendBack("yto", "Y2"))),
    )  # fmt: skip
    assert sorted(codes) == ["", "repair.state_forbids", "repair.state_forbids"]


async def test_a_choice_and_the_end_of_its_time_are_one_of_both(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    await do(db, SYSTEM, repairs.fail, made.id, "unmended")
    chosen, _ = await asyncio.gather(
        code_of(do(db, SYSTEM, repairs.choose, made.id, "exchange")), do(db, SYSTEM, repairs.turn_silent, [made.id])
    )
    await given.settle(db)
    made = await workshop.now(db, made)
    assert (made.state, made.is_silent) == (RepairState.TURNED, chosen == "repair.state_forbids")
    assert len(await desk.back(db, order_id)) == 1
    # Told once more, nothing more comes of it.
    await do(db, SYSTEM, repairs.turn_silent, [made.id])
    await do(db, SYSTEM, repairs.let_choose, [made.id])
    await do(db, SYSTEM, repairs.follow_returns, [made.return_id])
    assert await workshop.now(db, made) == made


async def test_nobody_chooses_what_the_policy_does_not_give(db: Database) -> None:
    shop, order_id = await workshop.phone_shop(db)
    _, made = await workshop.here(db, shop, order_id)
    assert await code_of(do(db, SYSTEM, repairs.choose, made.id, "refund")) == "repair.state_forbids"
    assert await code_of(do(db, SYSTEM, repairs.choose, 7, "refund")) == "repair.unknown"
    await do(db, SYSTEM, repairs.fail, made.id, "unmended")
    assert await code_of(do(db, SYSTEM, repairs.choose, made.id, "reduction")) == "repair.instead_unfit"


async def _until(tx: object, order_id: int) -> dict[str, object]:
    """Until when each remedy for a fault lasts, by its rule."""
    order = await orders.get_one(tx, order_id)
    (verdict,) = await returns.judge_lines(tx, order, workshop.FAULT)
    return {one.rule: one.until for one in verdict.remedies}
