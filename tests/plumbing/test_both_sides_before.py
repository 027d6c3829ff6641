"""Disputes, customs and messages of before: what was appealed waits for its arbitrator, and what goes back has its days."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

PAST = """
SET session_replication_role = replica;
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, rule, actor_kind, correlation, at, recorded_at, data)
SELECT n, n, 'stock.counted', 'product', n, n, '', 'system', '', now(), now(), '{}' FROM generate_series(1, 3) n;
INSERT INTO disputes (id, order_id, merchant_id, buyer_id, subject, subject_id, issue, side, claim, currency, state, turn,
                      turn_by, opened_by_kind, opened_at, rule_by, appealed_side)
SELECT n, n, 1, 1, 'order', n, 'other', 'buyer', '[]', 'CNY', s, 1, CASE s WHEN 'showing' THEN now() END, 'key', now(),
       CASE s WHEN 'appealed' THEN now() END, CASE s WHEN 'appealed' THEN 'seller' END
FROM (VALUES (1, 'showing'), (2, 'appealed')) AS d (n, s);
INSERT INTO confirmations (order_id, version, merchant_id, contact_id, occasion, canonical, hash, missing, at)
VALUES (1, 1, 1, 1, 'dispute_appealed', '{}', '\\x00', '{}', now());
INSERT INTO customs_releases (order_id, merchant_id, declaration, released_on, noted_at, noted_by_kind)
SELECT n, 1, 'D', '2026-06-01', now(), 'key' FROM generate_series(1, 2) n;
INSERT INTO customs_returns (id, merchant_id, order_id, state, units, currency, applied_on, back_on, noted_at, noted_by_kind)
VALUES (8, 1, 1, 'applied', '{"1": 1}', 'CNY', '2026-06-02', NULL, '2026-06-02T00:00:00Z', 'key'),
       (9, 1, 2, 'late', '{"1": 1}', 'CNY', '2026-06-02', '2026-09-01', now(), 'key');
"""
CLOCKS = """
SELECT subject_id, order_id, due_at AT TIME ZONE 'Asia/Shanghai' AS due, due_at - next_at AS before
FROM deadlines WHERE kind = 'customs.back_by'
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before both sides were told and heard."""
    async with database_before(server, "0039") as url:
        yield url


@pytest.mark.requirement("R6.4")
@pytest.mark.requirement("W73")
async def test_what_was_appealed_and_what_goes_back_goes_on(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(PAST)
        await running.upgrade(before)
        disputes = await connection.fetch("SELECT state, turn, turn_by IS NULL AS nobody FROM disputes ORDER BY id")
        clocks = await connection.fetch(CLOCKS)
        cursors = await connection.fetch("SELECT reaction, position FROM reaction_cursors ORDER BY reaction")
        walls = await connection.fetch("SELECT tablename FROM pg_policies WHERE tablename = 'customs_imports'")
        told = "UPDATE confirmations SET occasion = $1"
        await connection.execute(told, "seller_dispute_turn")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(told, "seller_gossip")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE disputes SET state = 'answering' WHERE id = 2")
        await connection.execute("UPDATE disputes SET state = 'answering', turn = 2, turn_by = now() WHERE id = 2")
    finally:
        await connection.close()

    assert [tuple(row) for row in disputes] == [("showing", 1, False), ("appealed", 1, True)]
    ((subject, order, due, ahead),) = clocks
    assert (subject, order, due.isoformat(), ahead.days) == (8, 1, "2026-07-17T00:00:00", 7)
    positions = {row["reaction"]: row["position"] for row in cursors}
    assert {positions[one] for one in ("exchanges.serve_short", "returns.expect_back", "orders.recount_imports")} == {3}
    assert len(walls) == 1
