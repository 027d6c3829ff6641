"""What people may import in an order and in a year is counted over all of their orders, wherever they buy."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.channel_orders import there
from tests.areas.customs.test_noting import PAPERS, TAX, bought, soap_back
from tests.areas.payments import till as money

from dingdan.areas import addresses, channel_orders, customs, orders, placement, pricing
from dingdan.areas.customs import rules
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O2.2")
OTHER = addresses.Identity("李小红", "110105199003070025")
PRICES = {"MILK": 4_000_00, "CREAM": 2_000_00, "SOAP": 100_00}
ORDER, YEAR = "customs.order_limit_reached", "customs.year_limit_reached"


async def shop_abroad(db: Database, **more: Any) -> given.Shop:
    shop = await given.shop(db, prices=PRICES, flags=("cross_border",), price_guard=False, **more)
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [TAX])
    return shop


async def codes(db: Database, *baskets: placement.Basket) -> list[list[str]]:
    """What is said against each of these, which are placed together; nothing of one that became an order."""
    placed = await do(db, SYSTEM, placement.place, baskets)
    return [sorted(p.code for p in one.problems) if isinstance(one, Refusal) else [] for one in placed]


def milk(shop: given.Shop, units: int = 1, *, papers: addresses.Identity = PAPERS, **more: Any) -> placement.Basket:
    return given.basket(shop, {"MILK": units}, identity=papers, **more)


async def used(db: Database, papers: addresses.Identity = PAPERS) -> int:
    async with db.transaction(SYSTEM) as tx:
        return (await customs.imported(tx, [papers.number], is_taking=False)).get(
            addresses.plain_number(papers.number), 0
        )


async def test_an_order_has_its_limit_and_so_have_the_orders_of_a_year(db: Database) -> None:
    shop, second = await shop_abroad(db), await shop_abroad(db)
    assert await codes(db, milk(shop, 2)) == [[ORDER]]
    assert await codes(db, given.basket(shop, {"MILK": 1, "SOAP": 10}, identity=PAPERS)) == [[]]
    for n in range(5):
        # Wherever they buy, and however they write the number.
        papers = addresses.Identity("王小明", " 11010519491231002x ") if n else PAPERS
        assert await codes(db, milk(second if n % 2 else shop, papers=papers, buyer=f"b-{n}")) == [[]]
    assert await used(db) == 25_000_00
    assert await codes(db, given.basket(shop, {"CREAM": 1}, identity=PAPERS)) == [[YEAR]]
    assert await codes(db, given.basket(shop, {"SOAP": 10}, identity=PAPERS)) == [[]]
    assert await used(db) == rules.YEAR_MOST
    assert await codes(db, milk(shop, papers=OTHER)) == [[]]
    async with db.transaction(SYSTEM) as tx:
        (quoted,) = await placement.quote(tx, [given.basket(shop, {"SOAP": 1}, identity=PAPERS)])
    assert [found.problem.code for found in quoted.found] == [YEAR]


async def test_those_that_come_together_are_counted_together(db: Database) -> None:
    shop = await shop_abroad(db)
    assert await codes(db, *(milk(shop, buyer=f"b-{n}") for n in range(7))) == [[]] * 6 + [[YEAR]]
    assert await used(db) == 24_000_00

    async def place(n: int) -> list[str]:
        (found,) = await codes(db, given.basket(shop, {"CREAM": 1}, identity=PAPERS, buyer=f"c-{n}"))
        return found

    found = await asyncio.gather(*(place(n) for n in range(4)))
    assert (sorted(found), await used(db)) == ([[], [YEAR], [YEAR], [YEAR]], 26_000_00)


async def test_what_ended_or_went_back_in_time_counts_no_more(db: Database) -> None:
    shop, order_id = await bought(db)
    assert await used(db) == 300_00
    other = await given.paid_order(db, shop, {"MILK": 1, "SOAP": 2}, identity=PAPERS)
    assert await used(db) == 700_00
    await do(db, SYSTEM, orders.cancel_lines, other, {2: 1}, reason="changed_mind")
    await given.settle(db)
    assert await used(db) == 600_00
    await do(db, SYSTEM, orders.cancel, other, reason="changed_mind")
    await given.settle(db)
    assert await used(db) == 300_00
    await soap_back(db, order_id)
    async with db.reading(SYSTEM) as tx:
        one = (await customs.imports(tx, [order_id]))[order_id]
    assert (one.amount, one.given_back) == (300_00, 100_00)


async def test_other_quantities_and_other_papers_are_counted_anew(db: Database) -> None:
    shop = await shop_abroad(db)
    order_id = await given.placed_order(db, shop, {"SOAP": 10}, identity=PAPERS)
    again = await do(db, SYSTEM, placement.change_quantities, order_id, {1: 20}, reason="more")
    assert await used(db) == 2_000_00
    await given.settle(db)
    assert await used(db) == 2_000_00
    change = placement.ChangeAddress(ship_to=given.ADDRESS, identity=OTHER)
    await do(db, SYSTEM, placement.change_address, again, change)
    assert (await used(db), await used(db, OTHER)) == (0, 2_000_00)
    for n in range(6):
        assert await codes(db, milk(shop, buyer=f"b-{n}")) == [[]]
    assert await codes(db, given.basket(shop, {"SOAP": 1}, identity=PAPERS)) == [[]]
    with pytest.raises(customs.YearLimitReached):
        await do(
            db, SYSTEM, placement.change_address, again, placement.ChangeAddress(ship_to=given.ADDRESS, identity=PAPERS)
        )
    assert (await used(db), await used(db, OTHER)) == (24_100_00, 2_000_00)


async def test_a_year_ends_and_other_goods_and_other_places_do_not_count(db: Database) -> None:
    shop = await shop_abroad(db)
    for n in range(6):
        assert await codes(db, milk(shop, buyer=f"b-{n}")) == [[]]
    assert await codes(db, milk(shop)) == [[YEAR]]
    await money.pass_time(db, timedelta(days=366))
    assert (await used(db), await codes(db, milk(shop))) == (0, [[]])
    plain = await given.shop(db, prices={"LAMP": 9_000_00}, price_guard=False)
    assert await codes(db, given.basket(plain, {"LAMP": 1}, identity=PAPERS)) == [[]]
    assert await used(db) == 4_000_00


async def test_nobody_reads_who_it_was_and_whoever_is_forgotten_is(db: Database) -> None:
    shop = await shop_abroad(db)
    order_id = await given.placed_order(db, shop, {"SOAP": 1}, identity=PAPERS)
    async with db.transaction(SYSTEM) as tx:
        (row,) = await tx.fetch("SELECT person, amount FROM customs_imports")
        assert PAPERS.number.encode() not in row["person"]
        await customs.forget(tx, [order_id])
    assert await used(db) == 0
    stranger = Actor(ActorKind.KEY, 5, "shop", shop.merchant_id + 1, frozenset())
    async with db.reading(stranger) as tx:
        assert await customs.imports(tx, [order_id]) == {}


@pytest.mark.requirement("O3.10")
async def test_what_was_bought_on_a_channel_counts_and_is_held_where_it_is_too_much(db: Database) -> None:
    shop = await shop_abroad(db, stock=50)
    line = channel_orders.ChannelLine(ref="1", sku="MILK", quantity=1, unit_price=4_000_00, title="奶粉")
    buyer = channel_orders.ChannelBuyer(ref="tb-1", name="王小明", id_name=PAPERS.name, id_number=PAPERS.number)
    said = {"buyer": buyer, "lines": (line,), "total": 4_000_00, "payments": (there.paid(4_000_00),)}
    made = [(await there.tell(db, shop, there.told(f"T-{n}", **said)))[0] for n in range(6)]
    assert await used(db) == 24_000_00
    # It is a sale already, so it is recorded; a person decides how it is declared, or calls it off.
    (late,) = await there.tell(db, shop, there.told("T-6", **said))
    assert await there.kinds(db, late) == ["import_limit"]
    assert [await there.kinds(db, one) for one in made] == [[]] * 6
    # Our own shop knows of them.
    assert await codes(db, milk(shop)) == [[YEAR]]
    await there.tell(db, shop, there.told("T-6", after=9, **said, cancelled=there.called_off(9)))
    await given.settle(db)
    assert await used(db) == 24_000_00


@pytest.mark.requirement("O3.10")
async def test_papers_that_a_channel_names_later_count_from_then_on(db: Database) -> None:
    shop = await shop_abroad(db)
    line = channel_orders.ChannelLine(ref="1", sku="SOAP", quantity=2, unit_price=100_00, title="皂")
    said = {"lines": (line,), "total": 200_00}
    await there.tell(db, shop, there.told("T-1", buyer=channel_orders.ChannelBuyer(ref="tb-1", name="王小明"), **said))
    assert await used(db) == 0
    for minutes in (3, 5):
        named = channel_orders.ChannelBuyer(ref="tb-1", name="王小明", id_name=PAPERS.name, id_number=PAPERS.number)
        await there.tell(db, shop, there.told("T-1", after=minutes, buyer=named, **said))
        assert await used(db) == 200_00
