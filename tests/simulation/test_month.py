"""A month of orders comes to an end that is accounted for, order by order, unit by unit, promise by promise."""

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from dingdan.overviews import invariants
from dingdan.plumbing.database import Database
from tests.conftest import MASTER_KEY, cloned
from tests.simulation.month import reckoning
from tests.simulation.month.life import Month

FEW, SMALL, BIG = 30, 150, 10_000
# What still rings when all is over.
KEPT = {
    "archive.put_away",
    "archive.erase",
    "carrier.licence",
    "carrier.evaluate",
    "parcel.silence",
    "parcel.ask_carrier",
}


async def lived(db: Database, seed: int, size: int, tick: timedelta) -> Counter[str]:
    """A whole month from a seed, at whose end everything is accounted for; gives what happened in it."""
    month = Month(db, seed, size, tick)
    await month.live()
    ends = await reckoning.ends(db)
    assert [word for word in ends if word.startswith("lost sight of")] == []
    assert sum(ends.values()) >= size
    (units,) = await reckoning.rows(db, reckoning.UNITS)
    assert units["ordered"] == sum(units[name] for name in units if name != "ordered"), units
    assert units["moving"] == 0
    assert await reckoning.rows(db, reckoning.RECEIVED) == []
    (money,) = await reckoning.rows(db, reckoning.MONEY)
    assert money["moved"] == money["booked"], money
    assert await reckoning.rows(db, reckoning.PRICES_KEPT) == []
    assert await reckoning.rows(db, reckoning.UNRECORDED) == []
    clocks = await reckoning.rows(db, reckoning.CLOCKS)
    assert [row for row in clocks if row["kind"] not in KEPT or not row["is_ahead"]] == []
    assert await reckoning.faults(db) == []
    broken = [one for one in await invariants.check(db, settled=True) if one.count]
    assert broken == []
    return ends + month.done


@pytest.mark.requirement("issue 4: simulated month")
async def test_a_small_month_ends_with_everything_accounted_for(db: Database) -> None:
    happened = await lived(db, 1, SMALL, timedelta(days=2))

    for word in (
        "completed, kept",
        "cancelled, paid back, kept",
        "expired, kept",
        "scans told again",
        "confirmed receipt",
    ):
        assert happened[word] > 0, happened


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_the_same_seed_is_the_same_month(server: Any, template: str) -> None:
    outcomes = []
    for _ in range(2):
        async with cloned(server, template) as url:
            db = await Database(url, key=MASTER_KEY, sandbox=True).open()
            try:
                outcomes.append(await lived(db, 3, FEW, timedelta(days=3)))
            finally:
                await db.close()

    assert outcomes[0] == outcomes[1]


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_a_month_of_ten_thousand_orders_ends_with_everything_accounted_for(db: Database) -> None:
    happened = await lived(db, int(os.environ.get("DINGDAN_SEED", "7")), BIG, timedelta(hours=6))

    for word in ("looked after", "claim recovered", "called back", "moved", "objected", "granted by a lead"):
        assert happened[word] > 0, happened
