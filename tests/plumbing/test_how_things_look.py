"""What there was before has no picture and no colour; upgrading loses nothing, and only files and colours are taken after."""

from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running

pytestmark = pytest.mark.requirement("issue 6: portal")

PAST = """
INSERT INTO merchants (id, code, name, zone, currency, policy, settings, created_at, updated_at)
VALUES (1, 'old', '{"en": "Old"}', 'Asia/Shanghai', 'CNY', 'cn_statutory', '{}', now(), now())
"""


async def test_shops_of_before_look_as_they_did(server: Any, template: str) -> None:
    async with database_before(server, "0044") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(PAST)
            await running.upgrade(url)
            before = await connection.fetchrow("SELECT code, accent, logo FROM merchants")
            for wrong in ("accent = 'red'", "accent = '#FFFFFF'", "logo = 'https://elsewhere.test/a.png'"):
                with pytest.raises(asyncpg.CheckViolationError):
                    await connection.execute(f"UPDATE merchants SET {wrong}")
        finally:
            await connection.close()
    assert tuple(before) == ("old", None, None)
