"""Quotes and baskets of several merchants through the door, and prices released there."""

from typing import Any

import pytest

from dingdan.areas import catalog
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.patches import applied
from tests.surfaces.test_road import basket


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["path"]) for one in answer["problems"]]


@pytest.mark.requirement("O1.9")
async def test_a_quote_shows_what_the_order_will_say(merchant: Caller) -> None:
    quoted = good(await merchant.post("/v1/quotes", basket(), key=None))
    assert (quoted["can_be_placed"], quoted["is_complete"], quoted["problems"]) == (True, True, [])
    assert quoted["ship_to"]["city"] == "杭州市"
    order = good(await merchant.post("/v1/orders", basket(expected_total=quoted["total"])))
    (mine,) = quoted["orders"]
    assert {name: order[name] for name in ("goods", "discount", "freight", "tax", "total")} == {
        name: mine[name] for name in ("goods", "discount", "freight", "tax", "total")
    }
    assert (order["policy"]["version"], order["policy"]["hash"]) == (mine["policy"]["version"], mine["policy"]["hash"])
    assert mine["policy"]["name"].keys() == {"en", "zh"}
    assert mine["lines"][0]["is_returnable"]


@pytest.mark.requirement("O1.8")
async def test_a_cart_is_quoted_before_anybody_says_who_buys(merchant: Caller) -> None:
    quoted = good(
        await merchant.post("/v1/quotes", {"channel": "web", "lines": [{"sku": "MUG", "quantity": 1}]}, key=None)
    )
    assert (quoted["can_be_placed"], quoted["is_complete"]) == (False, False)
    assert {one["blocks"] for one in quoted["problems"]} == {False}
    assert quoted["total"] == {"amount": 19900, "currency": "CNY"}


@pytest.mark.requirement("O1.4")
async def test_the_price_of_a_line_is_compared_too(merchant: Caller) -> None:
    shown = {"amount": 9900, "currency": "CNY"}
    wanted = basket(lines=[{"sku": "MUG", "quantity": 2, "unit_price": shown}], expected_total=shown)
    no = refused(await merchant.post("/v1/orders", wanted), 409, "placement.unit_price_changed")
    assert problems(no) == [
        ("placement.unit_price_changed", "lines[0].unit_price"), ("placement.price_changed", "expected_total"),
    ]  # fmt: skip
    (accept, *_) = no["problems"][0]["solutions"]
    assert accept["kind"] == "accept_price"
    good(await merchant.post("/v1/orders", applied(wanted, accept["patch"])))
    mixed = basket(lines=[{"sku": "MUG", "quantity": 1, "unit_price": shown | {"currency": "USD"}}], currency="CNY")
    path = refused(await merchant.post("/v1/orders", mixed), 422, "request.malformed")["path"]
    assert path == "lines[0].unit_price.currency"


@pytest.mark.requirement("O1.2")
async def test_several_merchants_are_one_checkout(platform: Caller, stranger: Caller, db: Database) -> None:
    await given.shop(db, code="north")
    await given.shop(db, code="south")
    lines = [{"sku": "MUG", "quantity": 1}, {"sku": "TEE", "quantity": 1, "merchant": "south"}]
    wanted = basket(merchant="north", lines=lines)
    quoted = good(await platform.post("/v1/quotes", wanted, key=None))
    assert [one["total"]["amount"] for one in quoted["orders"]] == [19900, 8990]
    order = good(await platform.post("/v1/orders", wanted | {"expected_total": quoted["total"]}, key="k"))
    (sibling,) = order["siblings"]
    checkout = good(await platform.get(f"/v1/checkouts/{order['checkout']}"))
    assert checkout["total"] == quoted["total"]
    assert [one["id"] for one in checkout["orders"]] == [order["id"], sibling["id"]]
    again = await platform.post("/v1/orders", wanted | {"expected_total": quoted["total"]}, key="k")
    assert (again.headers["idempotent-replayed"], again.json()) == ("true", order)
    refused(await stranger.get(f"/v1/checkouts/{order['checkout']}"), 404, "order.unknown")


async def test_a_merchant_sees_its_own_part_of_a_checkout(http: Any, platform: Caller, db: Database) -> None:
    from tests.surfaces.conftest import key

    await given.shop(db, code="north")
    south = await given.shop(db, code="south")
    lines = [{"sku": "MUG", "quantity": 1}, {"sku": "TEE", "quantity": 1, "merchant": "south"}]
    order = good(await platform.post("/v1/orders", basket(merchant="north", lines=lines)))
    own = Caller(http, await key(db, merchant_id=south.merchant_id))
    checkout = good(await own.get(f"/v1/checkouts/{order['checkout']}"))
    assert (checkout["total"]["amount"], len(checkout["orders"]), checkout["orders"][0]["siblings"]) == (8990, 1, [])


@pytest.mark.requirement("O1.4")
async def test_a_suspicious_price_is_told_from_a_quote_and_released_by_its_merchant(
    merchant: Caller, stranger: Caller, shop: given.Shop, db: Database
) -> None:
    await do(
        db, SYSTEM, catalog.save_products, [catalog.SaveProduct(shop.merchant_id, "A/B 1", {"en": "Slash"}, "home")]
    )
    for amount in (5000, 50):
        await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, "A/B 1", "CNY", amount)])
    good(await merchant.put("/v1/stock/HZ/A%2FB%201", {"on_hand": 5}))
    wanted = basket(lines=[{"sku": "A/B 1", "quantity": 1}])
    quoted = good(await merchant.post("/v1/quotes", wanted, key=None))
    assert problems(quoted) == [("placement.price_suspicious", "lines[0].sku")]
    await given.settle(db)
    told = [one for one in good(await merchant.get("/v1/events"))["items"] if one["kind"] == "price.suspicious"]
    assert len(told) == 1
    refused(await stranger.post("/v1/products/A%2FB%201/release-price"), 404, "product.unknown")
    assert good(await merchant.post("/v1/products/A%2FB%201/release-price"))["is_price_paused"] is False
    good(await merchant.post("/v1/orders", wanted))


async def test_reminders_are_listed_for_those_who_answer_them(merchant: Caller, stranger: Caller) -> None:
    asked = good(await merchant.post("/v1/reminders", {"kind": "call_back", "buyer": {"ref": "u-1"}}))
    listed = good(await merchant.get("/v1/reminders"))["items"]
    assert listed == [asked]
    assert good(await stranger.get("/v1/reminders"))["items"] == []
    refused(await merchant.post("/v1/reminders", {"kind": "in_stock", "buyer": {"ref": "u"}}), 422,
            "placement.reminder_without_product")  # fmt: skip
    refused(await merchant.post("/v1/reminders", {"kind": "party", "buyer": {"ref": "u"}}), 422, "request.malformed")


@pytest.mark.requirement("S-22")
async def test_whoever_guesses_at_coupons_is_asked_to_wait(merchant: Caller) -> None:
    wrong = basket(coupons=[f"NO{n}" for n in range(5)])
    for _ in range(4):
        assert {code for code, _ in problems(good(await merchant.post("/v1/quotes", wrong, key=None)))} == {
            "coupon.unknown"
        }
    for path, key in (("/v1/quotes", None), ("/v1/orders", "")):
        answer = await merchant.post(path, basket(coupons=["NO"]), key=key)
        no = refused(answer, 429, "coupon.too_many_tries")
        assert 0 < int(answer.headers["Retry-After"]) <= 3600
        assert no["title"]
    cured = applied(basket(coupons=["NO"]), no["problems"][0]["solutions"][0]["patch"])
    good(await merchant.post("/v1/orders", cured))
