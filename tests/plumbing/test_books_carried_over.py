"""Shops of before settlement: nothing of their past is answered anew, and what was never agreed on is owed to nobody."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, rule, actor_kind, correlation, at, recorded_at, data)
SELECT n, n, 'order.completed', 'order', n, n, '', 'system', '', now(), now(), '{}' FROM generate_series(1, 3) n
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before merchants were settled with."""
    async with database_before(server, "0026") as url:
        yield url


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
