"""Exchanges that wait for what is sold out get theirs when it comes, the longest waiting first, and never two the same unit."""

import asyncio

import pytest
from tests import given
from tests.areas.exchanges import desk

from dingdan.areas import exchanges, inventory, orders, placement, returns
from dingdan.areas.exchanges import Exchange, ExchangeState
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R4.6")
RESERVED, SHORT = ExchangeState.RESERVED, ExchangeState.SHORT


async def count(db: Database, shop: given.Shop, units: int, sku: str = "BOWL") -> None:
    """So many are counted on the shelf."""
    found = inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products[sku], units)
    await do(db, SYSTEM, inventory.count, [found])


async def waiting(db: Database, many: int) -> tuple[given.Shop, list[tuple[returns.Return, Exchange]]]:
    """So many buyers of mugs who want a bowl, of which there is none."""
    shop, order_id = await desk.waiting_shop(db)
    bought = [order_id, *[await given.delivered_order(db, shop, {"MUG": 1}) for _ in range(many - 1)]]
    await count(db, shop, 0)
    return shop, [await desk.asked(db, shop, one, wanted="BOWL") for one in bought]


async def states(db: Database, made: list[tuple[returns.Return, Exchange]]) -> list[ExchangeState]:
    return [(await desk.now(db, one)).state for _, one in made]


async def test_who_waits_longest_gets_what_came_and_the_goods_go_out_for_theirs(db: Database) -> None:
    shop, made = await waiting(db, 3)
    assert await states(db, made) == [SHORT] * 3
    await count(db, shop, 2)
    await given.settle(db)
    assert (await states(db, made), await desk.free(db, shop, "BOWL")) == ([RESERVED, RESERVED, SHORT], [0])
    await given.settle(db)
    assert await states(db, made) == [RESERVED, RESERVED, SHORT]
    await desk.came_back(db, made[0][0])
    assert (await desk.now(db, made[0][1])).state in (ExchangeState.DIFFERENCE, ExchangeState.REPLACED)


async def test_stock_that_becomes_free_serves_whoever_waits(db: Database) -> None:
    shop, made = await waiting(db, 2)
    await count(db, shop, 1)
    await given.settle(db)
    assert await states(db, made) == [RESERVED, SHORT]
    # The first one's goods are not sent; what was kept for them is there for the next.
    await do(db, SYSTEM, returns.withdraw, made[0][0].id)
    await given.settle(db)
    assert await states(db, made) == [ExchangeState.DROPPED, RESERVED]


async def test_a_cancelled_order_and_an_expired_one_free_it_too(db: Database) -> None:
    shop, made = await waiting(db, 1)
    await count(db, shop, 1)
    other = await given.placed_order(db, shop, {"BOWL": 1})
    await given.settle(db)
    assert await states(db, made) == [SHORT]
    await do(db, SYSTEM, orders.cancel, other, reason="changed_mind")
    await given.settle(db)
    assert await states(db, made) == [RESERVED]


async def test_one_unit_goes_to_one_of_those_who_come_at_the_same_time(db: Database) -> None:
    shop, made = await waiting(db, 3)
    await count(db, shop, 1)

    async def buy() -> bool:
        (placed,) = await do(db, SYSTEM, placement.place, [given.basket(shop, {"BOWL": 1}, buyer="somebody")])
        return not isinstance(placed, Refusal)

    serve = [do(db, SYSTEM, exchanges.serve_short, [shop.merchant_id]) for _ in range(3)]
    *_, is_bought = await asyncio.gather(*serve, buy())
    kept = (await states(db, made)).count(RESERVED)
    assert (kept + is_bought, await desk.free(db, shop, "BOWL")) == (1, [0])
    await given.settle(db)
    assert await states(db, made) in ([RESERVED, SHORT, SHORT], [SHORT] * 3)


async def test_nothing_is_touched_where_there_is_nothing_for_anybody(db: Database) -> None:
    shop, made = await waiting(db, 1)
    await count(db, shop, 5, "CUP")
    await given.settle(db)
    await do(db, SYSTEM, exchanges.serve_short, [])
    await do(db, SYSTEM, exchanges.serve_short, [shop.merchant_id, 7])
    assert (await states(db, made), (await desk.now(db, made[0][1])).version) == ([SHORT], 2)
