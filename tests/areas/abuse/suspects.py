"""Buyers about whom something was noticed, people who look at it, and what follows."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from tests import given

from dingdan.areas import abuse, orders
from dingdan.areas.abuse import Flag, Measure, Picture, Seen, SignalKind
from dingdan.areas.abuse.noticing import Collect
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

ANNA, BELA, CORA = (Actor(ActorKind.STAFF, n, name) for n, name in ((911, "Anna"), (912, "Bela"), (913, "Cora")))
# From which score on is which level, by signs of several kinds.
LEVELS: dict[int, tuple[SignalKind, ...]] = {
    1: (SignalKind.SWAPPED_ITEM,),
    2: (SignalKind.SWAPPED_ITEM, SignalKind.EMPTY_PARCEL),
    3: (SignalKind.SWAPPED_ITEM, SignalKind.EMPTY_PARCEL, SignalKind.EVIDENCE_REUSED),
}


def telling(order: orders.Order, *kinds: SignalKind, ago: timedelta = timedelta(), first: int = 1) -> Collect:
    """A picture in which these happened so long ago, whatever the tables say; another `first` of five is another thing."""

    async def collect(tx: Tx, buyers: Collection[int]) -> Picture:
        assert order.buyer_id in buyers
        about = (("order", order.id), ("buyer", order.buyer_id), ("merchant", order.merchant_id),
                 ("contact", order.contact_id), ("checkout", order.checkout_id))  # fmt: skip
        return Picture(tuple(
            Seen(buyer_id=order.buyer_id, merchant_id=order.merchant_id, kind=kind, subject=about[n % 5][0],
                 subject_id=about[n % 5][1], order_id=order.id, at=tx.now - ago, found={"units": 1})
            for n, kind in enumerate(kinds, start=first)
        ), ())  # fmt: skip

    return collect


async def noticed(db: Database, order_id: int, *kinds: SignalKind, **how: Any) -> None:
    """Somebody looked at the buyer of this order, and saw these."""
    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
    await do(db, SYSTEM, abuse.look_at, [order_id], collect=telling(order, *kinds, **how))


async def flagged(db: Database, order_id: int, *kinds: SignalKind, **how: Any) -> Flag:
    """The same, and what it came to."""
    await noticed(db, order_id, *kinds, **how)
    found = await flag_of(db, order_id)
    assert found is not None
    return found


async def suspected(db: Database, order_id: int, level: int = 1) -> Flag:
    """A buyer with a flag of this level; the highest is confirmed by two people, so that everything follows."""
    flag = await flagged(db, order_id, *LEVELS[level])
    assert flag.level == level
    for person in (ANNA, BELA) if level == 3 else ():
        flag = await do(db, person, abuse.confirm, flag.id, parts=flag.parts)
    return flag


async def flag_of(db: Database, order_id: int) -> Flag | None:
    """The newest flag of the buyer of this order."""
    async with db.reading(SYSTEM) as tx:
        number = await tx.fetchval(
            "SELECT max(f.id) FROM abuse_flags f JOIN orders o USING (buyer_id) WHERE o.id = $1", order_id
        )
        return await abuse.get_one(tx, number) if number is not None else None


async def now_is(db: Database, flag: Flag) -> Flag:
    """A flag as it stands now."""
    async with db.reading(SYSTEM) as tx:
        return await abuse.get_one(tx, flag.id)


async def signals(db: Database, order_id: int) -> list[tuple[str, int]]:
    """What was noticed about the buyer of this order: kinds and points, oldest first."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT kind, points FROM abuse_signals s JOIN orders o USING (buyer_id) WHERE o.id = $1 ORDER BY s.id",
            order_id,
        )
    return [(row["kind"], row["points"]) for row in rows]


async def taken(db: Database, flag: Flag) -> list[Measure]:
    """Which measures acted by a flag, oldest first."""
    async with db.reading(SYSTEM) as tx:
        return [one.measure for one in reversed(await abuse.taken_by(tx, flag))]


async def delivered(db: Database, shop: given.Shop, buyer: str = "buyer-1", **more: Any) -> int:
    """An order in this buyer's hands."""
    return await given.delivered_order(db, shop, buyer=buyer, **more)
