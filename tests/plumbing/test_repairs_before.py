"""Shops of before repairs: returns keep what they asked for, and what was exchanged then has its guarantee from then."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, rule, actor_kind, correlation, at, recorded_at, data)
SELECT n, n, 'return.approved', 'return', n, n, '', 'system', '', now(), now(), '{}' FROM generate_series(1, 3) n;
INSERT INTO return_requests (id, merchant_id, buyer_id, at) VALUES (1, 1, 1, now());
INSERT INTO returns (id, order_id, request_id, merchant_id, warehouse_id, policy_id, requested_at, resolution)
VALUES (2, 3, 1, 1, 1, 1, now(), 'refund_only');
INSERT INTO exchanges (id, return_id, order_id, merchant_id, state, sent_order_id, asked_at, replaced_at, worth, carried, price,
    ended_at) VALUES (5, 2, 3, 1, 'done', 9, now(), now(), 0, 0, 0, '2026-05-05');
INSERT INTO exchange_lines (exchange_id, line_no, merchant_id, order_id, product_id, quantity, sent)
VALUES (5, 1, 1, 3, 4, 1, 1), (5, 2, 1, 3, 4, 1, 0);
"""
MENDS = "UPDATE returns SET resolution = 'repair', journey = 'received', decision = 'approved' WHERE id = 2"


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before goods could be mended."""
    async with database_before(server, "0036") as url:
        yield url


@pytest.mark.requirement("R4.7")
async def test_what_was_returned_before_stays_and_repairs_can_begin(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(MENDS)
        await running.upgrade(before)
        position = await connection.fetchval("SELECT position FROM reaction_cursors WHERE reaction = 'returns.mend'")
        kept = await connection.fetchrow("SELECT resolution, journey FROM returns")
        anew = await connection.fetch("SELECT order_id, line_no, kind, source_id, since::date::text FROM line_services")
        await connection.execute(MENDS)
        walls = await connection.fetch(
            "SELECT tablename FROM pg_policies WHERE tablename IN ('repairs', 'line_services')"
        )
        said = await connection.fetchval(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_confirmations_occasion_known'"
        )
    finally:
        await connection.close()

    assert (position, tuple(kept), len(walls)) == (3, ("refund_only", "at_buyer"), 2)
    assert [tuple(row) for row in anew] == [(9, 1, "exchange", 5, "2026-05-05")]
    assert "repair_began" in said
    assert "exchange_owed" in said
