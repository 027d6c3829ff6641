"""What carriers say, taken in on a real database: any order, several times."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as over
from hypothesis import strategies as st
from tests import given

from dingdan.areas import fulfilment, orders
from dingdan.areas.fulfilment import PackedLine, ParcelState, Scan, Ship, ShipLine
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

STORY = ("picked_up", "in_transit", "out_for_delivery", "turned_away", "out_for_delivery", "delivered")


async def parcel(
    db: Database, shop: given.Shop, *, carrier: str = "manual", number: str = "VAN-1"
) -> fulfilment.Parcel:
    (made,) = await parcels(db, shop, [number], carrier=carrier)
    return made


async def parcels(
    db: Database, shop: given.Shop, numbers: Sequence[str], *, carrier: str = "manual"
) -> list[fulfilment.Parcel]:
    """One order of one mug in each parcel."""
    order_id = await given.paid_order(db, shop, {"MUG": len(numbers)})
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=None, order_ids=[order_id])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, len(numbers))])
    return await do(db, SYSTEM, fulfilment.ship, [
        Ship(work.id, carrier, number, (ShipLine(1, 1),)) for number in numbers
    ])  # fmt: skip


def scans(of: fulfilment.Parcel, *codes: str) -> list[Scan]:
    return [
        Scan(of.carrier, of.tracking_number, f"e{n}", code, of.dispatched_at + timedelta(minutes=n), "杭州")
        for n, code in enumerate(codes, start=1)
    ]


async def now_is(db: Database, of: fulfilment.Parcel) -> fulfilment.Parcel:
    async with db.transaction(SYSTEM) as tx:
        return (await fulfilment.parcels(tx, [of.id]))[of.id]


async def order_of(db: Database, of: fulfilment.Parcel) -> orders.Order:
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, of.lines[0].order_id)


@pytest.mark.requirement("O4.4")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@over(told=st.permutations(range(len(STORY))), cuts=st.sets(st.integers(1, len(STORY) - 1)), twice=st.booleans())
async def test_scans_in_any_order_and_any_portions_end_the_same(
    db: Database, told: list[int], cuts: set[int], twice: bool
) -> None:
    shop = await given.shop(db)
    sent = await parcel(db, shop, number=f"VAN-{shop.merchant_id}")
    events = [scans(sent, *STORY)[n] for n in told]
    edges = [0, *sorted(cuts), len(events)]
    for start, end in pairwise(edges):
        for _ in range(2 if twice else 1):
            await do(db, SYSTEM, fulfilment.scan, events[start:end])

    arrived = await now_is(db, sent)
    assert arrived.state is ParcelState.DELIVERED
    assert arrived.delivered_at == sent.dispatched_at + timedelta(minutes=6) == arrived.last_scan_at
    assert (await order_of(db, sent)).delivered_at is not None


async def test_a_known_scan_changes_nothing(db: Database) -> None:
    sent = await parcel(db, await given.shop(db))
    first = await do(db, SYSTEM, fulfilment.scan, scans(sent, "picked_up", "in_transit"))
    again = await do(db, SYSTEM, fulfilment.scan, scans(sent, "picked_up", "in_transit", "delayed"))

    assert (first.stored, first.repeated) == (2, 0)
    assert (again.stored, again.repeated) == (1, 2)
    async with db.transaction(SYSTEM) as tx:
        told = [seen.code for seen in await fulfilment.sightings(tx, [sent.id])]
        moves = await tx.fetchval("SELECT count(*) FROM facts WHERE subject = 'parcel' AND subject_id = $1", sent.id)
    assert told == ["delayed", "in_transit", "picked_up"]
    assert moves == 2


async def test_a_late_older_scan_is_stored_and_moves_nothing_back(db: Database) -> None:
    sent = await parcel(db, await given.shop(db))
    events = scans(sent, "picked_up", "out_for_delivery")
    await do(db, SYSTEM, fulfilment.scan, events[1:])
    await do(db, SYSTEM, fulfilment.scan, events[:1])

    now = await now_is(db, sent)
    assert (now.state, now.version) == (ParcelState.OUT_FOR_DELIVERY, 2)


@pytest.mark.requirement("O4.9")
async def test_an_order_is_delivered_with_its_last_parcel(db: Database) -> None:
    one, two = await parcels(db, await given.shop(db), ["VAN-1", "VAN-2"])
    await do(db, SYSTEM, fulfilment.scan, scans(one, "delivered"))
    assert (await order_of(db, one)).delivered_at is None

    await do(db, SYSTEM, fulfilment.scan, scans(two, "delivered"))
    assert (await order_of(db, one)).delivered_at is not None


async def test_two_last_parcels_that_arrive_at_once_deliver_the_order_once(db: Database) -> None:
    shop = await given.shop(db)
    for n in range(5):
        pair = await parcels(db, shop, [f"VAN-{n}-1", f"VAN-{n}-2"])
        await asyncio.gather(*(do(db, SYSTEM, fulfilment.scan, scans(p, "delivered")) for p in pair))
        assert (await order_of(db, pair[0])).delivered_at is not None


async def test_what_cannot_be_stored_hurts_nobody_else(db: Database) -> None:
    sent = await parcel(db, await given.shop(db))
    (good,) = scans(sent, "picked_up")
    far = Scan(sent.carrier, sent.tracking_number, "e9", "delivered", sent.dispatched_at + timedelta(days=9))
    nameless = Scan(sent.carrier, sent.tracking_number, "", "delivered", sent.dispatched_at)
    hidden = Scan(sent.carrier, sent.tracking_number, "e\0", "delivered", sent.dispatched_at)
    nobody = Scan("pi\0geon", "\0", "e", "delivered", sent.dispatched_at)

    told = [Scan("sf", "SF0", "e", "x", good.at), far, good, nameless, hidden, nobody]
    taken = await do(db, SYSTEM, fulfilment.scan, told)

    assert [(p.code, p.path) for p in taken.refused] == [
        ("parcel.number_unknown", "[0].tracking_number"),
        ("parcel.scan_unfit", "[1].at"),
        ("parcel.scan_unfit", "[3].event_id"),
        ("parcel.scan_unfit", "[4].event_id"),
        ("parcel.number_unknown", "[5].tracking_number"),
    ]
    assert taken.stored == 1
    assert (await now_is(db, sent)).state is ParcelState.MOVING


async def test_another_merchant_cannot_speak_about_a_parcel(db: Database) -> None:
    sent = await parcel(db, await given.shop(db))
    stranger = Actor(ActorKind.KEY, 1, "k", sent.merchant_id + 1)

    taken = await do(db, stranger, fulfilment.scan, scans(sent, "delivered"))

    assert [p.code for p in taken.refused] == ["parcel.number_unknown"]
    assert (await now_is(db, sent)).state is ParcelState.DISPATCHED
