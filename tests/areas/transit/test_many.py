"""A million scans and two hundred thousand parcels on their way: a sweep costs what is due."""

import time

import pytest
from tests import given

from dingdan.areas import transit
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database

PARCELS, SCANS_EACH, DUE = 200_000, 5, 500

FILL = """
INSERT INTO parcels (id, merchant_id, warehouse_id, carrier, tracking_number, state, version, dispatched_at, last_scan_at)
SELECT n, $1, $2, 'sf', 'SF' || n, 'moving', 2, now() - interval '90 hours', now() - interval '80 hours'
FROM generate_series(1, $3::int) AS made (n);
"""
SCANS = """
INSERT INTO scans (parcel_id, event_id, merchant_id, code, place, at, received_at)
SELECT n, e::text, $1, 'in_transit', '', now() - interval '80 hours' - e * interval '1 hour', now()
FROM generate_series(1, $2::int) AS made (n), generate_series(0, $3::int - 1) AS each (e)
"""
CLOCKS = """
INSERT INTO deadlines (kind, subject_id, merchant_id, due_at, next_at)
SELECT 'parcel.silence', n, $1, at, at FROM (
    SELECT n, now() + CASE WHEN n <= $3::int THEN interval '-1 minute' ELSE interval '1 day' END AS at
    FROM generate_series(1, $2::int) AS made (n)
) AS clocks
"""


@pytest.mark.prove
@pytest.mark.requirement("O4.5")
async def test_a_sweep_among_a_million_scans_costs_what_is_due(unchecked_db: Database) -> None:
    shop = await given.shop(unchecked_db)
    async with unchecked_db.connection() as connection:
        await connection.execute(FILL, shop.merchant_id, shop.warehouse_id, PARCELS, timeout=300)
        await connection.execute(SCANS, shop.merchant_id, PARCELS, SCANS_EACH, timeout=300)
        await connection.execute(CLOCKS, shop.merchant_id, PARCELS, DUE, timeout=300)
        await connection.execute("ANALYZE", timeout=300)
    began = time.perf_counter()
    acted = await deadlines.run_due(unchecked_db, transit.SILENCE, transit.notice_silence)
    took = time.perf_counter() - began
    again = await deadlines.run_due(unchecked_db, transit.SILENCE, transit.notice_silence)

    async with unchecked_db.connection() as connection:
        found = await connection.fetchval("SELECT count(*) FROM parcels WHERE noticed = '{silent}'")
    assert (acted, again, found) == (DUE, 0, DUE)
    # A read of all scans alone takes longer than this.
    assert took < 1.0
