"""Calling a parcel back: asked once, answered once, and what became of it."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.transit import sent

from dingdan.areas import fulfilment, transit
from dingdan.areas.fulfilment import ParcelState, sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O4.7")
HOUR = timedelta(hours=1)


async def answer(db: Database, of: fulfilment.Parcel) -> tuple[str | None, str | None]:
    async with db.reading(SYSTEM) as tx:
        one = (await transit.interceptions(tx, [of.id]))[of.id]
    return one.answer, one.why


async def test_a_parcel_that_is_called_back_comes_back(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1))
    await do(db, SYSTEM, transit.intercept, [parcel.id], reason="buyer_request")
    assert await answer(db, parcel) == (None, None)
    assert "parcel.intercept_answer" in await sent.due(db, parcel)

    await given.settle(db)
    assert await answer(db, parcel) == ("succeeded", None)
    assert "parcel.intercept_answer" not in await sent.due(db, parcel)
    await sent.turn(db, 30 * HOUR)
    assert (await sent.now(db, parcel)).state is ParcelState.RETURNING
    assert [word for word in await sent.facts(db, parcel) if word.startswith("intercept")] == [
        "intercept_asked", "intercepted"
    ]  # fmt: skip


async def test_a_carrier_may_decline_and_the_parcel_goes_on(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1, "V"))
    await do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud")
    await given.settle(db)
    await sent.turn(db, 40 * HOUR)

    assert await answer(db, parcel) == ("failed", "declined")
    assert (await sent.now(db, parcel)).state is ParcelState.DELIVERED
    assert "intercept_failed" in await sent.facts(db, parcel)


async def test_without_an_answer_in_time_it_counts_as_failed_and_may_be_asked_again(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1, "X"))
    await do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud")
    await do(db, SYSTEM, transit.give_up_interception, [parcel.id])
    assert await answer(db, parcel) == ("failed", "no_answer")

    # An answer that comes after all changes nothing any more.
    await do(db, SYSTEM, transit.order_plan, parcel.id, transit.Plan("N", 0))
    await transit.bring_back(db, {"carrier": "sandbox", "parcel_ids": [parcel.id]})
    assert await answer(db, parcel) == ("failed", "no_answer")
    await do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud")
    await transit.bring_back(db, {"carrier": "sandbox", "parcel_ids": [parcel.id]})
    assert await answer(db, parcel) == ("succeeded", None)


async def test_two_who_call_at_once_ask_once(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1))
    calls = [do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud") for _ in range(3)]
    ended = await asyncio.gather(*calls, return_exceptions=True)

    assert sorted(type(one).__name__ for one in ended) == ["InterceptionOpen", "InterceptionOpen", "list"]


async def test_a_delivery_ends_the_asking(db: Database) -> None:
    parcel = await sent.parcel(db, await given.shop(db), sandbox_number(1, "X"))
    await do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud")
    await sent.tell(db, parcel, "delivered", after=timedelta(seconds=1))
    await do(db, SYSTEM, transit.end_interceptions, [parcel.id])

    assert await answer(db, parcel) == ("failed", "delivered")
    with pytest.raises(transit.TooLateToIntercept):
        await do(db, SYSTEM, transit.intercept, [parcel.id], reason="fraud")


async def test_all_that_speaks_against_it_is_said_at_once_and_nothing_is_asked(db: Database) -> None:
    shop = await given.shop(db)
    good = await sent.parcel(db, shop, sandbox_number(1))
    van = await sent.parcel(db, shop, "VAN-1", carrier="manual")

    with pytest.raises(Refusal) as no:
        await do(db, SYSTEM, transit.intercept, [good.id, van.id, 7], reason="fraud")
    assert [(one.code, one.path) for one in no.value.problems] == [
        ("carrier.not_connected", "[1]"), ("intercept.too_late", "[2]")
    ]  # fmt: skip
    async with db.reading(SYSTEM) as tx:
        assert await transit.interceptions(tx, [good.id]) == {}


async def test_a_buyer_has_what_is_still_coming_called_back_where_the_merchant_offers_it(db: Database) -> None:
    one, two = await sent.parcels(db, await given.shop(db), [sandbox_number(1), sandbox_number(2)])
    await sent.tell(db, one, "delivered", after=timedelta(seconds=1))
    asked = await do(db, SYSTEM, transit.intercept_order, one.lines[0].order_id, reason="buyer_request")
    assert [interception.parcel_id for interception in asked] == [two.id]

    closed = await sent.parcel(db, await given.shop(db, intercept_on_request=False), sandbox_number(3))
    with pytest.raises(transit.InterceptionNotOffered):
        await do(db, SYSTEM, transit.intercept_order, closed.lines[0].order_id, reason="buyer_request")
