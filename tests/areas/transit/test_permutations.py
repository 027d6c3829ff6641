"""The same events end in the same story: any order, any repetition, any portions, over any of the doors."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as over
from hypothesis import strategies as st
from tests import given
from tests.areas.transit import sent

from dingdan.areas import fulfilment
from dingdan.areas.fulfilment import PackedLine, Scan, Ship, ShipLine
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import tracking
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

CODES = sorted(fulfilment.CODES)
SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def story(db: Database, of: fulfilment.Parcel) -> Any:
    """State, times and timeline of a parcel, without what names it."""
    now = await sent.now(db, of)
    async with db.transaction(SYSTEM) as tx:
        (way,) = await tracking.of_order(tx, of.lines[0].order_id)
    told = [(step.at - of.dispatched_at, step.code, step.place) for step in way.steps if step.by == "carrier"]
    times = [None if at is None else at - of.dispatched_at for at in (now.delivered_at, now.last_scan_at)]
    return now.state, times, told, way.receipt and way.receipt.evidence, way.status


@pytest.mark.requirement("O4.4")
@SLOW
@over(data=st.data())
async def test_any_order_and_any_repetition_of_the_same_events_is_the_same_story(db: Database, data: Any) -> None:
    events = data.draw(st.lists(
        st.tuples(st.integers(-60, 0), st.sampled_from(CODES)), min_size=1, max_size=8, unique=True))  # fmt: skip
    shop = await given.shop(db)
    told = []
    for n in range(2):
        parcel = await sent.parcel(db, shop, f"VAN-{shop.merchant_id}-{n}", carrier="manual")
        scans = [
            Scan("manual", parcel.tracking_number, f"e{m}", code, parcel.dispatched_at + timedelta(minutes=minutes))
            for m, (minutes, code) in enumerate(events)
        ]
        heard = scans if n == 0 else data.draw(st.permutations(scans + data.draw(st.lists(st.sampled_from(scans)))))
        size = data.draw(st.integers(1, len(heard)))
        for start in range(0, len(heard), size):
            await do(db, SYSTEM, fulfilment.scan, heard[start : start + size])
        told.append(await story(db, parcel))

    assert told[0] == told[1]


@pytest.mark.requirement("O4.9")
@SLOW
@over(data=st.data())
async def test_however_an_order_is_split_its_parcels_hold_exactly_its_units(db: Database, data: Any) -> None:
    shop = await given.shop(db, prices={"MUG": 100, "TEE": 200})
    ordered = {"MUG": data.draw(st.integers(1, 5)), "TEE": data.draw(st.integers(1, 5))}
    order_id = await given.paid_order(db, shop, ordered)
    units = [line_no for line_no, quantity in enumerate(ordered.values(), start=1) for _ in range(quantity)]
    places = [data.draw(st.integers(0, 3)) for _ in units]
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=None, order_ids=[order_id])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(n, q) for n, q in enumerate(ordered.values(), start=1)])
    ships = [
        Ship(work.id, "manual", f"VAN-{shop.merchant_id}-{place}", tuple(
            ShipLine(line_no, held.count(line_no)) for line_no in sorted(set(held))))
        for place in sorted(set(places))
        if (held := [line_no for line_no, at in zip(units, places, strict=True) if at == place])
    ]  # fmt: skip

    made = await do(db, SYSTEM, fulfilment.ship, ships)
    async with db.transaction(SYSTEM) as tx:
        shipped = await fulfilment.shipped_units(tx, [order_id])
        ways = await tracking.of_order(tx, order_id)
    assert shipped == {(order_id, n): q for n, q in enumerate(ordered.values(), start=1)}
    assert len(made) == len(ships) == len(ways)
