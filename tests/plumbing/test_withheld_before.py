"""Shops of before: refunds stay what they were, and one that comes to nothing can be on record."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
INSERT INTO refunds (id, order_id, merchant_id, cause, cause_id, state, currency, amount, requested_by_kind, requested_at)
VALUES (1, 2, 1, 'exchange', 3, 'requested', 'CNY', 1065, 'system', now());
INSERT INTO refund_lines (order_id, refund_id, n, merchant_id, line_no, quantity, component, amount, rule, basis)
VALUES (2, 1, 1, 1, 1, 1, 'goods', 1065, 'A5.prorate', 'exchanged');
"""
NOW = """
INSERT INTO refund_lines (order_id, refund_id, n, merchant_id, line_no, quantity, component, amount, rule)
VALUES (2, 1, 2, 1, 1, 0, 'reprice', -1065, 'A6.reprice'), (2, 1, 3, 1, 0, 0, 'withheld', 1065, 'R4.6.withheld');
INSERT INTO refunds (id, order_id, merchant_id, cause, cause_id, state, currency, amount, requested_by_kind, requested_at)
VALUES (4, 8, 1, 'withheld', 5, 'requested', 'CNY', 5, 'system', now()),
    (5, 9, 1, 'withheld', 5, 'requested', 'CNY', 5, 'system', now()),
    (6, 2, 1, 'unsent', 3, 'requested', 'CNY', 0, 'system', now());
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before anything was withheld."""
    async with database_before(server, "0038") as url:
        yield url


@pytest.mark.requirement("R4.6")
async def test_what_was_carried_over_before_stays_and_something_can_be_withheld(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await connection.execute(NOW)
        await running.upgrade(before)
        kept = await connection.fetchrow("SELECT component, amount, basis FROM refund_lines")
        await connection.execute(NOW)
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("UPDATE refunds SET order_id = 8 WHERE id = 5")
    finally:
        await connection.close()

    assert tuple(kept) == ("goods", 1065, "exchanged")
