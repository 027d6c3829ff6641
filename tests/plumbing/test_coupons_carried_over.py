"""Coupons of the platform that were used before their limits counted over all merchants."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
INSERT INTO promotions (id, merchant_id, state, version, draft, code, starts_at, limit_per_buyer, created_at, updated_at)
VALUES (1, NULL, 'active', 3, '{}', 'ALL', now(), 1, now(), now()), (2, 7, 'active', 3, '{}', 'OWN', now(), 1, now(), now());
INSERT INTO buyers (id, merchant_id, ref_hash, sealed, created_at) VALUES
    (71, 7, '\\x8000000000000001aa', '', now()), (81, 8, '\\x8000000000000001aa', '', now()),
    (72, 7, '\\x0000000000000002bb', '', now()), (82, 8, '\\x0000000000000002bb', '', now());
INSERT INTO promotion_uses (order_id, promotion_id, merchant_id, buyer_id, amount, claimed_at, given_back_at) VALUES
    (100, 1, 7, 71, 5, now(), NULL), (101, 1, 8, 81, 5, now(), now()), (102, 1, 7, 72, 5, now(), NULL),
    (103, 1, 8, 82, 5, now(), NULL), (104, 2, 7, 71, 5, now(), NULL);
INSERT INTO promotion_buyers (promotion_id, buyer_id, merchant_id, used) VALUES
    (1, 71, 7, 1), (1, 81, 8, 0), (1, 72, 7, 1), (1, 82, 8, 1), (2, 71, 7, 1);
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before."""
    async with database_before(server, "0030") as url:
        yield url


@pytest.mark.requirement("O1.6")
async def test_a_person_is_counted_over_all_merchants_and_nobody_is_above_the_limit(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        await running.upgrade(before)
        rows = await connection.fetch("SELECT * FROM promotion_holders ORDER BY promotion_id, holder")
    finally:
        await connection.close()

    found = [(row["promotion_id"], row["holder"], row["merchant_id"], row["used"]) for row in rows]
    one = int.from_bytes(bytes.fromhex("8000000000000001"), signed=True)
    # Who used it at two merchants, which was allowed, is counted at each of them.
    assert found == [(1, one, None, 1), (1, 72, None, 1), (1, 82, None, 1), (2, 71, 7, 1)]
