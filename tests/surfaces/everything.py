"""A shop in which everything that a route can name exists once."""

import msgspec

from dingdan.areas import identity, orders, payments, policies, returns
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import order_page
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given

SKU = "ONLY-HERE"

# Requests with a body that the form allows, so that what is asked is whether the thing may be reached.
BODIES: dict[str, object] = {
    "POST /v1/orders/{order_id}/hold": {"reason": "look"},
    "POST /v1/reminders": {"kind": "in_stock", "sku": SKU, "buyer": {"ref": "buyer-1"}},
    "POST /v1/work/{work_id}/pack": {"lines": [{"sku": SKU, "quantity": 1}]},
    "POST /v1/work/{work_id}/ship": {"parcels": [{"carrier": "manual", "tracking_number": "A1234567"}]},
    "POST /v1/parcels/{parcel_id}/scans": {"code": "in_transit"},
    "POST /v1/returns/{return_id}/refuse": {"reason": "x", "rule": "y", "alternatives": []},
    "POST /v1/returns/{return_id}/send": {"carrier": "manual", "tracking_number": "B1234567"},
    "POST /v1/returns/{return_id}/inspect": {
        "lines": [
            {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}
        ]
    },
    "POST /v1/refunds/{refund_id}/refuse": {"reason": "no"},
    "POST /v1/refunds/{refund_id}/settle_by_hand": {"receipt": "1"},
}


async def everything(db: Database, shop: given.Shop) -> dict[str, str]:
    """What fills the braces of a path: ids of things of this shop, as they are written."""
    delivered = await given.delivered_order(db, shop, {SKU: 2})
    async with db.transaction(SYSTEM) as tx:
        around = await order_page.around(tx, delivered)
        order = await orders.get_one(tx, delivered)
        line = returns.ApplyLine(order_id=delivered, line_no=1, quantity=1)
        applied = await returns.apply(tx, returns.Apply(shop.merchant_id, "buyer-1", (line,)))
    cancelled = await given.paid_order(db, shop, {SKU: 1})
    await do(db, SYSTEM, orders.cancel, cancelled, reason="test")
    await given.settle(db)
    queued = await given.paid_order(db, shop, {SKU: 1})
    async with db.transaction(SYSTEM) as tx:
        refund_id = await tx.fetchval("SELECT id FROM refunds WHERE order_id = $1", cancelled)
        work_id = await tx.fetchval("SELECT id FROM work_orders WHERE order_id = $1", queued)
        code = await tx.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    login, key, policy = await _people_and_papers(db, shop)
    numbers = {
        "order": delivered, "payment": around.payments[0].id, "parcel": around.parcels[0].id, "work": work_id,
        "return": applied.returns[0].id, "refund": refund_id, "buyer": order.buyer_id, "checkout": order.checkout_id, "key": key,
        "policy": policy,
    }  # fmt: skip
    words = {"code": code, "sku": SKU, "warehouse": "HZ", "login": login}
    return {f"{kind}_id": ids.encode(kind, number) for kind, number in numbers.items()} | words


async def _people_and_papers(db: Database, shop: given.Shop) -> tuple[str, int, int]:
    person = identity.SaveStaff(shop.merchant_id, f"someone-{shop.merchant_id}", "Someone", ("reviewer",))
    staff = await do(db, SYSTEM, identity.save_staff, person)
    key = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(shop.merchant_id, None, "theirs", ("order.read",)))
    (pack,) = [document for document in policies.packs() if document.id == "cn_statutory"]
    own = msgspec.structs.replace(pack, id="house", version="1")
    policy = await do(db, SYSTEM, policies.publish, shop.merchant_id, own)
    return staff.login, key.id, policy.id


async def pay_later(db: Database, shop: given.Shop) -> tuple[int, int]:
    """An order with a payment that waits for its buyer: (order, payment)."""
    order_id = await given.placed_order(db, shop)
    (payment,) = await do(db, SYSTEM, payments.start, [order_id], provider="sandbox", method="qr")
    await payments.call_started(db, [payment.id])
    return order_id, payment.id
