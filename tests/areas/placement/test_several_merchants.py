"""One basket with things of several merchants: an order for each, all or none."""

import asyncio
from typing import Any

import msgspec
import pytest
from tests import given

from dingdan.areas import inventory, orders, placement
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O1.2")


def mixed(one: given.Shop, other: given.Shop, *more: placement.Item, **how: Any) -> placement.Basket:
    """A mug of one shop and two tees of another."""
    basket = given.basket(one, {"MUG": 1}, **how)
    return msgspec.structs.replace(
        basket, items=(*basket.items, placement.Item("TEE", 2, merchant_id=other.merchant_id), *more)
    )


async def place(db: Database, *baskets: placement.Basket) -> list[Any]:
    return await do(db, SYSTEM, placement.place, baskets)


async def free(db: Database, shop: given.Shop, sku: str) -> int:
    async with db.transaction(SYSTEM) as tx:
        (level,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products[sku]])
    return level.available


async def test_each_merchant_gets_its_order_and_the_checkout_has_both(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db, freight=500)
    (placed,) = await place(db, mixed(one, other, reference="R-1", expected_total=19900 + 2 * 8990 + 500))
    async with db.transaction(SYSTEM) as tx:
        found = await orders.of_checkout(tx, placed.checkout_id)
        lines = await orders.lines(tx, [order.id for order in found])
        total = await tx.fetchval("SELECT total FROM checkouts WHERE id = $1", placed.checkout_id)
    assert [(o.merchant_id, o.total, o.freight) for o in found] == [
        (one.merchant_id, 19900, 0), (other.merchant_id, 2 * 8990 + 500, 500),
    ]  # fmt: skip
    assert placed.total == total == sum(one.total for one in placed.orders)
    assert [[line.line_no for line in lines[o.id]] for o in found] == [[1], [1]]


@pytest.mark.requirement("O3.3")
async def test_one_short_line_leaves_nothing_of_either_order(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db, stock=1)
    (refused,) = await place(db, mixed(one, other, reference="R-1"))
    assert [(p.code, p.path) for p in refused.problems] == [("placement.not_enough_stock", "lines[1].quantity")]
    assert (await free(db, one, "MUG"), await free(db, other, "TEE")) == (100, 1)
    async with db.transaction(SYSTEM) as tx:
        for table in ("orders", "checkouts", "reservations", "order_references"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0
    (placed,) = await place(db, given.basket(one, {"MUG": 1}, reference="R-1"))
    assert isinstance(placed, placement.Placed)


async def test_a_mixed_basket_that_misses_out_hurts_no_neighbour_of_its_batch(db: Database) -> None:
    one, other = await given.shop(db, stock=1), await given.shop(db, stock=1)
    results = await place(db, mixed(one, other), given.basket(one, {"MUG": 1}), given.basket(other, {"TEE": 1}))
    assert [isinstance(result, placement.Placed) for result in results] == [False, True, True]


@pytest.mark.requirement("O3.2")
@pytest.mark.requirement("issue 2: races")
async def test_mixed_baskets_race_for_the_last_units_and_nothing_is_oversold(db: Database) -> None:
    one, other = await given.shop(db, stock=5), await given.shop(db, stock=6)
    wanted = [mixed(one, other), mixed(other, one)] * 4
    results = await asyncio.gather(*(place(db, basket) for basket in wanted))
    made = [r for (r,) in results if isinstance(r, placement.Placed)]
    assert len(made) >= 2
    for shop, start in ((one, 5), (other, 6)):
        for sku in ("MUG", "TEE"):
            assert 0 <= await free(db, shop, sku) <= start


async def test_a_merchants_own_key_sells_nobody_elses_things(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    own = Actor(ActorKind.KEY, 1, merchant_id=one.merchant_id)
    (refused,) = await do(db, own, placement.place, [mixed(one, other)])
    assert [(p.code, p.path) for p in refused.problems] == [("placement.line_of_closed_merchant", "lines[1].merchant")]
    assert [way.kind for way in refused.solutions] == ["drop_merchant", "ask_for_help"]


async def test_every_fact_of_a_mixed_basket_carries_the_word_of_its_request(db: Database) -> None:
    from dingdan.plumbing.idempotency import Key
    from dingdan.plumbing.telemetry import correlation
    from dingdan.surfaces.api.orders import ANSWERING
    from dingdan.surfaces.shared.intake import OrderIntake

    one, other = await given.shop(db), await given.shop(db)
    correlation.set("mixed-1")
    await OrderIntake(db, ANSWERING).place(SYSTEM, placement.Intake(mixed(one, other), Key(1, "k", b"f")))
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT correlation FROM facts WHERE wire = 'order.placed'")
    assert [row["correlation"] for row in rows] == ["mixed-1", "mixed-1"]


async def test_one_currency_for_all_of_it(db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    (refused,) = await place(db, mixed(one, other, currency="EUR"))
    assert isinstance(refused, Refusal)
    assert [p.code for p in refused.problems] == ["placement.no_price", "placement.no_price"]
