"""What is limited has a test in which many want it at once; those that belong to no area alone stand here."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dingdan.areas import catalog, channel_orders, payments, placement, pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.channel_orders import there
from tests.areas.credit import wallet
from tests.areas.payments import purse
from tests.areas.placement.test_taking import available, points
from tests.areas.pricing import till
from tests.races import crowds
from tests.races.limits import LIMITED

pytestmark = pytest.mark.requirement("issue 2: races")

TESTS = Path(__file__).parents[1]


def test_whatever_is_limited_is_raced_for() -> None:
    named = {test for one in LIMITED for test in one.tests}
    missing = []
    for test in sorted(named):
        file, name = test.split("::")
        if not re.search(rf"^ *async def {name}\(|^ *def {name}\(", (TESTS / file).read_text(), re.MULTILINE):
            missing.append(test)
    assert missing == []
    assert all(one.tests for one in LIMITED)
    assert len({one.what for one in LIMITED}) == len(LIMITED)


async def place(db: Database, baskets: Sequence[placement.Basket]) -> list[placement.Placed | Refusal]:
    """One batch of baskets."""
    return await do(db, SYSTEM, placement.place, baskets)


def made(results: Sequence[Any]) -> int:
    """How many baskets became orders."""
    return sum(isinstance(one, placement.Placed) for one in results)


def refusals(results: Sequence[Any]) -> set[str]:
    """Why the others did not."""
    return {problem.code for one in results if isinstance(one, Refusal) for problem in one.problems}


async def share_a_budget(db: Database, *, people: int, orders_each: int, most: int, each: int, size: int) -> None:
    """Many people bring one coupon, each several times: `most` uses in all, `each` for one person."""
    shop = await given.shop(db, stock=1_000_000)
    coupon = await till.running(db, shop, pricing.Amount(500), code="RUSH", limit_total=most, limit_per_buyer=each)
    baskets = [
        given.basket(shop, {"MUG": 1}, buyer=f"b{n}", coupons=("RUSH",)) for n in range(people)
    ] * orders_each  # fmt: skip
    random.Random(7).shuffle(baskets)
    results = await crowds.rush(baskets, size, lambda batch: place(db, batch))
    assert made(results) == min(most, people * each)
    assert refusals(results) <= {"coupon.used_up", "coupon.used_already"}
    assert await till.used(db, coupon.id) == (made(results),) * 2
    async with db.transaction(SYSTEM) as tx:
        busiest = await tx.fetchval(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM orders GROUP BY buyer_id) AS per_buyer"
        )
        discounts = await tx.fetchval("SELECT sum(discount)::bigint FROM orders")
    assert (busiest, discounts) == (each, 500 * made(results))


@pytest.mark.requirement("O1.6")
async def test_many_people_share_one_budget_and_nobody_gets_more_than_allowed(db: Database) -> None:
    await share_a_budget(db, people=40, orders_each=4, most=60, each=2, size=8)


@pytest.mark.requirement("O1.1")
async def test_a_buyer_gets_only_so_many_of_a_thing_however_many_baskets_come_at_once(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, catalog.save_products, [
        catalog.SaveProduct(merchant_id=shop.merchant_id, sku="MUG", title={"en": "Mug"}, category="home", max_per_buyer=3)
    ])  # fmt: skip
    baskets = [given.basket(shop, {"MUG": 1}, buyer=f"b{n % 2}") for n in range(16)]
    results = await crowds.rush(baskets, 2, lambda batch: place(db, batch))
    assert (made(results), refusals(results)) == (6, {"placement.buyer_limit_reached"})


@pytest.mark.requirement("W47a")
async def test_a_presale_sells_as_many_as_it_has_and_no_more(db: Database) -> None:
    shop = await given.shop(db, prices={"COAT": 599_00})
    async with db.reading(SYSTEM) as tx:
        opens, closes = tx.now + timedelta(days=7), tx.now + timedelta(days=10)
    presale = await till.running(
        db, shop, pricing.Presale(50_00, 100_00, opens, closes, is_earnest=True), limit_total=5
    )
    baskets = [given.basket(shop, {"COAT": 1}, buyer=f"b{n}") for n in range(12)]
    results = await crowds.rush(baskets, 1, lambda batch: place(db, batch))
    async with db.transaction(SYSTEM) as tx:
        deposits = await tx.fetchval("SELECT count(*) FROM deposits")
    assert deposits == 5
    assert await till.used(db, presale.id) == (5, 5)
    assert refusals(results) <= {"promotion.used_up"}


@pytest.mark.requirement("issue 3: credit")
async def test_points_are_spent_once_by_baskets_that_come_at_once(db: Database) -> None:
    shop = await given.shop(db)
    who = await points(db, shop, 100)
    baskets = [given.basket(shop, {"MUG": 1}, points=40)] * 8
    results = await crowds.rush(baskets, 1, lambda batch: place(db, batch))
    assert (made(results), refusals(results), await available(db, who)) == (2, {"credit.not_enough"}, 20)


@pytest.mark.requirement("issue 3: credit")
async def test_a_card_is_spent_once_by_orders_that_are_paid_at_once(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 10_00})
    order_ids = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(8)]
    plastic = await purse.card(db, 30_00)
    tender = (payments.CreditTender(purse_id=plastic),)
    done = await asyncio.gather(
        *(purse.pay_with(db, i, tenders=tender, method=None) for i in order_ids), return_exceptions=True
    )
    assert sum(isinstance(one, payments.Payment) for one in done) == 3
    assert all(isinstance(one, payments.Payment | Refusal) for one in done)
    assert await wallet.stands(db, plastic) == (0, 0)


async def told_in_a_crowd(db: Database, *, orders: int, messages: int, stock: int, size: int) -> None:
    """A channel tells of its orders in batches, many at once; some come again, and not all of them have stock."""
    shop = await given.shop(db, stock=stock)
    where = await there.channel(db, shop)
    numbers = [n % orders for n in range(messages)]
    random.Random(9).shuffle(numbers)
    words = [there.told(f"T-{n}", payments=(there.paid(),)) for n in numbers]

    async def take(batch: Sequence[channel_orders.Told]) -> Sequence[channel_orders.Recorded]:
        return await do(db, SYSTEM, channel_orders.take_in, where, batch)

    results = await crowds.rush(words, size, take)
    assert Counter(one.status for one in results) == {"created": orders, "unchanged": messages - orders}
    assert len({one.id for one in results}) == orders
    async with db.transaction(SYSTEM) as tx:
        found = dict(
            await tx.fetchrow(
                """
                SELECT (SELECT count(*) FROM orders) AS orders,
                    (SELECT sum(reserved)::bigint FROM stock) AS reserved,
                    (SELECT count(*) FROM channel_problems WHERE kind = 'no_stock' AND state = 'open') AS short,
                    (SELECT sum(amount)::bigint FROM captures) AS came
                """
            )
        )
    assert found == {"orders": orders, "reserved": stock, "short": orders - stock, "came": orders * 19900}


@pytest.mark.requirement("O3.10")
async def test_channel_orders_come_twice_and_in_a_crowd_and_are_written_once(db: Database) -> None:
    await told_in_a_crowd(db, orders=90, messages=130, stock=70, size=10)
