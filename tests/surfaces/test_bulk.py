"""Many orders in one call: a result for each, by its own key; none hurts another."""

from typing import Any

import pytest

from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_idempotency import orders_in, same
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("O1.14")

PATH = "/v1/orders/bulk"


def many(*keys: str, **more: object) -> dict[str, Any]:
    return {"orders": [basket(key=key, buyer={"ref": f"u-{key}"}, **more) for key in keys]}


async def test_each_order_has_its_own_result_in_the_order_of_the_request(merchant: Caller, db: Database) -> None:
    wanted = many("a", "b", "c", "d", "e")
    wanted["orders"][1]["lines"] = [{"sku": "NOPE", "quantity": 1}]
    wanted["orders"][2] = {"key": "c", "channel": 5}
    wanted["orders"][3]["lines"] = [{"sku": "TEE", "quantity": 101}]
    results = good(await merchant.post(PATH, wanted))["results"]
    assert [(one["key"], one["status"]) for one in results] == [
        ("a", 201), ("b", 422), (None, 422), ("d", 409), ("e", 201),
    ]  # fmt: skip
    assert [one["problems"][0]["code"] for one in results[1:4]] == [
        "placement.product_unknown", "request.malformed", "placement.not_enough_stock",
    ]  # fmt: skip
    assert results[2]["problems"][0]["path"] == "channel"
    assert results[3]["problems"][0]["solutions"][0]["kind"] == "reduce_quantity"
    order = good(await merchant.get(f"/v1/orders/{results[4]['order']['id']}"))["order"]
    assert (order["total"], order["number"]) == (results[4]["order"]["total"], results[4]["order"]["number"])
    assert await orders_in(db) == 2


async def test_the_same_call_again_makes_nothing_new(merchant: Caller, db: Database) -> None:
    wanted = many("a", "b")
    first = await merchant.post(PATH, wanted, key="call-1")
    same(first, await merchant.post(PATH, wanted, key="call-1"))
    other = await merchant.post(PATH, many("a", "b", "c"), key="call-2")
    assert [one["order"] for one in good(other)["results"]][:2] == [one["order"] for one in good(first)["results"]]
    refused(await merchant.post(PATH, many("z"), key="call-1"), 409, "idempotency.key_reused")
    assert await orders_in(db) == 3


async def test_a_key_stands_for_one_order_only(merchant: Caller, db: Database) -> None:
    wanted = many("a", "a", "a")
    wanted["orders"][1]["buyer"] = {"ref": "somebody else"}
    wanted["orders"][2] = wanted["orders"][0]
    results = good(await merchant.post(PATH, wanted))["results"]
    assert [one["status"] for one in results] == [201, 409, 201]
    assert results[0]["order"] == results[2]["order"]
    assert await orders_in(db) == 1


async def test_what_was_refused_may_be_tried_again(merchant: Caller, shop: given.Shop, db: Database) -> None:
    wanted = many("a", lines=[{"sku": "MUG", "quantity": 101}])
    assert good(await merchant.post(PATH, wanted, key="k"))["results"][0]["status"] == 409
    good(await merchant.put("/v1/stock/HZ/MUG", {"on_hand": 500}))
    assert good(await merchant.post(PATH, wanted, key="k"))["results"][0]["status"] == 201


async def test_five_hundred_at_once_and_no_more(merchant: Caller, db: Database) -> None:
    good(await merchant.put("/v1/stock/HZ/MUG", {"on_hand": 2_000}))
    keys = [f"n{n}" for n in range(501)]
    results = good(await merchant.post(PATH, many(*keys[:500])))["results"]
    assert {one["status"] for one in results} == {201}
    assert len({one["order"]["id"] for one in results}) == 500
    refused(await merchant.post(PATH, many(*keys)), 422, "request.malformed")
    refused(await merchant.post(PATH, {"orders": []}), 422, "request.malformed")


async def test_a_platform_names_a_merchant_for_each(platform: Caller, db: Database) -> None:
    await given.shop(db, code="north")
    await given.shop(db, code="south")
    wanted = many("a", "b", "c", "d")
    for order, merchant in zip(wanted["orders"], ("north", "south", "nobody", None), strict=True):
        order["merchant"] = merchant
    results = good(await platform.post(PATH, wanted))["results"]
    assert [one["status"] for one in results] == [201, 201, 404, 422]
