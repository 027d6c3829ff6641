"""Orders changed through the door, and what could travel together."""

from typing import Any

import pytest

from dingdan import worker
from dingdan.areas import fulfilment, orders, pricing
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.channel_orders import there
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.patches import applied
from tests.surfaces.test_road import ADDRESS, basket

ELSEWHERE = ADDRESS | {"name": "李小红", "phone": "13987654321", "detail": "文三路 9 号"}
FAR = ADDRESS | {"province": "新疆维吾尔自治区", "city": "乌鲁木齐市", "district": "天山区", "detail": "解放北路 1 号"}


def ref(order_id: int) -> str:
    return ids.encode("order", order_id)


def number(order: Any) -> int:
    return ids.decode("order", order["id"]) or 0


@pytest.mark.requirement("O1.12")
async def test_an_address_is_changed_and_the_first_answer_stays(merchant: Caller, db: Database) -> None:
    placed = await merchant.post("/v1/orders", basket(), key="once")
    path = f"/v1/orders/{good(placed)['id']}"
    changed = good(await merchant.post(f"{path}/change-address", {"ship_to": ELSEWHERE}))
    assert changed["id"] == good(placed)["id"]
    page = good(await merchant.get(path))
    assert (page["recipient"]["name"], page["recipient"]["detail"]) == ("李小红", "文三路 9 号")
    assert [one["kind"] for one in page["amendments"]] == ["address_changed"]
    assert good(await merchant.post("/v1/orders", basket(), key="once")) == good(placed)
    story = good(await merchant.get(f"{path}/timeline"))["items"]
    (fact,) = [one for one in story if one["kind"] == "order.address_changed"]
    assert fact["data"]["contact_id"].startswith("con_")
    assert "文三路" not in str(story)


@pytest.mark.requirement("O1.5")
async def test_what_is_wrong_with_an_address_is_refused_as_when_ordering(merchant: Caller) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    path = f"/v1/orders/{order['id']}/change-address"
    wrong = {"ship_to": ELSEWHERE | {"city": "宁波市", "phone": "1"}}
    at_ordering = refused(await merchant.post("/v1/orders", basket(**wrong)), 422, "request.problems")
    here = refused(await merchant.post(path, wrong), 422, "request.problems")

    def said(answer: Any) -> list[tuple[str, str]]:
        return [(one["code"], one["path"]) for one in answer["problems"]]

    assert said(here) == said(at_ordering)
    way = next(way for one in here["problems"] for way in one["solutions"] if way["patch"])
    left = refused(await merchant.post(path, applied(wrong, way["patch"])), 422, "address.part_malformed")
    assert len(left["problems"]) < len(here["problems"])
    for hostile in ({}, {"ship_to": {}}, {"ship_to": ELSEWHERE | {"detail": "a\0b"}}, {"ship_to": "x"}):
        assert (await merchant.post(path, hostile)).status_code == 422


async def test_a_way_that_costs_more_can_be_taken_as_it_is_offered(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    tariff = pricing.FreightTariff(name={"en": "Far"}, currency="CNY", country="CN", region="65", fee=12_00)
    await do(db, SYSTEM, pricing.save_freight, shop.merchant_id, [tariff])
    order = good(await merchant.post("/v1/orders", basket()))
    path, wanted = f"/v1/orders/{order['id']}/change-address", {"ship_to": FAR}
    problem = refused(await merchant.post(path, wanted), 409, "placement.way_costs_more")
    assert problem["problems"][0]["params"] == {"amount": "12.00", "currency": "CNY"}
    waive, again = problem["problems"][0]["solutions"]
    good(await merchant.post(path, applied(wanted, waive["patch"])))
    page = good(await merchant.get(f"/v1/orders/{order['id']}"))
    assert page["amendments"][0]["waived"] == {"amount": 12_00, "currency": "CNY"}
    cancelled = good(await merchant.post(again["action"]["href"], again["action"]["body"]))
    assert cancelled["state"] == "cancelled"
    scopes = ["order.read", "order.change"]
    narrow = good(await merchant.post("/v1/keys", {"name": "n", "scopes": scopes}))["secret"]
    second = good(await merchant.post("/v1/orders", basket()))
    asked = await Caller(merchant.http, narrow).post(f"/v1/orders/{second['id']}/change-address", wanted)
    body = refused(asked, 409, "placement.way_costs_more")
    assert [one["kind"] for one in body["problems"][0]["solutions"]] == ["order_again"]


async def test_what_a_refusal_offers_tells_nobody_who_bought(merchant: Caller, shop: given.Shop, db: Database) -> None:
    order_id = await given.placed_order(db, shop, {"MUG": 1}, buyer="secret-name")
    scopes = ["order.read", "order.change"]
    narrow = Caller(merchant.http, good(await merchant.post("/v1/keys", {"name": "n", "scopes": scopes}))["secret"])
    for verb, body in (
        ("change-address", {"ship_to": {"country": "CN"}}),
        ("change-quantities", {"lines": [{"line_no": 1, "quantity": 101}]}),
    ):
        answer = await narrow.post(f"/v1/orders/{ref(order_id)}/{verb}", body)
        assert answer.status_code in (409, 422)
        for private in ("secret-name", given.ADDRESS.phone, given.ADDRESS.detail):
            assert private not in answer.text


async def test_an_order_made_on_a_channel_is_changed_there(merchant: Caller, shop: given.Shop, db: Database) -> None:
    (made,) = await there.tell(db, shop, there.told(sku="MUG"))
    path = f"/v1/orders/{ref(made.order_id)}"
    refused(await merchant.post(f"{path}/change-address", {"ship_to": ELSEWHERE}), 409, "channel_order.told_there")
    wanted = {"lines": [{"line_no": 1, "quantity": 2}]}
    refused(await merchant.post(f"{path}/change-quantities", wanted), 409, "channel_order.told_there")
    assert not {"change_address", "change_quantities"} & {*good(await merchant.get(path))["order"]["available_actions"]}


@pytest.mark.requirement("O1.9")
async def test_quantities_are_changed_and_both_orders_know_of_each_other(merchant: Caller, db: Database) -> None:
    placed = await merchant.post("/v1/orders", basket(reference="SHOP-9"), key="once")
    first = good(placed)
    path = f"/v1/orders/{first['id']}/change-quantities"
    wanted = {"lines": [{"line_no": 1, "quantity": 5}], "expected_total": first["total"]}
    problem = refused(await merchant.post(path, wanted), 409, "placement.price_changed")
    accept = problem["problems"][0]["solutions"][0]
    now = good(await merchant.post(path, applied(wanted, accept["patch"]), key="change"))
    assert good(await merchant.post(path, applied(wanted, accept["patch"]), key="change")) == now
    assert (now["replaces"], now["reference"], now["total"]["amount"]) == (first["id"], "SHOP-9", 5 * 199_00)
    old = good(await merchant.get(f"/v1/orders/{first['id']}"))["order"]
    assert (old["state"], old["replaced_by"], old["cancel_reason"]) == ("cancelled", now["id"], "replaced")
    found = good(await merchant.get("/v1/orders", params={"reference": "SHOP-9"}))["items"]
    assert [one["id"] for one in found] == [now["id"]]
    await worker.settle(db)
    assert good(await merchant.post("/v1/orders", basket(reference="SHOP-9"), key="once")) == first
    twice = {"lines": [{"line_no": 1, "quantity": 1}, {"line_no": 1, "quantity": 2}]}
    path = f"/v1/orders/{now['id']}/change-quantities"
    assert refused(await merchant.post(path, twice), 422, "request.malformed")["path"] == "lines[1].line_no"
    for hostile in ({"lines": []}, {"lines": [{"line_no": 1, "quantity": -1}]}, {"lines": [{"line_no": 1}]}):
        refused(await merchant.post(path, hostile), 422, "request.malformed")


async def test_a_short_line_is_mended_by_the_patch_that_is_offered(merchant: Caller) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    path = f"/v1/orders/{order['id']}/change-quantities"
    wanted = {"lines": [{"line_no": 1, "quantity": 101}]}
    problem = refused(await merchant.post(path, wanted), 409, "placement.not_enough_stock")["problems"][0]
    assert problem["path"] == "lines[0].quantity"
    (reduce, *_) = problem["solutions"]
    assert good(await merchant.post(path, applied(wanted, reduce["patch"])))["lines"][0]["quantity"] == 100


async def test_of_an_unpaid_order_units_are_not_cancelled_but_changed(merchant: Caller) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    unit = {"lines": [{"line_no": 1, "quantity": 1}]}
    problem = refused(await merchant.post(f"/v1/orders/{order['id']}/cancel", unit), 409, "order.nothing_paid_yet")
    action = problem["problems"][0]["solutions"][0]["action"]
    assert good(await merchant.post(action["href"], action["body"]))["lines"][0]["quantity"] == 1


async def test_what_a_buyer_ordered_twice_could_travel_together(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    first, second = await given.paid_order(db, shop), await given.paid_order(db, shop)
    unpaid = good(await merchant.post("/v1/orders", basket(buyer={"ref": "buyer-1"}, ship_to=PLAIN)))
    await given.paid_order(db, shop, buyer="somebody-else")
    moved = await given.paid_order(db, shop)
    good(await merchant.post(f"/v1/orders/{ref(moved)}/change-address", {"ship_to": ELSEWHERE}))
    path = f"/v1/orders/{ref(first)}"
    found = good(await merchant.get(f"{path}/merge-suggestions"))

    assert [(one["id"], one["is_ready"]) for one in found["items"]] == [(ref(second), True), (unpaid["id"], False)]
    assert found["parcels_saved"] == 1
    assert {one["code"] for one in found["reasons"]} >= {"same_buyer", "same_recipient", "same_warehouse"}
    assert all(one["words"]["en"] and one["words"]["zh"] for one in found["reasons"])
    assert good(await merchant.get(path))["merge_with"] == [ref(second), unpaid["id"]]
    queue = good(await merchant.get("/v1/work", params={"warehouse": "HZ"}))["items"]
    assert {one["order_id"]: one["merge_with"] for one in queue}[ref(second)] == [ref(first), unpaid["id"]]
    # Nothing was merged, and who is being picked travels alone.
    await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=1, order_ids=[second])
    found = good(await merchant.get(f"{path}/merge-suggestions"))
    assert [one["id"] for one in found["items"]] == [unpaid["id"]]
    await do(db, SYSTEM, orders.cancel, number(unpaid), reason="no")
    found = good(await merchant.get(f"{path}/merge-suggestions"))
    assert (found["items"], found["parcels_saved"], found["reasons"]) == ([], 0, [])


PLAIN = {
    "name": given.ADDRESS.name, "phone": given.ADDRESS.phone, "country": "CN", "province": given.ADDRESS.province,
    "city": given.ADDRESS.city, "district": given.ADDRESS.district, "detail": given.ADDRESS.detail,
}  # fmt: skip


async def test_a_quote_says_that_the_same_was_ordered_a_moment_ago(merchant: Caller, platform: Caller) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    quoted = good(await merchant.post("/v1/quotes", basket(), key=None))
    (hint,) = quoted["ordered_already"]
    assert (hint["order"], quoted["can_be_placed"]) == (order["id"], True)
    assert hint["words"].keys() == {"en", "zh"}
    for other in (basket(buyer={"ref": "u-2"}), basket(lines=[{"sku": "MUG", "quantity": 3}])):
        assert good(await merchant.post("/v1/quotes", other, key=None))["ordered_already"] == []
    good(await platform.post("/v1/sandbox/clock/advance", {"minutes": 11}))
    assert good(await merchant.post("/v1/quotes", basket(), key=None))["ordered_already"] == []
