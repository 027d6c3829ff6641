"""Orders made on channels, through the doors."""

import json
from typing import Any, get_args

import pytest

from dingdan.areas import channel_orders
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from dingdan.surfaces.api import channel_orders as doors
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_imports import load

pytestmark = pytest.mark.requirement("O3.10")

NDJSON = {"Content-Type": "application/x-ndjson"}
PATH = "/v1/channels/web/orders"
SHIP_TO = {"name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市",
           "district": "西湖区", "detail": "文三路 1 号"}  # fmt: skip


def order(number: str = "T-1", *, sku: str = "MUG", price: int = 19900, **more: Any) -> dict[str, Any]:
    """A paid order of one unit as its channel tells it."""
    return {
        "number": number, "updated_at": "2026-03-01T08:00:00Z", "placed_at": "2026-03-01T07:00:00Z", "currency": "CNY",
        "buyer": {"ref": "taobao-1", "name": "王小明"}, "ship_to": SHIP_TO, "total": price,
        "lines": [{"ref": "1", "sku": sku, "quantity": 1, "unit_price": price}],
        "payments": [{"ref": "p", "amount": price, "at": "2026-03-01T07:30:00Z"}],
    } | more  # fmt: skip


async def test_an_order_is_told_listed_and_shown(merchant: Caller, shop: given.Shop, db: Database) -> None:
    made = good(await merchant.post(PATH, json=order(), key=None))
    await given.settle(db)
    (row,) = good(await merchant.get(PATH))["items"]
    shown = good(await merchant.get(f"{PATH}/{made['id']}"))
    assert (made["status"], row["state"], shown["order"]) == ("created", "confirmed", made["order"])
    assert shown["parts"][0]["booked"] == {"amount": 19900, "currency": "CNY"}
    assert good(await merchant.get(PATH, params={"number": "T-2"}))["items"] == []


async def test_many_are_answered_one_by_one_in_their_order(merchant: Caller, shop: given.Shop) -> None:
    body = {"orders": [order("A"), {"number": "B"}, 7, order("C", sku="NO"), order("A")]}
    results = good(await merchant.post(f"{PATH}/bulk", json=body, key=None))["results"]
    assert [one["status"] for one in results] == [200, 422, 422, 200, 200]
    assert [one["order"]["status"] for one in results if one["order"]] == ["created", "created", "unchanged"]
    assert results[3]["order"]["problems"] == ["unknown_sku"]
    assert results[1]["problems"][0]["code"] == "request.malformed"


async def test_a_file_of_orders_has_a_result_for_every_row(merchant: Caller, shop: given.Shop) -> None:
    rows = [order("A"), order("B", currency="EURO"), order("A"), order("C") | {"channel": "nowhere"}]
    text = "\n".join(json.dumps({"channel": "web"} | row) for row in rows)
    code = ids.encode("merchant", shop.merchant_id)
    told = await load(merchant, "channel_orders", text.encode(), headers=NDJSON, merchant_code=code)
    assert [row["status"] for row in told] == ["created", "refused", "unchanged", "refused"]
    assert [row.get("code") for row in told][1::2] == ["request.malformed", "inventory.channel_unknown"]


async def test_what_does_not_fit_is_found_resolved_and_retried(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    made = good(await merchant.post(PATH, json=order(total=100, payments=[]), key=None))
    good(await merchant.post(PATH, json=order("T-2", sku="TB"), key=None))
    (row,) = good(await merchant.get(PATH, params={"problem": "sums_differ"}))["items"]
    assert len(good(await merchant.get(PATH, params={"problem": "any"}))["items"]) == 2
    shown = good(await merchant.post(f"{PATH}/{row['id']}/resolve", json={"reason": "agreed"}))
    assert (shown["problems"], shown["history"][0]["state"], row["id"]) == ([], "waived", made["id"])
    saved = good(await merchant.put("/v1/channels/web/sku-map", json={"entries": [{"sku": "TB", "ours": "MUG"}]}))
    assert saved == {"entries": 1, "orders": 1}
    assert good(await merchant.get("/v1/channels/web/sku-map"))["items"] == [{"sku": "TB", "ours": "MUG"}]
    assert good(await merchant.post(f"{PATH}/{made['id']}/retry"))["available_actions"] == []
    refused(await merchant.post(f"{PATH}/{made['id']}/resolve", json={"reason": "x"}), 409,
            "channel_order.problem_not_open")  # fmt: skip


async def test_what_happens_here_is_handed_out_until_it_is_acknowledged(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    made = good(await merchant.post(PATH, json=order(), key=None))
    await given.settle(db)
    good(await merchant.post(f"/v1/orders/{made['order']}/cancel", json={"reason": "no_goods"}))
    await given.settle(db)
    found = good(await merchant.get("/v1/channels/web/updates"))["items"]
    assert [(one["kind"], one["number"], one["late"]) for one in found] == [
        ("cancelled", "T-1", False), ("refunded", "T-1", False)]  # fmt: skip
    sync = good(await merchant.get("/v1/channels/web/sync"))["orders"]
    assert (sync["backlog"], sync["late"], sync["lag_p50_ms"], sync["target_seconds"]) == (2, 0, None, 60)
    ids = {"ids": [one["id"] for one in found]}
    path = "/v1/channels/web/updates/ack"
    assert good(await merchant.post(path, json=ids, key=None)) == {"acknowledged": 2}
    assert good(await merchant.post(path, json=ids, key=None)) == {"acknowledged": 0}
    assert good(await merchant.get("/v1/channels/web/updates"))["items"] == []
    assert good(await merchant.get("/v1/channels/web/sync"))["orders"]["lag_p95_ms"] >= 0


def test_every_kind_of_problem_can_be_asked_for() -> None:
    assert set(get_args(doors.Problem)) == {"any", *map(str, channel_orders.ProblemKind)}


async def test_a_channel_that_is_not_there_and_an_order_of_another_one_are_not_found(
    merchant: Caller, shop: given.Shop
) -> None:
    made = good(await merchant.post(PATH, json=order(), key=None))
    refused(await merchant.post("/v1/channels/moon/orders", json=order(), key=None), 404, "request.nothing_there")
    refused(await merchant.get(f"/v1/channels/moon/orders/{made['id']}"), 404, "channel_order.unknown")
