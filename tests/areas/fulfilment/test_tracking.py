"""What carriers say, taken in on a real database: any order, several times, signed."""

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
from dingdan.areas.fulfilment import PackedLine, ParcelState, Scan, Ship, ShipLine, jobs, sandbox_number
from dingdan.areas.fulfilment.carriers.sandbox import make_push, story
from dingdan.areas.fulfilment.promises import ASK_CARRIER
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

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


class TestPushes:
    async def test_a_signed_push_is_taken_in_once(self, db: Database) -> None:
        sent = await parcel(db, await given.shop(db), carrier="sandbox", number=sandbox_number(1, "O"))
        headers, body = make_push(db.sealer, scans(sent, "picked_up", "in_transit"))

        first = await fulfilment.take_in_push(db, "sandbox", {"Dingdan-Signature": headers["dingdan-signature"]}, body)
        again = await fulfilment.take_in_push(db, "sandbox", headers, body)

        assert (first.stored, again.stored, again.repeated) == (2, 0, 2)
        assert (await now_is(db, sent)).state is ParcelState.MOVING

    async def test_a_push_that_somebody_else_signed_is_not_believed(self, db: Database) -> None:
        sent = await parcel(db, await given.shop(db), carrier="sandbox", number=sandbox_number(1))
        headers, body = make_push(db.sealer, scans(sent, "picked_up"))

        with pytest.raises(fulfilment.PushNotSigned):
            await fulfilment.take_in_push(db, "sandbox", headers, body.replace(b"picked_up", b"delivered"))
        assert (await now_is(db, sent)).state is ParcelState.DISPATCHED

    async def test_a_carrier_without_a_connection_pushes_nothing(self, db: Database) -> None:
        with pytest.raises(fulfilment.CarrierNotConnected):
            await fulfilment.take_in_push(db, "manual", {}, b"{}")


class TestAsking:
    async def test_a_parcel_whose_pushes_are_lost_is_asked_about(self, db: Database) -> None:
        sent = await parcel(db, await given.shop(db), carrier="sandbox", number=sandbox_number(5, "O"))
        later = sent.dispatched_at + timedelta(days=3)

        assert await deadlines.run_due(db, ASK_CARRIER, fulfilment.ask_carriers, at=later) == 1
        async with db.transaction(SYSTEM) as tx:
            (due,) = await deadlines.of_subjects(tx, [sent.id])
            await tx.execute("INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)", timedelta(days=3))
        assert due.at == later + timedelta(days=1)
        await jobs.ask_carrier(db, {"carrier": "sandbox", "parcel_ids": [sent.id]})

        assert (await now_is(db, sent)).state is ParcelState.DELIVERED
        async with db.transaction(SYSTEM) as tx:
            assert await deadlines.of_subjects(tx, [sent.id]) == []

    async def test_a_carrier_that_does_not_answer_is_an_outage(self, db: Database) -> None:
        from dingdan.plumbing.http import Outage

        sent = await parcel(db, await given.shop(db), carrier="sandbox", number=sandbox_number(6, "X"))

        with pytest.raises(Outage):
            await jobs.ask_carrier(db, {"carrier": "sandbox", "parcel_ids": [sent.id]})

    async def test_the_sandbox_pushes_what_happened_up_to_now(self, db: Database) -> None:
        sent = await parcel(db, await given.shop(db), carrier="sandbox", number=sandbox_number(7, "L"))
        assert story(sent, now=sent.dispatched_at + timedelta(days=9))[-1].code == "lost"
        async with db.transaction(SYSTEM) as tx:
            await tx.execute("INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)", timedelta(days=9))
        await jobs.push_sandbox(db, {"parcel_ids": [sent.id]})

        assert (await now_is(db, sent)).state is ParcelState.LOST

    async def test_a_parcel_that_has_arrived_is_asked_about_no_more(self, db: Database) -> None:
        sent = await parcel(db, await given.shop(db), carrier="sandbox", number=sandbox_number(8))
        await do_at(db, SYSTEM, sent.dispatched_at + timedelta(days=1), fulfilment.scan, scans(sent, "delivered"))
        await do(db, SYSTEM, fulfilment.ask_carriers, [sent.id])

        async with db.transaction(SYSTEM) as tx:
            assert await deadlines.of_subjects(tx, [sent.id]) == []
