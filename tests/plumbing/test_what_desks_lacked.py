"""Houses of before: checks that the law asks are marked, keys that worked on cases can open them, and nothing else changes."""

from typing import Any

import asyncpg
import msgspec
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

pytestmark = pytest.mark.requirement("issue 6: console")

PAST = """
INSERT INTO review_rules (id, merchant_id, code, number, is_active, effective_from, document, created_at) VALUES
    (1, NULL, 'custom_made', 1, true, now(), '{"checklist": [{"code": "looked"}, {"code": "custom_allowed"}]}', now()),
    (2, 7, 'own', 1, true, now(), '{"checklist": [{"code": "custom_allowed"}]}', now());
INSERT INTO reviews (id, order_id, merchant_id, buyer_id, state, version, owner, on_timeout, reasons, checklist, opened_at,
    due_at, decide_by)
VALUES (3, 1, 7, 1, 'open', 1, 'reviewer', 'approve', '[]', '[{"code": "quota_left"}]', now(), now(), now()),
    (4, 2, 7, 1, 'approved', 1, 'reviewer', 'approve', '[]', '[{"code": "quota_left"}]', now(), now(), now());
INSERT INTO api_keys (id, merchant_id, name, secret_hash, scopes, created_at)
VALUES (5, 7, 'desk', 'a', '{case.read,case.work}', now()), (6, 7, 'shop', 'b', '{order.read}', now());
"""


async def test_what_the_law_asks_is_marked_and_keys_go_on_opening_cases(server: Any, template: str) -> None:
    async with database_before(server, "0043") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(PAST)
            await running.upgrade(url)
            rules = await connection.fetch("SELECT document -> 'checklist' AS items FROM review_rules ORDER BY id")
            reviews = await connection.fetch("SELECT checklist AS items FROM reviews ORDER BY id")
            scopes = await connection.fetch("SELECT scopes FROM api_keys ORDER BY id")
        finally:
            await connection.close()
    marked = [
        [item.get("is_statutory", False) for item in msgspec.json.decode(row["items"])] for row in [*rules, *reviews]
    ]
    assert marked == [[False, True], [False], [True], [False]]
    assert [row["scopes"] for row in scopes] == [["case.read", "case.work", "case.open"], ["order.read"]]
