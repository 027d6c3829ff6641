"""A database of before: its deadlines go on where they were, and show the time that was promised."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from dingdan.migrations.running import upgrade

pytestmark = pytest.mark.requirement("issue 4: clocks")

LATER = datetime(2099, 3, 3, 9, tzinfo=UTC)


async def test_deadlines_of_before_go_on(server: Any) -> None:
    name = f"t_{uuid.uuid4().hex[:16]}"
    admin = await asyncpg.connect(server.get_uri("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        await upgrade(server.get_uri(name), to="0011")
        old = await asyncpg.connect(server.get_uri(name))
        await old.executemany(
            "INSERT INTO deadlines (kind, subject_id, merchant_id, due_at, left_when_paused) VALUES ($1, $2, 1, $3, $4)",
            [
                ("order.auto_receive", 7, LATER, None), ("order.auto_receive", 8, LATER, timedelta(hours=5)),
                ("review.decide", 9, LATER, timedelta(hours=1)), ("return.review", 10, LATER, None),
            ],
        )  # fmt: skip
        await old.close()
        await upgrade(server.get_uri(name))
        new = await asyncpg.connect(server.get_uri(name))
        rows = await new.fetch("SELECT * FROM deadlines ORDER BY subject_id")
        pauses = await new.fetch("SELECT subject_id, waiting_for, ended_at FROM deadline_pauses ORDER BY subject_id")
        await new.close()
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()
    assert [(row["due_at"], row["next_at"], row["waiting_for"]) for row in rows] == [
        (LATER, LATER, None), (LATER, None, "return"), (LATER, None, "buyer"), (LATER, LATER, None),
    ]  # fmt: skip
    assert [row["order_id"] for row in rows[:2]] == [7, 8]
    assert rows[3]["step"] == 2
    assert [tuple(row) for row in pauses] == [(8, "return", None), (9, "buyer", None)]
