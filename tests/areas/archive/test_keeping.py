"""Orders that are over go into the archive whole, once, in a chain; what comes later is added."""

import asyncio
import io
import zipfile
from datetime import timedelta

import asyncpg
import pytest
from tests import given
from tests.areas.archive.kept import HOUR, HOW, and_crash, archived, completed_order, facts, now, opened

from dingdan import worker
from dingdan.areas import archive, feedback, fulfilment, identity, orders, returns
from dingdan.areas.archive.rules import case_file, packing
from dingdan.cli.archive import verify_all
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.overviews import invariants
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx


@pytest.mark.requirement("O5.4")
async def test_a_completed_order_is_archived_whole_within_a_day(db: Database) -> None:
    shop = await given.shop(db, message_channels=("sms",))
    order_id = await given.delivered_order(db, shop, lines={"MUG": 2, "TEE": 1})
    await do(db, SYSTEM, orders.receive, order_id)
    await do(db, SYSTEM, feedback.give, order_id, feedback.Give(rating=5, text="王小明很满意"))
    await given.settle(db)
    with pytest.raises(archive.NotKept):
        await opened(db, order_id)
    kept = await archived(db, order_id)
    assert [one.kind for one in kept.bundles] == ["bundle"]
    assert kept.faults == ()
    full = {"order", "lines", "policy", "payments", "captures", "postings", "entries", "reservations", "movements", "work",
            "parcels", "parcel_lines", "scans", "confirmations", "messages", "feedback", "facts"}  # fmt: skip
    assert full <= {part for part, rows in kept.facts.items() if rows}
    (order,) = kept.facts["order"]
    assert (order["id"], order["state"], order["total"]) == (
        ids.encode("order", order_id),
        "completed",
        2 * 19900 + 8990,
    )
    assert kept.facts["facts"][0]["wire"] == "order.placed"
    assert kept.people is not None
    (contact,) = kept.people["contacts"].values()
    assert (contact["name"], contact["address"]["detail"]) == ("王小明", "文三路 1 号")
    assert kept.people["feedback"] == {"1": {"text": "王小明很满意", "lines": {}}}
    assert len(kept.people["messages"]) == sum(one["state"] == "sent" for one in kept.facts["messages"]) > 0
    for one in kept.bundles:
        assert "王小明".encode() not in packing.unpacked(one.facts) + (one.people or b"")
    (told,), (done,) = await facts(db, "archive.kept"), await facts(db, "order.completed")
    assert told["order_id"] == order_id
    assert told["at"] - done["at"] < timedelta(hours=24)


@pytest.mark.requirement("O5.4")
async def test_none_one_and_many_and_all_of_them_again(db: Database) -> None:
    assert await do(db, SYSTEM, archive.keep, [], **HOW) == []
    assert await verify_all(db) == (0, [])
    first, second = await given.shop(db), await given.shop(db)
    made = [await completed_order(db, shop) for shop in (first, second, first)]
    open_one = await given.paid_order(db, first)
    new = await do(db, SYSTEM, archive.keep, [*made, open_one, 12345], **HOW)
    assert sorted((one.merchant_id, one.number) for one in new) == [
        (first.merchant_id, 1), (first.merchant_id, 2), (second.merchant_id, 1),
    ]  # fmt: skip
    assert await do(db, SYSTEM, archive.keep, made, **HOW) == []
    await do(db, SYSTEM, archive.mind, [*made, open_one, 12345])
    await worker.settle(db, at=await now(db) + 2 * HOUR)
    assert await verify_all(db) == (3, [])


@pytest.mark.requirement("O5.4")
async def test_what_ends_unpaid_is_archived_a_month_later(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.cancel, order_id, reason="buyer_request")
    await given.settle(db)
    await worker.settle(db, at=await now(db) + timedelta(days=29))
    with pytest.raises(archive.NotKept):
        await opened(db, order_id)
    await worker.settle(db, at=await now(db) + timedelta(days=31))
    kept = await opened(db, order_id)
    assert [refund["state"] for refund in kept.facts["refunds"]] == ["settled"]


@pytest.mark.requirement("O5.4")
async def test_a_crash_in_the_middle_leaves_nothing_behind(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await completed_order(db, shop)
    with pytest.raises(ConnectionError):
        await do(db, SYSTEM, and_crash, archive.keep, [order_id], **HOW)
    assert await verify_all(db) == (0, [])
    kept = await archived(db, order_id)
    assert [one.number for one in kept.bundles] == [1]


@pytest.mark.requirement("O5.4")
async def test_a_missing_component_is_told_and_tried_again(db: Database) -> None:
    shop = await given.shop(db)
    order_id, whole = await completed_order(db, shop), await completed_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("DELETE FROM scans WHERE parcel_id IN (SELECT parcel_id FROM parcel_lines WHERE order_id = $1)",
                         order_id)  # fmt: skip
    at = await now(db) + HOUR
    await worker.settle(db, at=at)
    await worker.settle(db, at=at + HOUR)
    async with db.reading(SYSTEM) as tx:
        (failure,) = await archive.failures(tx, shop.merchant_id, Page(10, None))
        assert (failure.order_id, failure.missing, failure.attempts) == (order_id, ("scans",), 2)
        assert (await archive.kept(tx, [order_id, whole])).keys() == {whole}
    assert [(told["order_id"], told["data"]) for told in await facts(db, "archive.failed")] == [
        (order_id, {"missing": ["scans"]})
    ]
    async with db.transaction(SYSTEM) as tx:
        number = f"SBX{order_id:020d}"
        await fulfilment.scan(tx, [fulfilment.Scan(carrier="manual", tracking_number=number, event_id="again",
                                                   code="delivered", at=tx.now, place="")])  # fmt: skip
    await worker.settle(db, at=at + 2 * HOUR)
    assert (await opened(db, order_id)).faults == ()
    async with db.reading(SYSTEM) as tx:
        assert await archive.failures(tx, None, Page(10, None)) == []


@pytest.mark.requirement("O5.4")
async def test_what_lacks_a_part_for_a_day_stands_in_the_check(unchecked_db: Database) -> None:
    db = unchecked_db
    order_id = await completed_order(db, await given.shop(db))
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("DELETE FROM scans")
    found = []
    for hours in (1, 23, 2):
        await do(db, SYSTEM, clock.advance, hours * HOUR)
        await worker.settle(db)
        found.append(
            {one.name: one.samples for one in await invariants.check(db) if one.count and one.name[:2] == "Z3"}
        )
    assert [list(one) for one in found] == [[], [], ["Z3_archive_lacks_nothing"]]
    (told,) = found[2]["Z3_archive_lacks_nothing"]
    assert (told["order_id"], told["missing"]) == (order_id, ["scans"])


@pytest.mark.requirement("O5.6")
async def test_what_comes_after_completion_is_added_and_changes_nothing(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 2}, buyer="me")
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    before = await archived(db, order_id)
    wanted = returns.Apply(shop.merchant_id, "me", (returns.ApplyLine(order_id=order_id, line_no=1, quantity=1),))
    applied = await do(db, SYSTEM, returns.apply, wanted)
    await given.settle(db)
    await worker.settle(db, at=await now(db) + HOUR)
    after = await opened(db, order_id)
    assert after.bundles[0] == before.bundles[0]
    assert [one.kind for one in after.bundles] == ["bundle", "supplement"]
    added = packing.facts_of(after.bundles[1:])
    assert set(added) == {"confirmations", "facts", "returns", "return_addresses", "return_lines"}
    assert after.facts["lines"] == before.facts["lines"]
    assert after.facts["returns"][0]["decision"] == "approved"
    await do(db, SYSTEM, returns.withdraw, applied.returns[0].id)
    await given.settle(db)
    await worker.settle(db, at=await now(db) + 2 * HOUR)
    last = await opened(db, order_id)
    assert (last.facts["returns"][0]["decision"], len(last.bundles)) == ("withdrawn", 3)
    assert await verify_all(db) == (3, [])


@pytest.mark.requirement("O5.4")
async def test_a_bundle_is_never_changed_or_deleted(db: Database) -> None:
    await archived(db, await completed_order(db, await given.shop(db)))
    for forbidden in ("UPDATE bundles SET facts = ''", "DELETE FROM bundles", "TRUNCATE bundles"):
        with pytest.raises(asyncpg.PostgresError, match="never changed"):
            await do(db, SYSTEM, execute, forbidden)


async def execute(tx: Tx, statement: str) -> None:
    await tx.execute(statement)


@pytest.mark.requirement("O5.4")
async def test_whoever_changes_one_in_spite_of_that_is_found_out(unchecked_db: Database) -> None:
    db, shop = unchecked_db, await given.shop(unchecked_db)
    made = [await completed_order(db, shop) for _ in range(3)]
    await worker.settle(db, at=await now(db) + HOUR)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute("UPDATE bundles SET facts = $2 WHERE order_id = $1", made[0], packing.packed(b"{}"))
        await tx.execute("DELETE FROM bundles WHERE order_id = $1", made[1])
    checked, faults = await verify_all(db)
    assert checked == 2
    assert {fault.rpartition(": ")[2] for fault in faults} == {"stored", "facts", "missing", "chain"}
    assert {fault.rpartition(": ")[2] for fault in (await opened(db, made[0])).faults} == {"stored", "facts"}


@pytest.mark.requirement("O5.4")
async def test_two_at_once_add_to_one_chain_without_a_gap(db: Database) -> None:
    shop = await given.shop(db)
    made = [await completed_order(db, shop) for _ in range(2)]
    begun = asyncio.Event()

    async def keep_after() -> list[archive.Bundle]:
        await begun.wait()
        return await do(db, SYSTEM, archive.keep, made[1:], **HOW)

    other = asyncio.create_task(keep_after())
    async with db.transaction(SYSTEM) as tx:
        await archive.keep(tx, made[:1], **HOW)
        begun.set()
        await given.somebody_waits(tx)
    assert [one.number for one in await other] == [2]
    assert await verify_all(db) == (2, [])


@pytest.mark.requirement("O5.4")
async def test_a_buyer_who_was_forgotten_before_has_facts_in_the_archive_and_no_words(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    async with db.transaction(SYSTEM) as tx:
        await identity.forget(tx, (await orders.get_one(tx, order_id)).buyer_id)
    kept = await archived(db, order_id)
    assert (kept.people, kept.bundles[0].people, kept.faults) == (None, None, ())


async def test_time_runs_from_the_day_an_order_was_over(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    await do_at(db, SYSTEM, await now(db) + timedelta(days=5), archive.keep, [order_id], **HOW)
    async with db.reading(SYSTEM) as tx:
        since = (await orders.get_one(tx, order_id)).completed_at
        assert since is not None
        assert (await archive.kept(tx, [order_id]))[order_id].erase_after == since.replace(year=since.year + 3)


@pytest.mark.requirement("O5.4")
async def test_notes_go_into_the_archive_and_those_of_the_staff_into_no_case_file(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    await do(db, SYSTEM, orders.note, order_id, text="internal words")
    await do(db, SYSTEM, orders.note, order_id, text="words to the buyer", is_shown=True)
    kept = await archived(db, order_id)
    assert kept.people is not None
    assert set(kept.people["order_notes"].values()) == {"internal words", "words to the buyer"}
    assert all("sealed" not in row for row in kept.facts["order_notes"])
    packet = case_file.case_file(kept, with_people=True)
    with zipfile.ZipFile(io.BytesIO(packet)) as held:
        told = b"".join(held.read(name) for name in held.namelist())
    assert b"words to the buyer" in told
    assert b"internal words" not in told
