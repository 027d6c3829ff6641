"""Clocks: the buyer is asked once while ours stands still, and when all time is over the rule decides."""

from datetime import datetime, timedelta

import pytest
from tests import given
from tests.areas.review import desk
from tests.areas.review.desk import ANNA, BELA, YES

from dingdan import worker
from dingdan.areas import identity, orders, review
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import invariants
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

ALWAYS = review.Terms(service_from_hour=0, service_to_hour=24)


@pytest.fixture(autouse=True)
async def around_the_clock(db: Database) -> None:
    """Service that never sleeps, so that minutes are minutes."""
    await do(db, SYSTEM, review.save_terms, ALWAYS)


async def later(db: Database, **span: float) -> None:
    """Let time pass and everything happen that does so by itself."""
    await do(db, SYSTEM, clock.advance, timedelta(**span))
    await worker.run_deadlines(db)
    await given.settle(db)


async def kinds_told(db: Database, order_id: int) -> list[str]:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire FROM facts WHERE order_id = $1 ORDER BY position", order_id)
    return [row["wire"] for row in rows if row["wire"].startswith("review.")]


@pytest.mark.requirement("O2.3")
async def test_nobody_looks_and_the_order_goes_on_within_its_time(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    await later(db, minutes=91)
    assert (await desk.of_order(db, held.order_id)).state == "open"
    await later(db, minutes=30)
    up = await desk.of_order(db, held.order_id)
    assert (up.state, up.owner) == ("escalated", "lead")
    await later(db, minutes=120)
    async with db.transaction(SYSTEM) as tx:
        assert (await orders.get_one(tx, held.order_id)).state == "confirmed"
    assert await kinds_told(db, held.order_id) == [
        "review.opened", "review.due_soon", "review.escalated", "review.approved"
    ]  # fmt: skip


@pytest.mark.requirement("O2.3")
@pytest.mark.parametrize(("is_blocked", "reason"), [(False, "review_timed_out"), (True, "review_blocked")])
async def test_made_goods_and_blocked_orders_end_with_the_money_back(
    db: Database, is_blocked: bool, reason: str
) -> None:
    shop = await given.shop(db, flags=() if is_blocked else ("custom_made",))
    if not is_blocked:
        await do(db, SYSTEM, review.load_shipped)
    held = await desk.stopped(db, shop)
    if is_blocked:
        await do(db, BELA, review.block, held.id, reason="stolen_card")
    await later(db, hours=3)
    await later(db, hours=2)
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, held.order_id)
        refunded = await tx.fetchval("SELECT amount FROM refunds WHERE order_id = $1", order.id)
    assert (order.state, order.cancel_reason, refunded) == ("cancelled", reason, order.total)


async def test_a_claim_does_not_stop_the_clock(db: Database) -> None:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    await later(db, minutes=121)
    up = await desk.of_order(db, held.order_id)
    assert (up.state, up.claimed_by) == ("escalated", None)
    with pytest.raises(review.StateForbids):
        await do(db, ANNA, review.approve, held.id, answers=YES)


async def test_what_a_lead_has_stays_with_the_lead_until_the_end(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    await do(db, ANNA, review.escalate, held.id, reason="unsure")
    await desk.claimed(db, held, BELA)
    await later(db, minutes=130)
    assert (await desk.of_order(db, held.order_id)).claimed_by == BELA.id
    await later(db, minutes=120)
    assert (await desk.of_order(db, held.order_id)).state == "approved"


async def asked(db: Database) -> review.Review:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    await later(db, minutes=60)
    return await do(db, ANNA, review.ask, held.id, questions=["id_card"], text="王小明的证件号？")


@pytest.mark.requirement("O2.2")
async def test_the_clock_stands_still_while_the_buyer_is_asked(db: Database) -> None:
    held = await asked(db)
    due_at, end = held.due_at, held.decide_by
    assert held.until == held.answer_by
    await later(db, hours=20)
    assert (await desk.of_order(db, held.order_id)).state == "asked"
    answered = await do(db, SYSTEM, review.answer, held.id, text="330…")
    assert answered.state == "claimed"
    waited = answered.answered_at - held.asked_at if answered.answered_at and held.asked_at else timedelta()
    assert (answered.due_at, answered.decide_by) == (due_at + waited, end + waited)
    assert await clocks(db, held.id) == {answered.due_at, answered.decide_by, answered.due_at - timedelta(minutes=30)}


async def clocks(db: Database, review_id: int) -> set[datetime]:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT due_at FROM deadlines WHERE subject_id = $1", review_id)
    return {row["due_at"] for row in rows}


@pytest.mark.requirement("O2.2")
async def test_without_an_answer_the_look_goes_on(db: Database) -> None:
    held = await asked(db)
    await later(db, hours=24, minutes=1)
    assert (await desk.of_order(db, held.order_id)).state == "claimed"
    with pytest.raises(review.AskedAlready):
        await do(db, ANNA, review.ask, held.id, questions=["again"], text="")
    assert (await do(db, ANNA, review.approve, held.id, answers=YES)).state == "approved"


async def test_an_order_cancelled_while_its_buyer_is_asked_leaves_no_clock(db: Database) -> None:
    held = await asked(db)
    await do(db, SYSTEM, orders.cancel, held.order_id, reason="changed_mind")
    await given.settle(db)
    assert (await desk.of_order(db, held.order_id)).state == "withdrawn"
    assert await clocks(db, held.id) == set()


async def test_what_was_said_is_sealed_and_dies_with_the_buyers_key(db: Database) -> None:
    held = await asked(db)
    held = await do(db, SYSTEM, review.answer, held.id, text="330106…")
    async with db.transaction(SYSTEM) as tx:
        assert await review.conversation(tx, held) == review.Conversation("王小明的证件号？", "330106…")
        assert "王小明".encode() not in (await tx.fetchval("SELECT question_sealed FROM reviews"))
        await identity.forget(tx, held.buyer_id)
    async with db.transaction(SYSTEM) as tx:
        assert await review.conversation(tx, held) == review.Conversation("", "")


async def test_several_end_in_one_go(db: Database) -> None:
    held = [await desk.stopped(db, await given.shop(db)) for _ in range(3)]
    await later(db, hours=3)
    await later(db, hours=2)
    async with db.transaction(SYSTEM) as tx:
        found = await review.of_orders(tx, [one.order_id for one in held])
    assert {str(one.state) for one in found.values()} == {"approved"}


async def test_time_that_is_over_before_a_cancelled_order_is_withdrawn_breaks_no_law(db: Database) -> None:
    """Found by a long simulation: for a moment the review of an order that ended has neither an end nor a clock."""
    held = await desk.stopped(db, await given.shop(db))
    await do(db, SYSTEM, orders.cancel, held.order_id, reason="buyer_request")
    await do(db, SYSTEM, clock.advance, timedelta(days=2))
    await worker.run_deadlines(db)

    broken = [found.name for found in await invariants.check(db) if found.count]
    await given.settle(db)

    assert broken == []
    assert (await desk.of_order(db, held.order_id)).state == "withdrawn"
