"""Every problem of placing has ways out: each patch is applied, each action is called."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from dingdan.areas import addresses, catalog, credit, identity, inventory, merchants, orders, pricing
from dingdan.areas.placement import refusals
from dingdan.areas.placement.rules.solving import WAYS
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import REGISTRY, Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from tests import given
from tests.areas.pricing.till import running
from tests.surfaces.callers import Caller, good
from tests.surfaces.patches import applied
from tests.surfaces.test_road import ADDRESS

pytestmark = [pytest.mark.requirement("O1.1"), pytest.mark.requirement("O1.8")]

Sample = Callable[[Database, given.Shop, dict[str, Any]], Awaitable[dict[str, Any]]]
SAMPLES: dict[str, list[Sample]] = {}

# This one is about a reminder.
NO_BASKET = {refusals.ReminderWithoutProduct.code, refusals.DepositIsPaid.code, refusals.WayCostsMore.code}


def sample(refusal: type[Refusal]) -> Callable[[Sample], Sample]:
    """A basket that has this problem."""

    def note(make: Sample) -> Sample:
        SAMPLES.setdefault(refusal.code, []).append(make)
        return make

    return note


def lines(*wanted: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"sku": sku, "quantity": quantity} for sku, quantity in wanted]


def cny(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


async def change_merchant(db: Database, shop: given.Shop, **changes: Any) -> None:
    async def change(tx: Tx) -> None:
        merchant = (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id]
        fields = {name: getattr(merchant, name) for name in merchants.SaveMerchant.__struct_fields__}
        await merchants.save(tx, merchants.SaveMerchant(**fields | changes))

    await do(db, SYSTEM, change)


async def price(db: Database, shop: given.Shop, sku: str, amount: int, currency: str = "CNY") -> None:
    await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, sku, currency, amount)])


async def stock(db: Database, shop: given.Shop, sku: str, units: int) -> None:
    await do(
        db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products[sku], units)]
    )


@sample(refusals.BasketEmpty)
async def nothing(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"lines": []}


@sample(refusals.TooManyLines)
async def a_truckload(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await stock(db, shop, "MUG", 5_000)
    return body | {"lines": lines(*[("MUG", 1)] * 2_003)}


@sample(refusals.QuantityUnfit)
async def none_of_it(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"lines": lines(("MUG", 0), ("TEE", 1))}


@sample(refusals.QuantityUnfit)
async def a_million_and_more(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"lines": lines(("MUG", 2_000_000))}


@sample(refusals.ProductUnknown)
async def something_else(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"lines": lines(("MUG", 1), ("NOPE", 1)), "expected_total": cny(1)}


@sample(refusals.ProductOffSale)
async def off_sale(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    gone = catalog.SaveProduct(shop.merchant_id, "TEE", {"en": "Tee"}, "home", active=False)
    await do(db, SYSTEM, catalog.save_products, [gone])
    return body | {"lines": lines(("MUG", 1), ("TEE", 1))}


@sample(refusals.NoPrice)
async def unpriced(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await price(db, shop, "MUG", 2_500, "USD")
    usd = {"amount": 2_500, "currency": "USD"}
    wanted = [{"sku": "MUG", "quantity": 1, "unit_price": usd}, {"sku": "TEE", "quantity": 1}]
    return body | {"lines": wanted, "currency": "USD", "expected_total": usd}


@sample(refusals.NotEnoughStock)
async def too_few(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await stock(db, shop, "MUG", 3)
    return body | {"lines": lines(("MUG", 5), ("TEE", 1)), "expected_total": cny(5 * 19900 + 8990)}


@sample(refusals.NotEnoughStock)
async def too_few_for_two_lines(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await stock(db, shop, "MUG", 4)
    return body | {"lines": lines(("MUG", 3), ("MUG", 3))}


@sample(refusals.NotEnoughStock)
async def none_left(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await stock(db, shop, "MUG", 0)
    return body | {"lines": lines(("MUG", 1))}


@sample(refusals.PriceChanged)
async def another_total(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"expected_total": cny(12345)}


@sample(refusals.UnitPriceChanged)
async def another_price(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    wanted = [{"sku": "MUG", "quantity": 1, "unit_price": cny(9900)}, {"sku": "TEE", "quantity": 1}]
    return body | {"lines": wanted, "expected_total": cny(9900 + 8990)}


@sample(refusals.PriceSuspicious)
async def slipped(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await price(db, shop, "MUG", 1990)
    return body | {"lines": lines(("MUG", 1), ("TEE", 1))}


@sample(refusals.LineOfClosedMerchant)
async def of_nobody(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"lines": [*lines(("MUG", 1)), {"sku": "X", "quantity": 1, "merchant": "nobody"}]}


@sample(refusals.MerchantClosed)
async def closed(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await change_merchant(db, shop, active=False)
    return body


@sample(refusals.AddressIncomplete)
async def an_address_that_nobody_checks(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await change_merchant(db, shop, settings=merchants.MerchantSettings(check_addresses=False))
    return body | {"ship_to": ADDRESS | {"city": "", "detail": " "}}


@sample(addresses.PartMissing)
async def no_phone(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    buyer = {"ref": "u-1", "phone": "13912345678"}
    return body | {"ship_to": {k: v for k, v in ADDRESS.items() if k != "phone"}, "buyer": buyer}


@sample(addresses.PartMissing)
async def nowhere(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"ship_to": ADDRESS | {"city": "", "detail": " "}}


async def limited(db: Database, shop: given.Shop, **limits: int) -> None:
    mug = catalog.SaveProduct(shop.merchant_id, "MUG", {"en": "Mug"}, "home", **limits)
    await do(db, SYSTEM, catalog.save_products, [mug])


@sample(refusals.QuantityAboveMost)
async def more_than_an_order_takes(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await limited(db, shop, max_quantity=2)
    return body | {"lines": lines(("MUG", 3), ("TEE", 1))}


@sample(refusals.QuantityBelowLeast)
async def less_than_a_dozen(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await limited(db, shop, min_quantity=12)
    return body | {"lines": lines(("MUG", 3), ("TEE", 1))}


@sample(refusals.BuyerLimitReached)
async def more_than_a_buyer_gets(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await limited(db, shop, max_per_buyer=2)
    return body | {"lines": lines(("MUG", 3), ("TEE", 1))}


@sample(inventory.TooManyKept)
async def more_than_may_be_kept(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await change_merchant(db, shop, settings=merchants.MerchantSettings(unpaid_units_per_buyer=2))
    return body | {"lines": lines(("MUG", 3), ("TEE", 1))}


@sample(refusals.DiscountTooLarge)
async def nearly_a_gift(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await running(db, shop, pricing.Percent(9_000))
    return body


@sample(credit.NotEnoughCredit)
async def points_that_nobody_has(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await do(
        db, SYSTEM, pricing.save_points, shop.merchant_id, pricing.PointsRule(points=100, amount=100, currency="CNY")
    )
    return body | {"points": 100}


@sample(refusals.FieldTooLong)
async def a_novel(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"remark": "长" * 501}


@sample(refusals.FieldTooLong)
async def a_long_number(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"reference": "9" * 501}


@sample(refusals.BuyerMissing)
async def nobody(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"buyer": {"name": "王小明"}}


@sample(refusals.ConfirmationUnfit)
async def old_words(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    intimate = catalog.SaveProduct(shop.merchant_id, "MUG", {"en": "Mug"}, "home", flags=("intimate",))
    await do(db, SYSTEM, catalog.save_products, [intimate])
    return body | {"lines": [{"sku": "MUG", "quantity": 1, "confirmed": "CN_OPT_HYGIENE:0"}]}


@sample(refusals.PolicyMissing)
async def lawless(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await change_merchant(db, shop, policy="no_such_policy")
    return body


@sample(refusals.AmountTooLarge)
async def a_fortune(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await change_merchant(db, shop, settings=merchants.MerchantSettings(price_guard=False))
    await price(db, shop, "MUG", 10**15 - 5)
    return body | {"lines": lines(("MUG", 2), ("TEE", 1))}


@sample(inventory.ChannelUnknown)
async def no_channel(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"channel": "shouting"}


@sample(inventory.ChannelClosed)
async def closed_channel(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    wanted = inventory.SaveChannel(shop.merchant_id, "fair", {"en": "Fair"}, "CNY", "HZ", active=False)
    await do(db, SYSTEM, inventory.save_channel, wanted)
    return body | {"channel": "fair"}


@sample(orders.ReferenceTaken)
async def taken(db: Database, shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    await given.placed_order(db, shop, {"TEE": 1}, reference="A-1")
    return body | {"reference": "A-1"}


@sample(identity.RefUnusable)
async def a_strange_ref(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"buyer": {"ref": "u\x07-1"}}


@sample(identity.TextUnusable)
async def a_strange_street(_db: Database, _shop: given.Shop, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"ship_to": ADDRESS | {"detail": "文三路\x1b 478 号"}}


def test_every_problem_of_placing_has_a_sample() -> None:
    area = {code for code, one in REGISTRY.items() if one.__module__ == refusals.__name__}
    assert set(SAMPLES) == (area | {refusal.code for refusal in WAYS}) - NO_BASKET


@pytest.fixture
async def shop(db: Database) -> given.Shop:
    """A shop whose code is known."""
    return await given.shop(db, code="corner")


@pytest.mark.parametrize(("code", "make"), [(code, make) for code, all_ in SAMPLES.items() for make in all_])
@pytest.mark.requirement("O1.3")
@pytest.mark.requirement("O1.4")
@pytest.mark.requirement("O1.5")
async def test_each_way_out_leads_out(
    code: str, make: Sample, platform: Caller, db: Database, shop: given.Shop
) -> None:
    body = await make(db, shop, sound())
    problems = await problems_of(platform, body)
    refused = await platform.post("/v1/orders", body)
    assert told(refused.json()["problems"]) == told(problems), "the order says what the quote said"
    (mine, *_) = [problem for problem in problems if problem["code"] == code]
    assert mine["solutions"]
    for solution in mine["solutions"]:
        assert solution["label"]["en"]
        assert solution["label"]["zh"]
        await take(platform, body, problems, mine, solution)


async def take(
    platform: Caller, body: dict[str, Any], problems: Any, mine: dict[str, Any], solution: dict[str, Any]
) -> None:
    """A patch makes its problem go and brings none; an action is done."""
    if solution["patch"] is None:
        action = solution["action"]
        assert action["method"] == "POST"
        good(await platform.post(action["href"], action["body"]))
        return
    left = told(problems) - told([mine])
    after = told(await problems_of(platform, applied(body, solution["patch"])))
    assert not after - left, solution
    if not after:
        good(await platform.post("/v1/orders", applied(body, solution["patch"])))


def sound() -> dict[str, Any]:
    return {
        "merchant": "corner", "channel": "web", "buyer": {"ref": "u-1"}, "ship_to": ADDRESS, "lines": lines(("MUG", 1)),
    }  # fmt: skip


async def problems_of(platform: Caller, body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = good(await platform.post("/v1/quotes", body, key=None))["problems"]
    return found


def told(problems: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Problems by what tells them apart; lines may have moved."""
    return Counter((one["code"], str(one["params"].get("sku") or one["params"].get("part"))) for one in problems)
