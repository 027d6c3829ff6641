"""The quote says what placing would say: the same problems, the same amounts, and what a buyer reviews."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as law
from hypothesis import strategies as st
from tests import given

from dingdan.areas import catalog, placement
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SKUS = ("MUG", "TEE", "SOCK", "GONE", "SLIP", "NOPE")
ITEMS = st.builds(
    placement.Item,
    sku=st.sampled_from(SKUS),
    quantity=st.sampled_from((0, 1, 2, 3, 4, 2_000_000)),
    confirmed=st.sampled_from((None, None, None, "CN_OPT_HYGIENE:0")),
    unit_price=st.sampled_from((None, None, 19900, 1)),
)
WANTED = st.fixed_dictionaries({
    "items": st.lists(ITEMS, max_size=4).map(tuple),
    "currency": st.sampled_from((None, "CNY", "EUR")),
    "expected_total": st.sampled_from((None, None, 19900, 39800)),
    "remark": st.sampled_from((None, "x" * 501)),
    "reference": st.sampled_from((None, "TAKEN", "FREE")),
    "channel": st.sampled_from(("web", "web", "web", "fair")),
    "buyer": st.sampled_from((placement.Buyer("anna"), placement.Buyer(" "), placement.Buyer("u\x07"))),
})  # fmt: skip


class Undone(Exception):
    """Raised so that what was placed for a look is rolled back."""


async def quote(db: Database, basket: placement.Basket) -> placement.Quoted:
    async with db.reading(SYSTEM) as tx:
        (found,) = await placement.quote(tx, [basket])
    return found


async def placed(db: Database, basket: placement.Basket) -> Any:
    """What placing would answer, without anything being placed."""
    found: list[Any] = []
    try:
        async with db.transaction(SYSTEM) as tx:
            found += await placement.place(tx, [basket])
            raise Undone
    except Undone:
        return found[0]


def told(problems: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.code, one.path, tuple(way.kind for way in one.solutions)) for one in problems]


@pytest.mark.requirement("O1.8")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@law(wanted=WANTED)
async def test_what_is_wrong_at_placing_is_wrong_in_the_quote(db: Database, wanted: dict[str, Any]) -> None:
    basket = msgspec.structs.replace(given.basket(await the_shop(db)), **wanted)
    quoted, result = await quote(db, basket), await placed(db, basket)
    if isinstance(result, placement.Placed):
        assert quoted.can_be_placed
        assert (quoted.total, quoted.currency) == (result.total, result.currency)
    else:
        assert not quoted.can_be_placed
        assert told(one.problem for one in quoted.found) == told(result.problems)


SHOPS: dict[str, given.Shop] = {}


async def the_shop(db: Database) -> given.Shop:
    """One shop with something of every sort, for all examples of a run."""
    if db.url not in SHOPS:
        prices = {"MUG": 19900, "TEE": 8990, "SOCK": 3990, "GONE": 100, "SLIP": 5000}
        shop = await given.shop(db, stock=3, prices=prices, freight=1000, free_freight_from=20000)
        gone = catalog.SaveProduct(shop.merchant_id, "GONE", {"en": "Gone"}, "home", active=False)
        await do(db, SYSTEM, catalog.save_products, [gone])
        await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, "SLIP", "CNY", 50)])
        await given.placed_order(db, shop, {"SOCK": 1}, reference="TAKEN")
        SHOPS[db.url] = shop
    return SHOPS[db.url]


@pytest.mark.requirement("O1.9")
async def test_a_quote_has_what_a_review_page_shows(db: Database) -> None:
    shop = await given.shop(db, flags=("intimate",), freight=1000)
    (order,) = (await quote(db, given.basket(shop, {"MUG": 2, "TEE": 1}))).orders
    assert (order.goods, order.discount, order.freight, order.tax, order.total) == (48790, 0, 1000, 0, 49790)
    assert order.seller == {"zh": "小店", "en": "Little shop"}
    assert order.policy is not None
    assert (order.policy.code, len(order.policy.hash)) == ("cn_statutory", 64)
    (mug, _) = order.lines
    assert (mug.sku, mug.quantity, mug.unit_price, mug.goods) == ("MUG", 2, 19900, 39800)
    assert mug.excluded is None, "without a confirmation it can be returned"
    assert mug.asks is not None
    assert mug.asks.version.startswith("CN_OPT_HYGIENE:")
    assert all((mug.asks.en, mug.asks.zh, not mug.asks.is_given))


@pytest.mark.requirement("O1.9")
async def test_what_cannot_come_back_is_marked(db: Database) -> None:
    by_law, confirmed = await given.shop(db, flags=("perishable",)), await given.shop(db, flags=("intimate",))
    (order,) = (await quote(db, given.basket(by_law))).orders
    assert (order.lines[0].excluded, order.lines[0].asks) == ("CN_EX_PERISHABLE", None)
    wanted = given.basket(confirmed)
    (asks,) = [line.asks for line in (await quote(db, wanted)).orders[0].lines]
    assert asks is not None
    item = msgspec.structs.replace(wanted.items[0], confirmed=asks.version)
    (order,) = (await quote(db, msgspec.structs.replace(wanted, items=(item,)))).orders
    assert order.lines[0].excluded == "CN_OPT_HYGIENE"


@pytest.mark.requirement("O1.8")
async def test_a_cart_without_buyer_and_address_is_told_what_is_missing(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    cart = msgspec.structs.replace(given.basket(shop, {"MUG": 2}), buyer=None, ship_to=None)
    found = await quote(db, cart)
    assert (found.is_complete, found.can_be_placed, found.total) == (False, False, 39800)
    open_parts = [one.problem.path for one in found.found if not one.blocks]
    assert open_parts == [
        "buyer.ref",
        "ship_to.name",
        "ship_to.phone",
        "ship_to.country",
        "ship_to.city",
        "ship_to.detail",
    ]
    assert [one.problem.code for one in found.found if one.blocks] == ["placement.not_enough_stock"]


async def test_a_quote_takes_nothing(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    for _ in range(3):
        assert (await quote(db, given.basket(shop, {"MUG": 1}))).can_be_placed
    async with db.transaction(SYSTEM) as tx:
        for table in ("orders", "reservations", "buyers"):
            assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0
