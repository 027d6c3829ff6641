"""What was returned, refunded and looked at before each step of returns says afterwards what it said, and no more."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

# The rows that these hang on are not there; the rules of each row hold.
BARE = "SET session_replication_role = replica;"
REMEDIES = """
INSERT INTO remedies (id, case_id, order_id, merchant_id, kind, state, terms, currency, amount, alone_up_to, needs_consent,
                      proposed_by_kind, proposed_at, executed_at)
SELECT n, 1, 1, 1, k, s, t::jsonb, 'CNY', 500, 900, false, 'system', now(), CASE s WHEN 'executed' THEN now() END FROM (VALUES
    (1, 'reship', 'executed', '{"lines": [{"line_no": 1, "quantity": 2}, {"line_no": 1, "quantity": 1}]}'),
    (2, 'refund', 'executed', '{"lines": [{"line_no": 2, "quantity": 1}]}'),
    (3, 'refund', 'executed', '{"amount": 500, "lines": [{"line_no": 2, "quantity": 1}]}'),
    (4, 'take_back', 'proposed', '{"lines": [{"line_no": 3, "quantity": 1}]}'),
    (5, 'take_back', 'executed', '{"lines": [{"line_no": 3, "quantity": 1}]}'),
    (6, 'reship', 'declined', '{"lines": [{"line_no": 3, "quantity": 1}]}')) AS r (n, k, s, t);
INSERT INTO returns (id, order_id, request_id, merchant_id, warehouse_id, policy_id, requested_at, journey)
VALUES (7, 1, 1, 1, 1, 1, now(), 'received');
"""
FACTS = """
INSERT INTO facts (id, position, wire, subject, subject_id, rule, actor_kind, correlation, at, recorded_at, data)
VALUES (1, 1, 'order.paid', 'order', 1, '', 'system', '', '2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z', '{}');
"""
ANOTHER_FACT = """
INSERT INTO facts (id, wire, subject, subject_id, rule, actor_kind, correlation, at, data)
VALUES (2, 'order.paid', 'order', 2, '', 'system', '', now(), '{}') RETURNING recorded_at > now()
"""
MONEY = """
INSERT INTO refunds (id, order_id, merchant_id, state, cause, cause_id, currency, amount, requested_by_kind, requested_at)
VALUES (1, 1, 1, 'settled', 'return', 7, 'CNY', 1000, 'system', now());
INSERT INTO refund_lines (refund_id, n, order_id, merchant_id, component, line_no, quantity, amount, rule)
VALUES (1, 1, 1, 1, 'goods', 1, 1, 1000, 'R');
INSERT INTO price_layers (order_id, layer_no, merchant_id, kind, effect, label, amount)
VALUES (1, 1, 1, 'promotion', 'off', '{}', 9);
INSERT INTO send_backs (id, order_id, merchant_id, refund_id, payment_id, currency, amount, created_at)
VALUES (1, 1, 1, 1, 1, 'CNY', 1000, now());
INSERT INTO inspection_lines (inspection_id, n, merchant_id, line_no, quantity, is_original, intact, is_accepted, grade,
                              disposition, note)
VALUES (1, 1, 1, 1, 1, true, true, true, 'A', 'restock', '');
"""
WORN = "UPDATE inspection_lines SET intact = false, lost = {} WHERE inspection_id = 1"
GOODS = """
INSERT INTO returned_goods (id, return_id, order_id, line_no, merchant_id, warehouse_id, product_id, inspection_id, quantity,
                            open, grade, value, currency, is_ours, since, decide_by, wanted)
SELECT n, 7, 1, 1, 1, 1, 1, n, 1, 1, g, v, 'CNY', true, now(), now(), 'restock'
FROM (VALUES (1, 'A', 1000), (2, 'B', 333), (3, 'C', 1000), (4, 'D', 1005)) AS k (n, g, v);
INSERT INTO refunds (id, order_id, merchant_id, state, cause, cause_id, currency, amount, requested_by_kind, requested_at)
VALUES (1, 1, 1, 'settled', 'return', 7, 'CNY', 1000, 'system', now());
"""


class Old:
    """A database of before."""

    def __init__(self, connection: Any, url: str) -> None:
        self.connection, self._url = connection, url

    async def with_past(self, past: str) -> Any:
        """Let this have been, and bring it to this version."""
        await self.connection.execute(past)
        await running.upgrade(self._url)
        return self.connection


@pytest.fixture
async def before(request: pytest.FixtureRequest, server: Any, template: str) -> AsyncIterator[Old]:
    """A database as it was before the step that the test names."""
    async with database_before(server, request.param) as url:
        connection = await asyncpg.connect(url)
        await connection.execute(BARE)
        try:
            yield Old(connection, url)
        finally:
            await connection.close()


@pytest.mark.requirement("R1.1")
@pytest.mark.parametrize("before", ["0027"], indirect=True)
async def test_what_was_made_good_before_is_written_where_returns_see_it(before: Old) -> None:
    now = await before.with_past(REMEDIES)
    units = await now.fetch("SELECT remedy_id, line_no, quantity FROM made_good_units ORDER BY 1, 2")
    assert [tuple(row) for row in units] == [(1, 1, 3), (2, 2, 1), (4, 3, 1)]
    kept = await now.fetchrow("SELECT resolution, journey, evidence, decided_by_kind FROM returns")
    assert tuple(kept) == ("refund", "received", [], None)
    with pytest.raises(asyncpg.CheckViolationError):
        await now.execute("UPDATE returns SET resolution = 'refund_only'")


@pytest.mark.requirement("issue 2: events")
@pytest.mark.parametrize("before", ["0028"], indirect=True)
async def test_facts_keep_their_moments_and_new_ones_have_the_databases(before: Old) -> None:
    now = await before.with_past(FACTS)
    assert str(await now.fetchval("SELECT recorded_at FROM facts")) == "2026-01-02 03:04:06+00:00"
    async with now.transaction():
        assert await now.fetchval(ANOTHER_FACT), "the moment of writing, not that of the transaction"


@pytest.mark.requirement("R4.3")
@pytest.mark.parametrize("before", ["0031"], indirect=True)
async def test_of_what_was_refunded_before_nobody_knows_why_and_nothing_else_changes(before: Old) -> None:
    now = await before.with_past(MONEY)
    assert tuple(await now.fetchrow("SELECT amount, basis, clause FROM refund_lines")) == (1000, "", "")
    assert tuple(await now.fetchrow("SELECT amount, reached FROM price_layers")) == (9, None)
    assert tuple(await now.fetchrow("SELECT state, called_at FROM send_backs")) == ("queued", None)
    assert tuple(await now.fetchrow("SELECT amount, hand_payout_id FROM refunds")) == (1000, None)
    assert await now.fetchval("SELECT lost FROM inspection_lines") == 0
    with pytest.raises(asyncpg.CheckViolationError):
        await now.execute(WORN.format(0))
    await now.execute(WORN.format(5))
    assert await now.fetchval("SELECT relrowsecurity FROM pg_class WHERE relname = 'hand_payouts'")


@pytest.mark.requirement("R5.4")
@pytest.mark.parametrize("before", ["0035"], indirect=True)
async def test_goods_of_before_are_worth_by_their_grade_and_customs_can_begin(before: Old) -> None:
    now = await before.with_past(GOODS)
    worth = await now.fetch("SELECT book_value FROM returned_goods ORDER BY id")
    # A tenth of 1005 fen is rounded half up.
    assert [row["book_value"] for row in worth] == [1000, 233, 400, 101]
    await now.execute("UPDATE refunds SET cause = 'customs'")
    with pytest.raises(asyncpg.CheckViolationError):
        await now.execute("UPDATE returned_goods SET book_value = value + 1 WHERE id = 1")
    walls = await now.fetch("SELECT relname FROM pg_class WHERE relname LIKE 'customs_re%s' AND relrowsecurity")
    assert {row["relname"] for row in walls} == {"customs_releases", "customs_returns"}
