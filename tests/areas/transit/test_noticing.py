"""What is noticed before anybody asks: each once for each spell, and taken back when the carrier sees the parcel."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.transit import sent

from dingdan.areas import fulfilment, transit
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTICES = {"unscanned", "silent", "overdue", "disappeared", "heard_again"}


async def noticed(db: Database, of: fulfilment.Parcel) -> list[str]:
    return [word for word in await sent.facts(db, of) if word in NOTICES]


@pytest.mark.requirement("O4.3")
async def test_a_parcel_that_no_carrier_ever_saw_is_noticed_after_a_day(db: Database) -> None:
    never, seen = await sent.parcels(db, await given.shop(db), [sandbox_number(1, "U"), sandbox_number(2, "S")])

    await sent.turn(db, timedelta(hours=25))
    assert await noticed(db, never) == ["unscanned"]
    assert await noticed(db, seen) == []
    assert (await sent.now(db, never)).noticed == ("unscanned",)

    await sent.tell(db, never, "picked_up", after=24 * HOUR)
    assert await noticed(db, never) == ["unscanned", "heard_again"]
    assert (await sent.now(db, never)).noticed == ()


@pytest.mark.requirement("O4.5")
async def test_a_silent_parcel_is_noticed_once_for_each_spell_and_then_as_lost(db: Database) -> None:
    shop = await given.shop(db, transit_days_max=60)
    parcel = await sent.parcel(db, shop, sandbox_number(1, "S"))
    await sent.turn(db, 12 * HOUR)
    await sent.turn(db, 37 * HOUR)
    assert await noticed(db, parcel) == []
    await sent.turn(db, 2 * HOUR)
    assert await noticed(db, parcel) == ["silent"]
    await sent.turn(db, 30 * HOUR)
    assert await noticed(db, parcel) == ["silent"]

    await sent.tell(db, parcel, "in_transit", after=80 * HOUR)
    assert await noticed(db, parcel) == ["silent", "heard_again"]
    # A second spell: silent again, and a week after the last scan probably lost.
    for _ in range(6):
        await sent.turn(db, DAY)
    assert await noticed(db, parcel) == ["silent", "heard_again", "silent"]
    await sent.turn(db, DAY)
    assert await noticed(db, parcel) == ["silent", "heard_again", "silent", "disappeared"]
    await sent.turn(db, 3 * DAY)
    assert await noticed(db, parcel) == ["silent", "heard_again", "silent", "disappeared"]


@pytest.mark.requirement("O4.5")
async def test_a_promise_that_passes_is_noticed_and_ends_with_the_delivery(db: Database) -> None:
    shop = await given.shop(db, transit_days_max=2)
    parcel = await sent.parcel(db, shop, "VAN-1", carrier="manual")

    await sent.turn(db, 6 * DAY)
    assert await noticed(db, parcel) == ["overdue"]
    await sent.tell(db, parcel, "out_for_delivery", after=6 * DAY)
    assert (await sent.now(db, parcel)).noticed == ("overdue",)
    await sent.tell(db, parcel, "delivered", after=6 * DAY + HOUR)
    assert (await sent.now(db, parcel)).noticed == ()
    assert await noticed(db, parcel) == ["overdue"]


async def test_what_arrives_in_time_is_noticed_by_nobody_and_leaves_no_clock(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1))
    assert set(await sent.due(db, parcel)) >= {"parcel.first_scan", "parcel.silence", "parcel.arrival"}

    for _ in range(4):
        await sent.turn(db, 12 * HOUR)
    assert (await sent.now(db, parcel)).state is fulfilment.ParcelState.DELIVERED
    assert await noticed(db, parcel) == []
    assert await sent.due(db, parcel) == {}


async def test_the_same_sweep_twice_notices_once(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1, "U"))
    for _ in range(2):
        await do(db, SYSTEM, transit.notice_unscanned, [parcel.id])
        await given.settle(db)

    assert await noticed(db, parcel) == ["unscanned"]


async def test_a_parcel_that_arrived_before_anybody_looked_gets_no_clock(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), "VAN-1", carrier="manual")
    await sent.tell(db, parcel, "delivered", after=timedelta(seconds=1))
    await given.settle(db)
    await do(db, SYSTEM, transit.watch, {parcel.id: False})

    assert await sent.due(db, parcel) == {}


async def test_what_a_channel_sent_itself_is_not_watched_here(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), "VAN-1", carrier="manual")
    await do(db, SYSTEM, transit.stop_watching, [parcel.id])
    await do(db, SYSTEM, transit.watch, {parcel.id: True})

    assert await sent.due(db, parcel) == {}


@pytest.mark.requirement("O4.5")
async def test_normal_silence_is_learned_from_what_arrived_and_is_kept_with_its_inputs(db: Database) -> None:
    shop = await given.shop(db, stock=300)
    made = await sent.parcels(db, shop, [sandbox_number(n, "N") for n in range(20)])
    for _ in range(4):
        await sent.turn(db, 12 * HOUR)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("DELETE FROM normal_silences")
    assert await do(db, SYSTEM, transit.learn) == 2
    assert await do(db, SYSTEM, transit.learn) == 0

    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT * FROM normal_silences WHERE carrier = 'sandbox' ORDER BY way")
        normal = await transit.normals(tx, made)
    assert [(row["way"] != "", row["rule"], row["samples"]) for row in rows] == [
        (False, "floor", 60), (True, "floor", 60)
    ]  # fmt: skip
    assert set(normal.values()) == {timedelta(hours=24)}
