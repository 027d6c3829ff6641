"""Confirmations and messages over the wire: read, downloaded in two languages, masked, sent again."""

import hashlib
import json

import httpx
import pytest

from dingdan.areas import identity
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("O1.13")


@pytest.fixture
async def shop(db: Database) -> given.Shop:
    """A shop that tells by text message."""
    return await given.shop(db, message_channels=("sms",))


@pytest.fixture
async def order(db: Database, shop: given.Shop) -> str:
    """A paid order."""
    return ids.encode("order", await given.paid_order(db, shop, {"MUG": 1, "TEE": 2}))


@pytest.fixture
async def logistics(http: httpx.AsyncClient, db: Database, shop: given.Shop) -> Caller:
    """Somebody who may read messages and not see people."""
    return Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=("message.read", "order.read")))


async def test_every_version_is_listed_and_its_hash_can_be_checked_by_anybody(merchant: Caller, order: str) -> None:
    rows = good(await merchant.get(f"/v1/orders/{order}/confirmations"))["items"]
    assert [(row["version"], row["occasion"]) for row in rows] == [(1, "received"), (2, "confirmed")]
    for row in rows:
        shown = good(await merchant.get(f"/v1/orders/{order}/confirmations/{row['version']}"))
        canonical = json.dumps(shown["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(canonical.encode()).hexdigest() == row["hash"] == shown["hash"]


@pytest.mark.parametrize(("language", "word"), [("zh", "订单编号"), ("en", "Order number")])
async def test_a_voucher_is_downloaded_in_either_language(
    merchant: Caller, order: str, language: str, word: str
) -> None:
    path = f"/v1/orders/{order}/confirmations/2"
    for form, kind, ending in (("html", "text/html", ".html"), ("text", "text/plain", ".txt")):
        asked = await merchant.get(path, params={"format": form, "language": language})
        by_header = await merchant.get(path, headers={"Accept": kind, "Accept-Language": f"{language};q=0.9, fr"})
        assert asked.content == by_header.content
        assert word in asked.text
        assert asked.headers["content-type"].startswith(kind)
        assert asked.headers["content-language"] == language
        assert asked.headers["content-disposition"].endswith(f'-2{ending}"')


async def test_without_a_wish_it_speaks_as_the_buyer_does(merchant: Caller, db: Database) -> None:
    body = basket()
    for buyer, header, word in (
        ({"language": "en"}, "zh", "Order number"), ({}, "en-GB,en;q=0.9", "Order number"),
        ({}, "fr", "订单编号"), ({}, "", "订单编号"),
    ):  # fmt: skip
        wanted = body | {"buyer": body["buyer"] | buyer}
        placed = good(await merchant.post("/v1/orders", wanted, headers={"Accept-Language": header}))
        await given.settle(db)
        answer = await merchant.get(f"/v1/orders/{placed['id']}/confirmations/1", params={"format": "text"})
        assert word in answer.text, header


async def test_an_unknown_version_is_refused(merchant: Caller, order: str) -> None:
    for version in ("0", "3", "99999", "1.5", "x", "٢"):
        refused(await merchant.get(f"/v1/orders/{order}/confirmations/{version}"), 404, "confirmation.unknown")
        refused(await merchant.post(f"/v1/orders/{order}/confirmations/{version}/resend"), 404, "confirmation.unknown")


@pytest.mark.requirement("R10.1")
async def test_who_may_not_see_people_sees_none(logistics: Caller, merchant: Caller, order: str) -> None:
    path = f"/v1/orders/{order}/confirmations/2"
    shown = good(await logistics.get(path))
    assert shown["recipient"]["is_masked"] is True
    texts = [json.dumps(shown, ensure_ascii=False)]
    texts += [(await logistics.get(path, params={"format": form})).text for form in ("html", "text")]
    told = good(await logistics.get(f"/v1/orders/{order}/messages"))["items"]
    texts += [(await logistics.get(f"/v1/messages/{one['id']}")).text for one in told if one["id"]]
    for text in texts:
        assert "王小明" not in text
        assert "13812345678" not in text
        assert "文三路 1" not in text
    assert good(await merchant.get(path))["recipient"]["name"] == "王小明"


async def test_what_was_told_is_listed_with_its_copy(merchant: Caller, order: str) -> None:
    told = good(await merchant.get(f"/v1/orders/{order}/messages"))["items"]
    assert [(one["confirmation"], one["channel"], one["state"]) for one in told] == [
        (1, "in_app", "sent"), (1, "sms", "suppressed"), (2, "in_app", "sent"), (2, "sms", "sent"),
    ]  # fmt: skip
    page = good(await merchant.get(f"/v1/messages/{told[3]['id']}"))
    assert page["copy"]["to"] == "13812345678"
    assert "【小店】" in page["copy"]["text"]
    assert good(await merchant.get(f"/v1/messages/{told[1]['id']}"))["copy"] is None


async def test_a_confirmation_is_sent_again(merchant: Caller, order: str, db: Database) -> None:
    path = f"/v1/orders/{order}/confirmations/2/resend"
    (sent,) = good(await merchant.post(path))["items"]
    assert (sent["channel"], sent["round"], sent["state"]) == ("sms", 2, "queued")
    refused(await merchant.post(path), 409, "message.still_on_its_way")
    refused(await merchant.post(path, {"channel": "push"}), 409, "message.channel_off")
    await given.settle(db)
    assert good(await merchant.get(f"/v1/messages/{sent['id']}"))["message"]["state"] == "sent"


async def test_a_confirmation_that_lacks_something_is_no_voucher(
    merchant: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    strict = await given.shop(db, promise_required=True)
    order = ids.encode("order", await given.placed_order(db, strict))
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE order_lines SET ship_by = NULL")
    await given.settle(db)
    owner = Caller(http, await key(db, merchant_id=strict.merchant_id, scopes=identity.PERMISSIONS))
    assert good(await owner.get(f"/v1/orders/{order}/confirmations/1"))["missing"] == ["promise"]
    answer = await owner.get(f"/v1/orders/{order}/confirmations/1", params={"format": "html"})
    refused(answer, 409, "confirmation.incomplete")
    (told,) = good(await owner.get(f"/v1/orders/{order}/messages"))["items"]
    assert (told["state"], told["failure"]) == ("suppressed", "field_missing")


async def test_channels_and_language_of_a_merchant_are_checked(
    merchant: Caller, db: Database, shop: given.Shop
) -> None:
    async with db.connection() as connection:
        code = await connection.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    body = {"name": {"en": "S"}, "zone": "Asia/Shanghai", "currency": "CNY"}
    for settings, problem in (
        ({"message_channels": ["email", "email"]}, "merchant.channels_unusable"),
        ({"message_channels": ["pigeon"]}, "merchant.channels_unusable"),
        ({"language": "中文"}, "merchant.language_unusable"),
    ):
        refused(await merchant.put(f"/v1/merchants/{code}", body | {"settings": settings}), 422, problem)
