"""A shop of before there were disputes: what stood against its orders stands, and nothing of its past is answered anew."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
SET session_replication_role = replica;
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, rule, actor_kind, correlation, at, recorded_at, data)
SELECT n, n, 'settlement.booked', 'settlement', n, n, '', 'system', '', now(), now(), '{}' FROM generate_series(1, 3) n;
INSERT INTO objections (order_id, cause, subject_id, round, merchant_id, reason, opened_at)
SELECT n, CASE n WHEN 1 THEN 'buyer' WHEN 2 THEN 'return' ELSE 'case' END, n, 1, 1, '', now() FROM generate_series(1, 3) n;
INSERT INTO confirmations (order_id, version, merchant_id, contact_id, occasion, canonical, hash, missing, at)
VALUES (1, 1, 1, 1, 'invoice_issued', '{}', '\\x00', '{}', now());
SET session_replication_role = DEFAULT;
"""
DISPUTED = """
INSERT INTO objections (order_id, cause, subject_id, round, merchant_id, reason, opened_at) VALUES (1, $1, 9, 1, 1, '', now())
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before there were disputes."""
    async with database_before(server, "0032") as url:
        yield url


@pytest.mark.requirement("R6.1")
async def test_what_was_before_stays_and_disputes_can_begin(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        await running.upgrade(before)
        causes = await connection.fetch("SELECT cause FROM objections ORDER BY order_id")
        told = await connection.fetch("SELECT occasion FROM confirmations")
        cursors = await connection.fetch(
            "SELECT reaction, position FROM reaction_cursors WHERE reaction = ANY($1::text[]) ORDER BY reaction",
            ["settlements.recover", "returns.agree"],
        )
        walls = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relname LIKE 'dispute%' AND relkind = 'r' AND relrowsecurity"
        )
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(DISPUTED, "dispute")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(DISPUTED, "quarrel")
    finally:
        await connection.close()

    assert [row["cause"] for row in causes] == ["buyer", "return", "case"]
    assert [row["occasion"] for row in told] == ["invoice_issued"]
    assert [tuple(row) for row in cursors] == [("returns.agree", 3), ("settlements.recover", 3)]
    assert {row["relname"] for row in walls} == {
        "disputes", "dispute_entries", "dispute_rulings", "dispute_standstills",
    }  # fmt: skip
