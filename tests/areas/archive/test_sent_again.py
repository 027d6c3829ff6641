"""What is sent for goods of an order has its own word of where it goes, whatever the archive did with the first one."""

import pytest
from tests import given
from tests.areas.archive.kept import archived, completed_order, now
from tests.areas.archive.test_leaving import MONTHS, sealed
from tests.areas.cases import desk as trouble
from tests.areas.exchanges import desk

from dingdan import worker
from dingdan.areas import archive, cases, identity, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O5.5")


async def sent_again(db: Database, order_id: int) -> int:
    case = await trouble.trouble(db, order_id)
    sent = await do(db, trouble.MARA, cases.propose, case.id, trouble.reship())
    await given.settle(db)
    assert sent.replaced_by is not None
    return int(sent.replaced_by)


async def goes_to(db: Database, order_id: int) -> identity.Contact:
    async with db.reading(SYSTEM) as tx:
        found = await identity.contact(tx, (await orders.get_one(tx, order_id)).contact_id)
    assert found is not None
    return found


@pytest.mark.parametrize("is_first", [True, False])
async def test_it_is_sent_to_whoever_received_the_first_one_before_and_after_that_was_put_away(
    db: Database, is_first: bool
) -> None:
    order_id = await completed_order(db, await given.shop(db))
    sent = await sent_again(db, order_id) if is_first else 0
    await archived(db, order_id)
    await worker.settle(db, at=await now(db) + MONTHS)
    sent = sent or await sent_again(db, order_id)

    found = await goes_to(db, sent)
    assert (found.name, found.address, found.is_erased) == ("王小明", given.ADDRESS, False)
    async with db.reading(SYSTEM) as tx:
        assert (await sealed(tx, order_id))["contacts"] == 0
    # The same again fills nothing that is full.
    await do(db, SYSTEM, archive.refill, {sent: order_id})
    assert await goes_to(db, sent) == found


async def test_so_does_what_is_exchanged_after_the_first_one_was_put_away(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await completed_order(db, shop)
    await archived(db, order_id)
    await worker.settle(db, at=await now(db) + MONTHS)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)

    assert (await goes_to(db, (await desk.now(db, made)).sent_order_id)).address == given.ADDRESS


async def test_of_somebody_who_was_forgotten_nothing_is_filled(db: Database) -> None:
    order_id = await completed_order(db, await given.shop(db))
    await archived(db, order_id)
    await worker.settle(db, at=await now(db) + MONTHS)
    await do(db, SYSTEM, identity.forget, (await goes_to(db, order_id)).buyer_id)
    await do(db, SYSTEM, archive.refill, {order_id: order_id})
    assert (await goes_to(db, order_id)).is_erased
