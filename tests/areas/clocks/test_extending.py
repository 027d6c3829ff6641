"""Many deadlines made later at once: counted first, moved in sets, each once, whoever works and however often."""

import asyncio
import contextvars
from datetime import datetime, timedelta

import pytest
from tests import given
from tests.areas.returns.road import applied
from tests.conftest import MASTER_KEY

from dingdan import worker
from dingdan.areas import clocks, orders, returns
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import clock, deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.reactions.deadlines import KEEPERS
from dingdan.reactions.jobs import extend_deadlines

pytestmark = pytest.mark.requirement("issue 4: clocks")

DAY = timedelta(days=1)


async def now(db: Database) -> datetime:
    async with db.transaction(SYSTEM) as tx:
        return tx.now


async def holiday(db: Database, *kinds: str, merchant_id: int | None = None, by: timedelta = 3 * DAY) -> clocks.Extend:
    start = await now(db)
    return clocks.Extend(merchant_id=merchant_id, kinds=kinds, due_from=start, due_before=start + 30 * DAY, by_span=by,
                         reason="spring_festival")  # fmt: skip


async def told(db: Database, wire: str) -> list[dict[str, object]]:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT subject_id, data FROM facts WHERE wire = $1 ORDER BY id", wire)
    return [{"order": row["subject_id"], **row["data"]} for row in rows]


async def pay_by(db: Database, order_id: int) -> tuple[datetime, datetime | None]:
    """What the order shows and what its deadline keeps."""
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        (held,) = await deadlines.of_subjects(tx, [order_id])
    return order.pay_by, held.at


async def test_a_holiday_moves_every_open_promise_once_and_orders_show_it(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    mine = [await given.placed_order(db, shop) for _ in range(3)]
    theirs = await given.placed_order(db, other)
    before = {i: (await pay_by(db, i))[0] for i in [*mine, theirs]}
    wanted = await holiday(db, "order.pay_by", "order.auto_receive", merchant_id=shop.merchant_id)
    assert await do(db, SYSTEM, clocks.preview, wanted) == {"order.pay_by": 3, "order.auto_receive": 0}
    made = await do(db, SYSTEM, clocks.extend, wanted)
    await worker.settle(db, with_deadlines=False)
    for order_id in mine:
        assert await pay_by(db, order_id) == (before[order_id] + 3 * DAY, before[order_id] + 3 * DAY)
    assert (await pay_by(db, theirs))[0] == before[theirs]
    facts = await told(db, "deadline.extended")
    assert sorted(fact["order"] for fact in facts) == sorted(mine)
    assert {(fact["kind"], fact["extension_id"], fact["reason"]) for fact in facts} == {
        ("order.pay_by", made.id, "spring_festival")
    }
    async with db.transaction(SYSTEM) as tx:
        done = await clocks.get_extension(tx, made.id)
        assert await clocks.extended_kinds(tx, [made.id]) == {made.id: {"order.pay_by": 3}}
    assert (done.extended, done.finished_at is not None) == (3, True)
    # Whoever runs it again finds nothing to do.
    assert await extend_deadlines(db) == 0
    await do(db, SYSTEM, clock.advance, timedelta(days=2))
    await worker.run_deadlines(db)
    async with db.transaction(SYSTEM) as tx:
        assert {o.state for o in (await orders.get(tx, mine)).values()} == {"awaiting_payment"}
        assert (await orders.get_one(tx, theirs)).state == "expired"


async def test_reminders_of_receipt_move_with_the_receipt(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        (held,) = [one for one in await deadlines.of_subjects(tx, [order_id]) if one.kind == "order.auto_receive"]
    assert held.at is not None
    await do(db, SYSTEM, clocks.extend, await holiday(db, "order.auto_receive"))
    await worker.settle(db, with_deadlines=False)
    for before, announced, due_soon in ((1, 0, 0), (0, 1, 0), (-1, 1, 0), (-2, 1, 1)):
        await worker.settle(db, at=held.at - before * DAY)
        said = [await told(db, wire) for wire in ("order.receipt_announced", "order.receipt_due_soon")]
        assert [len(one) for one in said] == [announced, due_soon]


async def test_returns_get_more_time_to_be_decided_and_to_be_sent(db: Database) -> None:
    shop = await given.shop(db)
    waiting = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", await given.delivered_order(db, shop), 1))
    plain = await applied(db, shop, ApplyLine(1, "NO_REASON", await given.delivered_order(db, shop), 1))
    assert plain.send_by is not None
    await do(db, SYSTEM, clocks.extend, await holiday(db, "return.review", "return.send_by"))
    await worker.settle(db, with_deadlines=False)
    async with db.transaction(SYSTEM) as tx:
        (review,) = await deadlines.of_subjects(tx, [waiting.id])
        (send_by,) = await deadlines.of_subjects(tx, [plain.id])
        shown = await returns.get_one(tx, plain.id)
    assert review.at == waiting.requested_at + 5 * DAY
    assert send_by.at == shown.send_by == plain.send_by + 3 * DAY
    facts = await told(db, "deadline.extended")
    assert {(fact["order"], fact["about_id"]) for fact in facts} == {
        (waiting.order_id, waiting.id), (plain.order_id, plain.id)
    }  # fmt: skip


async def test_to_a_date_moves_only_what_is_due_before_it_and_what_stands_still_keeps_what_was_left(
    db: Database,
) -> None:
    shop = await given.shop(db)
    early, late, still = [await given.placed_order(db, shop) for _ in range(3)]
    start = await now(db)
    async with db.transaction(SYSTEM) as tx:
        until = {late: start + 20 * DAY}
        await deadlines.schedule(tx, orders.PAY_BY, [deadlines.Due(late, shop.merchant_id, until[late])])
        await orders.put_off_payment(tx, until)
        await deadlines.pause(tx, orders.PAY_BY, [still])
    wanted = clocks.Extend(merchant_id=None, kinds=("order.pay_by",), due_from=start, due_before=start + 30 * DAY,
                           to_moment=start + 10 * DAY, reason="flood")  # fmt: skip
    assert await do(db, SYSTEM, clocks.preview, wanted) == {"order.pay_by": 1}
    await do(db, SYSTEM, clocks.extend, wanted)
    await worker.settle(db, with_deadlines=False)
    assert (await pay_by(db, early))[1] == start + 10 * DAY
    assert (await pay_by(db, late))[1] == start + 20 * DAY
    async with db.transaction(SYSTEM) as tx:
        await deadlines.call_off(tx, orders.PAY_BY, [still])
        await deadlines.schedule(tx, orders.PAY_BY, [
            deadlines.Due(still, shop.merchant_id, (await orders.get_one(tx, still)).pay_by)
        ])  # fmt: skip


async def test_two_workers_and_a_death_in_the_middle_move_each_deadline_once(db: Database) -> None:
    shop = await given.shop(db)
    mine = [await given.placed_order(db, shop) for _ in range(7)]
    before = {i: (await pay_by(db, i))[0] for i in mine}
    # So short that what has moved is still due within the period.
    wanted = await holiday(db, "order.pay_by", by=timedelta(hours=1))
    made = await do(db, SYSTEM, clocks.extend, wanted)
    dying = {**KEEPERS, "order.pay_by": clocks.Keeper(hold=orders.lock, put_off=_dies)}
    with pytest.raises(ZeroDivisionError):
        await do(db, SYSTEM, clocks.carry_on, dying, most=2)
    other = await Database(db.url, key=MASTER_KEY, sandbox=True).open()
    try:
        for _ in range(8):
            await asyncio.gather(*(do(one, SYSTEM, clocks.carry_on, KEEPERS, most=2) for one in (db, other)))
    finally:
        await other.close()
    for order_id in mine:
        assert (await pay_by(db, order_id))[1] == before[order_id] + timedelta(hours=1)
    assert len(await told(db, "deadline.extended")) == 7
    assert [fact["extended"] for fact in await told(db, "extension.finished")] == [7]
    assert made.expected == {"order.pay_by": 7}


async def _dies(*_what: object) -> None:
    raise ZeroDivisionError


async def test_an_order_that_is_paid_while_it_waits_is_left_alone(db: Database) -> None:
    shop = await given.shop(db)
    order_id, paid = await given.placed_order(db, shop), await given.placed_order(db, shop)
    before = (await pay_by(db, order_id))[0]
    await do(db, SYSTEM, clocks.extend, await holiday(db, "order.pay_by"))

    async def paid_meanwhile(tx: object, ids: object) -> object:
        # Somebody else, in a transaction of their own.
        await asyncio.create_task(given.pay(db, paid), context=contextvars.Context())
        return await orders.lock(tx, ids)  # type: ignore[arg-type]

    keeper = clocks.Keeper(hold=paid_meanwhile, put_off=orders.put_off_payment)
    await do(db, SYSTEM, clocks.carry_on, {"order.pay_by": keeper})
    await worker.settle(db, with_deadlines=False)
    assert (await pay_by(db, order_id))[1] == before + 3 * DAY
    assert [fact["order"] for fact in await told(db, "deadline.extended")] == [order_id]


async def test_everything_that_is_wrong_is_told_at_once(db: Database) -> None:
    start = await now(db)
    wanted = clocks.Extend(
        merchant_id=None, kinds=("payment.check", "order.pay_by", "order.pay_by"), due_from=start, due_before=start,
        by_span=DAY, to_moment=start, reason="because it is late",
    )  # fmt: skip
    with pytest.raises(Refusal) as no:
        await do(db, SYSTEM, clocks.extend, wanted)
    assert [(problem.code, problem.path) for problem in no.value.problems] == [
        ("clocks.not_extendable", "kinds[0]"), ("clocks.extension_unfit", "kinds"), ("clocks.extension_unfit", "reason"),
        ("clocks.extension_unfit", "due_before"), ("clocks.extension_unfit", "by_hours"),
    ]  # fmt: skip
    assert await extend_deadlines(db) == 0
