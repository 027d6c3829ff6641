"""Settling through the doors: agreed, booked, closed, paid out by two; merchants see their own, and hostile input nothing."""

import hashlib
from typing import Any

import httpx
import pytest
from litestar import Litestar

from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.settlements import desk
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

pytestmark = pytest.mark.requirement("issue 5: settlement")

PAYEE = {"name": "杭州小店有限公司", "bank": "中国工商银行", "account": "6222000011112222"}


async def agreed(platform: Caller, shop: given.Shop, **more: Any) -> Any:
    """Five percent, by the week."""
    terms = {"commission": {"*": 500}, "period": "week", "deposit_required": 1000, "payee": PAYEE}
    body = {"merchant": ids.encode("merchant", shop.merchant_id), "currency": "CNY", "terms": terms | more}
    return good(await platform.post("/v1/agreements", body))


async def test_a_merchant_is_paid_what_its_account_says(
    app: Litestar, http: httpx.AsyncClient, db: Database, shop: given.Shop, platform: Caller, merchant: Caller
) -> None:
    assert (await agreed(platform, shop))["number"] == 1
    order_id = await desk.done(db, shop, {"MUG": 1})
    name = ids.encode("order", order_id)
    (account,) = good(await merchant.get("/v1/settlements"))["items"]
    assert {kind: sum_["amount"] for kind, sum_ in account["sums"].items()} == {"sale": 199_00, "fee": -9_95}
    lines = good(await merchant.get(f"/v1/settlements/{account['id']}/lines"))["items"]
    assert [(line["kind"], line["order"], line["subject"]) for line in lines] == [
        ("sale", name, name),
        ("fee", name, name),
    ]
    assert all(line["posting"].startswith("pst_") for line in lines)
    assert good(await merchant.get(f"/v1/orders/{name}/settlement-lines"))["items"] == lines
    refused(await platform.post(f"/v1/settlements/{account['id']}/close"), 409, "settlement.not_over")
    refused(await merchant.post(f"/v1/settlements/{account['id']}/close"), 403, "settlement.not_the_platform")

    await desk.later(db, days=8)
    account = good(await merchant.get(f"/v1/settlements/{account['id']}"))
    assert (account["state"], account["opening"]["amount"], account["closing"]["amount"]) == ("closed", 0, 189_05)
    refused(await platform.post(f"/v1/settlements/{account['id']}/close"), 409, "settlement.closed")
    run = good(await platform.post("/v1/payout-runs", {"currency": "CNY"}))
    refused(await platform.post(f"/v1/payout-runs/{run['id']}/approve"), 403, "payout.same_hand")
    other = Caller(http, await key(db))
    good(await other.post(f"/v1/payout-runs/{run['id']}/approve"))
    file = await platform.get(f"/v1/payout-runs/{run['id']}/file.csv")
    assert hashlib.sha256(file.content).hexdigest() == run["checksum"]
    (payout,) = run["payouts"]
    paid = good(await platform.post(f"/v1/payouts/{payout['id']}/confirm", {"bank_ref": "B-1"}))
    assert (paid["state"], paid["amount"]["amount"]) == ("paid", 189_05)
    assert good(await merchant.get("/v1/payouts"))["items"][0]["id"] == payout["id"]


async def test_a_deposit_says_what_is_missing(platform: Caller, merchant: Caller, shop: given.Shop) -> None:
    await agreed(platform, shop)
    mine = ids.encode("merchant", shop.merchant_id)
    money = {"amount": 400, "currency": "CNY"}
    good(await platform.post("/v1/merchant-deposits/top-up", {"merchant": mine, "amount": money, "receipt": "T-1"}))
    again = {"merchant": mine, "amount": money, "receipt": "T-1"}
    refused(await platform.post("/v1/merchant-deposits/top-up", again), 409, "merchant_deposit.receipt_used")
    (deposit,) = good(await merchant.get("/v1/merchant-deposits"))["items"]
    assert (deposit["balance"]["amount"], deposit["missing"]["amount"]) == (400, 600)
    (moved,) = good(await merchant.get("/v1/merchant-deposits/movements"))["items"]
    assert (moved["kind"], moved["receipt"]) == ("top_up", "T-1")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/agreements", {"terms": {"payee": PAYEE | {"name": "=cmd()"}}}),
        ("/v1/agreements", {"terms": {"payee": PAYEE | {"account": "12\u0000"}}}),
        ("/v1/agreements", {"terms": {"payee": PAYEE, "commission": {"*": 10_001}}}),
        ("/v1/agreements", {"terms": {"payee": PAYEE, "commission": {str(n): 1 for n in range(501)}}}),
        ("/v1/agreements", {"terms": {"payee": PAYEE, "hold_days": 10**30}}),
        ("/v1/agreements", {"terms": {"payee": PAYEE}, "currency": "XXX"}),
        ("/v1/agreements", {"terms": {"payee": PAYEE}, "valid_from": "2020-01-01T00:00:00Z"}),
        ("/v1/merchant-deposits/top-up", {"amount": {"amount": -1, "currency": "CNY"}, "receipt": "x"}),
        ("/v1/merchant-deposits/top-up", {"amount": {"amount": 10**16, "currency": "CNY"}, "receipt": "x"}),
        ("/v1/merchant-deposits/top-up", {"amount": {"amount": 1, "currency": "CNY"}, "receipt": ""}),
        ("/v1/merchant-deposits/draw", {"refund": "rfd_0000000000001", "amount": 1}),
        ("/v1/payout-runs", {"currency": "CNY", "merchants": []}),
        ("/v1/payout-runs", {"currency": "CNY", "merchants": ["nobody"]}),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    platform: Caller, shop: given.Shop, db: Database, path: str, body: dict[str, Any]
) -> None:
    whole = {"merchant": ids.encode("merchant", shop.merchant_id), "currency": "CNY"} if "top-up" not in path else {
        "merchant": ids.encode("merchant", shop.merchant_id)
    }  # fmt: skip
    answer = await platform.post(path, body if path.endswith(("draw", "runs")) else whole | body)
    assert 400 <= answer.status_code < 500, answer.text
    async with db.connection() as connection:
        for table in ("agreements", "deposit_movements", "payout_runs"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
