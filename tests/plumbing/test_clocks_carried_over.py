"""A database of before: its deadlines go on where they were, and show the time that was promised."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from dingdan.migrations.running import upgrade

pytestmark = pytest.mark.requirement("issue 4: clocks")

LATER = datetime(2099, 3, 3, 9, tzinfo=UTC)


@asynccontextmanager
async def empty(server: Any) -> AsyncIterator[str]:
    """A database without a table, dropped afterwards."""
    name = f"t_{uuid.uuid4().hex[:16]}"
    admin = await asyncpg.connect(server.get_uri("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        yield server.get_uri(name)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def test_deadlines_of_before_go_on(server: Any) -> None:
    async with empty(server) as url:
        await upgrade(url, to="0011")
        old = await asyncpg.connect(url)
        await old.executemany(
            "INSERT INTO deadlines (kind, subject_id, merchant_id, due_at, left_when_paused) VALUES ($1, $2, 1, $3, $4)",
            [
                ("order.auto_receive", 7, LATER, None), ("order.auto_receive", 8, LATER, timedelta(hours=5)),
                ("review.decide", 9, LATER, timedelta(hours=1)), ("return.review", 10, LATER, None),
            ],
        )  # fmt: skip
        await old.close()
        await upgrade(url)
        new = await asyncpg.connect(url)
        rows = await new.fetch("SELECT * FROM deadlines ORDER BY subject_id")
        pauses = await new.fetch("SELECT subject_id, waiting_for, ended_at FROM deadline_pauses ORDER BY subject_id")
        await new.close()
    assert [(row["due_at"], row["next_at"], row["waiting_for"]) for row in rows] == [
        (LATER, LATER, None), (LATER, None, "return"), (LATER, None, "buyer"), (LATER, LATER, None),
    ]  # fmt: skip
    assert [row["order_id"] for row in rows[:2]] == [7, 8]
    assert rows[3]["step"] == 2
    assert [tuple(row) for row in pauses] == [(8, "return", None), (9, "buyer", None)]


async def test_reminders_of_before_become_steps_of_the_clock_that_they_remind_of(server: Any) -> None:
    """All to come, one to come, both given, and standing still."""
    async with empty(server) as url:
        await upgrade(url, to="0020")
        old = await asyncpg.connect(url)
        await old.executemany(
            """
            INSERT INTO deadlines (kind, subject_id, merchant_id, due_at, next_at, paused_at, left_when_paused, waiting_for)
            VALUES ($1, $2, 1, $3::timestamptz, CASE WHEN $4::interval IS NULL THEN $3::timestamptz END,
                    CASE WHEN $4 IS NOT NULL THEN now() END, $4,
                    CASE WHEN $4 IS NOT NULL THEN 'return' END)
            """,
            [
                *(("order.auto_receive", order_id, LATER, None) for order_id in (7, 8, 9)),
                ("order.auto_receive", 10, LATER, timedelta(days=5)),
                *(("order.announce_receipt", order_id, LATER - timedelta(days=3), None) for order_id in (7,)),
                *(("order.remind_of_receipt", order_id, LATER - timedelta(days=1), None) for order_id in (7, 8)),
            ],
        )  # fmt: skip
        await old.close()
        await upgrade(url)
        new = await asyncpg.connect(url)
        rows = await new.fetch("SELECT kind, subject_id, step, due_at, next_at FROM deadlines ORDER BY subject_id")
        await new.close()
    assert {(row["kind"], row["due_at"]) for row in rows} == {("order.auto_receive", LATER)}
    assert [(row["subject_id"], row["step"], row["next_at"]) for row in rows] == [
        (7, 0, LATER - timedelta(days=3)), (8, 1, LATER - timedelta(days=1)), (9, 2, LATER), (10, 0, None),
    ]  # fmt: skip
