"""Orders through the door: lists, pages, actions, and the sandbox's clock."""

from typing import Any

import pytest

from dingdan import worker
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.everything import pay_later
from tests.surfaces.test_road import basket


async def test_a_list_is_read_page_by_page(merchant: Caller, shop: given.Shop, db: Database) -> None:
    made = [ids.encode("order", await given.placed_order(db, shop)) for _ in range(7)]
    found: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = good(await merchant.get("/v1/orders", params=query))
        found += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert found == made[::-1]


async def test_a_list_is_narrowed(merchant: Caller, shop: given.Shop, db: Database) -> None:
    paid = ids.encode("order", await given.paid_order(db, shop, buyer="anna"))
    waiting = good(await merchant.post("/v1/orders", basket(buyer={"ref": "bert"}, reference="SHOP-7")))
    everything = [waiting["id"], paid]

    async def listed(**query: str) -> list[str]:
        return [row["id"] for row in good(await merchant.get("/v1/orders", params=query))["items"]]

    assert await listed() == everything
    assert await listed(state="confirmed") == [paid]
    assert await listed(buyer="bert") == [waiting["id"]]
    assert await listed(buyer="nobody") == []
    assert await listed(reference="SHOP-7") == [waiting["id"]]
    assert await listed(placed_from=waiting["placed_at"]) == [waiting["id"]]
    assert await listed(placed_before=waiting["placed_at"]) == [paid]


async def test_an_order_is_found_by_the_number_that_people_read_aloud(merchant: Caller) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    assert good(await merchant.get(f"/v1/orders/{order['number'].lower()}"))["order"]["id"] == order["id"]


@pytest.mark.requirement("O1.2")
async def test_the_total_that_was_shown_is_compared(merchant: Caller) -> None:
    shown = basket(expected_total={"amount": 1, "currency": "CNY"})
    assert refused(await merchant.post("/v1/orders", shown), 409, "placement.price_changed")["path"] == "expected_total"
    good(await merchant.post("/v1/orders", basket(expected_total={"amount": 39800, "currency": "CNY"})))
    mixed = basket(currency="CNY", expected_total={"amount": 39800, "currency": "USD"})
    assert (
        refused(await merchant.post("/v1/orders", mixed), 422, "request.malformed")["path"] == "expected_total.currency"
    )


@pytest.mark.requirement("S-05")
async def test_actions_follow_the_state_and_the_key(merchant: Caller, shop: given.Shop, db: Database) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    assert order["available_actions"] == ["pay", "cancel", "change_address", "change_quantities"]
    path = f"/v1/orders/{order['id']}"
    refused(await merchant.post(f"{path}/receive"), 409, "order.state_forbids")
    refused(await merchant.post(f"{path}/hold", {"reason": "x"}), 409, "order.state_forbids")
    narrow = good(await merchant.post("/v1/keys", {"name": "n", "scopes": ["order.read", "order.cancel"]}))["secret"]
    assert good(await Caller(merchant.http, narrow).get(path))["order"]["available_actions"] == ["cancel"]
    await given.pay(db, ids.decode("order", order["id"]) or 0)
    held = good(await merchant.post(f"{path}/hold", {"reason": "gift_note"}))
    assert (held["state"], held["available_actions"]) == ("held", ["cancel", "release", "change_address"])
    released = good(await merchant.post(f"{path}/release"))
    assert released["state"] == "confirmed"
    cancelled = good(await merchant.post(f"{path}/cancel", {"reason": "too_late"}))
    assert (cancelled["state"], cancelled["cancel_reason"], cancelled["available_actions"]) == (
        "cancelled",
        "too_late",
        [],
    )


@pytest.mark.requirement("O3.4")
async def test_the_clock_can_be_turned_and_an_unpaid_order_expires(
    merchant: Caller, platform: Caller, db: Database
) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    before = good(await platform.get("/v1/sandbox/clock"))
    assert before["ahead_seconds"] == 0
    turned = good(await platform.post("/v1/sandbox/clock/advance", {"minutes": 31}, key="once"))
    again = good(await platform.post("/v1/sandbox/clock/advance", {"minutes": 31}, key="once"))
    assert turned == again
    assert good(await platform.get("/v1/sandbox/clock"))["ahead_seconds"] == 31 * 60
    await worker.settle(db)
    page = good(await merchant.get(f"/v1/orders/{order['id']}"))
    assert page["order"]["state"] == "expired"
    assert page["order"]["deadline_at"] is None
    levels = good(await merchant.get("/v1/stock", params={"sku": "MUG"}))["items"][0]["levels"]
    assert levels[0]["available"] == 100
    for wrong in ({}, {"minutes": -5}, {"days": 10_001}, {"years": 1}):
        refused(await platform.post("/v1/sandbox/clock/advance", wrong), 422, "request.malformed")


@pytest.mark.requirement("S-13")
async def test_a_callback_must_be_signed(anybody: Caller, merchant: Caller, shop: given.Shop, db: Database) -> None:
    order_id, _ = await pay_later(db, shop)
    path = "/v1/callbacks/payments/sandbox"
    body = {"event_id": "e", "type": "charge.captured", "number": "pay_x", "ref": "r", "amount": 1, "currency": "CNY"}
    for headers in ({}, {"Sandbox-Signature": "t=1,v1=" + "0" * 64}, {"Sandbox-Signature": "none"}):
        refused(await anybody.post(path, body, headers=headers, key=None), 401, "payment.notice_not_signed")
    refused(await anybody.post("/v1/callbacks/payments/nobody", body, key=None), 404, "payment.provider_unknown")
    refused(await anybody.post("/v1/callbacks/carriers/nobody", body, key=None), 404, "carrier.not_connected")
    refused(await anybody.post("/v1/callbacks/carriers/sandbox", body, key=None), 401, "carrier.push_not_signed")
    order = good(await merchant.get(f"/v1/orders/{ids.encode('order', order_id)}"))["order"]
    assert order["state"] == "awaiting_payment"


async def test_a_policy_is_published_and_read(merchant: Caller) -> None:
    packs = good(await merchant.get("/v1/policies"))["items"]
    (pack,) = [one for one in packs if one["code"] == "cn_statutory"]
    assert pack["merchant"] is None
    document = good(await merchant.get(f"/v1/policies/{pack['id']}"))["document"]
    house = document | {"id": "house", "version": "1"}
    published = good(await merchant.put("/v1/policies/house/1", house))
    assert published["merchant"] is not None
    assert good(await merchant.put("/v1/policies/house/1", house)) == published
    refused(await merchant.put("/v1/policies/other/1", house), 422, "request.malformed")
    changed = house | {"send_back_days": 30}
    refused(await merchant.put("/v1/policies/house/1", changed), 409, "policy.version_taken")


async def test_staff_cannot_hold_roles_that_watch_each_other(merchant: Caller) -> None:
    both = {"name": "Both", "roles": ["finance", "reviewer"]}
    refused(await merchant.put("/v1/staff/both", both), 409, "identity.roles_conflict")
    saved = good(await merchant.put("/v1/staff/one", {"name": "One", "roles": ["finance"]}))
    assert good(await merchant.get("/v1/staff/one")) == saved


@pytest.mark.requirement("W22")
async def test_units_of_a_line_are_cancelled_through_the_door(merchant: Caller, shop: given.Shop, db: Database) -> None:
    sku = next(iter(shop.products))
    path = f"/v1/orders/{ids.encode('order', await given.paid_order(db, shop, {sku: 3}))}"
    unit = {"line_no": 1, "quantity": 1}
    order = good(await merchant.post(f"{path}/cancel", {"lines": [unit, unit]}))
    assert (order["state"], order["lines"][0]["quantity"], order["lines"][0]["cancelled"]) == ("confirmed", 3, 2)
    (row,) = good(await merchant.get("/v1/orders"))["items"]
    assert (row["lines"], row["units"]) == (1, 1)
    await worker.settle(db)
    problem = refused(
        await merchant.post(f"{path}/cancel", {"lines": [unit | {"quantity": 2}]}), 422, "order.units_unfit"
    )
    assert problem["path"] == "lines[0].quantity"
    refused(await merchant.post(f"{path}/cancel", {"lines": []}), 422, "request.malformed")
    assert good(await merchant.post(f"{path}/cancel", {"lines": [unit]}))["state"] == "cancelled"
    await worker.settle(db)
    causes = [one["cause"] for one in good(await merchant.get(path))["refunds"]]
    assert causes == ["amendment", "cancellation"]
