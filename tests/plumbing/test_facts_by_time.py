"""The facts of a period are found by time: upgrading adds what they are found by, and leaves every fact as it was."""

from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

pytestmark = pytest.mark.requirement("issue 6: console")

PAST = """
INSERT INTO facts (id, wire, subject, subject_id, rule, actor_kind, correlation, at, data)
VALUES (1, 'order.placed', 'order', 2, '', 'system', 'past', '2026-05-05', '{}')
"""


async def test_facts_of_before_are_found_by_time(server: Any, template: str) -> None:
    async with database_before(server, "0041") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(PAST)
            await running.upgrade(url)
            await connection.execute("SET enable_seqscan = off")
            sql = "SELECT id FROM facts WHERE at >= '2026-05-01' AND at < '2026-06-01'"
            found = await connection.fetch(sql)
            plan = await connection.fetch(f"EXPLAIN {sql}")
        finally:
            await connection.close()
    assert [row["id"] for row in found] == [1]
    assert "ix_facts_at" in "\n".join(row[0] for row in plan)
