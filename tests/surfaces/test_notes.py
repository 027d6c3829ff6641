"""Notes and tags through the door: what the staff writes is the staff's, and what the buyer is shown is the buyer's."""

import httpx
import pytest

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_notes_are_written_and_read_by_whom_they_are_for(
    merchant: Caller, http: httpx.AsyncClient, db: Database, shop: given.Shop
) -> None:
    path = f"/v1/orders/{good(await merchant.post('/v1/orders', basket()))['id']}"
    first = good(await merchant.post(f"{path}/notes", {"text": "internal 4111 1111 1111 1111"}))
    assert set(first) == {"id", "order", "is_shown", "at"}
    good(await merchant.post(f"{path}/notes", {"text": "明天发货", "is_shown": True}))
    assert [one["text"] for one in good(await merchant.get(f"{path}/notes"))["items"]] == [
        "internal ••••1111",
        "明天发货",
    ]
    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["storefront"])))
    assert [one["text"] for one in good(await storefront.get(f"{path}/notes"))["items"]] == ["明天发货"]
    kinds = [one["kind"] for one in good(await storefront.get(f"{path}/timeline"))["items"]]
    assert "order.buyer_written" in kinds
    assert "order.noted" not in kinds
    told = good(await merchant.get(f"{path}/timeline"))["items"]
    assert [one["data"]["note_id"] for one in told if one["kind"] == "order.noted"] == [first["id"]]
    assert "internal" not in str(told)
    refused(await storefront.post(f"{path}/notes", {"text": "x"}), 403, "auth.not_allowed")
    for text in ("", "x" * 2001):
        refused(await merchant.post(f"{path}/notes", {"text": text}), 422, "request.malformed")
    refused(await merchant.post(f"{path}/notes", {"text": "@nobody hi"}), 422, "order.nobody_of_that_name")
    other = Caller(
        http, await key(db, merchant_id=(await given.shop(db)).merchant_id, scopes=["note.write", "order.read"])
    )
    refused(await other.post(f"{path}/notes", {"text": "x"}), 404, "order.unknown")
    assert good(await merchant.post(f"{path}/notes/seen"))["items"] == []


async def test_tags_are_put_on_all_or_none(merchant: Caller) -> None:
    refs = [good(await merchant.post("/v1/orders", basket()))["id"] for _ in range(2)]
    tagged = good(await merchant.post("/v1/orders/tags", {"orders": refs, "add": ["vip", "急"]}))["items"]
    assert [set(one["tags"]) for one in tagged] == [{"vip", "急"}] * 2
    good(await merchant.post("/v1/orders/tags", {"orders": refs[:1], "drop": ["急"]}))
    assert good(await merchant.get(f"/v1/orders/{refs[0]}/tags"))["tags"] == ["vip"]
    for body in ({"orders": []}, {"orders": ["ord_x"]}, {"orders": refs * 101}, {"orders": refs, "add": ["x" * 31]}):
        refused(await merchant.post("/v1/orders/tags", body), 422, "request.malformed")
    refused(await merchant.post("/v1/orders/tags", {"orders": refs, "add": ["a\nb"]}), 422, "order.tag_unfit")


async def test_somebody_looks_after_orders_all_or_none_and_buyers_do_not_hear_of_it(
    merchant: Caller, stranger: Caller, http: httpx.AsyncClient, db: Database, shop: given.Shop
) -> None:
    refs = [good(await merchant.post("/v1/orders", basket()))["id"] for _ in range(2)]
    hired = ((shop.merchant_id, "own", "merchant"), (None, "boss", "lead"))
    wanted = [identity.SaveStaff(house, login, login, (role,)) for house, login, role in hired]
    own, boss = [encode("staff", (await do(db, SYSTEM, identity.save_staff, one)).id) for one in wanted]
    kept = good(await merchant.post("/v1/orders/assign", {"orders": refs, "to": own}))["items"]
    assert [(one["order"], one["keeper"]) for one in kept] == [(ref, own) for ref in refs]
    path = f"/v1/orders/{refs[0]}"
    assert good(await merchant.post(f"{path}/assign", {"to": None}))["keeper"] is None
    assert good(await merchant.get(f"{path}/keeper")) == {"order": refs[0], "keeper": None, "since": None}
    for to in (boss, encode("staff", 7)):
        refused(await merchant.post(f"{path}/assign", {"to": to}), 422, "order.keeper_unknown")
    for body in ({}, {"to": "own"}, {"to": refs[0]}):
        refused(await merchant.post(f"{path}/assign", body), 422, "request.malformed")
    refused(await stranger.post(f"{path}/assign", {"to": None}), 404, "order.unknown")
    refused(await stranger.get(f"{path}/keeper"), 404, "order.unknown")
    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=identity.ROLES["storefront"]))
    refused(await storefront.get(f"{path}/keeper"), 403, "auth.not_allowed")
    said = [[one["kind"] for one in good(await who.get(f"{path}/timeline"))["items"]] for who in (merchant, storefront)]
    assert ["order.assigned" in one for one in said] == [True, False]
    assert [one["id"] for one in good(await merchant.get("/v1/orders?only=needs_us"))["items"]] == []
