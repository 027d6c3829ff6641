"""What is limited: never used more often than there is, given back once, taken again for money that came late."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.payments import till as money
from tests.areas.pricing import till
from tests.areas.pricing.shelf import NOW

from dingdan.areas import orders, pricing
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MUG = {"MUG": 1}


def codes_of(results: list[int | Refusal]) -> list[str]:
    """Why those were refused that were."""
    return sorted(one.code for one in results if isinstance(one, Refusal))


@pytest.mark.requirement("S-07", "O1.6")
async def test_of_three_hundred_at_once_a_hundred_get_the_coupon(db: Database) -> None:
    shop = await given.shop(db, stock=1000)
    coupon = await till.running(db, shop, pricing.Amount(500), code="RUSH", limit_total=100)
    results = await asyncio.gather(*(
        till.tried(db, shop, MUG, buyer=f"b{n}", coupons=("rush",)) for n in range(300)
    ))  # fmt: skip

    assert codes_of(list(results)) == ["coupon.used_up"] * 200
    assert await till.used(db, coupon.id) == (100, 100)


@pytest.mark.requirement("S-07")
async def test_a_buyer_who_clicks_twice_uses_a_coupon_once(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="ONCE", limit_per_buyer=1)
    results = await asyncio.gather(*(till.tried(db, shop, MUG, coupons=("ONCE",)) for _ in range(8)))

    assert codes_of(list(results)) == ["coupon.used_already"] * 7
    assert (await till.used(db, coupon.id))[1] == 1
    assert isinstance(await till.tried(db, shop, MUG, buyer="another", coupons=("ONCE",)), int)


async def test_a_first_order_promotion_is_for_one_order_however_many_come_first(db: Database) -> None:
    shop = await given.shop(db)
    await till.running(db, shop, pricing.Amount(500), first_order=True)
    results = await asyncio.gather(*(till.tried(db, shop, MUG, is_first_order=True) for _ in range(5)))

    assert set(codes_of(list(results))) <= {"promotion.used_up"}
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM promotion_uses") == 1


async def test_in_one_batch_the_first_ones_get_it_and_an_order_gets_all_or_nothing(db: Database) -> None:
    shop = await given.shop(db)
    few = await till.running(db, shop, pricing.Amount(100), code="FEW", limit_total=2)
    many = await till.running(db, shop, pricing.Amount(100), code="MANY", limit_total=9, group="other")
    async with db.transaction(SYSTEM) as tx:
        ask = await till.asked(tx, shop, MUG, None, coupons=("FEW", "MANY"))
        uses = pricing.quote(ask, await pricing.terms_for(tx, [ask])).uses
        refused = await pricing.claim(tx, dict.fromkeys((5, 3, 4), uses))
        used = {one.id: one.used for one in (await pricing.by_ids(tx, [few.id, many.id])).values()}
        await pricing.drop_claims(tx, [5, 3, 4])

    assert {order_id: refusal.code for order_id, refusal in refused.items()} == {4: "coupon.used_up"}
    assert used == {few.id: 2, many.id: 2}
    assert await till.used(db, few.id) == await till.used(db, many.id) == (0, 0)


@pytest.mark.requirement("O3.4", "O1.6")
async def test_a_cancelled_order_gives_its_coupon_back_once(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="BACK", limit_total=1, limit_per_buyer=1)
    order_id = await till.sell(db, shop, MUG, coupons=("BACK",))
    assert isinstance(await till.tried(db, shop, MUG, coupons=("BACK",)), Refusal)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")
    await given.settle(db)
    await do(db, SYSTEM, pricing.give_back, [order_id])

    assert await till.used(db, coupon.id) == (0, 0)
    assert await till.sell(db, shop, MUG, coupons=("BACK",))


@pytest.mark.requirement("O3.4")
async def test_an_expired_order_gives_its_coupon_back(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="BACK", limit_total=1)
    await till.sell(db, shop, MUG, coupons=("BACK",))
    await given.settle(db, with_deadlines=True)

    assert await till.used(db, coupon.id) == (0, 0)


async def paid_late(db: Database, order_id: int, *, noticed: bool) -> None:
    """The order expires, and its money comes before or after the rest of the house has noticed."""
    payment = await money.shown(db, order_id)
    await do(db, SYSTEM, orders.expire, [order_id])
    if noticed:
        await given.settle(db)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await money.deliver(db)
    await given.settle(db)


@pytest.mark.requirement("O3.5")
@pytest.mark.parametrize("noticed", [True, False])
async def test_late_money_takes_the_coupon_again(db: Database, noticed: bool) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="LATE", limit_total=1)
    order_id = await till.sell(db, shop, MUG, coupons=("LATE",))
    await paid_late(db, order_id, noticed=noticed)

    assert (await money.order_of(db, order_id)).state == "confirmed"
    assert await till.used(db, coupon.id) == (1, 1)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")
    await given.settle(db)
    assert await till.used(db, coupon.id) == (0, 0)


@pytest.mark.requirement("O3.5")
async def test_late_money_goes_back_where_the_coupon_is_gone(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="LATE", limit_total=1)
    order_id = await till.sell(db, shop, MUG, coupons=("LATE",))
    payment = await money.shown(db, order_id)
    await do(db, SYSTEM, orders.expire, [order_id])
    await given.settle(db)
    await till.sell(db, shop, MUG, buyer="another", coupons=("LATE",))
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await money.deliver(db)

    assert (await money.order_of(db, order_id)).state == "expired"
    assert await money.captures(db, order_id) == [("excess", 194_00)]
    assert await till.used(db, coupon.id) == (1, 1)


@pytest.mark.requirement("O3.5")
async def test_late_money_that_finds_no_stock_leaves_the_coupon_free(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    coupon = await till.running(db, shop, pricing.Amount(500), code="LATE", limit_total=1)
    order_id = await till.sell(db, shop, MUG, coupons=("LATE",))
    payment = await money.shown(db, order_id)
    await do(db, SYSTEM, orders.expire, [order_id])
    await till.sell(db, shop, MUG, buyer="another")
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await money.deliver(db)
    await given.settle(db)

    assert (await money.order_of(db, order_id)).state == "expired"
    assert await till.used(db, coupon.id) == (0, 0)


@pytest.mark.requirement("W14", "R4.4")
async def test_a_coupon_that_comes_back_after_its_time_lasts_seven_days_more(db: Database) -> None:
    shop = await given.shop(db)
    async with db.transaction(SYSTEM) as tx:
        soon = tx.now + timedelta(seconds=2)
    await till.running(db, shop, pricing.Amount(500), code="SOON", ends_at=soon, limit_per_buyer=1)
    order_id = await till.sell(db, shop, MUG, coupons=("SOON",))
    async with db.transaction(SYSTEM, at=soon + timedelta(hours=1)) as tx:
        await orders.cancel(tx, order_id, reason="changed_mind")
        await pricing.give_back(tx, [order_id])
    async with db.transaction(SYSTEM, at=soon + timedelta(days=7)) as tx:
        (who,) = await till.known(tx, shop, "buyer-1")
        ask = await till.asked(tx, shop, MUG, who.buyer_id, coupons=("SOON",))
        later = till.with_now(ask, now=tx.now + timedelta(hours=2))
        terms = await pricing.terms_for(tx, [ask])

    assert pricing.quote(ask, terms).discount == 500
    assert [problem.code for problem in pricing.quote(later, terms).problems] == ["coupon.over"]
    await given.settle(db)


@pytest.mark.requirement("S-22")
async def test_a_coupon_that_is_given_away_is_unknown_to_everybody_else(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="GIFT", needs_grant=True)
    mine = await till.buyer_id(db, shop)
    await do(db, SYSTEM, pricing.grant, coupon.id, {mine: shop.merchant_id})
    (other,) = (await till.quoted(db, shop, MUG, buyer="another", coupons=("GIFT",))).problems
    (none,) = (await till.quoted(db, shop, MUG, coupons=("NONE",))).problems
    results = await asyncio.gather(*(till.tried(db, shop, MUG, coupons=("GIFT",)) for _ in range(4)))

    assert (other.code, other.kind) == (none.code, none.kind) == ("coupon.unknown", none.kind)
    assert codes_of(list(results)) == ["coupon.used_already"] * 3


async def test_a_code_of_one_use_is_good_for_whoever_brings_it_first(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await till.running(db, shop, pricing.Amount(500), code="MAIL", needs_grant=True)
    first, second = await do(db, SYSTEM, pricing.issue_codes, coupon.id, 2)
    assert len({first.code, second.code}) == 2
    assert first.code is not None
    assert len(first.code) == 16
    results = await asyncio.gather(*(
        till.tried(db, shop, MUG, buyer=f"b{n}", coupons=(first.code.lower(),)) for n in range(4)
    ))  # fmt: skip

    assert codes_of(list(results)) == ["coupon.used_already"] * 3


async def test_a_promotion_that_is_stopped_between_quote_and_order_is_not_claimed(db: Database) -> None:
    shop = await given.shop(db)
    sale = await till.running(db, shop, pricing.Amount(500), limit_total=5)
    async with db.transaction(SYSTEM) as tx:
        ask = await till.asked(tx, shop, MUG, None)
        uses = pricing.quote(ask, await pricing.terms_for(tx, [ask])).uses
    await do(db, SYSTEM, pricing.stop, sale.id, reason="mistake")
    async with db.transaction(SYSTEM) as tx:
        refused = await pricing.claim(tx, {1: uses})

    assert refused[1].code == "promotion.used_up"
    assert (await till.quoted(db, shop, MUG)).discount == 0


async def test_what_starts_later_is_read_but_not_applied(db: Database) -> None:
    shop = await given.shop(db)
    await till.running(db, shop, pricing.Amount(500), starts_at=NOW + timedelta(days=36500))

    assert (await till.quoted(db, shop, MUG)).discount == 0
