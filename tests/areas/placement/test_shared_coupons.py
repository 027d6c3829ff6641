"""A coupon of the platform in a checkout of several merchants: one use, given back once, when the last order has ended."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests import given
from tests.areas.payments import purse
from tests.areas.payments import till as money
from tests.areas.placement.test_taking import codes, count, place, quote
from tests.areas.pricing.till import running, used

from dingdan.areas import identity, orders, payments, placement, pricing
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MUGS = 19900


def mixed(one: given.Shop, other: given.Shop, code: str = "ALL", **how: Any) -> placement.Basket:
    """A mug of each of two shops, with a coupon."""
    basket = given.basket(one, {"MUG": 1}, coupons=(code,), **how)
    items = (*basket.items, placement.Item("MUG", 1, merchant_id=other.merchant_id))
    return msgspec.structs.replace(basket, items=items)


async def sold(db: Database, one: given.Shop, other: given.Shop, **how: Any) -> list[int]:
    """The ids of the two orders of a checkout."""
    (placed,) = await place(db, mixed(one, other, **how))
    assert isinstance(placed, placement.Placed), placed
    return [made.order_id for made in placed.orders]


async def end(db: Database, order_id: int, how: str) -> None:
    """An order ends unpaid, or is cancelled; and what follows."""
    if how == "expire":
        await purse.expire(db, order_id)
    else:
        await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")
    await given.settle(db)


async def uses(db: Database, promotion_id: int) -> tuple[int, int]:
    """How often it was used in all, and how many orders carry it."""
    return await used(db, promotion_id)


@pytest.mark.requirement("O1.2", "O1.6")
async def test_the_quote_shows_what_placing_does_and_one_use_is_counted(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db, freight=500)
    coupon = await running(db, None, pricing.Amount(1001), code="ALL", limit_total=5, limit_per_buyer=1)
    basket = mixed(one, other)
    quoted = await quote(db, basket)
    (placed,) = await place(db, msgspec.structs.replace(basket, expected_total=quoted.total))
    async with db.transaction(SYSTEM) as tx:
        found = await orders.of_checkout(tx, placed.checkout_id)
        layers = await pricing.layers(tx, [order.id for order in found])
        shared = await tx.fetch("SELECT order_id, shared_with, amount FROM promotion_uses ORDER BY order_id")
    leader, follower = found
    assert [order.discount for order in found] == [part.discount for part in quoted.orders] == [501, 500]
    assert [(layers[o.id][0].layer.code, layers[o.id][0].layer.funder) for o in found] == [("ALL", "platform")] * 2
    assert [tuple(row) for row in shared] == [(leader.id, None, 501), (follower.id, leader.id, 500)]
    assert await uses(db, coupon.id) == (1, 2)
    # Once for each buyer is once, whichever of the merchants they go to.
    (again,) = await place(db, given.basket(other, {"MUG": 1}, coupons=("ALL",)))
    assert codes(again) == [("coupon.used_already", "coupons[0]")]
    (stranger,) = await place(db, given.basket(other, {"MUG": 1}, coupons=("ALL",), buyer="another"))
    assert isinstance(stranger, placement.Placed)


@pytest.mark.requirement("O3.4")
@pytest.mark.parametrize("ways", [("expire", "expire"), ("cancel", "expire"), ("expire", "cancel")])
async def test_it_comes_back_once_when_the_last_order_has_ended(db: Database, ways: tuple[str, str]) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=1, limit_per_buyer=1)
    first, second = await sold(db, one, other)
    await end(db, second, ways[0])
    assert await uses(db, coupon.id) == (1, 1)
    (refused,) = await place(db, given.basket(one, {"MUG": 1}, coupons=("ALL",)))
    assert codes(refused) == [("coupon.used_already", "coupons[0]")]
    await end(db, first, ways[1])
    await do(db, SYSTEM, pricing.give_back, [first, second])

    assert await uses(db, coupon.id) == (0, 0)
    async with db.transaction(SYSTEM) as tx:
        told = await tx.fetch("SELECT data->>'amount' AS amount FROM facts WHERE wire = 'promotion.given_back'")
    assert [row["amount"] for row in told] == ["1000"]
    assert len(await sold(db, one, other)) == 2


async def test_both_orders_that_end_at_the_same_moment_give_it_back_once(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=1, limit_per_buyer=1)
    both = await sold(db, one, other)
    await asyncio.gather(*(do(db, SYSTEM, orders.cancel, one, reason="changed_mind") for one in both))
    await asyncio.gather(*(do(db, SYSTEM, pricing.give_back, [one]) for one in both))
    assert await uses(db, coupon.id) == (0, 0)
    await given.settle(db)


@pytest.mark.requirement("issue 2: races")
async def test_two_checkouts_race_for_the_last_use(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=1)
    results = await asyncio.gather(*(
        place(db, mixed(*pair, buyer=f"b{n}")) for n, pair in enumerate([(one, other), (other, one)] * 2)
    ))  # fmt: skip
    made = [one for (one,) in results if isinstance(one, placement.Placed)]
    assert len(made) == 1
    assert {code for (one,) in results if isinstance(one, Refusal) for code in codes(one)} == {
        ("coupon.used_up", "coupons[0]")
    }
    assert (await uses(db, coupon.id), await count(db, "orders")) == ((1, 2), 2)


@pytest.mark.requirement("issue 2: races")
async def test_one_buyer_races_at_two_merchants_and_uses_it_once(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_per_buyer=1)
    results = await asyncio.gather(*(
        place(db, given.basket(shop, {"MUG": 1}, coupons=("ALL",))) for shop in (one, other) * 3
    ))  # fmt: skip
    assert sum(isinstance(one, placement.Placed) for (one,) in results) == 1
    assert (await uses(db, coupon.id))[1] == 1


async def test_the_second_run_with_the_same_key_uses_nothing_more(db: Database) -> None:
    from dingdan.plumbing.idempotency import Key

    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=2)
    intake = placement.Intake(mixed(one, other), Key(1, "k", b"f"))
    (first,) = await do(db, SYSTEM, placement.take_in, [intake])
    (second,) = await do(db, SYSTEM, placement.take_in, [intake])
    assert isinstance(first, placement.Taken)
    assert isinstance(second, placement.Taken)
    assert (first.order_id, second.is_replay) == (second.order_id, True)
    assert await uses(db, coupon.id) == (1, 2)


async def test_a_checkout_that_misses_out_leaves_the_use_to_others(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db, stock=0)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=1, limit_per_buyer=1)
    (refused,) = await place(db, mixed(one, other))
    assert codes(refused) == [("placement.not_enough_stock", "lines[1].quantity")]
    assert (await uses(db, coupon.id), await count(db, "promotion_uses")) == ((0, 0), 0)
    (placed,) = await place(db, given.basket(one, {"MUG": 1}, coupons=("ALL",)))
    assert isinstance(placed, placement.Placed)


@pytest.mark.requirement("O3.5")
async def test_one_order_expires_while_the_other_is_paid_and_late_money_needs_no_new_use(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=1)
    first, second = await sold(db, one, other)
    late = await money.shown(db, first)
    started = await do(db, SYSTEM, payments.start, [second], provider="sandbox", method="instant")
    await asyncio.gather(
        purse.expire(db, first),
        payments.call_started(db, [payment.id for payment in started]),
    )
    await given.settle(db)
    assert [(await money.order_of(db, i)).state for i in (first, second)] == ["expired", "confirmed"]
    assert await uses(db, coupon.id) == (1, 1)

    await sandbox.pay(db, late.provider_ref or "", even_if_closed=True)
    await money.deliver(db)
    await given.settle(db)
    assert (await money.order_of(db, first)).state == "confirmed"
    assert await uses(db, coupon.id) == (1, 2)
    await end(db, first, "cancel")
    await end(db, second, "cancel")
    assert await uses(db, coupon.id) == (0, 0)


@pytest.mark.requirement("O3.5")
async def test_late_money_for_a_checkout_that_ended_takes_the_use_again_or_goes_back(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_total=1)
    first, second = await sold(db, one, other)
    attempts = [await money.shown(db, order_id) for order_id in (first, second)]
    for order_id in (first, second):
        await end(db, order_id, "expire")
    assert await uses(db, coupon.id) == (0, 0)
    await sandbox.pay(db, attempts[1].provider_ref or "", even_if_closed=True)
    await money.deliver(db)
    await given.settle(db)
    assert [(await money.order_of(db, i)).state for i in (first, second)] == ["expired", "confirmed"]
    assert await uses(db, coupon.id) == (1, 1)
    await end(db, second, "cancel")
    await place(db, given.basket(one, {"MUG": 1}, coupons=("ALL",), buyer="another"))
    await sandbox.pay(db, attempts[0].provider_ref or "", even_if_closed=True)
    await money.deliver(db)
    await given.settle(db)
    assert (await money.order_of(db, first)).state == "expired"
    assert await uses(db, coupon.id) == (1, 1)


async def test_the_quantities_of_an_order_that_shares_are_not_changed_alone(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    await running(db, None, pricing.Amount(1000), code="ALL")
    first, second = await sold(db, one, other)
    with pytest.raises(pricing.CouponShared) as refused:
        await do(db, SYSTEM, placement.change_quantities, second, {1: 2}, reason="buyer_request")
    assert [way.kind for way in refused.value.solutions] == ["order_more", "order_again", "order_again"]
    own = Actor(ActorKind.KEY, 1, merchant_id=other.merchant_id)
    with pytest.raises(pricing.CouponShared) as refused:
        await do(db, own, placement.change_quantities, second, {1: 2}, reason="buyer_request")
    # Another merchant's order is nobody's business.
    assert [way.kind for way in refused.value.solutions] == ["order_more", "order_again"]
    await end(db, first, "cancel")
    await end(db, second, "cancel")
    alone = await given.placed_order(db, one, {"MUG": 1}, coupons=("ALL",))
    assert await do(db, SYSTEM, placement.change_quantities, alone, {1: 2}, reason="buyer_request") != alone


async def test_a_second_merchants_own_coupon_is_found(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    await running(db, other, pricing.Amount(700), code="THEIRS")
    quoted = await quote(db, mixed(one, other, "theirs"))
    assert ([part.discount for part in quoted.orders], quoted.found) == ([0, 700], ())


async def test_what_applies_by_itself_once_for_each_buyer_is_quoted_as_it_is_placed(db: Database) -> None:
    shop = await given.shop(db)
    await running(db, shop, pricing.Amount(500), first_order=True)
    assert (await quote(db, given.basket(shop, {"MUG": 1}))).total == MUGS - 500
    await given.placed_order(db, shop, {"MUG": 1})
    assert (await quote(db, given.basket(shop, {"MUG": 1}))).total == MUGS
    (placed,) = await place(db, given.basket(shop, {"MUG": 1}))
    assert placed.total == MUGS


async def test_of_a_person_who_is_forgotten_nothing_finds_what_they_used(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    coupon = await running(db, None, pricing.Amount(1000), code="ALL", limit_per_buyer=1, limit_total=9)
    first, second = await sold(db, one, other)
    async with db.reading(SYSTEM) as tx:
        number = identity.person_number(tx, "buyer-1")
        buyer_ids = [order.buyer_id for order in (await orders.get(tx, [first, second])).values()]
    for buyer_id in buyer_ids:
        await do(db, SYSTEM, identity.forget, buyer_id)
        await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        left = await tx.fetch("SELECT holder, used FROM promotion_holders")
    assert [(row["used"], row["holder"] == number) for row in left] == [(1, False)]
    # They come as somebody new; and what the first orders used comes back as ever.
    assert len(await sold(db, one, other)) == 2
    await end(db, first, "cancel")
    await end(db, second, "cancel")
    assert await uses(db, coupon.id) == (1, 2)


async def test_a_coupon_that_one_merchants_buyer_was_given_is_for_their_whole_checkout(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    gift = await running(db, None, pricing.Amount(1000), code="GIFT", needs_grant=True)
    assert codes((await place(db, mixed(one, other, "GIFT")))[0]) == [("coupon.unknown", "coupons[0]")]
    async with db.transaction(SYSTEM) as tx:
        buyer_id = (await identity.know_buyers(tx, [(other.merchant_id, "buyer-1")]))[other.merchant_id, "buyer-1"]
        await pricing.grant(tx, gift.id, {buyer_id: other.merchant_id})
    first, second = await sold(db, one, other, code="GIFT")
    (again,) = await place(db, mixed(one, other, "GIFT"))
    assert codes(again) == [("coupon.used_already", "coupons[0]")]
    await end(db, first, "cancel")
    await end(db, second, "cancel")
    assert len(await sold(db, one, other, code="GIFT")) == 2


async def test_a_code_of_the_platform_is_quoted_to_a_merchants_key_and_shown_to_nobody_else(db: Database) -> None:
    one = await given.shop(db)
    gift = await running(db, None, pricing.Amount(1000), code="GIFT", needs_grant=True)
    (grant,) = await do(db, SYSTEM, pricing.issue_codes, gift.id, 1)
    own = Actor(ActorKind.KEY, 1, merchant_id=one.merchant_id)
    async with db.reading(own) as tx:
        (quoted,) = await placement.quote(tx, [given.basket(one, {"MUG": 1}, coupons=(grant.code or "",))])
        assert (quoted.found, quoted.total) == ((), MUGS - 1000)
        assert await pricing.grants_of(tx, gift.id, Page()) == []


@pytest.mark.requirement("O1.2")
async def test_a_threshold_of_the_platform_counts_over_the_checkout_once(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    thresholds = pricing.Tiers((pricing.Tier(2 * MUGS, 5000),))
    promotion = await running(db, None, thresholds, limit_total=1)
    basket = msgspec.structs.replace(mixed(one, other), coupons=())
    quoted = await quote(db, basket)
    (placed,) = await place(db, msgspec.structs.replace(basket, expected_total=quoted.total))
    assert isinstance(placed, placement.Placed), placed
    assert [part.discount for part in quoted.orders] == [2500, 2500]
    assert await uses(db, promotion.id) == (1, 2)
    # It is used up; alone no order reaches it anyway.
    assert [part.discount for part in (await quote(db, basket)).orders] == [0, 0]
    for made in placed.orders:
        await end(db, made.order_id, "cancel")
    assert await uses(db, promotion.id) == (0, 0)
