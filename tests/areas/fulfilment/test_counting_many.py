"""A month of a large platform is counted in seconds: a million scans, one statement."""

import time

import asyncpg
import pytest
from tests import given

from dingdan.areas import carriers
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import carrier_figures
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.prove

PARCELS, SCANS = 200_000, 5
MANY = """
INSERT INTO parcels (id, merchant_id, warehouse_id, carrier, tracking_number, state, version, dispatched_at, delivered_at)
SELECT 1000 + n, {merchant}, {warehouse}, 'sf', 'SF' || n, 'delivered', 1, now() - interval '20 days' - n * interval '3 seconds',
    CASE WHEN n % 100 > 0 THEN now() - interval '18 days' - n * interval '3 seconds' END FROM generate_series(1, {parcels}) n;
INSERT INTO scans (parcel_id, event_id, merchant_id, code, place, at, received_at)
SELECT p.id, 'e' || s, p.merchant_id, 'in_transit', '', p.dispatched_at + s * interval '8 hours', now()
FROM parcels p, generate_series(1, {scans}) s;
ANALYZE parcels; ANALYZE scans;
"""


@pytest.mark.requirement("O4.2")
async def test_a_million_scans_are_counted_in_seconds(unchecked_db: Database) -> None:
    shop = await given.shop(unchecked_db)
    await given.carrier(unchecked_db, shop)
    # Filling takes longer than a command may.
    connection = await asyncpg.connect(unchecked_db.url)
    try:
        await connection.execute(
            MANY.format(merchant=shop.merchant_id, warehouse=shop.warehouse_id, parcels=PARCELS, scans=SCANS)
        )
    finally:
        await connection.close()
    async with unchecked_db.reading(SYSTEM) as tx:
        began = time.perf_counter()
        (lane,) = await carrier_figures.counted(tx, since=tx.now - carriers.WINDOW, until=tx.now)
        took = time.perf_counter() - began

    assert (lane.counts["lost"].samples, lane.counts["lost"].bad) == (PARCELS, PARCELS // 100)
    assert took < 15
