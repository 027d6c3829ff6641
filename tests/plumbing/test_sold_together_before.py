"""Shops of before: what was sent for goods learns the order in which they were first sold, through every exchange."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
SET session_replication_role = replica;
INSERT INTO orders (id, merchant_id, checkout_id, channel_id, warehouse_id, buyer_id, contact_id, currency, goods, total,
                    policy_id, policy_hash, placed_at, pay_by)
SELECT n, 1, n, 1, 1, 1, 1, 'CNY', 5, 5, 1, '', now(), now() FROM generate_series(1, 4) n;
INSERT INTO exchanges (id, return_id, order_id, merchant_id, sent_order_id, asked_at)
VALUES (11, 21, 1, 1, 2, now()), (12, 22, 2, 1, 3, now()), (13, 23, 4, 1, 9, now());
SET session_replication_role = DEFAULT;
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before orders knew what they were sent for."""
    async with database_before(server, "0045") as url:
        yield url


@pytest.mark.requirement("R4.6")
async def test_what_was_sent_for_goods_knows_their_first_order(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        await running.upgrade(before)
        found = await connection.fetch("SELECT id, first_order_id FROM orders ORDER BY id")
    finally:
        await connection.close()

    assert [tuple(row) for row in found] == [(1, None), (2, 1), (3, 1), (4, None)]
