"""Put away after months, erased after years: what leaves, what stays, and that the accounts are true all the while."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.archive.kept import HOW, and_crash, archived, completed_order, facts, now, opened

from dingdan import worker
from dingdan.areas import archive, feedback, fulfilment, identity, orders, placement, returns
from dingdan.areas.archive.rules import keeping, packing
from dingdan.cli.archive import verify_all
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx

pytestmark = pytest.mark.requirement("O5.5")

MONTHS, YEARS = timedelta(days=91), timedelta(days=3 * 366 + 1)


async def sealed(tx: Tx, order_id: int) -> dict[str, int]:
    """How much of an order's people lies in the live tables."""
    row = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM contacts c JOIN orders o ON o.contact_id = c.id
                WHERE o.id = $1 AND c.sealed <> '') AS contacts,
               (SELECT count(*) FROM messages WHERE order_id = $1 AND sealed IS NOT NULL) AS messages,
               (SELECT count(*) FROM feedback WHERE order_id = $1 AND sealed IS NOT NULL) AS feedback,
               (SELECT count(*) FROM scans s JOIN parcel_lines l USING (parcel_id) WHERE l.order_id = $1) AS scans
        """,
        order_id,
    )
    return dict(row)


async def money(db: Database) -> list[Any]:
    async with db.reading(SYSTEM) as tx:
        return await tx.fetch("SELECT account_id, count(*), sum(amount) FROM entries GROUP BY 1 ORDER BY 1")


async def test_after_months_people_are_read_from_the_archive_only(db: Database) -> None:
    shop = await given.shop(db, message_channels=("sms",))
    order_id = await completed_order(db, shop)
    await do(db, SYSTEM, feedback.give, order_id, feedback.Give(rating=4, text="good"))
    before, books = await archived(db, order_id), await money(db)
    async with db.reading(SYSTEM) as tx:
        assert all((await sealed(tx, order_id)).values())
    await worker.settle(db, at=await now(db) + MONTHS)
    async with db.reading(SYSTEM) as tx:
        # The delivery stays, since it says where the parcel is.
        assert await sealed(tx, order_id) == {"contacts": 0, "messages": 0, "feedback": 0, "scans": 1}
        order = await orders.get_one(tx, order_id)
        emptied = await identity.contact(tx, order.contact_id)
        assert emptied is not None
        assert emptied.is_erased
        kept = (await archive.kept(tx, [order_id]))[order_id]
        whole = await archive.contact(tx, kept, emptied)
    assert (whole.name, whole.address) == ("王小明", given.ADDRESS)
    after = await opened(db, order_id)
    assert (after.facts["scans"], after.people, after.faults) == (before.facts["scans"], before.people, ())
    assert await money(db) == books
    # Once more, by hand and by the clock: nothing is left to do.
    assert await do(db, SYSTEM, archive.put_away, [order_id, 12345], **HOW) == []
    await worker.settle(db, at=await now(db) + 2 * MONTHS)
    assert len((await opened(db, order_id)).bundles) == len(after.bundles)


async def test_a_parcel_that_was_seen_after_it_arrived_stays_last_seen_then(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    async with db.reading(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, [order_id])
    seen = fulfilment.Scan(carrier=parcel.carrier, tracking_number=parcel.tracking_number, event_id="late",
                           code="out_for_delivery", at=await now(db), place="")  # fmt: skip
    await do(db, SYSTEM, fulfilment.scan, [seen])
    await archived(db, order_id)
    await worker.settle(db, at=await now(db) + MONTHS)
    async with db.reading(SYSTEM) as tx:
        assert (await sealed(tx, order_id))["scans"] == 2


async def test_what_is_said_later_is_added_to_what_was_put_away(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    await archived(db, order_id)
    await worker.settle(db, at=await now(db) + MONTHS)
    await do(db, SYSTEM, feedback.give, order_id, feedback.Give(rating=4, text="it broke"))
    await do(db, SYSTEM, archive.keep, [order_id], **HOW)
    after = await opened(db, order_id)
    assert after.people is not None
    assert after.people["feedback"]["1"]["text"] == "it broke"
    assert len(after.people["contacts"]) == 1
    assert "scans" not in packing.facts_of(after.bundles[1:])


async def test_stragglers_stay_until_nothing_is_open(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await completed_order(db, shop, buyer="me")
    await archived(db, order_id)
    wanted = returns.Apply(shop.merchant_id, "me", (returns.ApplyLine(order_id=order_id, line_no=1, quantity=1),))
    applied = await do(db, SYSTEM, returns.apply, wanted)
    at = await now(db) + MONTHS
    await do_at(db, SYSTEM, at, archive.put_away, [order_id], **HOW)
    async with db.reading(SYSTEM) as tx:
        assert (await archive.kept(tx, [order_id]))[order_id].put_away_at is None
    await do(db, SYSTEM, returns.withdraw, applied.returns[0].id)
    await worker.settle(db, at=at + timedelta(days=31))
    async with db.reading(SYSTEM) as tx:
        assert (await archive.kept(tx, [order_id]))[order_id].put_away_at is not None


async def test_what_does_not_verify_is_not_taken_from_the_live_tables(unchecked_db: Database) -> None:
    db = unchecked_db
    order_id = await completed_order(db, await given.shop(db))
    await archived(db, order_id)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute(
            "UPDATE bundles SET people = convert_to(repeat('x', 40), 'UTF8') WHERE order_id = $1", order_id
        )
    with pytest.raises(ValueError, match="does not open"):
        await do(db, SYSTEM, archive.put_away, [order_id], **HOW)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute("UPDATE bundles SET people = NULL WHERE order_id = $1", order_id)
    assert await do(db, SYSTEM, archive.put_away, [order_id], **HOW) == []
    async with db.reading(SYSTEM) as tx:
        assert (await sealed(tx, order_id))["contacts"] == 1


async def test_after_years_people_are_erased_and_the_accounts_stay_true(db: Database) -> None:
    shop = await given.shop(db)
    old = await completed_order(db, shop, buyer="me")
    await archived(db, old)
    young = await given.delivered_order(db, shop, buyer="me")
    books = await money(db)
    at = await now(db) + YEARS
    await do_at(db, SYSTEM, at, archive.erase, [old, 12345], **HOW)
    after = await opened(db, old)
    assert (after.people, after.kept.sealed_key, after.faults) == (None, None, ())
    assert after.facts["order"][0]["total"] == 19900
    assert await verify_all(db) == (1, [])
    assert await money(db) == books
    async with db.reading(SYSTEM) as tx:
        contact = {i: await identity.contact(tx, (await orders.get_one(tx, i)).contact_id) for i in (old, young)}
        assert await tx.fetchval("SELECT phone_hash FROM contacts WHERE id = $1", contact[old].id) == b""  # type: ignore[union-attr]
    # The other order of the same buyer has lost nothing.
    assert contact[old].is_erased  # type: ignore[union-attr]
    assert contact[young].name == "王小明"  # type: ignore[union-attr]
    assert await do_at(db, SYSTEM, at, archive.erase, [old], **HOW) == []
    assert [told["order_id"] for told in await facts(db, "archive.erased")] == [old]


async def test_with_their_last_order_a_buyer_is_forgotten_altogether(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    await archived(db, order_id)
    await worker.settle(db, at=await now(db) + YEARS)
    async with db.reading(SYSTEM) as tx:
        forgotten = "SELECT forgotten_at FROM buyers WHERE id = (SELECT buyer_id FROM orders WHERE id = $1)"
        assert await tx.fetchval(forgotten, order_id) is not None
    assert [told["order_id"] for told in await facts(db, "archive.erased")] == [order_id]


async def test_nobody_is_erased_a_day_too_soon_or_in_half(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    kept = (await archived(db, order_id)).kept
    assert await do_at(db, SYSTEM, kept.erase_after - timedelta(days=1), archive.erase, [order_id], **HOW) == []
    with pytest.raises(ConnectionError):
        await do_at(db, SYSTEM, kept.erase_after, and_crash, archive.erase, [order_id], **HOW)
    assert (await opened(db, order_id)).people is not None
    assert await do_at(db, SYSTEM, kept.erase_after, archive.erase, [order_id], **HOW) == [order_id]
    assert await do(db, SYSTEM, archive.erase, [], **HOW) == []


async def test_a_legal_hold_stops_it_and_its_end_lets_it_go_on(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    await do(db, SYSTEM, archive.hold, order_id, reason="court")
    await archived(db, order_id)
    with pytest.raises(archive.HoldOpen):
        await do(db, SYSTEM, archive.hold, order_id, reason="court")
    at = await now(db) + YEARS
    await worker.settle(db, at=at)
    assert await do_at(db, SYSTEM, at, archive.erase, [order_id], **HOW) == []
    assert (await opened(db, order_id)).people is not None
    await do_at(db, SYSTEM, at, archive.lift_hold, order_id, reason="closed")
    with pytest.raises(archive.NoHold):
        await do_at(db, SYSTEM, at, archive.lift_hold, order_id, reason="closed")
    await worker.settle(db, at=at + timedelta(hours=23))
    assert (await opened(db, order_id)).people is not None
    await worker.settle(db, at=at + timedelta(days=1))
    assert (await opened(db, order_id)).people is None
    with pytest.raises(archive.AlreadyErased):
        await do_at(db, SYSTEM, at, archive.hold, order_id, reason="too_late")
    told = [row["wire"] for row in await facts(db, "archive.%")]
    assert told == ["archive.hold_set", "archive.kept", "archive.put_away", "archive.hold_lifted", "archive.erased"]


def test_three_years_are_the_least_and_leap_days_count() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert keeping.erase_after(leap, 1) == datetime(2031, 3, 1, 12, tzinfo=UTC)
    assert keeping.erase_after(leap, 8) == datetime(2036, 2, 29, 12, tzinfo=UTC)
    assert keeping.erase_after(leap, None) == keeping.erase_after(leap, 3)


async def test_whoever_brings_in_old_orders_loses_nobody(db: Database) -> None:
    """Found by a replay of 2010: its buyers would have been forgotten on the day that they came."""
    today = await now(db)
    old = today - timedelta(days=400)
    assert keeping.counts_from(old, today) == today
    assert keeping.counts_from(today - timedelta(days=31), today) == today - timedelta(days=31)
    shop = await given.shop(db)
    (placed,) = await do_at(db, SYSTEM, old, placement.place, [given.basket(shop)])
    assert isinstance(placed, placement.Placed)
    await do_at(db, SYSTEM, old, orders.cancel, placed.order_id, reason="buyer_request")
    await given.settle(db)
    await do_at(db, SYSTEM, old + timedelta(days=31), archive.keep, [placed.order_id], **HOW)
    async with db.reading(SYSTEM) as tx:
        kept = (await archive.kept(tx, [placed.order_id]))[placed.order_id]

    assert kept.kept_at >= today
    assert kept.erase_after > kept.kept_at + timedelta(days=3 * 365)
