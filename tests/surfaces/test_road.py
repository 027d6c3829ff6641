"""The whole road through the API alone: load, place, pay, pick, ship, deliver, return, inspect, refund."""

import pytest

from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused

ADDRESS = {
    "name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市",
    "district": "西湖区", "detail": "文三路 478 号",
}  # fmt: skip


def basket(**more: object) -> dict[str, object]:
    """A sound order of the shop's first product."""
    return {
        "channel": "web",
        "buyer": {"ref": "u-1001"},
        "ship_to": ADDRESS,
        "lines": [{"sku": "MUG", "quantity": 2}],
    } | more


@pytest.mark.requirement("issue 2: road")
async def test_an_order_goes_the_whole_road(platform: Caller, db: Database) -> None:
    await load(platform)
    order = good(await platform.post("/v1/orders", basket(merchant="lantern")))
    assert order["state"] == "awaiting_payment"
    assert order["total"] == {"amount": 39800, "currency": "CNY"}
    assert order["deadline_at"] == order["pay_by"]
    await pay(platform, db, order["id"])
    await ship(platform, db, order["id"])
    await deliver(platform, db, order["id"])
    return_id = await come_back(platform, db, order["id"])
    ended = good(await platform.get(f"/v1/returns/{return_id}"))
    assert ended["outcome"] == "settled"
    (refund,) = good(await platform.get(f"/v1/refunds?order={order['id']}&merchant=lantern"))["items"]
    assert (refund["state"], refund["amount"]["amount"]) == ("settled", 19900)
    page = good(await platform.get(f"/v1/orders/{order['id']}"))
    assert page["order"]["refunded"]["amount"] == 19900
    assert page["recipient"]["name"] == "王小明"
    balances = good(await platform.get("/v1/ledger/balances?merchant=lantern"))["items"]
    assert sum(one["balance"]["amount"] for one in balances) == 0
    story = good(await platform.get(f"/v1/orders/{order['id']}/timeline"))["items"]
    assert [fact["kind"] for fact in story][:3] == ["order.placed", "payment.started", "payment.accepted"]
    assert {"order.shipped", "parcel.delivered", "return.settled", "refund.settled"} <= {f["kind"] for f in story}


async def load(platform: Caller) -> None:
    """A merchant who can sell, made by single requests."""
    names = {"name": {"zh": "灯笼小店", "en": "Lantern"}, "zone": "Asia/Shanghai"}
    good(await platform.put("/v1/merchants/lantern", names | {"currency": "CNY"}))
    whose = {"merchant": "lantern"}
    good(await platform.put("/v1/warehouses/HZ", names | whose | {"return_address": ADDRESS}))
    channel = whose | {"name": names["name"], "currency": "CNY", "warehouse": "HZ"}
    good(await platform.put("/v1/channels/web", channel))
    good(await platform.put("/v1/products/MUG", whose | {"title": {"zh": "杯子", "en": "Mug"}, "category": "home"}))
    price = whose | {"price": {"amount": 19900, "currency": "CNY"}}
    product = good(await platform.put("/v1/prices/MUG", price))
    assert product["prices"] == [{"amount": 19900, "currency": "CNY"}]
    level = good(await platform.put("/v1/stock/HZ/MUG", whose | {"on_hand": 10}))
    assert level["available"] == 10


async def pay(platform: Caller, db: Database, order_id: str) -> None:
    """Start a payment, let the worker call the provider, pay as the buyer, bring the notification."""
    started = good(await platform.post(f"/v1/orders/{order_id}/payments", {"provider": "sandbox", "method": "qr"}))
    await given.settle(db)
    waiting = good(await platform.get(f"/v1/payments/{started['id']}"))
    assert waiting["state"] == "pending"
    good(await platform.post(f"/v1/sandbox/payments/{started['id']}/pay", {"outcome": "captured"}))
    from dingdan.areas import payments

    assert await payments.sandbox.deliver_notifications(db, platform.http, "/v1/callbacks/payments/sandbox") == 1
    await given.settle(db)
    assert good(await platform.get(f"/v1/payments/{started['id']}"))["state"] == "captured"
    assert good(await platform.get(f"/v1/orders/{order_id}"))["order"]["state"] == "confirmed"


async def ship(platform: Caller, db: Database, order_id: str) -> None:
    """Pick, pack, hand over."""
    where = {"merchant": "lantern", "warehouse": "HZ"}
    queue = good(await platform.get("/v1/work", params=where))["items"]
    assert [work["order_id"] for work in queue] == [order_id]
    (work,) = good(await platform.post("/v1/work/claim", where | {"limit": 5}))["items"]
    refused(await platform.post(f"/v1/orders/{order_id}/cancel"), 409, "order.already_dispatched")
    wrong = await platform.post(f"/v1/work/{work['id']}/pack", {"lines": [{"sku": "MUG", "quantity": 1}]})
    refused(wrong, 422, "pack.quantity_differs")
    good(await platform.post(f"/v1/work/{work['id']}/pack", {"lines": [{"sku": "MUG", "quantity": 2}]}))
    parcels = {"parcels": [{"carrier": "manual", "tracking_number": "YT1234567890"}]}
    (parcel,) = good(await platform.post(f"/v1/work/{work['id']}/ship", parcels))["items"]
    assert parcel["state"] == "dispatched"
    await given.settle(db)


async def deliver(platform: Caller, db: Database, order_id: str) -> None:
    """The carrier brings it."""
    (parcel,) = good(await platform.get(f"/v1/orders/{order_id}"))["parcels"]
    scanned = good(await platform.post(f"/v1/parcels/{parcel['id']}/scans", {"code": "delivered", "place": "杭州"}))
    assert scanned["state"] == "delivered"
    await given.settle(db)


async def come_back(platform: Caller, db: Database, order_id: str) -> str:
    """One of two comes back and passes inspection."""
    wanted = {"merchant": "lantern", "buyer": "u-1001", "lines": [{"order_id": order_id, "line_no": 1, "quantity": 1}]}
    preview = good(await platform.post("/v1/returns/preview", wanted, key=None))
    assert preview["returns"][0]["refund"] == {"amount": 19900, "currency": "CNY"}
    (applied,) = good(await platform.post("/v1/returns", wanted))["returns"]
    assert applied["decision"] == "approved"
    assert applied["instructions"]["address"]["city"] == "杭州市"
    path = f"/v1/returns/{applied['id']}"
    good(await platform.post(f"{path}/send", {"carrier": "manual", "tracking_number": "SF1234567890"}))
    good(await platform.post(f"{path}/receive"))
    finding = {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}
    inspected = good(await platform.post(f"{path}/inspect", {"lines": [finding]}))
    assert inspected["refund"] == {"amount": 19900, "currency": "CNY"}
    await given.settle(db)
    from dingdan.areas import payments

    await payments.sandbox.deliver_notifications(db, platform.http, "/v1/callbacks/payments/sandbox")
    await given.settle(db)
    return str(applied["id"])
