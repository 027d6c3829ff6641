"""An order that staff take down for a buyer: told from others by a fact, which names what the buyer is said to have agreed to."""

import msgspec
import pytest
from tests import given

from dingdan.areas import identity, placement
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.overviews import timeline
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O1.1")


async def told(db: Database, order_id: int) -> list[timeline.Entry]:
    async with db.reading(SYSTEM) as tx:
        found = await timeline.of_order(tx, order_id)
    return [one for one in found if one.wire == placement.OrderPlacedOnBehalf.wire]


async def test_only_what_is_taken_down_says_so_with_who_and_which_words(db: Database) -> None:
    shop = await given.shop(db, flags=("intimate",))
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "chen", "陈思", ("customer_service",)))
    hand = Actor(ActorKind.STAFF, staff.id, "chen", None, identity.ROLES["customer_service"])
    plain = given.basket(shop, {"MUG": 1})
    (refused,) = await do(db, SYSTEM, placement.place, [
        msgspec.structs.replace(plain, items=(placement.Item("MUG", 1, confirmed="CN_OPT_HYGIENE:0"),))])  # fmt: skip
    assert not isinstance(refused, placement.Placed)
    words = refused.params["wanted"]
    items = (placement.Item("TEE", 1), placement.Item("MUG", 2, confirmed=words))
    taken, bought, wrong = await do(db, hand, placement.place, [
        msgspec.structs.replace(plain, items=items, on_behalf=True), plain,
        msgspec.structs.replace(plain, items=(placement.Item("MUG", 0),), on_behalf=True),
    ])  # fmt: skip
    assert isinstance(taken, placement.Placed)
    assert isinstance(bought, placement.Placed)
    assert not isinstance(wrong, placement.Placed)
    (fact,) = await told(db, taken.order_id)
    assert (fact.actor_kind, fact.actor_id) == ("staff", staff.id)
    assert fact.data == {"told": 1, "confirmed": {"2": words}}
    assert await told(db, bought.order_id) == []
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM facts WHERE wire = 'order.placed_on_behalf'") == 1
