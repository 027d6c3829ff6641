"""The same request twice is done once and answered the same; a key never stands for two requests."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest
from litestar import Litestar

from dingdan.areas import identity
from dingdan.plumbing.database import Database
from dingdan.surfaces.api.app import doors
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.everything import BODIES, SKU, everything
from tests.surfaces.test_access import filled, name
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("O1.14")

JSON = {"Content-Type": "application/json"}


def same(first: httpx.Response, again: httpx.Response) -> None:
    """A repetition is told as one and says the same."""
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())


async def orders_in(db: Database) -> int:
    """How many orders there are."""
    async with db.connection() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM orders"))


async def test_every_post_that_changes_something_needs_a_key(app: Litestar, merchant: Caller) -> None:
    keyed = [door for door in doors(app) if door.is_keyed]
    assert len(keyed) > 25
    for door in keyed:
        for wrong in (None, "x" * 256, "two words", "ключ".encode()):
            headers = [] if wrong is None else [("Idempotency-Key", wrong)]
            answer = await merchant.http.post(
                filled(door, {}), headers=[*headers, ("Authorization", f"Bearer {merchant.secret}")]
            )
            code = "idempotency.key_missing" if wrong is None else "idempotency.key_unusable"
            assert refused(answer, 422, code)["path"] == "header.Idempotency-Key", name(door)


async def test_the_others_say_why_they_need_none(app: Litestar) -> None:
    unkeyed = {name(door) for door in doors(app) if door.method == "POST" and not door.is_keyed}
    assert unkeyed == {
        "POST /v1/addresses/check",
        "POST /v1/calendars/preview",
        "POST /v1/callbacks/carriers/{carrier}",
        "POST /v1/callbacks/payments/{provider}",
        "POST /v1/cards/look",
        "POST /v1/carriers/{code}/scans/import",
        "POST /v1/channels/{code}/orders",
        "POST /v1/channels/{code}/orders/bulk",
        "POST /v1/channels/{code}/stock/acknowledge",
        "POST /v1/channels/{code}/updates/ack",
        "POST /v1/deadlines/extensions/preview",
        "POST /v1/exchanges/preview",
        "POST /v1/imports/{kind}",
        "POST /v1/lanes/preview",
        "POST /v1/parcels/import",
        "POST /v1/promotions/{promotion_id}/preview",
        "POST /v1/policies/lint",
        "POST /v1/policies/{policy_id}/try",
        "POST /v1/quotes",
        "POST /v1/providers/{provider}/statements",
        "POST /v1/merchants/{code}/logo",
        "POST /v1/orders/{order_id}/evidence",
        "POST /v1/products/{sku}/picture",
        "POST /v1/returns/preview",
        "POST /v1/review-rules/preview",
        "POST /v1/sandbox/faults",
        "POST /v1/sandbox/faults/mend",
        "POST /v1/sandbox/invoice-faults",
        "POST /v1/sandbox/payments/{payment_id}/pay",
        "POST /v1/returns/{return_id}/inspection-pictures",
        "POST /v1/strays/{stray_id}/pictures",
        "POST /v1/work/{work_id}/pictures",
    }
    assert all(door.why_unkeyed for door in doors(app) if name(door) in unkeyed)


async def test_every_post_answers_a_repetition_the_same(app: Litestar, http: httpx.AsyncClient, db: Database) -> None:
    shop = await given.shop(db, prices={SKU: 5000, "MUG": 19900}, message_channels=("sms",))
    words = await everything(db, shop)
    owner = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=identity.PERMISSIONS))
    done = set()
    for door in doors(app):
        # A repetition shows no secret again; each such door has a test of its own.
        if not door.is_keyed or "sandbox" in door.path or "secret" in door.path or door.path.endswith("/replace"):
            continue
        word, path = uuid.uuid4().hex, filled(door, words)
        first = await owner.post(path, BODIES.get(name(door)), key=word)
        again = await owner.post(path, BODIES.get(name(door)), key=word)
        if first.is_success:
            done.add(name(door))
            same(first, again)
            other = await owner.post(path, headers=JSON, content=b'{"something": "else"}', key=word)
            assert other.status_code in (409, 422), name(door)
        else:
            assert "idempotent-replayed" not in again.headers, name(door)
            assert again.json()["code"] == first.json()["code"], name(door)
    assert done >= {"POST /v1/parcels/{parcel_id}/scans", "POST /v1/buyers/{buyer_id}/forget"}


async def test_a_repeated_order_is_shown_as_it_was_placed(merchant: Caller, db: Database) -> None:
    first = await merchant.post("/v1/orders", basket(), key="k1")
    order = good(first)
    good(await merchant.post(f"/v1/orders/{order['id']}/cancel"))
    same(first, await merchant.post("/v1/orders", basket(), key="k1"))
    assert await orders_in(db) == 1
    refused(await merchant.post("/v1/orders", basket(remark="other"), key="k1"), 409, "idempotency.key_reused")
    assert await orders_in(db) == 1


@pytest.mark.requirement("issue 2: races")
async def test_forty_at_once_make_one_order(merchant: Caller, db: Database) -> None:
    answers = await asyncio.gather(*(merchant.post("/v1/orders", basket(), key="k1") for _ in range(40)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert await orders_in(db) == 1


async def test_many_at_once_each_get_their_own_answer(merchant: Caller, db: Database) -> None:
    def wanted(n: int) -> dict[str, Any]:
        return basket(lines=[{"sku": "NOPE" if n % 3 == 0 else "MUG", "quantity": 1}], reference=f"R{n}")

    answers = await asyncio.gather(*(merchant.post("/v1/orders", wanted(n)) for n in range(30)))
    for n, answer in enumerate(answers):
        if n % 3 == 0:
            assert refused(answer, 422, "placement.product_unknown")["path"] == "lines[0].sku"
        else:
            assert good(answer)["reference"] == f"R{n}"
    assert await orders_in(db) == 20


async def test_a_refused_request_may_try_again_with_its_key(merchant: Caller, db: Database, shop: given.Shop) -> None:
    wanted = basket(lines=[{"sku": "MUG", "quantity": 101}])
    refused(await merchant.post("/v1/orders", wanted, key="k1"), 409, "placement.not_enough_stock")
    good(await merchant.put("/v1/stock/HZ/MUG", {"on_hand": 200}))
    good(await merchant.post("/v1/orders", wanted, key="k1"))
    assert await orders_in(db) == 1


async def test_a_repeated_payment_is_shown_as_it_was_started(merchant: Caller, db: Database) -> None:
    order = good(await merchant.post("/v1/orders", basket()))
    path = f"/v1/orders/{order['id']}/payments"
    first = await merchant.post(path, {"method": "instant"}, key="p1")
    await given.settle(db)
    assert good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]["state"] == "confirmed"
    same(first, await merchant.post(path, {"method": "instant"}, key="p1"))
    refused(await merchant.post(path, {"method": "qr"}, key="p1"), 409, "idempotency.key_reused")


async def test_a_secret_is_shown_once(merchant: Caller) -> None:
    wanted = {"name": "till", "scopes": ["order.read"]}
    first = good(await merchant.post("/v1/keys", wanted, key="s1"))
    again = await merchant.post("/v1/keys", wanted, key="s1")
    assert again.headers["idempotent-replayed"] == "true"
    assert good(again) == first | {"secret": None}
    assert first["secret"].startswith("ddk_")


async def test_two_callers_keys_are_two_keys(
    merchant: Caller, platform: Caller, shop: given.Shop, db: Database
) -> None:
    async with db.connection() as connection:
        code = await connection.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    good(await merchant.post("/v1/orders", basket(), key="k1"))
    good(await platform.post("/v1/orders", basket(merchant=code), key="k1"))
    assert await orders_in(db) == 2


async def test_putting_twice_changes_nothing(merchant: Caller, db: Database) -> None:
    product = {"title": {"zh": "茶", "en": "Tea"}, "category": "food/tea", "flags": ["perishable"]}
    requests = {
        "/v1/products/TEA": product,
        "/v1/prices/TEA": {"price": {"amount": 5000, "currency": "CNY"}},
        "/v1/stock/HZ/TEA": {"on_hand": 7},
        "/v1/staff/someone": {"name": "Someone", "roles": ["reviewer"]},
    }
    first = [good(await merchant.put(path, body)) for path, body in requests.items()]
    async with db.connection() as connection:
        facts = await connection.fetchval("SELECT count(*) FROM facts")
        again = [good(await merchant.put(path, body)) for path, body in requests.items()]
        assert await connection.fetchval("SELECT count(*) FROM facts") == facts
    assert again[1:] == first[1:]
