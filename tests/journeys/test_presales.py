"""A seller who cannot deliver a presale pays its deposit back twice: what came in the way it came, the rest by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dingdan.areas import pricing
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.pricing import till
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("W47b")


async def let_down(db: Database, limit: int, http: Any) -> tuple[Caller, str]:
    """A seller whose system may sign for so much takes a deposit of 50.00 on a coat of 599.00, and cannot deliver."""
    shop = await given.shop(db, prices={"COAT": 599_00}, refund_approval_limit=limit)
    async with db.reading(SYSTEM) as tx:
        now: datetime = tx.now
    benefit = pricing.Presale(50_00, 100_00, now + timedelta(days=7), now + timedelta(days=9))
    await till.running(db, shop, benefit, currency="CNY")
    seller = Caller(http, await key(db, merchant_id=shop.merchant_id))
    order = good(await seller.post("/v1/orders", basket(lines=[{"sku": "COAT", "quantity": 1}])))
    paid = {"provider": "sandbox", "method": "instant"}
    assert good(await seller.post(f"/v1/orders/{order['id']}/payments", paid))["amount"]["amount"] == 50_00
    await given.settle(db)
    good(await seller.post(f"/v1/orders/{order['id']}/cancel", {"reason": "seller_out_of_stock"}))
    await given.settle(db)
    return seller, str(order["id"])


async def refunds_of(seller: Caller) -> dict[str, Any]:
    """The two refunds, by their causes."""
    return {one["cause"]: one for one in good(await seller.get("/v1/refunds"))["items"]}


async def test_the_second_half_waits_for_a_receipt_where_the_system_may_sign(
    db: Database, merchant: Caller, shop: given.Shop
) -> None:
    seller, order_id = await let_down(db, 100_00, merchant.http)
    found = await refunds_of(seller)
    assert {cause: (one["state"], one["amount"]["amount"]) for cause, one in found.items()} == {
        "cancellation": ("settled", 50_00), "penalty": ("offline", 50_00),
    }  # fmt: skip
    penalty = good(await seller.get(f"/v1/refunds/{found['penalty']['id']}"))
    assert [(one["component"], one["rule"]) for one in penalty["parts"]] == [("penalty", "CC.587.double")]
    assert (penalty["cause_id"], penalty["tenders"]) == (order_id, [])

    wanted = {"consent": "Please pay me by transfer.",
              "account": {"holder": "王小明", "bank": "中国银行", "number": "6217 0000 0000 0000"}}  # fmt: skip
    payout = good(await seller.post(f"/v1/orders/{order_id}/hand-payouts", wanted))
    assert (payout["amount"]["amount"], payout["state"]) == (50_00, "consented")
    refused(await seller.post(f"/v1/orders/{order_id}/hand-payouts", wanted), 409, "hand_payout.open")
    by_hand = f"/v1/hand-payouts/{payout['id']}"
    finance = Caller(merchant.http, await key(db, merchant_id=ids.decode("merchant", payout["merchant"])))
    assert good(await finance.get(f"{by_hand}/account"))["account"]["holder"] == "王小明"
    refused(await finance.post(f"{by_hand}/pay", {"receipt": " "}), 422, "refund.receipt_missing")
    refused(await seller.post(f"{by_hand}/pay", {"receipt": "BANK-7"}), 403, "refund.same_hand")
    assert good(await finance.post(f"{by_hand}/pay", {"receipt": "BANK-7"}))["state"] == "paid"
    refused(await finance.post(f"{by_hand}/confirm"), 403, "refund.same_hand")
    assert good(await seller.post(f"{by_hand}/confirm"))["state"] == "confirmed"
    refused(await seller.post(f"{by_hand}/confirm"), 409, "hand_payout.stands")
    settled = good(await seller.get(f"/v1/refunds/{penalty['id']}"))
    assert (settled["state"], settled["hand_receipt"], settled["hand_payout_id"]) == ("settled", "BANK-7", payout["id"])
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            """
            SELECT a.code, sum(e.amount)::bigint AS amount FROM entries e JOIN accounts a ON a.id = e.account_id
            WHERE a.code IN ('penalties', 'refunds_payable', 'paid_by_hand', 'buyer_funds') GROUP BY a.code
            """
        )
    assert {row["code"]: row["amount"] for row in rows} == {
        "penalties": 50_00, "refunds_payable": 0, "paid_by_hand": -50_00, "buyer_funds": 0,
    }  # fmt: skip
    page = good(await seller.get(f"/v1/orders/{order_id}"))
    assert page["presale"]["penalty"]["amount"] == 50_00


async def test_a_large_one_is_signed_by_two_and_nobody_signs_twice(
    db: Database, merchant: Caller, platform: Caller, shop: given.Shop
) -> None:
    seller, _ = await let_down(db, 10_00, merchant.http)
    found = await refunds_of(seller)
    assert {cause: one["state"] for cause, one in found.items()} == {"cancellation": "settled", "penalty": "requested"}
    approve = f"/v1/refunds/{found['penalty']['id']}/approve"
    assert good(await seller.post(approve))["state"] == "requested"
    refused(await seller.post(approve), 403, "refund.same_hand")
    assert good(await platform.post(approve))["state"] == "offline"
    await given.settle(db)
    assert (await refunds_of(seller))["penalty"]["amount"]["amount"] == 50_00
