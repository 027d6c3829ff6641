"""Who did what: found by person, act, thing and sort, by whoever may, and taken away as lines of JSON."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests import given
from tests.console.conftest import Seat

from dingdan import worker
from dingdan.areas import access
from dingdan.cli.audit import audit, walk
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.ids import encode, spoken
from dingdan.kernel.page import encode_cursor
from dingdan.plumbing import attested_lines
from dingdan.plumbing.database import Database
from dingdan.plumbing.secrets import Sealer
from dingdan.reactions.jobs import attest_facts
from dingdan.surfaces.console.platform.audit_desk import MOST_LINES

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_an_act_is_found_by_who_did_it_what_it_was_and_to_what(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    order_id = await given.paid_order(db, shop)
    lead = await seat("lead", login="lin")
    await lead.send(f"/orders/{encode('order', order_id)}/hold", reason="other")
    auditor = await seat("auditor")
    for query in (
        "",
        "?by=lin",
        "?what=order.held",
        f"?about={spoken(order_id)}",
        f"?about={encode('order', order_id)}",
        "?sort=by_hand",
    ):
        html = await auditor.open(f"/audit{query}")
        assert "Put on hold: something else" in html, query
        assert "林晚" in html
    assert "已挂起：其他" in await auditor.open("/audit", tongue="zh")
    assert "Put on hold" not in await auditor.open("/audit?by=nobody")
    assert "Put on hold" not in await auditor.open("/audit?sort=policy")
    assert "Put on hold" not in await auditor.open("/audit?until=2020-01-01")


async def test_it_is_taken_away_as_lines_and_that_is_a_line(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    auditor = await seat("auditor")
    lines = [json.loads(line) for line in (await auditor.open("/audit.jsonl?what=order.")).splitlines()][:-1]
    assert {line["wire"] for line in lines} >= {"order.placed", "order.paid"}
    assert lines[0]["subject_id"].startswith("ord_")
    assert "Took away" in await auditor.open("/audit?sort=exported")


async def test_looking_at_a_buyer_is_a_line_of_its_own(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await given.paid_order(db, shop)
    page = f"/orders/{encode('order', order_id)}"
    lead = await seat("lead")
    shown = await lead.send(f"{page}/reveal", status=200)
    assert "13812345678" in shown.text
    assert "13812345678" not in await lead.open(page)
    assert "Looked at the buyer" in await (await seat("auditor")).open("/audit?sort=personal_data")
    await (await seat("finance")).send(f"{page}/reveal", status=403)
    assert "Show contact" not in await (await seat("finance")).open(page)


async def test_only_who_may_read_it_reads_it_and_of_its_own_only(db: Database, seat: Seat, shop: given.Shop) -> None:
    await (await seat("lead")).open("/audit", status=403)
    await given.placed_order(db, shop)
    other = await given.shop(db)
    theirs = await (await seat("merchant", merchant_id=other.merchant_id)).open("/audit?what=order.")
    assert "Order placed" not in theirs


@pytest.mark.parametrize(
    "query",
    [
        "about=%00",
        "about=nothing",
        "since=2026-13-45",
        "since=x",
        "until=0001-01-02",
        "sort=all",
        "what=DROP",
        "after=x",
    ],
)
async def test_nonsense_is_refused(seat: Seat, query: str) -> None:
    for path in ("/audit", "/audit.jsonl"):
        await (await seat("auditor")).open(f"{path}?{query}", status=422)


async def test_what_is_taken_away_says_of_which_time_it_is(db: Database, seat: Seat) -> None:
    auditor = await seat("auditor")
    async with db.reading(SYSTEM) as tx:
        staff_id = await tx.fetchval("SELECT id FROM staff")
    # The last second of the first of March, and the first one of the second.
    for rows, at in ((1, datetime(2025, 3, 1, 15, 59, 59, tzinfo=UTC)), (2, datetime(2025, 3, 1, 16, tzinfo=UTC))):
        async with db.transaction(Actor(ActorKind.STAFF, name="lin", id=staff_id), at=at) as tx:
            access.note_export(tx, "orders.listed", rows)

    async def taken(query: str) -> tuple[dict[str, Any], list[int]]:
        found = await auditor.open(f"/audit.jsonl?what=staff.list_exported&{query}")
        *lines, end = [json.loads(line) for line in found.splitlines()]
        return end, [line["data"]["rows"] for line in lines if line["at"].startswith("2025")]

    # Without a time it is the last 31 days, and the end says so.
    end, rows = await taken("")
    assert (rows, end["asked"], end["until"]) == ([], {"what": "staff.list_exported"}, None)
    assert datetime.fromisoformat(end["taken_at"]) - datetime.fromisoformat(end["since"]) == timedelta(days=31)
    # It is counted back from the day until which it is wanted, that day with it.
    end, rows = await taken("until=2025-03-01")
    assert rows == [1]
    assert (end["since"], end["until"]) == ("2025-01-29T16:00:00+00:00", "2025-03-01T16:00:00+00:00")
    assert (await taken("until=2025-03-31"))[1] == [2, 1]
    assert (await taken("until=2025-04-01"))[1] == [2]
    assert "Took away 1" in await auditor.open("/audit?until=2025-03-01")
    end, rows = await taken("since=2025-03-02&until=2025-03-03")
    assert (rows, end["since"], end["until"]) == ([2], "2025-03-01T16:00:00+00:00", "2025-03-03T16:00:00+00:00")
    # Of one thing it is everything, from the beginning.
    end, rows = await taken(f"about={encode('staff', staff_id)}")
    assert (rows, end["since"], end["until"]) == ([2, 1], None, None)


async def test_a_file_begins_with_the_newest_and_nowhere_else(seat: Seat) -> None:
    refused = await (await seat("auditor")).open(f"/audit.jsonl?after={encode_cursor(7)}", status=422)
    assert "until" in refused


async def test_the_badge_says_how_far_the_chain_is_whole(db: Database, seat: Seat, shop: given.Shop) -> None:
    auditor = await seat("auditor")
    assert "Not verified yet" in await auditor.open("/audit")
    await given.paid_order(db, shop)
    await worker.settle(db)
    await attest_facts(db)
    async with db.reading(SYSTEM) as tx:
        last = await tx.fetchval("SELECT max(position) FROM facts")
    assert f"Verified to entry {last}" in await auditor.open("/audit")
    assert f"已校验至第 {last} 条" in await auditor.open("/audit", tongue="zh")


async def test_a_broken_chain_is_red_and_names_the_entry(db: Database, seat: Seat, shop: given.Shop) -> None:
    async def tamper(correlation: str) -> None:
        async with db.transaction(SYSTEM) as tx:
            await tx.execute("SET LOCAL session_replication_role = replica")
            await tx.execute(f"UPDATE facts SET correlation = {correlation} WHERE position = 2")
        await attest_facts(db)

    await given.paid_order(db, shop)
    await worker.settle(db)
    await tamper("correlation || 'x'")
    auditor = await seat("auditor")
    html = await auditor.open("/audit")
    assert "Chain broken at entry 2" in html
    assert "第 2 条校验不符" in await auditor.open("/audit", tongue="zh")
    await tamper("left(correlation, -1)")
    assert "Chain broken" not in await auditor.open("/audit")


async def test_what_is_taken_away_is_signed_and_checked_without_us(
    db: Database, seat: Seat, shop: given.Shop, tmp_path: Path
) -> None:
    order_id = await given.paid_order(db, shop)
    await worker.settle(db)
    auditor = await seat("auditor")
    key = (await auditor.open("/audit.key")).strip()
    taken = await auditor.open(f"/audit.jsonl?about={encode('order', order_id)}")
    *lines, end = [json.loads(line) for line in taken.splitlines()]
    assert (end["count"], end["first"], end["last"]) == (len(lines), lines[0]["id"], lines[-1]["id"])
    assert end["asked"] == {"about": encode("order", order_id)}
    assert end["is_complete"] is True
    assert end["chain"]["entry"] >= max(line["entry"] for line in lines)
    file = tmp_path / "audit.jsonl"

    def checked(body: str, by: str = key) -> tuple[int, str]:
        file.write_text(body)
        ended = CliRunner().invoke(audit, ["verify", str(file), "--key", by])
        return ended.exit_code, ended.output

    said = f"lines from the beginning until they were taken at {end['taken_at']}, all there were"
    assert checked(taken) == (0, f"{len(lines):>8}  {said}\n")
    code, said = checked(await auditor.open("/audit.jsonl?since=2025-03-02&until=2025-03-03"))
    assert (code, said.partition("taken at ")[0]) == (
        0, "       0  lines from 2025-03-01T16:00:00+00:00 until 2025-03-03T16:00:00+00:00, as they were ",
    )  # fmt: skip
    first, rest = taken.split("\n", 1)
    for name, body in {
        "a word changed": taken.replace("order.paid", "order.kept", 1), "a line left out": rest,
        "a line added": f"{first}\n{taken}", "the end left out": taken.rsplit("\n", 2)[0] + "\n",
        "cut off": taken[:-40], "something behind": taken + "{}\n", "nothing": "",
        "the end changed": taken.replace('"is_complete":true', '"is_complete":false'), "a line of air": "\n" + taken,
    }.items():  # fmt: skip
        assert checked(body)[0] == 1, name
    assert checked(taken, by=Sealer(b"x" * 32).public_key.hex())[0] == 1
    assert checked(taken, by="nonsense")[0] == 2

    found = attested_lines.checked(taken.encode(), db.sealer.public_key)
    assert await walk(db, [found]) == (
        [],
        [f"{'':>7}1  attestations checked, whole up to entry {end['chain']['entry']}"],
    )


async def test_nothing_found_is_signed_too_and_a_cut_is_said(db: Database, seat: Seat) -> None:
    auditor = await seat("auditor")
    nothing = await auditor.open("/audit.jsonl?by=nobody")
    assert len(nothing.splitlines()) == 1
    found = attested_lines.checked(nothing.encode(), db.sealer.public_key)
    assert (found.faults, found.about["count"], found.about["first"]) == ([], 0, None)
    async with db.reading(SYSTEM) as tx:
        staff_id = await tx.fetchval("SELECT id FROM staff")
    async with db.transaction(Actor(ActorKind.STAFF, name="lin", id=staff_id)) as tx:
        # With the one that was taken already there are as many as a file holds.
        for _ in range(MOST_LINES - 1):
            access.note_export(tx, "orders.listed", 1)
    for is_complete in (True, False):
        taken = await auditor.open("/audit.jsonl?sort=exported")
        found = attested_lines.checked(taken.encode(), db.sealer.public_key)
        assert (found.faults, found.about["count"], found.about["is_complete"]) == ([], MOST_LINES, is_complete)
    # A list for a spreadsheet goes on behind that, and each part of it is written down before it is sent.
    file = await auditor.open("/audit?sort=exported&file=csv", tongue="zh")
    _, *rows = csv.reader(file.splitlines())
    async with db.reading(SYSTEM) as tx:
        noted = await tx.fetch(
            "SELECT (data->>'rows')::int AS rows FROM facts WHERE wire = 'staff.list_exported' ORDER BY id DESC LIMIT 2"
        )
    assert len(rows) > MOST_LINES
    assert sum(row["rows"] for row in noted) == len(rows)


async def test_a_file_of_before_finds_a_chain_that_was_made_anew(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    await worker.settle(db)
    taken = (await (await seat("auditor")).open("/audit.jsonl")).encode()
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("SET LOCAL session_replication_role = replica")
        await tx.execute("DELETE FROM attestations; UPDATE facts SET actor_id = 7 WHERE position = 2")
        await tx.execute("UPDATE attestation_watch SET verified = 0, verified_to = 0, hash = $1, again = 0", bytes(32))
    await attest_facts(db)
    assert (await walk(db, []))[0] == []
    faults, _ = await walk(db, [attested_lines.checked(taken, db.sealer.public_key)])
    assert len(faults) == 1
    assert "does not have the end" in faults[0]


async def test_only_who_may_read_it_takes_it_or_the_key(seat: Seat) -> None:
    for path in ("/audit.jsonl", "/audit.key"):
        await (await seat("lead")).open(path, status=403)
