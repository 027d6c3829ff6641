"""Shops of before the register of carriers: the migration lets them go on, and they are told in time."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tests.plumbing.before import database_before

from dingdan.migrations import running
from dingdan.overviews.invariants import INVARIANTS
from dingdan.overviews.invariants.checking import sweep

OF_BEFORE = """
INSERT INTO carriers (id, merchant_id, code, name, services, regions, created_at, updated_at)
VALUES (61, NULL, 'post', '{}', '{standard}', '{}', now(), now()), (62, 1, 'yto', '{}', '{standard}', '{}', now(), now());
INSERT INTO parcels (id, merchant_id, warehouse_id, carrier, tracking_number, dispatched_at)
VALUES (70, 1, 11, 'sf', 'SF1', now()), (72, 1, 11, 'sf', 'SF2', now()), (74, 1, 11, 'yto', 'YT1', now()),
       (76, 1, 11, 'manual', 'VAN', now());
"""


@pytest.fixture
async def before(server: Any, template: str) -> AsyncIterator[str]:
    """A database as it was before the register."""
    async with database_before(server, "0015") as url:
        yield url


@pytest.mark.requirement("O4.1")
async def test_shops_of_before_go_on_and_are_told_before_it_ends(before: str) -> None:
    connection = await asyncpg.connect(before)
    try:
        await connection.execute(OF_BEFORE)
        await running.upgrade(before)
        licences = await connection.fetch(
            "SELECT c.code, c.merchant_id, l.number, l.ends_at > now() + interval '179 days' AS is_long"
            " FROM carrier_licences l JOIN carriers c ON c.id = l.carrier_id ORDER BY c.code"
        )
        clocks = await connection.fetch("SELECT kind, count(*) AS n FROM deadlines GROUP BY kind ORDER BY kind")
        grounds = await connection.fetch("SELECT ground, count(*) AS n FROM parcel_assignments GROUP BY ground")
        told = await connection.fetch("SELECT subject_id, now, version FROM facts WHERE machine = 'carrier' ORDER BY 1")
        names = {"X4_parcels_given_by_right", "X4_carriers_are_evaluated"}
        found = await sweep(connection, [one for one in INVARIANTS if one.name in names])
    finally:
        await connection.close()

    assert [tuple(row) for row in licences] == [
        ("post", None, "carried-over", True), ("sf", 1, "carried-over", True), ("yto", 1, "carried-over", True),
    ]  # fmt: skip
    assert [tuple(row) for row in clocks] == [
        ("carrier.evaluate", 3), ("carrier.licence", 3), ("parcel.silence", 3),
    ]  # fmt: skip
    assert [tuple(row) for row in grounds] == [("before", 4)]
    assert [tuple(row) for row in told] == [(61, "active", 1), (62, "active", 1), (71, "active", 1)]
    assert [one.samples for one in found] == [[], []]
