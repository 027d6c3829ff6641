"""`dingdan check`: what it says, how it ends, and that it disturbs nobody."""

import asyncio
import json
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from dingdan.cli.check import check
from dingdan.overviews import invariants
from tests.invariants import story

pytestmark = pytest.mark.requirement("issue 2: check")

BREAK = "UPDATE stock SET on_hand = on_hand + 1"


async def run(url: str, *options: str) -> Result:
    """The command as an operator types it, in a thread since it brings its own loop."""
    runner = CliRunner()
    return await asyncio.to_thread(runner.invoke, check, list(options), env={"DINGDAN_DATABASE_URL": url})


async def change(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


async def tell(url: str, **size: int) -> None:
    connection = await asyncpg.connect(url)
    await story.tell(connection, **size)
    await connection.close()


async def test_a_sound_database_ends_with_zero(database_url: str) -> None:
    await tell(database_url)

    ended = await run(database_url, "--settled")

    assert ended.exit_code == 0
    assert all(one.name in ended.output and one.says in ended.output for one in invariants.INVARIANTS)


async def test_an_empty_database_is_sound(database_url: str) -> None:
    ended = await run(database_url, "--json")

    assert ended.exit_code == 0
    assert json.loads(ended.output)["violations"] == 0


async def test_json_is_one_object_with_every_invariant(database_url: str) -> None:
    await tell(database_url)
    await change(database_url, BREAK)

    ended = await run(database_url, "--json")

    answer = json.loads(ended.output)
    counts = {one["name"]: one["count"] for one in answer["invariants"]}
    assert ended.exit_code == 1
    assert set(answer) == {"violations", "invariants"}
    assert set(counts) == {one.name for one in invariants.INVARIANTS if not one.needs_settled}
    assert answer["violations"] == sum(counts.values()) > 0
    assert counts["S2_stock_is_its_history"] > 3


async def test_a_violation_is_shown_with_three_samples_at_most(database_url: str) -> None:
    await tell(database_url)
    await change(database_url, BREAK)

    ended = await run(database_url)

    lines = ended.output.splitlines()
    place = next(n for n, line in enumerate(lines) if "S2_stock_is_its_history" in line)
    assert ended.exit_code == 1
    assert sum("moved_on_hand=" in line for line in lines[place + 1 : place + 6]) == 3


async def test_a_database_that_is_not_there_ends_with_two() -> None:
    ended = await run("postgresql://nobody@127.0.0.1:1/none")

    assert ended.exit_code == 2


async def test_no_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    runner = CliRunner()
    ended = await asyncio.to_thread(runner.invoke, check, [], env={"DINGDAN_DATA_DIR": str(tmp_path / "none")})

    assert ended.exit_code == 2
    assert not (tmp_path / "none").exists()


async def test_a_database_that_is_not_ours_ends_with_two(server: Any) -> None:
    ended = await run(server.get_uri("template1"))

    assert ended.exit_code == 2


async def test_it_waits_for_nobody_and_sees_only_what_is_committed(database_url: str) -> None:
    await tell(database_url)
    writer = await asyncpg.connect(database_url)
    async with writer.transaction():
        await writer.execute(f"LOCK TABLE orders IN ROW EXCLUSIVE MODE; {BREAK}")
        ended = await asyncio.wait_for(run(database_url), 20)
    await writer.close()

    assert ended.exit_code == 0


async def test_a_caller_in_a_transaction_sees_its_own_changes(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    undo = connection.transaction()
    await undo.start()
    await story.tell(connection)
    await connection.execute(BREAK)
    found = await invariants.check(connection)
    await undo.rollback()
    await connection.close()

    assert sum(result.count for result in found) > 0


async def test_samples_say_nothing_about_people(database_url: str) -> None:
    """Violations are reported with keys and amounts; names, phones and sealed words stay where they are."""
    connection = await asyncpg.connect(database_url)
    await story.tell(connection)
    await connection.execute(
        "SET session_replication_role = replica; UPDATE contacts SET merchant_id = 3 - merchant_id"
    )
    found = {result.name: result for result in await invariants.check(connection)}
    await connection.close()

    rows = [json.loads(sample["row"]) for sample in found["N1_children_of_their_merchant"].samples]
    assert {key for row in rows if row.get("buyer_id") for key in row} <= {"id", "merchant_id", "buyer_id", "checkout_id",
        "channel_id", "warehouse_id", "contact_id", "policy_id", "order_id"}  # fmt: skip


@pytest.mark.prove
async def test_eight_hundred_thousand_lines_are_checked_within_half_a_minute(database_url: str) -> None:
    await tell(database_url, orders=36_600, lines=22)

    began = perf_counter()
    ended = await run(database_url, "--settled")

    assert ended.exit_code == 0, ended.output
    assert perf_counter() - began < 30
