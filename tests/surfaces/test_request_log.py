"""What keys called last: written behind the answers, without bodies or people, bounded, and seen by its owner only."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock, request_log
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared import journal
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_road import basket

pytestmark = pytest.mark.requirement("issue 6: console")


async def calls(app: Litestar, who: Caller, **query: Any) -> list[dict[str, Any]]:
    await app.state.journal.drain()
    found: list[dict[str, Any]] = good(await who.get("/v1/requests", params=query))["items"]
    return found


async def test_a_call_is_found_by_how_it_ended_its_code_and_its_id(app: Litestar, merchant: Caller) -> None:
    order = good(await merchant.post("/v1/orders", basket(remark="call 13900001111")))
    wrong = await merchant.get("/v1/orders/ord_nothing", headers={"X-Request-Id": "till-0001"})
    refused(await merchant.post("/v1/orders", basket(), key=None), 422, "idempotency.key_missing")
    found = await calls(app, merchant)
    assert [(one["method"], one["route"], one["status"]) for one in found] == [
        ("POST", "/v1/orders", 422), ("GET", "/v1/orders/{order_id}", 404), ("POST", "/v1/orders", 201),
    ]  # fmt: skip
    assert order["id"] not in str(found)
    assert "13900001111" not in str(found)
    (lost,) = await calls(app, merchant, request_id="till-0001")
    assert lost["codes"] == [wrong.json()["code"]] == ["order.unknown"]
    assert [one["status"] for one in await calls(app, merchant, ended="done", route="/v1/orders")] == [201]
    assert [one["codes"] for one in await calls(app, merchant, code="idempotency.key_missing")] == [
        ["idempotency.key_missing"]
    ]
    assert await calls(app, merchant, key=lost["key"], ended="failed") == []


async def test_another_shop_sees_nothing_of_it(app: Litestar, merchant: Caller, stranger: Caller) -> None:
    good(await merchant.get("/v1/orders"))
    assert {one["route"] for one in await calls(app, stranger)} <= {"/v1/requests"}
    assert await calls(app, stranger, route="/v1/orders") == []


async def test_a_flood_is_a_sample_and_its_mistakes_are_kept(
    app: Litestar, db: Database, merchant: Caller, shop: given.Shop
) -> None:
    holder = identity.Holder((await _actor(db, merchant)), await _key(db, merchant), None)
    left_out = journal.REQUESTS_LEFT_OUT._value.get()
    for n in range(500):
        status, codes = (422, ("order.wrong",)) if n == 499 else (201, ())
        app.state.journal.note(
            holder,
            method="POST",
            route="/v1/flood",
            status=status,
            seconds=0.01,
            request_id=f"flood-{n:04}",
            codes=codes,
        )
    found = await calls(app, merchant, route="/v1/flood", limit=200)
    assert len(found) == journal.OF_A_KEY + 1
    assert found[0]["codes"] == ["order.wrong"]
    assert journal.REQUESTS_LEFT_OUT._value.get() - left_out == 500 - len(found)


async def test_what_cannot_be_written_is_counted_and_nobody_hears_of_it(
    app: Litestar, merchant: Caller, db: Database
) -> None:
    good(await merchant.get("/v1/orders"))
    left_out = journal.REQUESTS_LEFT_OUT._value.get()
    async with db.connection() as connection:
        await connection.execute("ALTER TABLE request_log RENAME TO gone")
        await app.state.journal.drain()
        await connection.execute("ALTER TABLE gone RENAME TO request_log")
    assert journal.REQUESTS_LEFT_OUT._value.get() == left_out + 1


async def test_old_lines_and_those_beyond_the_newest_are_swept(
    db: Database, shop: given.Shop, merchant: Caller
) -> None:
    key = await _key(db, merchant)
    async with db.connection() as connection:
        await request_log.keep(connection, [_line(db, key, shop.merchant_id) for _ in range(3)], [0.0] * 3)
        await connection.execute(
            "INSERT INTO request_log SELECT -n, key_id, merchant_id, at, method, route, status, took_ms, request_id, codes"
            " FROM request_log, generate_series(1, $1) AS n WHERE id = (SELECT max(id) FROM request_log)",
            request_log.MOST_OF_A_KEY,
        )
    assert await do(db, SYSTEM, request_log.sweep) == 3
    assert await do(db, SYSTEM, request_log.sweep) == 0
    await do(db, SYSTEM, clock.advance, request_log.KEPT + timedelta(minutes=1))
    assert await do(db, SYSTEM, request_log.sweep) == request_log.MOST_SWEPT


async def test_a_key_that_is_over_hears_why_and_its_owner_sees_it(
    app: Litestar, http: httpx.AsyncClient, db: Database, merchant: Caller
) -> None:
    async with db.reading(SYSTEM) as tx:
        ends = (tx.now + timedelta(hours=1)).isoformat()
    made = good(await merchant.post("/v1/keys", {"name": "till", "scopes": ["order.read"], "expires_at": ends}))
    till = Caller(http, made["secret"])
    good(await till.get("/v1/orders"))
    await app.state.journal.drain()
    assert good(await merchant.get(f"/v1/keys/{made['key']['id']}"))["last_used_at"] is not None
    await do(db, SYSTEM, clock.advance, timedelta(hours=2))
    body = refused(await till.get("/v1/orders"), 401, "auth.key_expired")
    assert "/replace" in body["remedy"]
    assert [one["codes"] for one in await calls(app, merchant, key=made["key"]["id"], ended="refused")] == [
        ["auth.key_expired"]
    ]
    again = good(await merchant.post(f"/v1/keys/{made['key']['id']}/replace", {"overlap_hours": 0}, key="once"))
    told = good(await merchant.post(f"/v1/keys/{made['key']['id']}/replace", {"overlap_hours": 0}, key="once"))
    assert told == again | {"secret": None}
    good(await Caller(http, again["secret"]).get("/v1/orders"))
    refused(await merchant.post(f"/v1/keys/{made['key']['id']}/replace"), 409, "key.not_in_force")
    refused(await merchant.post("/v1/keys", {"name": "x", "scopes": ["order.read"], "expires_at": "2020-01-01T00:00:00Z"}),
            422, "key.end_unusable")  # fmt: skip


async def test_a_catcher_is_made_told_and_read(merchant: Caller, stranger: Caller) -> None:
    made = good(await merchant.post("/v1/sandbox/catchers"))
    assert made["secret"].startswith("whsec_")
    here = f"/v1/sandbox/catchers/{made['endpoint']['id']}"
    assert good(await merchant.get(f"{here}/caught"))["items"] == []
    assert good(await merchant.post(f"{here}/answer", {"status": 500}))["caught_with"] == 500
    refused(await merchant.post(f"{here}/answer", {"status": 302}), 409, "webhook.no_catcher")
    assert (await stranger.get(f"{here}/caught")).status_code == 404
    patched = await merchant.request(
        "PATCH", f"/v1/webhook-endpoints/{made['endpoint']['id']}", json={"url": "https://93.184.216.34/x"}
    )
    refused(patched, 409, "webhook.catcher_fixed")


def _line(db: Database, key: int, merchant_id: int) -> request_log.Line:
    return request_log.Line(db.ids.mint(), key, merchant_id, "GET", "/v1/orders", 200, 3, "r-00000001", ())


async def _actor(db: Database, who: Caller) -> Any:
    async with db.connection() as connection:
        return (await identity.find_keys(connection, [who.secret or ""]))[who.secret or ""].actor


async def _key(db: Database, who: Caller) -> int:
    async with db.connection() as connection:
        return (await identity.find_keys(connection, [who.secret or ""]))[who.secret or ""].key_id
