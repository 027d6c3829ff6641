"""Policies of before have a life after the migration: what applied applies, and nobody's order is touched."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running
from dingdan.overviews.invariants import INVARIANTS
from dingdan.overviews.invariants.checking import sweep

OF_BEFORE = """
INSERT INTO policies (id, merchant_id, code, version, hash, document, effective_from, created_at) VALUES
    (31, NULL, 'cn_statutory', '2025', 'a', '{}', '2024-07-01', now()),
    (32, 1, 'house', '1', 'b', '{}', '2025-01-01', now()), (33, 1, 'house', '2', 'c', '{}', '2025-06-01', now()),
    (34, 1, 'house', '3', 'd', '{}', now() + interval '9 days', now());
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before versions had lives."""
    async with database_before(server, "0023") as url:
        yield url


@pytest.mark.requirement("R1.9")
async def test_versions_of_before_have_a_life_afterwards(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(OF_BEFORE)
        await running.upgrade(before)
        lives = await connection.fetch("SELECT id, state, version, ended_at IS NULL FROM policy_editions ORDER BY id")
        clocks = await connection.fetch("SELECT subject_id FROM deadlines WHERE kind = 'policy.start'")
        told = await connection.fetch(
            "SELECT subject_id, max(version), count(DISTINCT id) FROM facts WHERE machine = 'policy' GROUP BY 1 ORDER BY 1"
        )
        names = {"T1_steps_allowed", "T2_stories_gapless", "T2_rows_end_their_story", "V2_versions_have_one_life"}
        found = await sweep(connection, [one for one in INVARIANTS if one.name in names])
    finally:
        await connection.close()

    assert [tuple(row) for row in lives] == [
        (31, "in_force", 3, True), (32, "superseded", 4, False), (33, "in_force", 3, True), (34, "announced", 2, True),
    ]  # fmt: skip
    assert [row["subject_id"] for row in clocks] == [34]
    assert [tuple(row) for row in told] == [(31, 3, 3), (32, 4, 4), (33, 3, 3), (34, 2, 2)]
    assert [one.samples for one in found] == [[], [], [], []]
