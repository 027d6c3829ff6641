"""Shops of before settlement: nothing of their past is answered anew, and what was never agreed on is owed to nobody."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dingdan.migrations import running

PAST = """
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, rule, actor_kind, correlation, at, recorded_at, data)
SELECT n, n, 'order.completed', 'order', n, n, '', 'system', '', now(), now(), '{}' FROM generate_series(1, 3) n
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before merchants were settled with."""
    name = f"dingdan_before_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(server.get_uri("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    url = server.get_uri(name)

    def run(connection: Connection) -> None:
        config = running._config(connection)
        scripts = ScriptDirectory.from_config(config)
        (ours,) = [one for one in scripts.walk_revisions() if one.module.__name__.endswith("settling_and_invoices_py")]
        command.upgrade(config, str(ours.down_revision))
        connection.commit()

    await running._with_connection(url, run)
    try:
        yield url
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.mark.requirement("issue 5: settlement")
async def test_the_past_is_not_settled(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        await running.upgrade(before)
        rows = await connection.fetch(
            "SELECT reaction, position FROM reaction_cursors WHERE reaction = ANY($1::text[]) ORDER BY reaction",
            ["settlements.follow", "invoices.follow"],
        )
    finally:
        await connection.close()

    assert [tuple(row) for row in rows] == [("invoices.follow", 3), ("settlements.follow", 3)]
