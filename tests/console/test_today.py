"""The day at a glance: what is next, which queues are full, what is broken; and a panel that fails leaves the others."""

from datetime import timedelta

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import today
from dingdan.overviews.desk_counts import Waiting
from dingdan.plumbing.database import Database
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import today as console_today
from dingdan.surfaces.console.rail import RAIL

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_a_day_without_work_says_so(seat: Seat) -> None:
    desk = await seat("lead")
    html = await desk.open("/today")
    for words in ("Nothing waits for you.", "Nothing is broken.", "No promise has come due yet today."):
        assert words in html
    assert "暂无待办。" in await desk.open("/today", tongue="zh")


async def test_what_waits_is_one_press_away(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    picker = await seat("warehouse")
    html = await picker.open("/today")
    assert "Pick and pack: start, 1 waiting" in html
    assert 'href="/q/fulfil"' in html
    # Who only looks at a queue has no work in it.
    assert "Nothing waits for you." in await (await seat("auditor")).open("/today")


async def test_the_desk_of_the_role_comes_before_what_one_may_do_as_well() -> None:
    def queue(name: str, late: int) -> console_today.Queue:
        item = next(item for group in RAIL for item in group.items if item.name == name)
        return console_today.Queue(item, Waiting(name, late + 1, late, at_risk=0), is_own=True)

    both = [queue("exceptions", 7), queue("refunds", 0)]
    assert console_today.next_of(both, {"refunds"}) == both[1]
    assert console_today.next_of(both, set()) == both[0]


async def test_a_merchant_sees_its_own_and_nobody_elses(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    other = await given.shop(db)
    theirs = await (await seat("merchant", merchant_id=other.merchant_id)).open("/today")
    assert "waiting" not in theirs.partition("How full is each queue?")[0]


async def test_what_is_broken_is_counted(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    async with db.connection() as connection:
        await connection.execute(
            "INSERT INTO reaction_parked (reaction, fact_id, position, subject_id, error, retry_at)"
            " SELECT 'x', id, 1, subject_id, 'boom', now() FROM facts LIMIT 1"
        )
    assert "Reactions parked" in await (await seat("admin")).open("/today")
    assert "Reactions parked" not in await (await seat("warehouse")).open("/today")
    async with db.connection() as connection:
        await connection.execute("DELETE FROM reaction_parked")


async def test_a_panel_that_cannot_be_read_fails_alone(db: Database, seat: Seat) -> None:
    lead = await seat("lead")
    async with db.connection() as connection:
        await connection.execute("REVOKE SELECT ON invoices FROM dingdan_read")
    html = await lead.open("/today")
    async with db.connection() as connection:
        await connection.execute("GRANT SELECT ON invoices TO dingdan_read")
    assert html.count("This could not be read just now.") == 1
    assert "No promise has come due yet today." in html


async def test_promises_count_what_was_done_and_what_was_missed(db: Database, shop: given.Shop) -> None:
    one, two, three = [await given.paid_order(db, shop, buyer=f"buyer-{n}") for n in range(3)]
    async with db.transaction(SYSTEM) as tx:
        await tell(tx, shop, "review.approved", one, {})
        await tell(tx, shop, "review.approved", two, {})
        await tell(tx, shop, "review.escalated", two, {"reason": "overdue"})
        await tell(tx, shop, "review.escalated", three, {"reason": "by_hand"})
    async with db.reading(SYSTEM) as tx:
        day = timedelta(days=1)
        (kept,) = await today.promises(tx, since=tx.now - day, until=tx.now + day)
        assert (kept.promise, kept.done, kept.missed, kept.in_time) == ("review", 2, 1, 1)
        assert await today.promises(tx, since=tx.now - day, until=tx.now + day, merchant_id=1) == []
        assert await today.promises(tx, since=tx.now - day - day, until=tx.now - day) == []


async def tell(tx: Tx, shop: given.Shop, wire: str, order_id: int, data: dict[str, str]) -> None:
    """A fact about something that there is, as if it had happened now."""
    await tx.execute(
        """
        INSERT INTO facts (id, wire, subject, subject_id, merchant_id, rule, actor_kind, correlation, at, data)
        VALUES ($1, $2, 'order', $3, $4, '', 'system', 'told', $5, $6)
        """,
        tx.mint(), wire, order_id, shop.merchant_id, tx.now, data,
    )  # fmt: skip
