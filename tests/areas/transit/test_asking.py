"""Carriers are asked in sets; one that is down costs nobody else anything, and pushes are believed by their signature."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.transit import sent

from dingdan.areas import fulfilment, transit
from dingdan.areas.fulfilment import ParcelState, Scan, sandbox_number
from dingdan.areas.transit.carriers.sandbox import make_push
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

HOUR = timedelta(hours=1)


async def feed(db: Database) -> transit.Feed:
    async with db.reading(SYSTEM) as tx:
        return (await transit.feeds(tx))["sandbox"]


class TestPushes:
    async def test_a_signed_push_is_taken_in_once(self, db: Database) -> None:
        parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1, "U"))
        scans = [Scan("sandbox", parcel.tracking_number, f"e{n}", code, parcel.dispatched_at)
                 for n, code in enumerate(("picked_up", "in_transit"))]  # fmt: skip
        headers, body = make_push(db.sealer, scans)

        first = await transit.take_in_push(db, "sandbox", {"Dingdan-Signature": headers["dingdan-signature"]}, body)
        again = await transit.take_in_push(db, "sandbox", headers, body)

        assert (first.stored, again.stored, again.repeated) == (2, 0, 2)
        assert (await sent.now(db, parcel)).state is ParcelState.MOVING

    async def test_a_push_that_somebody_else_signed_is_not_believed(self, db: Database) -> None:
        parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1, "U"))
        headers, body = make_push(
            db.sealer, [Scan("sandbox", parcel.tracking_number, "e", "picked_up", parcel.dispatched_at)]
        )

        with pytest.raises(transit.PushNotSigned):
            await transit.take_in_push(db, "sandbox", headers, body.replace(b"picked_up", b"delivered"))
        assert (await sent.now(db, parcel)).state is ParcelState.DISPATCHED

    async def test_nobody_speaks_for_another_carrier(self, db: Database) -> None:
        parcel = await sent.parcel(db, await given.shop(db), "VAN-1", carrier="manual")
        headers, body = make_push(
            db.sealer, [Scan("manual", parcel.tracking_number, "e", "delivered", parcel.dispatched_at)]
        )

        taken = await transit.take_in_push(db, "sandbox", headers, body)
        assert (taken.stored, [refusal.code for refusal in taken.refused]) == (0, ["parcel.number_unknown"])
        assert (await sent.now(db, parcel)).state is ParcelState.DISPATCHED

    async def test_a_carrier_without_a_connection_pushes_nothing(self, db: Database) -> None:
        with pytest.raises(transit.CarrierNotConnected):
            await transit.take_in_push(db, "manual", {}, b"{}")

    @pytest.mark.requirement("O4.4")
    async def test_the_sandbox_pushes_by_itself_as_time_goes_by(self, db: Database) -> None:
        parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1))

        states = []
        for _ in range(3):
            await sent.turn(db, 11 * HOUR)
            states.append((await sent.now(db, parcel)).state)
        assert states == [ParcelState.MOVING, ParcelState.MOVING, ParcelState.DELIVERED]

    async def test_what_is_ordered_of_the_sandbox_happens(self, db: Database) -> None:
        parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1))
        await do(db, SYSTEM, transit.order_plan, parcel.id, transit.Plan("B", 0))
        await sent.turn(db, 40 * HOUR)

        assert (await sent.now(db, parcel)).state is ParcelState.DAMAGED
        with pytest.raises(transit.PlanUnfit):
            await do(db, SYSTEM, transit.order_plan, parcel.id, transit.Plan("Q", 0))


class TestAsking:
    async def quiet(self, db: Database, *letters: str) -> list[fulfilment.Parcel]:
        """Parcels whose pushes are lost."""
        made = await sent.parcels(db, await given.shop(db), [
            sandbox_number(n, letter) for n, letter in enumerate(letters)
        ])  # fmt: skip
        async with db.transaction(SYSTEM) as tx:
            await deadlines.call_off(tx, transit.SANDBOX_PUSH, [parcel.id for parcel in made])
        return made

    @pytest.mark.requirement("O4.4")
    async def test_a_parcel_whose_pushes_are_lost_is_asked_about(self, db: Database) -> None:
        (parcel,) = await self.quiet(db, "O")
        assert (await sent.due(db, parcel))["parcel.ask_carrier"] == parcel.dispatched_at + 4 * HOUR

        await sent.turn(db, 40 * HOUR)
        assert (await sent.now(db, parcel)).state is ParcelState.DELIVERED
        assert await sent.due(db, parcel) == {}
        assert (await feed(db)).failures == 0

    async def test_many_parcels_are_one_call(self, db: Database) -> None:
        made = await self.quiet(db, "N", "N", "N")
        async with db.transaction(SYSTEM) as tx:
            await tx.execute("INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)", 5 * HOUR)
        assert await deadlines.run_due(db, transit.ASK_CARRIER, transit.ask_carriers) == 3

        async with db.transaction(SYSTEM) as tx:
            calls = await tx.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'transit.ask_carrier'")
        assert calls == 1
        assert [(await sent.now(db, parcel)).state for parcel in made] == [ParcelState.DISPATCHED] * 3

    async def test_what_was_heard_of_lately_is_not_asked_about(self, db: Database) -> None:
        (parcel,) = await self.quiet(db, "N")
        await sent.tell(db, parcel, "in_transit", after=3 * HOUR)
        async with db.transaction(SYSTEM) as tx:
            await tx.execute("INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)", 5 * HOUR)
        await do(db, SYSTEM, transit.ask_carriers, [parcel.id])

        async with db.transaction(SYSTEM) as tx:
            assert await tx.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'transit.ask_carrier'") == 0
        assert (await sent.due(db, parcel))["parcel.ask_carrier"] == parcel.dispatched_at + 7 * HOUR

    async def test_a_carrier_that_does_not_answer_is_tried_again_later_and_heard_then(self, db: Database) -> None:
        (parcel,) = await self.quiet(db, "X")
        await sent.turn(db, 5 * HOUR)
        down = await feed(db)
        assert down.failures == 1
        assert down.failing_since is not None
        assert (await sent.due(db, parcel))["parcel.ask_carrier"] == down.next_at

        await sent.turn(db, timedelta(minutes=2))
        assert (await feed(db)).failures == 2
        assert (await feed(db)).failing_since == down.failing_since
        # While it is down nobody says that its parcels were never handed over, nor that they are silent.
        await sent.turn(db, 60 * HOUR)
        assert "unscanned" not in await sent.facts(db, parcel)

        await do(db, SYSTEM, transit.order_plan, parcel.id, transit.Plan("N", 0))
        await sent.turn(db, 2 * HOUR)
        assert (await sent.now(db, parcel)).state is ParcelState.DELIVERED

    async def test_before_anybody_is_accused_the_carrier_is_asked(self, db: Database) -> None:
        (parcel,) = await self.quiet(db, "S")
        async with db.transaction(SYSTEM) as tx:
            await deadlines.call_off(tx, transit.ASK_CARRIER, [parcel.id])
        await sent.turn(db, 25 * HOUR)

        assert await sent.facts(db, parcel) == ["dispatched", "moved"]
