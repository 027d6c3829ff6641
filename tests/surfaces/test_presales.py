"""A presale through the door: the quote says both parts, the order page says where they stand."""

from datetime import datetime, timedelta
from typing import Any

from dingdan.areas import pricing
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.pricing import till
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_road import basket


async def test_both_parts_are_seen_before_and_after(db: Database, merchant: Caller, shop: given.Shop) -> None:
    async with db.reading(SYSTEM) as tx:
        now: datetime = tx.now
    benefit = pricing.Presale(50_00, 80_00, now + timedelta(days=7), now + timedelta(days=9))
    await till.running(db, shop, benefit, currency="CNY")
    wanted = basket(lines=[{"sku": "MUG", "quantity": 1}])

    (quoted,) = good(await merchant.post("/v1/quotes", wanted, key=None))["orders"]
    parts: Any = quoted["presale"]
    assert (parts["deposit"]["amount"], parts["balance"]["amount"]) == (50_00, 119_00)
    assert (parts["keep_at_most"]["amount"], parts["is_earnest"], parts["paid_at"]) == (39_80, True, None)

    order = good(await merchant.post("/v1/orders", wanted))
    assert order["total"]["amount"] == 169_00
    pay = f"/v1/orders/{order['id']}/payments"
    payment = good(await merchant.post(pay, {"provider": "sandbox", "method": "instant"}))
    assert payment["amount"]["amount"] == 50_00
    await given.settle(db)

    page = good(await merchant.get(f"/v1/orders/{order['id']}"))
    assert page["order"]["state"] == "awaiting_payment"
    assert page["order"]["pay_by"] == page["presale"]["balance_until"]
    assert page["presale"]["paid_at"] is not None
    refused(await merchant.post(pay, {"provider": "sandbox", "method": "qr"}), 409, "payment.balance_not_open")

    good(await merchant.post(f"/v1/orders/{order['id']}/cancel", {"reason": "seller_out_of_stock"}))
    await given.settle(db)
    ended = good(await merchant.get(f"/v1/orders/{order['id']}"))["presale"]
    assert (ended["kept"]["amount"], ended["penalty"]["amount"]) == (0, 39_80)
