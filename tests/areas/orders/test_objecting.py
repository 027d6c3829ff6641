"""Received, or not: periods by goods, reminders, and whatever stands against completing an order."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests import given

from dingdan import worker
from dingdan.areas import identity, merchants, notifications, orders, returns
from dingdan.areas.orders import rules
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx

SHIPPED = datetime(2026, 3, 1, tzinfo=UTC)
SIGNED = SHIPPED + timedelta(days=2)


async def clock(db: Database, order_id: int) -> deadlines.Deadline | None:
    async with db.reading(SYSTEM) as tx:
        found = {one.kind: one for one in await deadlines.of_subjects(tx, [order_id])}
    return found.get(orders.AUTO_RECEIVE.name)


async def due(db: Database, order_id: int) -> datetime:
    found = await clock(db, order_id)
    assert found is not None
    assert found.at is not None
    return found.at


async def state(db: Database, order_id: int) -> str:
    async with db.reading(SYSTEM) as tx:
        return (await orders.get_one(tx, order_id)).state


def line(*flags: str, left: int = 1) -> orders.OrderLine:
    return orders.OrderLine(
        order_id=1, line_no=1, merchant_id=1, product_id=1, sku="S", title={}, category="", flags=list(flags),
        quantity=1, unit_price=1, goods=1, discount=0, tax=0, confirmed_text=None, confirmed_at=None, cancelled=1 - left,
    )  # fmt: skip


@pytest.mark.requirement("O5.2")
@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ([line()], 10),
        ([line("perishable")], 5),
        ([line("virtual")], 4),
        ([line("cross_border")], 30),
        ([line("presale")], 10),
        ([line("perishable"), line("virtual")], 5),
        ([line("perishable"), line()], 10),
        ([line("perishable"), line(left=0)], 5),
        ([line("perishable", "cross_border")], 30),
        ([line(left=0)], 10),
    ],
)
def test_the_longest_period_of_an_orders_goods_counts(lines: list[orders.OrderLine], days: int) -> None:
    at = rules.receive_at(lines, merchants.MerchantSettings(), shipped_at=SHIPPED, signed_at=SIGNED)
    assert at == SHIPPED + timedelta(days=days)


@pytest.mark.requirement("O5.2")
def test_a_merchants_own_periods_count_and_never_end_before_delivery() -> None:
    own = merchants.MerchantSettings(receipt_periods={"virtual": merchants.ReceiptPeriod(1, 0)})
    assert rules.receive_at([line("virtual")], own, shipped_at=SHIPPED, signed_at=SIGNED) == SIGNED
    assert rules.receive_at([line("perishable")], own, shipped_at=SHIPPED, signed_at=SIGNED) > SIGNED


@pytest.mark.requirement("O5.2")
async def test_the_buyer_is_told_three_days_and_one_day_before_and_how_to_object(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    at = await due(db, order_id)
    for before, occasion in ((73, None), (72, "receipt_announced"), (24, "receipt_due_soon"), (23, "receipt_due_soon")):
        await worker.settle(db, at=at - timedelta(hours=before))
        async with db.reading(SYSTEM) as tx:
            last = (await notifications.confirmations(tx, order_id))[-1]
            assert (last.occasion if last.occasion in notifications.ANSWERS else None) == occasion
    async with db.reading(SYSTEM) as tx:
        told = [one.occasion for one in await notifications.confirmations(tx, order_id)]
        assert told.count(notifications.Occasion.RECEIPT_DUE_SOON) == 1
        for language, words in (("en", "There is a problem, or I have not received it"), ("zh", "有问题或没有收到")):
            assert words in (await notifications.rendered(tx, last, language)).text
    assert ("object", "not_received") in notifications.ANSWERS[last.occasion]
    await worker.settle(db, at=at)
    assert await state(db, order_id) == "completed"


@pytest.mark.requirement("O5.1")
@pytest.mark.requirement("O5.3")
async def test_an_objection_stops_the_clock_and_its_end_leaves_a_day_at_least(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    at = await due(db, order_id)
    late = at - timedelta(hours=2)
    await do_at(db, SYSTEM, late, orders.object_as_buyer, order_id, reason="not_received", text="nobody rang")
    await do_at(db, SYSTEM, late, orders.object_as_buyer, order_id, reason="damaged")
    stopped = await clock(db, order_id)
    assert stopped is not None
    assert (stopped.at, stopped.left) == (None, timedelta(hours=2))
    with pytest.raises(orders.ObjectionOpen):
        await do_at(db, SYSTEM, late, orders.receive, order_id)
    await worker.settle(db, at=at + timedelta(days=30))
    assert await state(db, order_id) == "confirmed"
    async with db.reading(SYSTEM) as tx:
        (only,) = (await orders.objections(tx, [order_id]))[order_id]
        buyer = (await orders.get_one(tx, order_id)).buyer_id
        assert (only.reason, await identity.unseal(tx, [(buyer, only.sealed)])) == ("not_received", [b"nobody rang"])
    end = at + timedelta(days=30)
    await do_at(db, SYSTEM, end, orders.settle_as_buyers, order_id, outcome="withdrawn")
    assert await due(db, order_id) == end + timedelta(hours=24)
    with pytest.raises(orders.NoObjection):
        await do_at(db, SYSTEM, end, orders.settle_as_buyers, order_id, outcome="withdrawn")
    await worker.settle(db, at=end + timedelta(hours=24))
    assert await state(db, order_id) == "completed"


@pytest.mark.requirement("O5.3")
async def test_what_is_left_of_the_time_runs_on(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    at = await due(db, order_id)
    case = orders.Objection(order_id, "case", 77)
    stop, go = at - timedelta(days=3, hours=12), at
    assert await do_at(db, SYSTEM, stop, orders.object, [case, case]) == [case]
    assert await do_at(db, SYSTEM, stop, orders.object, [case]) == []
    await do_at(db, SYSTEM, stop, orders.object_as_buyer, order_id, reason="other")
    assert await do_at(db, SYSTEM, go, orders.settle_objections, [case]) == [case]
    assert (await clock(db, order_id)).at is None  # type: ignore[union-attr]
    await do_at(db, SYSTEM, go, orders.settle_as_buyers, order_id, outcome="settled")
    assert await due(db, order_id) == go + timedelta(days=3, hours=12)
    # The same case again is another round.
    assert await do_at(db, SYSTEM, go, orders.object, [case]) == [case]
    assert await do_at(db, SYSTEM, go, orders.settle_objections, [case, case]) == [case]
    # Nothing points to a case that is not there when this ends.
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("DELETE FROM objections WHERE cause = 'case'")


@pytest.mark.requirement("O5.3")
async def test_what_was_said_before_delivery_stops_the_clock_before_it_starts(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    await do(db, SYSTEM, orders.mark_paid, [order_id])
    with pytest.raises(orders.NotShippedYet):
        await do(db, SYSTEM, orders.object_as_buyer, order_id, reason="not_received")
    await do(db, SYSTEM, orders.note_shipped, [order_id])
    await do(db, SYSTEM, orders.object_as_buyer, order_id, reason="not_received")
    async with db.transaction(SYSTEM) as tx:
        await orders.note_delivered(tx, {order_id: tx.now})
    assert (await clock(db, order_id)).at is None  # type: ignore[union-attr]


@pytest.mark.requirement("O5.1")
async def test_of_completing_and_objecting_at_once_one_comes_too_late(db: Database) -> None:
    shop = await given.shop(db)
    for first in ("receive", "object"):
        order_id = await given.delivered_order(db, shop)
        other = "object" if first == "receive" else "receive"
        begun = asyncio.Event()
        second = asyncio.create_task(act_after(db, begun, other, order_id))
        async with db.transaction(SYSTEM) as tx:
            await act(tx, first, order_id)
            begun.set()
            await given.somebody_waits(tx)
        with pytest.raises((orders.StateForbids, orders.ObjectionOpen)):
            await second
        if first == "object":
            assert await do(db, SYSTEM, orders.receive_automatically, [order_id]) is None
            assert await state(db, order_id) == "confirmed"
            await do(db, SYSTEM, orders.settle_as_buyers, order_id, outcome="settled")


async def act_after(db: Database, begun: asyncio.Event, verb: str, order_id: int) -> None:
    await begun.wait()
    await do(db, SYSTEM, act, verb, order_id)


async def act(tx: Tx, verb: str, order_id: int) -> None:
    if verb == "receive":
        await orders.receive(tx, order_id)
    else:
        await orders.object_as_buyer(tx, order_id, reason="damaged")


@pytest.mark.requirement("O5.1")
async def test_an_order_that_is_over_takes_no_objection(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    await do(db, SYSTEM, orders.receive, order_id)
    with pytest.raises(orders.StateForbids):
        await do(db, SYSTEM, orders.object_as_buyer, order_id, reason="damaged")
    assert await do(db, SYSTEM, orders.object, [orders.Objection(order_id, "case", 1)]) == []
    assert await do(db, SYSTEM, orders.object, [orders.Objection(12345, "case", 1)]) == []
    assert await do(db, SYSTEM, orders.object, []) == []
    assert await do(db, SYSTEM, orders.settle_objections, []) == []


@pytest.mark.requirement("O5.1")
async def test_a_reason_that_nobody_knows_is_refused_with_those_that_are_known(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    with pytest.raises(Refusal) as refused:
        await do(db, SYSTEM, orders.object_as_buyer, order_id, reason="bored")
    assert "not_received" in refused.value.params["known"]


@pytest.mark.requirement("O5.1")
async def test_completion_ends_no_right_to_return(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, buyer="me")
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    wanted = returns.Apply(shop.merchant_id, "me", (returns.ApplyLine(order_id=order_id, line_no=1, quantity=1),))
    applied = await do(db, SYSTEM, returns.apply, wanted)
    await given.settle(db)
    assert applied.returns[0].decision == "approved"
    assert await state(db, order_id) == "completed"
