"""Parcels on their way, and a clock that is turned."""

from collections.abc import Sequence
from datetime import timedelta

from tests import given

from dingdan.areas import fulfilment, orders
from dingdan.areas.fulfilment import PackedLine, Scan, Ship, ShipLine
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock, deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def parcels(
    db: Database, shop: given.Shop, numbers: Sequence[str], *, carrier: str = "sandbox"
) -> list[fulfilment.Parcel]:
    """One order with one mug in each parcel."""
    order_id = await given.paid_order(db, shop, {"MUG": len(numbers)})
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=None, order_ids=[order_id])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(1, len(numbers))])
    made = await do(db, SYSTEM, fulfilment.ship, [
        Ship(work.id, carrier, number, (ShipLine(1, 1),)) for number in numbers
    ])  # fmt: skip
    await given.settle(db)
    return made


async def parcel(db: Database, shop: given.Shop, number: str, *, carrier: str = "sandbox") -> fulfilment.Parcel:
    """One parcel."""
    (made,) = await parcels(db, shop, [number], carrier=carrier)
    return made


async def tell(db: Database, of: fulfilment.Parcel, code: str, *, after: timedelta = timedelta(0)) -> None:
    """The carrier says something that happened so long after the parcel left."""
    scan = Scan(of.carrier, of.tracking_number, f"{code}-{after}", code, of.dispatched_at + after, "杭州")
    await do(db, SYSTEM, fulfilment.scan, [scan])


async def now(db: Database, of: fulfilment.Parcel) -> fulfilment.Parcel:
    """The parcel as it is."""
    async with db.transaction(SYSTEM) as tx:
        return (await fulfilment.parcels(tx, [of.id]))[of.id]


async def order(db: Database, of: fulfilment.Parcel) -> orders.Order:
    """The order that is in it."""
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, of.lines[0].order_id)


async def facts(db: Database, of: fulfilment.Parcel) -> list[str]:
    """What happened to the parcel, by the last word of each fact."""
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire FROM facts WHERE subject_id = $1 ORDER BY at, id", of.id)
    return [row["wire"].partition(".")[2] for row in rows]


async def due(db: Database, of: fulfilment.Parcel) -> dict[str, object]:
    """When what rings for the parcel."""
    async with db.transaction(SYSTEM) as tx:
        return {one.kind: one.at for one in await deadlines.of_subjects(tx, [of.id])}


async def turn(db: Database, by: timedelta) -> None:
    """Turn the clock, and let everything happen that happens by itself."""
    async with db.transaction(SYSTEM) as tx:
        await clock.advance(tx, by)
    await given.settle(db, with_deadlines=True)
