"""Links of guests: one order each, void once renewed, and no word about what exists."""

import pytest
from tests import given

from dingdan.areas import access
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("S-12")


async def secret(db: Database, order_id: int) -> str:
    async with db.transaction(SYSTEM) as tx:
        return await access.guest_secret(tx, order_id)


async def test_a_link_opens_its_own_order_and_no_other(db: Database) -> None:
    shop = await given.shop(db)
    mine, other = await given.placed_order(db, shop), await given.placed_order(db, shop, buyer="buyer-2")
    link = await secret(db, mine)
    guest = await do(db, SYSTEM, access.admit, mine, link)
    assert (guest.order_id, guest.actor.merchant_id) == (mine, shop.merchant_id)
    assert guest.actor.may("return.apply")
    assert not guest.actor.may("return.decide")
    for number, word in (
        (other, link),
        (12345, await secret(db, 12345)),
        (None, link),
        (mine, link[:-1]),
        (mine, ""),
        (mine, "é" * 40),
    ):
        with pytest.raises(access.LinkUnusable):
            await do(db, SYSTEM, access.admit, number, word)


async def test_a_renewed_link_is_the_only_one_that_opens(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    before = await secret(db, order_id)
    after = await do(db, SYSTEM, access.renew, order_id)
    assert (await do(db, SYSTEM, access.admit, order_id, after)).order_id == order_id
    with pytest.raises(access.LinkUnusable):
        await do(db, SYSTEM, access.admit, order_id, before)
    newest = await do(db, SYSTEM, access.renew, order_id)
    assert len({before, after, newest}) == 3
