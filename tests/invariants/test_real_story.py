"""A shop lives through everything that commands can do; no invariant breaks on the way, and none at rest."""

from datetime import timedelta

import pytest

from dingdan.areas import identity, orders
from dingdan.areas.payments.providers import sandbox
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import invariants
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from tests import given
from tests.areas.payments import till
from tests.areas.returns import road

pytestmark = pytest.mark.requirement("issue 2: check")


async def broken(db: Database, *, settled: bool) -> list[str]:
    return [f"{one.name}: {one.samples}" for one in await invariants.check(db, settled=settled) if one.count]


async def ended_orders(db: Database, shop: given.Shop) -> None:
    """One expires, one is cancelled, one is cancelled after it was paid, one was held for a while."""
    expired = await given.placed_order(db, shop)
    async with db.reading(SYSTEM) as tx:
        late = tx.now + timedelta(hours=1)
    await do_at(db, SYSTEM, late, orders.expire, [expired])
    await do(db, SYSTEM, orders.cancel, await given.placed_order(db, shop), reason="buyer")
    paid = await given.paid_order(db, shop, {"MUG": 1, "SOCK": 2})
    await do(db, SYSTEM, orders.cancel, paid, reason="buyer")
    held = await given.paid_order(db, shop)
    await do(db, SYSTEM, orders.hold, held, reason="address")
    await do(db, SYSTEM, orders.release, held)


async def paid_twice(db: Database, shop: given.Shop) -> None:
    """A QR code that was given up is paid after all; the second money goes back."""
    order_id = await given.placed_order(db, shop)
    given_up = await till.shown(db, order_id)
    await given.pay(db, order_id)
    await sandbox.pay(db, given_up.provider_ref or "", even_if_closed=True)
    await till.deliver(db)


async def returned(db: Database, shop: given.Shop) -> None:
    """One unit comes back and is put on the shelf again; another application lapses."""
    order_id = await given.delivered_order(db, shop, {"MUG": 2, "TEE": 1})
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
    await road.sent(db, held)
    await road.received(db, held)
    await road.inspected(db, held, road.fine(1, 1))
    await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=2))


async def test_whatever_commands_do_every_invariant_holds(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    await given.placed_order(db, other, reference="A-1")
    await given.shipped_order(db, other, {"TEE": 1})
    for happens in (ended_orders, paid_twice, returned):
        await happens(db, shop)
        assert await broken(db, settled=False) == []
    await till.deliver(db)
    await given.settle(db)
    assert await broken(db, settled=True) == []


async def test_books_stay_whole_when_a_person_is_forgotten(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        await identity.forget(tx, order.buyer_id)

    assert await broken(db, settled=True) == []
