"""Shops of before exchanges: returns keep what they asked for, and what was decided then is not followed anew."""

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
INSERT INTO payments (id, checkout_id, merchant_id, provider, method, state, currency, amount, started_at, captured_at)
VALUES (4, 5, 1, 'sandbox', 'qr', 'captured', 'CNY', 100, now(), now());
INSERT INTO captures (id, payment_id, order_id, merchant_id, kind, currency, amount, provider, provider_ref, at)
VALUES (6, 4, 3, 1, 'normal', 'CNY', 100, 'sandbox', 'r', now());
INSERT INTO send_backs (id, order_id, merchant_id, refund_id, payment_id, state, currency, amount, created_at, arrived_at)
VALUES (7, 3, 1, 8, 4, 'arrived', 'CNY', 100, now(), now());
"""
GOES_BACK = "UPDATE returns SET resolution = 'exchange', journey = 'received', decision = 'approved' WHERE id = 2"


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before exchanges were carried out."""
    async with database_before(server, "0033") as url:
        yield url


@pytest.mark.requirement("R4.6")
async def test_what_was_returned_before_stays_and_exchanges_can_begin(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(GOES_BACK)
        await running.upgrade(before)
        rows = await connection.fetch(
            "SELECT position FROM reaction_cursors WHERE reaction LIKE '%.swap' OR reaction LIKE '%was_carried'"
        )
        kept = await connection.fetchrow("SELECT resolution, journey FROM returns")
        carried = await connection.fetchrow(
            "SELECT c.carried_from, s.carried_to FROM captures c, send_backs s WHERE c.payment_id = s.payment_id"
        )
        await connection.execute(GOES_BACK)
        walls = await connection.fetch("SELECT tablename FROM pg_policies WHERE tablename LIKE 'exchange%'")
    finally:
        await connection.close()

    assert [row["position"] for row in rows] == [3, 3, 3]
    assert (tuple(kept), tuple(carried)) == (("refund_only", "at_buyer"), (None, None))
    assert {row["tablename"] for row in walls} == {"exchanges", "exchange_lines"}
