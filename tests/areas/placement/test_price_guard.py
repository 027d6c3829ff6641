"""Prices that cannot be meant are found before anybody orders at them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given as law
from hypothesis import strategies as st
from tests import given
from tests.areas.placement.test_limits import MUG, basket, facts

from dingdan.areas import catalog, merchants, placement, pricing
from dingdan.areas.catalog.rules import usual
from dingdan.areas.placement.rules import checks, guarding
from dingdan.areas.placement.rules.cases import case_of
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("O1.4")

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SETTINGS = merchants.MerchantSettings()
HISTORY = st.lists(st.tuples(st.integers(0, 60 * 24 * 60), st.integers(1, 10**6)), min_size=1, max_size=30)


async def price(db: Database, shop: given.Shop, amount: int, sku: str = "MUG") -> None:
    await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, sku, "CNY", amount)])


async def refused(db: Database, shop: given.Shop, lines: dict[str, int] | None = None) -> list[str]:
    """Codes of what is wrong with an order of a mug."""
    (result,) = await do(db, SYSTEM, placement.place, [given.basket(shop, lines or {"MUG": 1})])
    return [] if isinstance(result, placement.Placed) else [one.code for one in result.problems]


async def facts_of(db: Database, wire: str) -> list[dict[str, Any]]:
    async with db.connection() as connection:
        return [
            row["data"] for row in await connection.fetch("SELECT data FROM facts WHERE wire = $1 ORDER BY id", wire)
        ]


async def test_a_slip_of_the_point_blocks_tells_the_merchant_once_and_pauses_the_product(db: Database) -> None:
    shop = await given.shop(db, price_guard_hits=3)
    await price(db, shop, 1990)
    for _ in range(3):
        assert await refused(db, shop, {"MUG": 1, "TEE": 1}) == ["placement.price_suspicious"]
    (told,) = await facts_of(db, "price.suspicious")
    assert (told["reason"], told["amount"], told["usual"], told["orders"]) == ("decimal_slip", 1990, 19900, 1)
    assert len(await facts_of(db, "price.paused")) == 1
    await price(db, shop, 19900)
    assert await refused(db, shop) == ["placement.price_suspicious"], "it stays paused until somebody vouches for it"
    await do(db, SYSTEM, placement.release_prices, [(shop.merchant_id, "MUG")])
    assert await refused(db, shop) == []


async def test_a_price_that_is_meant_is_released_and_sold(db: Database) -> None:
    shop = await given.shop(db)
    await price(db, shop, 5000)
    assert await refused(db, shop) == ["placement.price_suspicious"]
    await do(db, SYSTEM, placement.release_prices, [(shop.merchant_id, "MUG")])
    assert await refused(db, shop) == []
    await price(db, shop, 50)
    assert await refused(db, shop) == ["placement.price_suspicious"], "the release was for another price"


async def test_the_merchant_is_told_again_after_a_minute(db: Database) -> None:
    shop = await given.shop(db)
    await price(db, shop, 1990)
    for minutes in (0, 0, 2, 0):
        async with db.transaction(SYSTEM) as tx:
            await clock.advance(tx, timedelta(minutes=minutes))
        await refused(db, shop)
    assert [fact["orders"] for fact in await facts_of(db, "price.suspicious")] == [1, 3]


async def test_old_hits_do_not_count(db: Database) -> None:
    shop = await given.shop(db, price_guard_hits=2, price_guard_minutes=10)
    await price(db, shop, 1990)
    for _ in range(3):
        await refused(db, shop)
        async with db.transaction(SYSTEM) as tx:
            await clock.advance(tx, timedelta(minutes=11))
    assert await facts_of(db, "price.paused") == []


async def test_a_merchant_may_switch_the_guard_off(db: Database) -> None:
    shop = await given.shop(db, price_guard=False)
    await price(db, shop, 1)
    assert await refused(db, shop) == []


async def test_a_price_that_stood_for_weeks_is_the_usual_one(db: Database) -> None:
    shop = await given.shop(db)
    for days, amount in ((40, 30000), (20, 12000)):
        at = datetime.now(UTC) + timedelta(days=60 - days)
        wanted = [catalog.SavePrice(shop.merchant_id, "MUG", "CNY", amount)]
        await do_at(db, SYSTEM, at, catalog.save_prices, wanted)
    async with db.transaction(SYSTEM) as tx:
        offer = (await catalog.offers(tx, [(shop.merchant_id, "MUG")]))[shop.merchant_id, "MUG"]
    assert offer.usual["CNY"].median == 30000


@law(HISTORY)
def test_what_is_usual_was_once_a_price(history: list[tuple[int, int]]) -> None:
    dated = sorted((NOW - timedelta(minutes=ago), amount) for ago, amount in history)
    median, spread = usual(dated, NOW)
    assert median in [amount for _, amount in dated]
    assert spread >= 0


@law(st.integers(1, 10**9))
def test_a_price_that_never_changed_has_no_spread(amount: int) -> None:
    assert usual([(NOW - timedelta(days=90), amount)], NOW) == (amount, 0)


def test_an_hour_weighs_an_hour() -> None:
    slip = [(NOW - timedelta(days=20), 10000), (NOW - timedelta(hours=2), 100), (NOW - timedelta(hours=1), 10000)]
    assert usual(slip, NOW) == (10000, 0)


@pytest.mark.parametrize(
    ("amount", "reason"),
    [(10000, None), (5000, None), (4999, "far_below"), (20000, None), (20001, "far_above"), (1000, "decimal_slip"),
     (101, "decimal_slip"), (100_000, "decimal_slip"), (999_999, "decimal_slip"), (1500, "far_below"), (0, "not_positive")],
)  # fmt: skip
def test_the_band_is_half_to_double(amount: int, reason: str | None) -> None:
    offer = msgspec.structs.replace(MUG, prices={"CNY": amount}, usual={"CNY": catalog.Usual(10000, 0)})
    found = guarding.suspicion(offer, "CNY", SETTINGS)
    assert (found.reason if found else None) == reason


def test_a_price_that_always_jumped_may_jump() -> None:
    wild = msgspec.structs.replace(MUG, prices={"CNY": 3000}, usual={"CNY": catalog.Usual(10000, 2000)})
    assert guarding.suspicion(wild, "CNY", SETTINGS) is None


def test_below_the_floor_nothing_is_sold() -> None:
    cheap = msgspec.structs.replace(MUG, prices={"CNY": 900}, floors={"CNY": 901})
    found = guarding.suspicion(cheap, "CNY", SETTINGS)
    assert found is not None
    assert found.reason == "below_floor"


@pytest.mark.parametrize(("discount", "is_stopped"), [(699, False), (700, False), (701, True)])
def test_a_discount_beyond_the_cap_is_stopped(discount: int, is_stopped: bool) -> None:
    line = pricing.PricedLine(1, 1000, 1, 1000, discount, 0)
    quote = pricing.Quote(7, (line,), 1000, discount, 0, 0, 1000 - discount)
    case = case_of(basket(("MUG", 1)), facts(MUG))
    found = [one.code for check in checks.AMOUNT_CHECKS for one in check(case, [quote])]
    assert found == (["placement.discount_too_large"] if is_stopped else [])
