"""Paying through the doors: credit, cards, several merchants at once, ways that are closed, and why a payment failed."""

from typing import Any

import pytest

from dingdan.areas import payments
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.payments import till
from tests.surfaces.callers import Caller, good

pytestmark = pytest.mark.requirement("issue 3: payments")

QR = {"provider": "sandbox", "method": "qr"}


async def granted(caller: Caller, amount: int, **more: Any) -> Any:
    body = {"buyer": "buyer-1", "kind": "balance", "amount": amount, "currency": "CNY", "reason": "topup"} | more
    return good(await caller.post("/v1/credit/grants", body))


async def issued(caller: Caller, amount: int) -> Any:
    return good(await caller.post("/v1/cards", {"amount": {"amount": amount, "currency": "CNY"}}))


async def test_balance_card_and_provider_in_one_request(merchant: Caller, db: Database, shop: given.Shop) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    purse, card = await granted(merchant, 50_00), await issued(merchant, 20_00)
    tenders = [{"kind": "balance"}, {"kind": "card", "code": card["code"]}, QR]
    started = good(await merchant.post(f"/v1/orders/{order_id}/payments", {"tenders": tenders}))
    held = good(await merchant.get(f"/v1/purses/{purse['id']}"))["purse"]
    good(await merchant.post(f"/v1/sandbox/payments/{started['id']}/pay"))
    await payments.sandbox.deliver_notifications(db, merchant.http, "/v1/callbacks/payments/sandbox")

    assert [one["amount"]["amount"] for one in started["tenders"]] == [129_00, 50_00, 20_00]
    assert (started["total"]["amount"], held["available"]) == (199_00, 0)
    assert good(await merchant.get(f"/v1/orders/{order_id}"))["order"]["state"] == "confirmed"
    page = good(await merchant.get(f"/v1/purses/{purse['id']}"))
    assert [one["kind"] for one in page["movements"]] == ["spend", "grant"]


async def test_credit_alone_needs_no_provider(merchant: Caller, db: Database, shop: given.Shop) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    await granted(merchant, 200_00)
    started = good(await merchant.post(f"/v1/orders/{order_id}/payments", {"tenders": [{"kind": "balance"}]}))

    assert good(await merchant.get(f"/v1/payments/{started['id']}"))["state"] == "captured"
    (purse,) = good(await merchant.get("/v1/credit?buyer=buyer-1"))["items"]
    assert (purse["balance"], purse["held"]) == (1_00, 0)


async def test_one_request_pays_a_basket_of_two_merchants(platform: Caller, db: Database) -> None:
    one, other = await given.shop(db), await given.shop(db)
    first, second = await given.placed_order(db, one), await given.placed_order(db, other)
    await do(db, SYSTEM, till.bring_together, first, second)
    checkout = ids.encode("checkout", (await till.order_of(db, first)).checkout_id)
    card = await issued(platform, 98_00)
    tenders = [{"kind": "card", "code": card["code"]}, {"provider": "sandbox", "method": "instant"}]
    started = good(await platform.post(f"/v1/checkouts/{checkout}/payments", {"tenders": tenders}))

    assert [one["amount"]["amount"] for one in started["tenders"]] == [300_00, 98_00]
    assert {(await till.order_of(db, i)).state for i in (first, second)} == {"confirmed"}


async def test_a_basket_that_others_sold_in_is_not_ones_own(merchant: Caller, db: Database, shop: given.Shop) -> None:
    first, second = await given.placed_order(db, shop), await given.placed_order(db, await given.shop(db))
    await do(db, SYSTEM, till.bring_together, first, second)
    checkout = ids.encode("checkout", (await till.order_of(db, first)).checkout_id)

    assert (await merchant.post(f"/v1/checkouts/{checkout}/payments")).status_code == 404


async def test_wrong_codes_are_counted_though_each_request_is_refused(
    merchant: Caller, db: Database, shop: given.Shop
) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    card = await issued(merchant, 300_00)
    wrong = {"tenders": [{"kind": "card", "code": "0000-0000-0000-0000"}]}
    codes = [(await merchant.post(f"/v1/orders/{order_id}/payments", wrong)).json()["code"] for _ in range(6)]
    right = await merchant.post(
        f"/v1/orders/{order_id}/payments", {"tenders": [{"kind": "card", "code": card["code"]}]}
    )

    assert codes == ["card.unusable"] * 5 + ["card.too_many_tries"]
    assert (right.status_code, right.json()["path"]) == (409, "tenders[0].code")


async def test_a_code_is_shown_once_and_opens_its_card(merchant: Caller, shop: given.Shop) -> None:
    body = {"amount": {"amount": 5_00, "currency": "CNY"}}
    first = good(await merchant.post("/v1/cards", body, key="the-same"))
    again = good(await merchant.post("/v1/cards", body, key="the-same"))
    seen = good(await merchant.post("/v1/cards/look", {"code": first["code"]}, key=None))
    path = f"/v1/purses/{first['purse']['id']}"
    good(await merchant.post(f"{path}/block", {"reason": "stolen"}))

    assert (again["code"], again["purse"]["id"], seen["balance"]) == (None, first["purse"]["id"], 5_00)
    assert (await merchant.post("/v1/cards/look", {"code": first["code"]}, key=None)).json()["code"] == "card.unusable"
    assert good(await merchant.post(f"{path}/unblock"))["available_actions"] == ["take_back", "block", "extend"]


@pytest.mark.parametrize(
    ("tenders", "path"),
    [
        ([{"kind": "card"}], "tenders[0]"),
        ([{"kind": "balance", "code": "x"}], "tenders[0]"),
        ([QR, QR], "tenders[1]"),
        ([QR | {"amount": {"amount": 5, "currency": "CNY"}}], "tenders[0]"),
        ([{"kind": "balance", "amount": {"amount": 5, "currency": "USD"}}], "tenders[0].amount.currency"),
        ([], "tenders"),
    ],
)
async def test_tenders_that_make_no_sense_are_refused_with_their_place(
    merchant: Caller, db: Database, shop: given.Shop, tenders: list[Any], path: str
) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    answer = await merchant.post(f"/v1/orders/{order_id}/payments", {"tenders": tenders})

    assert (answer.status_code, answer.json()["path"]) == (422, path)


@pytest.mark.requirement("O1.7")
async def test_a_closed_way_is_refused_with_a_patch_that_pays(merchant: Caller, db: Database, shop: given.Shop) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    limits = {"limits": [{"currency": "CNY", "most": 198_99}], "name": {"zh": "快付", "en": "Quick"}}
    good(await merchant.put("/v1/payment-methods/sandbox/instant", limits))
    body = {"tenders": [{"provider": "sandbox", "method": "instant"}]}
    problem = (await merchant.post(f"/v1/orders/{order_id}/payments", body)).json()["problems"][0]
    ways = good(await merchant.get("/v1/payment-methods?amount=19900&currency=CNY"))["items"]

    assert (problem["code"], problem["params"]["most"]) == ("method.outside_limits", 198_99)
    patch = next(s["patch"][0] for s in problem["solutions"] if s["params"]["method"] == "qr")
    assert patch == {"op": "add", "path": "/tenders/0", "value": QR}
    assert [(w["method"], [a["code"] for a in w["against"]]) for w in ways if not w["is_usable"]] == [
        ("instant", ["method.outside_limits"])
    ]
    good(await merchant.post(f"/v1/orders/{order_id}/payments", {"tenders": [patch["value"]]}))


@pytest.mark.parametrize(
    ("word", "code", "actions"),
    [
        ("insufficient_funds", "insufficient_funds", ["retry", "another_way"]),
        ("limit_exceeded", "limit_exceeded", ["another_way"]),
        ("E4711", "E4711", ["retry", "another_way"]),
    ],
)
async def test_a_failed_payment_says_why_and_what_can_be_done(
    merchant: Caller, db: Database, shop: given.Shop, word: str, code: str, actions: list[str]
) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    started = good(await merchant.post(f"/v1/orders/{order_id}/payments", QR))
    good(await merchant.post(f"/v1/sandbox/payments/{started['id']}/pay", {"outcome": "failed", "failure": word}))
    await payments.sandbox.deliver_notifications(db, merchant.http, "/v1/callbacks/payments/sandbox")
    shown = good(await merchant.get(f"/v1/payments/{started['id']}"))
    order = good(await merchant.get(f"/v1/orders/{order_id}"))["order"]

    assert (shown["failure_reason"]["code"], shown["available_actions"]) == (code, actions)
    assert shown["failure_reason"]["until"] == order["pay_by"]
    assert set(shown["failure_reason"]["message"]) == {"en", "zh"}
    good(await merchant.post(f"/v1/orders/{order_id}/cancel"))
    assert good(await merchant.get(f"/v1/payments/{started['id']}"))["available_actions"] == []


async def test_points_of_a_buyer_who_never_ordered(merchant: Caller, shop: given.Shop) -> None:
    purse = await granted(merchant, 100, kind="points", currency=None, buyer="new", expires_at="2099-01-01T00:00:00Z")
    taken = good(await merchant.post(f"/v1/purses/{purse['id']}/take_back", {"amount": 40, "reason": "mistake"}))
    refused = await merchant.post(f"/v1/purses/{purse['id']}/take_back", {"amount": 61, "reason": "mistake"})

    assert (purse["unit"], purse["endings"][0]["amount"]) == ("points", 100)
    assert (taken["balance"], refused.json()["code"]) == (60, "credit.not_enough")
    assert good(await merchant.get("/v1/credit?buyer=nobody"))["items"] == []
