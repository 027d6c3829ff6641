"""A parcel that nobody took, or that was called back, is received by the warehouse alone; the rest follows by facts."""

import asyncio

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.payments import till
from tests.areas.transit import sent

from dingdan.areas import cases, fulfilment, orders, returns, transit
from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O6.5")


async def parcel_of(db: Database, order_id: int) -> int:
    async with db.reading(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, [order_id])
    return parcel.id


async def looked_at(db: Database, found: returns.Return) -> None:
    """Everything is as it was."""
    async with db.reading(SYSTEM) as tx:
        lines = (await returns.lines(tx, [found]))[found.id]
    seen = tuple(
        returns.InspectedLine(
            one.line_no, one.received, is_original=True, intact=True, grade="A", disposition="restock"
        )
        for one in lines
    )
    await do(db, SYSTEM, returns.inspect, [returns.Inspect(found.id, seen)])
    await given.settle(db)
    await till.deliver(db)
    await given.settle(db)


async def ended(db: Database, order_id: int) -> tuple[str, int, list[str | None]]:
    """The order's state, what went back, and how its cases ended."""
    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        return str(order.state), order.refunded, [one.closure for one in await cases.of_orders(tx, [order_id])]


async def shelf(db: Database) -> list[tuple[int, int]]:
    async with db.reading(SYSTEM) as tx:
        return [(row["on_hand"], row["quarantine"]) for row in await tx.fetch(
            "SELECT on_hand, quarantine FROM stock s JOIN products p ON p.id = s.product_id WHERE p.sku = 'MUG'")]  # fmt: skip


@pytest.mark.parametrize("code", ["turned_away", "returning"])
async def test_what_came_back_goes_to_its_shelf_and_its_money_to_the_buyer(db: Database, code: str) -> None:
    shop = await given.shop(db)
    order_id = await given.shipped_order(db, shop, {"MUG": 2})
    await desk.scan(db, order_id, code)
    parcel_id = await parcel_of(db, order_id)
    (found,) = await do(db, SYSTEM, cases.take_in_parcel, parcel_id)
    assert await do(db, SYSTEM, cases.take_in_parcel, parcel_id) == [found]
    assert (found.journey, await shelf(db)) == ("received", [(98, 2)])
    await looked_at(db, found)
    assert await shelf(db) == [(100, 0)]
    assert await ended(db, order_id) == ("completed", 2 * 19900, ["paid_back"])
    (again,) = await do(db, SYSTEM, cases.take_in_parcel, parcel_id)
    assert again.id == found.id


async def test_a_parcel_that_was_called_back_needs_no_case(db: Database) -> None:
    shop = await given.shop(db)
    off = cases.shipped()["turned_away"].document
    await do(db, SYSTEM, cases.save_kind,
             cases.SaveKind(merchant_id=None, code="turned_away", document=off, is_active=False))  # fmt: skip
    parcel = await sent.parcel(db, shop, sandbox_number(1, "N"))
    for hours in (3, 30):
        if hours == 30:
            await do(db, SYSTEM, transit.intercept, [parcel.id], reason="buyer_request")
            await given.settle(db)
        await sent.turn(db, desk.HOUR * hours)
    (found,) = await do(db, SYSTEM, cases.take_in_parcel, parcel.id)
    await looked_at(db, found)
    assert await ended(db, parcel.lines[0].order_id) == ("completed", 19900, [])


async def test_a_parcel_of_a_return_that_a_case_asked_for_is_received_as_that(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.shipped_order(db, shop)
    await desk.scan(db, order_id, "returning")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
    back = cases.Propose(kind=cases.RemedyKind.TAKE_BACK, reason="REFUSED_NO_REASON")
    done = await do(db, desk.ANNA, cases.propose, case.id, back)
    (found,) = await do(db, SYSTEM, cases.take_in_parcel, await parcel_of(db, order_id))
    assert (found.id, found.journey) == (done.return_id, "received")


async def test_what_was_sent_instead_and_nobody_took_is_settled_with_nothing(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.shipped_order(db, shop, {"SOCK": 1})
    await desk.scan(db, order_id, "lost")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
    again = (await do(db, desk.ANNA, cases.propose, case.id, desk.reship())).replaced_by or 0
    await given.settle(db)
    await given.ship(db, shop, again)
    await desk.scan(db, again, "returning")
    (found,) = await do(db, SYSTEM, cases.take_in_parcel, await parcel_of(db, again))
    await looked_at(db, found)
    assert await ended(db, again) == ("completed", 0, ["paid_back"])


async def test_two_who_receive_one_parcel_receive_it_once(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.shipped_order(db, shop, {"MUG": 1})
    await desk.scan(db, order_id, "returning")
    parcel_id = await parcel_of(db, order_id)
    both = await asyncio.gather(*(do(db, SYSTEM, cases.take_in_parcel, parcel_id) for _ in range(2)))
    assert {one.id for found in both for one in found} == {both[0][0].id}
    assert await shelf(db) == [(99, 1)]


async def test_what_is_not_on_its_way_back_or_was_made_good_is_refused(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.shipped_order(db, shop, {"SOCK": 1})
    parcel_id = await parcel_of(db, order_id)
    with pytest.raises(cases.ParcelNotBack):
        await do(db, SYSTEM, cases.take_in_parcel, parcel_id)
    with pytest.raises(cases.ParcelNotBack):
        await do(db, SYSTEM, cases.take_in_parcel, 1)
    case = await desk.trouble(db, order_id)
    await do(db, desk.ANNA, cases.propose, case.id, desk.refund())
    await desk.scan(db, order_id, "returning")
    with pytest.raises(cases.ParcelMadeGood):
        await do(db, SYSTEM, cases.take_in_parcel, parcel_id)
