"""Keys and endpoints of before: upgrading gives keys no end and endpoints no catcher, and both go on as they were."""

from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

pytestmark = pytest.mark.requirement("issue 6: console")

PAST = """
INSERT INTO api_keys (id, merchant_id, name, secret_hash, scopes, created_at)
VALUES (1, 2, 'till', '\\x01', '{order.read}', '2026-05-05');
INSERT INTO webhook_endpoints (id, merchant_id, url, events, scopes, description, wrapped, sealed, begun, position,
    leased_until, created_at)
VALUES (3, 2, 'https://example.com/', '{*}', '{}', '', '\\x01', '\\x01', 0, 0, to_timestamp(0), '2026-05-05');
"""


async def test_keys_of_before_have_no_end_and_endpoints_stay_outside(server: Any, template: str) -> None:
    async with database_before(server, "0047") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(PAST)
            await running.upgrade(url)
            key = await connection.fetchrow("SELECT expires_at, last_used_at, successor_id FROM api_keys")
            caught_with = await connection.fetchval("SELECT caught_with FROM webhook_endpoints")
            for wrong in (
                "UPDATE api_keys SET expires_at = created_at", "UPDATE webhook_endpoints SET caught_with = 200",
                "UPDATE webhook_endpoints SET url = 'dingdan:catcher'",
            ):  # fmt: skip
                with pytest.raises(asyncpg.CheckViolationError):
                    await connection.execute(wrong)
            await connection.execute("SET ROLE dingdan_read")
            await connection.execute("SELECT set_config('dingdan.scope', '9', false)")
            seen = [
                await connection.fetchval(f"SELECT count(*) FROM {name}") for name in ("request_log", "caught_webhooks")
            ]
        finally:
            await connection.close()
    assert (tuple(key), caught_with, seen) == ((None, None, None), None, [0, 0])
