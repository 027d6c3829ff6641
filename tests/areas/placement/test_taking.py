"""Everything that placing takes at once: coupons, points, units; and what it promises."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests import given
from tests.areas.pricing.till import running

from dingdan.areas import carriers, credit, identity, methods, orders, payments, placement, pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

A = {"MUG": 1, "TEE": 2, "SOCK": 1}


async def place(db: Database, *baskets: placement.Basket) -> list[Any]:
    return await do(db, SYSTEM, placement.place, baskets)


async def quote(db: Database, basket: placement.Basket) -> placement.Quoted:
    async with db.reading(SYSTEM) as tx:
        return (await placement.quote(tx, [basket]))[0]


def codes(refusal: Any) -> list[tuple[str, str]]:
    assert isinstance(refusal, Refusal), refusal
    return [(problem.code, problem.path) for problem in refusal.problems]


async def count(db: Database, table: str) -> int:
    async with db.transaction(SYSTEM) as tx:
        return int(await tx.fetchval(f"SELECT count(*) FROM {table}"))


async def points(db: Database, shop: given.Shop, amount: int, buyer: str = "buyer-1") -> int:
    """A buyer with points, each worth a fen; says who it is."""
    await do(db, SYSTEM, pricing.save_points, shop.merchant_id, pricing.PointsRule(points=1, amount=1, currency="CNY"))
    who = identity.Person(shop.merchant_id, buyer, "王小明", "13812345678", "", given.ADDRESS)
    ((known),) = await do(db, SYSTEM, identity.remember_buyers, [who])
    gift = credit.Grant(merchant_id=shop.merchant_id, buyer_id=known.buyer_id, kind=credit.PurseKind.POINTS,
                        unit="points", amount=amount, reason="welcome")  # fmt: skip
    await do(db, SYSTEM, credit.grant, [gift])
    return known.buyer_id


async def available(db: Database, buyer_id: int) -> int:
    async with db.transaction(SYSTEM) as tx:
        return (await credit.points_of(tx, [buyer_id]))[buyer_id]


@pytest.mark.requirement("W01")
async def test_order_a_costs_what_the_quote_said_layer_by_layer(db: Database) -> None:
    shop = await given.shop(db, freight=1000)
    await running(db, shop, pricing.Amount(4000), code="SAVE40", min_spend=30000)
    basket = given.basket(shop, A, coupons=("save40",))
    quoted = await quote(db, basket)
    (placed,) = await place(db, msgspec.structs.replace(basket, expected_total=quoted.total))
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, placed.order_id)
        lines = (await orders.lines(tx, [order.id]))[order.id]
        layers = (await pricing.layers(tx, [order.id]))[order.id]
    assert (quoted.total, order.total, order.discount) == (38870, 38870, 4000)
    assert [line.net for line in lines] == [17999, 16262, 3609]
    assert [(one.layer.code, one.layer.funder, one.layer.amount) for one in layers if one.layer.code] == [
        ("SAVE40", "merchant", 4000)
    ]


@pytest.mark.requirement("O1.6")
async def test_a_coupon_that_does_not_apply_says_why_in_the_quote_and_in_the_order(db: Database) -> None:
    shop = await given.shop(db)
    basket = given.basket(shop, {"SOCK": 1}, coupons=("NOPE",))
    (refused,) = await place(db, basket)
    quoted = await quote(db, basket)
    assert (
        codes(refused)
        == [(one.problem.code, one.problem.path) for one in quoted.found]
        == [("coupon.unknown", "coupons[0]")]
    )
    assert next(way.kind for way in refused.problems[0].solutions) == "drop_coupon"


@pytest.mark.requirement("O1.6")
async def test_the_last_coupon_of_a_batch_goes_to_the_first_and_the_second_leaves_nothing(db: Database) -> None:
    shop = await given.shop(db)
    await running(db, shop, pricing.Amount(500), code="ONE", limit_total=1)
    first, second = await place(
        db, *(given.basket(shop, {"MUG": 1}, buyer=f"b{n}", coupons=("ONE",)) for n in range(2))
    )
    assert isinstance(first, placement.Placed)
    assert codes(second) == [("coupon.used_up", "coupons[0]")]
    assert [await count(db, table) for table in ("orders", "contacts", "promotion_uses", "reservations")] == [1] * 4


async def test_what_was_claimed_goes_back_where_the_shelf_is_empty(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    await running(db, shop, pricing.Amount(500), code="ONE", limit_total=1)
    buyer_id = await points(db, shop, 300)
    short = given.basket(shop, {"MUG": 2}, coupons=("ONE",), points=300)
    (refused,) = await place(db, short)
    assert codes(refused) == [("placement.not_enough_stock", "lines[0].quantity")]
    assert [await count(db, table) for table in ("promotion_uses", "credit_holds")] == [0, 0]
    assert await available(db, buyer_id) == 300
    (placed,) = await place(db, given.basket(shop, {"MUG": 1}, coupons=("ONE",), points=300))
    assert isinstance(placed, placement.Placed)
    assert placed.total == 19900 - 500 - 300


@pytest.mark.requirement("O3.4")
async def test_points_come_back_when_nobody_pays_and_are_spent_when_somebody_does(db: Database) -> None:
    shop = await given.shop(db)
    buyer_id = await points(db, shop, 500)
    (placed,) = await place(db, given.basket(shop, {"MUG": 1}, points=200))
    assert await available(db, buyer_id) == 300
    await do(db, SYSTEM, orders.cancel, placed.order_id, reason="buyer")
    await given.settle(db)
    assert await available(db, buyer_id) == 500
    (placed,) = await place(db, given.basket(shop, {"MUG": 1}, points=200))
    await given.pay(db, placed.order_id)
    await given.settle(db)
    assert await available(db, buyer_id) == 300


async def test_more_points_than_there_are_is_seen_before_ordering(db: Database) -> None:
    shop = await given.shop(db)
    await points(db, shop, 100)
    basket = given.basket(shop, {"MUG": 1}, points=101)
    (refused,) = await place(db, basket)
    assert codes(refused) == [("credit.not_enough", "points")]
    assert [one.problem.code for one in (await quote(db, basket)).found] == ["credit.not_enough"]


@pytest.mark.requirement("W14")
async def test_an_order_that_a_coupon_pays_whole_waits_for_nobody(db: Database) -> None:
    shop = await given.shop(db, prices={"PEN": 3000, "INK": 2000}, price_guard_discount_percent=100)
    await running(db, shop, pricing.Amount(5000), code="GIFT")
    (placed,) = await place(db, given.basket(shop, {"PEN": 1, "INK": 1}, coupons=("GIFT",)))
    await given.settle(db)
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, placed.order_id)
    assert (order.total, order.state, order.paid_at is not None) == (0, "confirmed", True)


async def test_ten_buyers_at_once_share_five_coupons_and_five_units(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    await running(db, shop, pricing.Amount(500), code="FIVE", limit_total=5)
    wanted = [given.basket(shop, {"MUG": 1}, buyer=f"b{n}", coupons=("FIVE",)) for n in range(10)]
    results = await asyncio.gather(*(place(db, one) for one in wanted))
    assert sum(isinstance(one, placement.Placed) for (one,) in results) == 5
    assert [await count(db, table) for table in ("orders", "promotion_uses")] == [5, 5]


@pytest.mark.requirement("O1.10")
async def test_every_line_is_promised_a_day_and_the_order_says_why(db: Database) -> None:
    shop = await given.shop(db, ship_within_hours=24)
    order_id = await given.placed_order(db, shop, A)
    async with db.transaction(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        lines = (await orders.lines(tx, [order_id]))[order_id]
        basis = (await orders.promises(tx, [order_id]))[order_id]
    assert all(line.ship_by and line.arrive_by and order.placed_at < line.ship_by < line.arrive_by for line in lines)
    assert basis


@pytest.mark.requirement("O1.5")
async def test_where_nobody_goes_is_said_before_ordering(db: Database) -> None:
    shop = await given.shop(db)
    (carrier,) = await do(db, SYSTEM, carriers.save_carriers, [
        carriers.SaveCarrier(merchant_id=shop.merchant_id, code="sf", name={"en": "SF"}, licences=(given.LICENCE,))])  # fmt: skip
    lane = carriers.SaveLane(
        merchant_id=shop.merchant_id, code="north", carrier_id=carrier.id, country="CN", region="11"
    )
    await do(db, SYSTEM, carriers.save_lanes, [lane])
    (refused,) = await place(db, given.basket(shop))
    assert [code for code, _ in codes(refused)] == ["carriers.undeliverable"]


@pytest.mark.requirement("O1.7")
async def test_a_way_to_pay_that_is_closed_names_those_that_are_open(db: Database) -> None:
    shop = await given.shop(db)
    closed = methods.Way(provider="sandbox", method="qr", name={"en": "QR"}, active=False)
    await do(db, SYSTEM, payments.save_way, methods.SaveWay(merchant_id=shop.merchant_id, way=closed))
    basket = given.basket(shop, payment=("sandbox", "qr"))
    (refused,) = await place(db, basket)
    assert [path for _, path in codes(refused)] == ["payment"]
    ways = [one.params for one in refused.problems[0].solutions if one.kind == "other_payment"]
    assert {"provider": "sandbox", "method": "instant"} in ways
    assert ("sandbox", "instant") in [(one.provider, one.method) for one in (await quote(db, basket)).ways]
