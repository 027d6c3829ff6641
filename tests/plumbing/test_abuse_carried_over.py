"""Shops of before signs of abuse were looked for: nobody is flagged for what was, and readers see their own rows only."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, rule, actor_kind, correlation, at, recorded_at, data)
SELECT n, n, 'return.inspected', 'return', n, n, '', 'system', '', now(), now(), '{}' FROM generate_series(1, 3) n
"""
TABLES = ("abuse_flags", "abuse_handovers", "abuse_measures", "abuse_signals")


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before anybody looked for signs."""
    async with database_before(server, "0034") as url:
        yield url


@pytest.mark.requirement("R7.2")
async def test_nobody_is_looked_at_for_the_past(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        await running.upgrade(before)
        rows = await connection.fetch(
            "SELECT reaction, position FROM reaction_cursors WHERE reaction IN ('abuse.look', 'identity.lift_flags') ORDER BY 1"
        )
        walled = await connection.fetch("SELECT tablename FROM pg_policies WHERE tablename LIKE 'abuse_%' ORDER BY 1")
    finally:
        await connection.close()

    assert [tuple(row) for row in rows] == [("abuse.look", 3), ("identity.lift_flags", 3)]
    assert tuple(row["tablename"] for row in walled) == TABLES
