"""What an order is answered with is made from what was just written: to the byte what reading it gives."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import msgspec

from dingdan.areas import carriers, catalog, inventory, pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from tests import given
from tests.areas.placement.test_taking import points
from tests.areas.pricing.till import running
from tests.surfaces.callers import Caller, good
from tests.surfaces.conftest import key
from tests.surfaces.test_idempotency import same
from tests.surfaces.test_road import ADDRESS, basket

# Every kind of order that is written differently, as it is asked for.
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "two lines and a number": {
        "lines": [{"sku": "TEE", "quantity": 2}, {"sku": "SOCK", "quantity": 1}],
        "reference": " R 1 ", "remark": "门铃坏了",
    },
    "a coupon": {"coupons": ["save"], "lines": [{"sku": "MUG", "quantity": 3}]},
    "points": {"buyer": {"ref": "buyer-1"}, "points": 200},
    "paid whole by points": {"buyer": {"ref": "buyer-1"}, "lines": [{"sku": "PIN", "quantity": 1}], "points": 1800},
    "confirmed": {"lines": [{"sku": "RAZOR", "quantity": 1, "confirmed": "CN_OPT_HYGIENE:2"}]},
    "a bundle": {"lines": [{"sku": "GIFT", "quantity": 2}]},
    "from two warehouses": {"lines": [{"sku": "HAT", "quantity": 3}]},
    "from the other warehouse": {"lines": [{"sku": "CAP", "quantity": 1}]},
    "a lane's promise": {"ship_to": ADDRESS | {"province": "北京市", "city": "北京市", "district": "海淀区"}},
    "a presale": {"lines": [{"sku": "SOON", "quantity": 1}]},
}  # fmt: skip


async def test_every_kind_of_order_is_answered_as_it_is_read(db: Database, http: httpx.AsyncClient) -> None:
    shop = await given.shop(db, split_orders=True, price_guard_discount_percent=100)
    merchant = Caller(http, await key(db, merchant_id=shop.merchant_id))
    KINDS["confirmed"]["lines"][0]["confirmed"] = await _everything_to_sell(db, merchant, shop)
    for name, more in KINDS.items():
        first = await merchant.post("/v1/orders", basket(**more), key=name.replace(" ", "-"))
        again = await merchant.post("/v1/orders", basket(**more), key=name.replace(" ", "-"))
        same(first, again)
        assert first.content == again.content, name
        order = good(first)
        shown = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]
        if name == "paid whole by points":
            assert (shown["state"], order["state"]) == ("confirmed", "awaiting_payment")
        else:
            assert shown == order, name


async def test_what_several_merchants_sell_is_answered_as_it_is_read(db: Database, platform: Caller) -> None:
    await given.shop(db, code="north")
    await given.shop(db, code="south")
    mixed = basket(
        merchant="north", lines=[{"sku": "MUG", "quantity": 1}, {"sku": "TEE", "quantity": 1, "merchant": "south"}]
    )
    first = await platform.post("/v1/orders", mixed, key="k")
    assert first.content == (await platform.post("/v1/orders", mixed, key="k")).content
    order = good(first)
    assert [one["merchant"] for one in order["siblings"]] != [order["merchant"]]
    assert len(order["siblings"]) == 1
    assert good(await platform.get(f"/v1/orders/{order['id']}"))["order"] == order


async def test_many_with_one_key_at_once_read_the_same(merchant: Caller) -> None:
    answers = await asyncio.gather(*(merchant.post("/v1/orders", basket(), key="k") for _ in range(9)))
    assert len({answer.content for answer in answers}) == 1


async def _everything_to_sell(db: Database, merchant: Caller, shop: given.Shop) -> str:
    """All that the kinds ask for; says which text the buyer has to confirm."""
    await do(db, SYSTEM, _stock, shop)
    await running(db, shop, pricing.Amount(4000), code="SAVE", min_spend=30000)
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    presale = pricing.Presale(10_00, 20_00, now + timedelta(days=7), now + timedelta(days=9))
    await running(db, shop, presale, scope=pricing.Scope(skus=("SOON",)))
    await points(db, shop, 2_000)
    sf = await given.carrier(db, shop)
    await do(db, SYSTEM, carriers.save_lanes, [
        carriers.SaveLane(merchant_id=shop.merchant_id, code=code, carrier_id=sf, country="CN", region=region)
        for code, region in (("all", ""), ("capital", "11"))
    ])  # fmt: skip
    asked = good(await merchant.post("/v1/quotes", basket(lines=[{"sku": "RAZOR", "quantity": 1}]), key=None))
    return str(asked["orders"][0]["lines"][0]["asks"]["version"])


async def _stock(tx: Tx, shop: given.Shop) -> None:
    merchant_id = shop.merchant_id
    far = Address(
        **(msgspec.to_builtins(given.ADDRESS) | {"province": "广东省", "city": "广州市", "district": "天河区"})
    )
    other = await inventory.save_warehouse(
        tx, inventory.SaveWarehouse(merchant_id, "GZ", {"en": "Canton"}, "Asia/Shanghai", far)
    )
    await inventory.save_channel(
        tx, inventory.SaveChannel(merchant_id, "web", {"en": "Web"}, "CNY", "HZ", warehouses=("GZ",))
    )
    new = [
        catalog.SaveProduct(merchant_id, sku, {"zh": sku, "en": sku, "zh-Hant": sku}, "home", flags=flags)
        for sku, flags in (("PIN", ()), ("RAZOR", ("intimate",)), ("HAT", ()), ("CAP", ()), ("SOON", ()))
    ]
    gift = catalog.SaveProduct(merchant_id, "GIFT", {"en": "Gift"}, "home", components=(("MUG", 1), ("SOCK", 2)))
    products = {one.sku: one.id for one in await catalog.save_products(tx, [*new, gift])}
    await catalog.save_prices(tx, [catalog.SavePrice(merchant_id, sku, "CNY", 1800) for sku in products])
    here = {"PIN": 9, "RAZOR": 9, "HAT": 2, "SOON": 9}
    await inventory.count(tx, [
        *(inventory.Count(merchant_id, shop.warehouse_id, products[sku], units) for sku, units in here.items()),
        *(inventory.Count(merchant_id, other.id, products[sku], 9) for sku in ("HAT", "CAP")),
    ])  # fmt: skip
