"""A shop that was running before: its parcels are watched from now on, and no question to a carrier is lost."""

import importlib
import pkgutil

import pytest
from tests import given
from tests.areas.transit import sent

import dingdan.migrations.versions as versions
from dingdan.areas import transit
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import jobs
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.mark.requirement("O4.5")
async def test_what_was_on_its_way_before_is_watched_after(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1))
    await do(db, SYSTEM, transit.stop_watching, [parcel.id])
    async with db.transaction(SYSTEM) as tx:
        await jobs.enqueue(tx, "fulfilment.ask_carrier", {"carrier": "sandbox", "parcel_ids": [parcel.id]})

    name = next(one.name for one in pkgutil.iter_modules(versions.__path__) if one.name.endswith("_on_the_way"))
    script = importlib.import_module(f"dingdan.migrations.versions.{name}").OVER
    async with db.connection() as connection:
        await connection.execute(script)

    assert "parcel.silence" in await sent.due(db, parcel)
    async with db.transaction(SYSTEM) as tx:
        waiting = await tx.fetch("SELECT entrypoint FROM pgqueuer WHERE entrypoint LIKE '%ask_carrier'")
    assert [row["entrypoint"] for row in waiting] == ["transit.ask_carrier"]
    await given.settle(db)
