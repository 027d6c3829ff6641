"""Refunds and words of before: upgrading lets nothing wait, and what may wait from then on is bounded."""

from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

pytestmark = pytest.mark.requirement("issue 6: held")

PAST = """
SET session_replication_role = replica;
INSERT INTO refunds (id, order_id, merchant_id, cause, cause_id, state, currency, amount, requested_by_kind, requested_at)
VALUES (1, 2, 3, 'return', 4, 'requested', 'CNY', 100, 'system', '2026-05-05');
INSERT INTO return_remarks (id, return_id, order_id, merchant_id, buyer_id, side, code, sealed, evidence, said_by_kind, at)
VALUES (5, 4, 2, 3, 6, 'buyer', 'said', '\\x01', '{}', 'buyer', '2026-05-05');
INSERT INTO order_notes (id, order_id, merchant_id, is_shown, sealed, said_by_kind, at)
VALUES (7, 2, 3, false, '\\x01', 'staff', '2026-05-05');
SET session_replication_role = DEFAULT;
"""


async def test_nothing_of_before_waits_and_only_our_words_to_buyers_ever_do(server: Any, template: str) -> None:
    async with database_before(server, "0048") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(PAST)
            await running.upgrade(url)
            waits = [
                await connection.fetchval(f"SELECT held_until FROM {table}")
                for table in ("return_remarks", "order_notes")
            ]
            for table in ("return_remarks", "order_notes"):
                with pytest.raises(asyncpg.CheckViolationError):
                    await connection.execute(f"UPDATE {table} SET held_until = now()")
            await connection.execute("UPDATE refunds SET state = 'held'")
        finally:
            await connection.close()
    assert waits == [None, None]
