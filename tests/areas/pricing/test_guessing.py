"""Whoever names too many coupons that do not exist waits; others do not, and what is right is not told meanwhile."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.placement.test_taking import codes, place, quote
from tests.areas.pricing.till import running

from dingdan import worker
from dingdan.areas import orders, placement, pricing
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.patience import LONGEST
from dingdan.plumbing import tries
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("S-22")

KEY = Actor(ActorKind.KEY, 77, "shop")
UNKNOWN, TOO_MANY = [("coupon.unknown", "coupons[0]")], [("coupon.too_many_tries", "coupons")]


async def counted(db: Database) -> dict[str, int]:
    """The counts, by the kind of who is counted."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT who, wrong FROM wrong_tries ORDER BY who")
    return {row["who"].partition(":")[0]: row["wrong"] for row in rows}


async def tire(db: Database, shop: given.Shop, buyer: str = "buyer-1") -> None:
    """Wrong codes until nothing more is looked up."""
    baskets = [
        given.basket(shop, buyer=buyer, coupons=(f"NO{n}",)) for n in range(pricing.GUESSES.limits["person"])
    ]  # fmt: skip
    for refused in await place(db, *baskets):
        assert codes(refused) == UNKNOWN


async def test_who_guessed_too_often_waits_and_the_right_code_is_not_told_from_others(db: Database) -> None:
    shop = await given.shop(db)
    await running(db, shop, pricing.Amount(500), code="RIGHT")
    await tire(db, shop)
    for code in ("RIGHT", "WRONG"):
        (refused,) = await place(db, given.basket(shop, coupons=(code,)))
        assert codes(refused) == TOO_MANY
        assert next(way.kind for way in refused.problems[0].solutions) == "drop_coupons"
        quoted = await quote(db, given.basket(shop, coupons=(code,)))
        assert [(one.problem.code, one.problem.path) for one in quoted.found] == TOO_MANY
    assert 0 < refused.problems[0].params["retry_after_seconds"] <= 3600
    # Without coupons they buy as ever, and another buyer is not concerned.
    for other in (given.basket(shop), given.basket(shop, buyer="another", coupons=("RIGHT",))):
        (placed,) = await place(db, other)
        assert isinstance(placed, placement.Placed)


async def test_an_order_keeps_its_coupon_whatever_its_buyer_guesses_afterwards(db: Database) -> None:
    shop = await given.shop(db)
    await running(db, shop, pricing.Amount(500), code="RIGHT")
    order_id = await given.placed_order(db, shop, {"MUG": 1}, coupons=("RIGHT",))
    await tire(db, shop)
    changed = await do(db, SYSTEM, placement.change_quantities, order_id, {1: 2}, reason="buyer_request")
    async with db.reading(SYSTEM) as tx:
        assert (await orders.get_one(tx, changed)).discount == 500


async def test_at_another_merchant_it_is_the_same_person(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    await tire(db, one)
    (refused,) = await place(db, given.basket(other, coupons=("NO",)))
    assert codes(refused) == TOO_MANY


async def test_a_key_that_guesses_for_many_buyers_waits_too(db: Database) -> None:
    shop = await given.shop(db)
    await running(db, shop, pricing.Amount(500), code="RIGHT")
    wrong = [given.basket(shop, buyer=f"b{n}", coupons=("NO",)) for n in range(3)]
    await do(db, KEY, placement.place, wrong)
    assert await counted(db) == {"key": 3, "person": 1}
    await do(db, SYSTEM, tries.note, pricing.GUESSES, {"key:77": pricing.GUESSES.limits["key"]})
    (refused,) = await do(db, KEY, placement.place, [given.basket(shop, buyer="new", coupons=("RIGHT",))])
    assert codes(refused) == TOO_MANY
    (placed,) = await do(db, Actor(ActorKind.KEY, 78), placement.place, [given.basket(shop, coupons=("RIGHT",))])
    assert isinstance(placed, placement.Placed)


async def test_wrong_codes_at_once_are_all_counted(db: Database) -> None:
    shop = await given.shop(db)
    await asyncio.gather(*(place(db, given.basket(shop, coupons=("NO", "NONE"))) for _ in range(5)))
    assert await counted(db) == {"person": 10}


async def test_after_an_hour_it_begins_anew_and_what_is_over_is_swept(db: Database) -> None:
    shop = await given.shop(db)
    await tire(db, shop)
    async with db.reading(SYSTEM) as tx:
        later = tx.now + pricing.GUESSES.window + timedelta(seconds=1)
    (refused,) = await do_at(db, SYSTEM, later, placement.place, [given.basket(shop, coupons=("NO",))])
    assert (codes(refused), await counted(db)) == (UNKNOWN, {"person": 1})
    await do(db, SYSTEM, tries.note, pricing.GUESSES, {"key:1": 1})
    assert await do_at(db, SYSTEM, later + LONGEST, tries.sweep) == 2
    assert await counted(db) == {}
    assert await worker.tidy_up(db) >= 0
