"""No step of the road reads a whole table: with sequential scans priced out, what is left has no index to go by."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg

from dingdan.areas import fulfilment, inventory, orders, payments, placement, returns, review, transit
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.overviews import analytics, audit_log, review_queue, timeline, today, tracking
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx
from tests import given
from tests.areas.transit import sent

# Tables that grow with every order; the others are as small as the shop.
GROWING = {
    "buyers", "captures", "checkouts", "contacts", "deadlines", "entries", "facts", "idempotency_keys",
    "inspection_lines", "inspections", "interceptions", "invoice_requests", "invoices", "made_good_units", "movements",
    "order_lines", "order_references", "orders", "parcel_lines", "parcels", "payment_allotments", "payments",
    "postings", "provider_notices", "refund_lines", "refund_tenders", "refunds", "reservations", "return_lines",
    "return_parcel_items", "return_parcels", "return_requests", "returns", "reviews", "sandbox_plans", "scans",
    "send_backs", "settlement_lines", "stock", "subject_keys", "tracking_numbers", "work_orders",
}  # fmt: skip


async def test_no_step_of_the_road_reads_a_whole_table(database_url: str) -> None:
    # In a database that no other test had: a connection that rests tells only in a while what it read long before.
    watcher = await asyncpg.connect(database_url)
    try:
        async with opened(database_url) as builder:
            shop = await given.shop(builder)
        await all_told(watcher)
        name = await watcher.fetchval("SELECT current_database()")
        await watcher.execute(f'ALTER DATABASE "{name}" SET enable_seqscan = off')
        before = await scans(watcher)
        async with opened(database_url) as walker:
            await walk(walker, shop)
        await all_told(watcher)
        after = await scans(watcher)
    finally:
        await watcher.close()
    assert {table for table in GROWING if after[table] > before[table]} == set()


async def the_month(tx: Tx) -> None:
    """What analytics, the audit log and the day's promises read: of a period, never of all time."""
    span = analytics.Span(tx.now - timedelta(days=90), tx.now + timedelta(days=1))
    for by in analytics.BY:
        found = await analytics.returns_by(tx, by, span)
        assert await analytics.cases_behind(tx, by, found[0].key, span, Page(5))
    assert await analytics.returns_asked(tx, span)
    assert await analytics.refund_times(tx, span)
    assert await analytics.losses(tx, span)
    assert await today.promises(tx, since=span.since, until=span.until)
    assert await audit_log.page(tx, audit_log.Filter(since=span.since, wires=["order.%"]), Page(5))
    assert await audit_log.page(tx, audit_log.Filter(since=span.since), Page(5))


async def walk(db: Database, shop: given.Shop) -> None:
    """The whole road, with things gone wrong beside it."""
    await do(db, SYSTEM, placement.place, [given.basket(shop, {"MUG": 900}, reference="too many")])
    cancelled = await given.paid_order(db, shop, reference="changed their mind")
    await do(db, SYSTEM, orders.cancel, cancelled, reason="changed their mind")
    late = await given.placed_order(db, shop)
    (payment,) = await do(db, SYSTEM, payments.start, [late], provider="sandbox", method="instant")
    async with db.reading(SYSTEM) as tx:
        pay_by = (await orders.get_one(tx, late)).pay_by
    await do_at(db, SYSTEM, pay_by, orders.expire, [late])
    await payments.call_started(db, [payment.id])
    await given.settle(db, with_deadlines=True)
    await look_twice(db, shop)
    await on_the_way(db, shop)
    order_id = await given.delivered_order(db, shop, {"MUG": 2})
    await do(db, SYSTEM, orders.receive, order_id)
    wish = returns.Apply(shop.merchant_id, "buyer-1", (returns.ApplyLine(1, sku="MUG"),))
    (held,) = (await do(db, SYSTEM, returns.apply, wish)).returns
    await do(db, SYSTEM, returns.send, [returns.Send((held.id,), "manual", "BACK-1")])
    await do(db, SYSTEM, returns.receive, [returns.Receive(held.id)])
    fine = returns.InspectedLine(1, 1, is_original=True, intact=True, grade="A", disposition="restock")
    await do(db, SYSTEM, returns.inspect, [returns.Inspect(held.id, (fine,))])
    await given.settle(db, with_deadlines=True)
    async with db.reading(SYSTEM) as tx:
        assert await timeline.of_order(tx, order_id)
        assert await timeline.of_return(tx, held.id)
        assert await returns.findings(tx, held.id)
        await the_month(tx)
        assert await returns.in_parcel(tx, "BACK-1")
        await fulfilment.waiting(tx, shop.warehouse_id)
        await inventory.stock_levels(tx, shop.merchant_id, shop.products.values())


async def on_the_way(db: Database, shop: given.Shop) -> None:
    """A parcel that is watched, asked about, called back, and seen by its buyer; one that arrives teaches."""
    parcel, other = await sent.parcels(db, shop, [fulfilment.sandbox_number(n) for n in range(2)])
    await sent.tell(db, other, "in_transit")
    await sent.tell(db, other, "delivered", after=timedelta(seconds=1))
    await do(db, SYSTEM, transit.order_plan, parcel.id, transit.Plan("S", 1))
    for notice in (transit.notice_unscanned, transit.notice_silence, transit.notice_overdue, transit.ask_carriers):
        await do(db, SYSTEM, notice, [parcel.id])
    await do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud")
    await given.settle(db, with_deadlines=True)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("DELETE FROM normal_silences")
        await transit.learn(tx)
    async with db.reading(SYSTEM) as tx:
        assert len(await tracking.of_order(tx, parcel.lines[0].order_id)) == 2


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database by connections of their own, which are gone afterwards."""
    db = await Database(url, key=bytes(range(32)), sandbox=True).open()
    try:
        yield db
    finally:
        await db.close()


async def all_told(watcher: Any) -> None:
    """Wait until whoever watches is alone: a backend tells what it read when it goes."""
    for _ in range(1_500):
        if await watcher.fetchval("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") == 1:
            break
        await asyncio.sleep(0.02)
    await watcher.execute("SELECT pg_stat_force_next_flush()")


async def scans(connection: Any) -> dict[str, int]:
    """How often each table was read from end to end so far."""
    rows = await connection.fetch("SELECT relname, seq_scan FROM pg_stat_user_tables")
    return {row["relname"]: row["seq_scan"] for row in rows}


async def look_twice(db: Database, shop: given.Shop) -> None:
    """An order that every kind of rule looks at and one stops; somebody takes it, asks, and lets it go."""
    for trigger in (review.LargeQuantity(more_than=5, percent_of_stock=90), review.AddressCluster(buyers=90),
                    review.LargeAmount(times_usual=900), review.PriceAnomaly(percent_of_usual=1),
                    review.Velocity(orders=50)):  # fmt: skip
        await given.review_rule(db, trigger, code=type(trigger).__name__.lower())
    order_id = await given.paid_order(db, shop, {"MUG": 6})
    by = Actor(ActorKind.STAFF, 901, "Anna")
    async with db.reading(SYSTEM) as tx:
        await review_queue.page(tx, review_queue.Filter(merchant_id=shop.merchant_id), Page(50))
        await review.preview(tx, shop.merchant_id, (await review.list_rules(tx, None))[0].document, days=7)
    (held,) = await do(db, by, review.claim, limit=1)
    await do(db, by, review.ask, held.id, questions=["why"], text="?")
    await do(db, SYSTEM, review.answer, held.id, text="!")
    await do(db, by, review.approve, held.id, answers={"looked": "yes"})
    await given.settle(db, with_deadlines=True)
    assert held.order_id == order_id
