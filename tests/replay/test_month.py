"""A month of the real shop through the commands, against figures that are counted without them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import pytest

from dingdan.cli.replay.replaying import Result, Source, replay
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import invariants
from dingdan.plumbing.database import Database
from tests.conftest import MASTER_KEY
from tests.replay import shops
from tests.replay.conftest import Files
from tests.replay.shops import Expected

pytestmark = pytest.mark.requirement("issue 2: replay")

LONDON = ZoneInfo("Europe/London")
ROOT = Path(__file__).parents[2]
# Everything that a second run could change.
COUNTED = ("facts", "orders", "movements", "entries", "returns", "refunds", "send_backs", "deadlines", "products",
           "stock", "policies", "merchants", "contacts")  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.parametrize("span", ["week", pytest.param("month", marks=pytest.mark.prove)])
async def test_a_span_comes_to_what_its_lines_say(db: Database, span: str, request: pytest.FixtureRequest) -> None:
    files: Files = request.getfixturevalue(span)
    outcome = await replay(db, Source(files.lines, files.plan))

    assert seen(outcome.result) == shops.expected(files.rows, files.claims)
    assert sum(outcome.left_out.values()) + outcome.result.lines == len(files.rows)
    async with db.reading(SYSTEM) as tx:
        placed = await tx.fetch("SELECT reference, placed_at, delivered_at, total FROM orders")
    sold = shops.sold(files.rows)
    for order in placed:
        lines = sold[order["reference"]]
        first = min(line[shops.AT] for line in lines)
        assert str(order["placed_at"].astimezone(LONDON))[:16] <= first[:16]
        assert str(order["placed_at"].astimezone(LONDON))[:10] == first[:10]
        assert str(order["delivered_at"].astimezone(LONDON))[:10] == first[:10]
        assert Decimal(order["total"]) / 100 == sum(int(n[shops.QUANTITY]) * Decimal(n[shops.PRICE]) for n in lines)

    before = await snapshot(db.url)
    again = await replay(db, Source(files.lines, files.plan))

    assert seen(again.result) == seen(outcome.result)
    assert await snapshot(db.url) == before
    assert [one for one in await invariants.check(db, settled=True) if one.count] == []


@pytest.mark.timeout(600)
async def test_a_replay_that_is_killed_goes_on(database_url: str, days: Files) -> None:
    """Killed among the orders and killed again among the returns, it ends with the same figures."""
    await kill_when(database_url, days, "SELECT count(*) > 100 FROM orders WHERE delivered_at IS NOT NULL")
    await kill_when(database_url, days, "SELECT count(*) > 10 FROM returns WHERE outcome <> 'open'")

    process = start(database_url, days)
    output, progress = process.communicate(timeout=300)

    assert process.returncode == 0, progress.decode()[-2000:]
    result = msgspec.json.decode(output, type=Result)
    assert seen(result) == shops.expected(days.rows, days.claims)
    assert list(msgspec.json.decode(output)) == list(Result.__struct_fields__)
    connection = await asyncpg.connect(database_url)
    try:
        assert [one for one in await invariants.check(connection, settled=True) if one.count] == []
    finally:
        await connection.close()


def seen(result: Result) -> Expected:
    """What a replay says that it came to."""
    assert Decimal(result.net) == Decimal(result.gross) - Decimal(result.refunds)
    return Expected(
        orders=result.orders,
        lines=result.lines,
        gross=Decimal(result.gross),
        accepted=result.accepted_return_lines,
        refunds=Decimal(result.refunds),
        at_another_price=result.review_price_mismatch,
        over_return=result.refused_over_return,
        before_purchase=result.refused_before_purchase,
        no_order=result.refused_no_order,
    )


async def snapshot(url: str) -> dict[str, Any]:
    """How many rows every table has, and the last fact."""
    connection = await asyncpg.connect(url)
    try:
        counts = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in COUNTED}
        return counts | {"last": await connection.fetchval("SELECT max(position) FROM facts")}
    finally:
        await connection.close()


async def kill_when(url: str, files: Files, question: str) -> None:
    """Start a replay and kill it as soon as the database answers yes."""
    process = start(url, files)
    connection = await asyncpg.connect(url)
    try:
        until = time.monotonic() + 300
        while not await connection.fetchval(question):
            assert process.poll() is None, process.communicate()[1].decode()[-2000:]
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    finally:
        await connection.close()
    assert process.returncode == -signal.SIGKILL


def start(url: str, files: Files) -> "subprocess.Popen[bytes]":
    """`dingdan replay online-retail` as an operator starts it, on this database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DINGDAN_")}
    environment |= {
        "DINGDAN_DATABASE_URL": url,
        "DINGDAN_MASTER_KEY": MASTER_KEY.hex(),
        "PYTHONPATH": str(ROOT / "src"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "dingdan", "replay", "online-retail", str(files.lines), "--plan", str(files.plan),
         "--json"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.prove
@pytest.mark.timeout(0)
async def test_two_years_end_to_the_penny(database_url: str, samples: Path) -> None:
    """The whole file, raw as it is; the expected figures are those of the data's own description."""
    folder = samples / "online_retail"
    database = await Database(database_url, key=MASTER_KEY, sandbox=True).open()
    try:
        outcome = await replay(database, Source(folder / "online_retail_II.csv.xz", folder / "return_plan.csv.xz"))
        found = await invariants.check(database, settled=True)
    finally:
        await database.close()

    result = outcome.result
    assert (result.orders, result.lines, result.gross) == (36_594, 788_187, "17124926.23")
    assert (result.accepted_return_lines, result.refunds, result.net) == (15_225, "657853.98", "16467072.25")
    assert result.review_price_mismatch == 714
    assert (result.refused_over_return, result.refused_before_purchase, result.refused_no_order) == (
        170,
        496,
        1_036,
    )
    assert [one for one in found if one.count] == []
    rows, claims = (
        shops.rows_of(folder / "online_retail_II.csv.xz"),
        shops.rows_of(folder / "return_plan.csv.xz"),
    )
    assert seen(result) == shops.expected(rows, claims)
    assert outcome.left_out["delivered_again"] + outcome.left_out["cancellation"] - 19_165 == 22_523
