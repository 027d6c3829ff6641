"""What every answer has: a correlation, safe headers, a line in the log without anything personal."""

import re
from typing import Any

import httpx
import structlog
from litestar import Litestar

from dingdan.areas import identity
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from dingdan.surfaces.api.app import doors
from tests import given
from tests.surfaces.callers import Caller, good
from tests.surfaces.conftest import key
from tests.surfaces.test_access import knock
from tests.surfaces.test_road import ADDRESS, basket

SAFE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


async def test_every_answer_has_safe_headers(app: Litestar, merchant: Caller) -> None:
    answers = [await knock(merchant, door, {}) for door in doors(app)]
    answers += [await merchant.get("/nowhere"), await merchant.request("DELETE", "/v1/orders")]
    for answer in answers:
        assert answer.headers.items() >= SAFE.items(), answer.url
        assert "unsafe" not in answer.headers["content-security-policy"], answer.url
        assert "default-src 'none'" in answer.headers["content-security-policy"], answer.url
        assert answer.headers["cache-control"] == "no-store", answer.url
        assert answer.headers["x-request-id"]
        assert "server" not in answer.headers


async def test_the_correlation_is_the_callers_word_where_it_is_well_formed(anybody: Caller) -> None:
    kept = await anybody.get("/nowhere", headers={"X-Request-Id": "shop-7f3a.9:1"})
    assert kept.headers["x-request-id"] == kept.json()["correlation"] == "shop-7f3a.9:1"
    for strange in ("short", "a b c d e f g", "x" * 200, "line\x1bbreak", '{"json": 1}'):
        answer = await anybody.get("/nowhere", headers=[(b"x-request-id", strange.encode())])
        assert re.fullmatch(r"[0-9a-f]{24}", answer.headers["x-request-id"])


async def test_the_correlation_goes_into_the_facts(merchant: Caller, db: Database) -> None:
    good(await merchant.post("/v1/orders", basket(), headers={"X-Request-Id": "from-the-door"}))
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT correlation FROM facts WHERE wire = 'order.placed'") == "from-the-door"


async def test_the_log_has_one_line_without_anything_personal(merchant: Caller, shop: given.Shop, db: Database) -> None:
    with structlog.testing.capture_logs() as lines:
        order = good(await merchant.post("/v1/orders", basket(remark="call 13900001111")))
        good(await merchant.get("/v1/orders", params={"buyer": "u-1001"}))
        good(await merchant.get(f"/v1/orders/{order['id']}"))
    heard = [line for line in lines if line["event"] == "http"]
    assert [(line["method"], line["route"], line["status"]) for line in heard] == [
        ("POST", "/v1/orders", 201), ("GET", "/v1/orders", 200), ("GET", "/v1/orders/{order_id}", 200),
    ]  # fmt: skip
    told = repr(lines)
    private = [ADDRESS["name"], ADDRESS["phone"], ADDRESS["detail"], "13900001111", "u-1001", merchant.secret]
    assert not [word for word in private if str(word) in told]


async def test_nothing_personal_is_kept_under_a_key(merchant: Caller, db: Database) -> None:
    order = good(await merchant.post("/v1/orders", basket(remark="call 13900001111")))
    good(await merchant.post(f"/v1/orders/{order['id']}/cancel"))
    made = good(await merchant.post("/v1/keys", {"name": "till", "scopes": ["order.read"]}))
    async with db.connection() as connection:
        rows: list[Any] = await connection.fetch("SELECT answer FROM idempotency_keys")
    kept = b"".join(row["answer"] or b"" for row in rows).decode()
    assert len(rows) == 3
    private = ["王小明", "13812345678", "文三路", "13900001111", "u-1001", made["secret"]]
    assert not [word for word in private if word in kept]


async def test_people_are_masked_for_whoever_may_not_see_them(
    http: httpx.AsyncClient, db: Database, shop: given.Shop
) -> None:
    order_id = ids.encode("order", await given.placed_order(db, shop))
    for role in ("finance", "logistics"):
        caller = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=identity.ROLES[role]))
        answer = await caller.get(f"/v1/orders/{order_id}")
        recipient = good(answer)["recipient"]
        assert recipient["is_masked"]
        assert recipient["city"] == "杭州市"
        assert not [word for word in ("王小明", "13812345678", "文三路 1 号") if word in answer.text]


async def test_metrics_count_by_route(anybody: Caller, merchant: Caller) -> None:
    await merchant.get("/v1/orders/ord_0000000000001")
    await merchant.request("PROPFIND", "/v1/orders")
    text = (await anybody.get("/metrics")).text
    assert 'dingdan_http_seconds_count{method="GET",route="/v1/orders/{order_id}",status="404"}' in text
    assert 'method="(other)"' in text
    assert "ord_0000000000001" not in text


async def test_the_program_is_ready_when_the_database_is(anybody: Caller, db: Database) -> None:
    assert good(await anybody.get("/health/live")) == {"alive": True}
    assert good(await anybody.get("/health/ready"))["ready"] is True
    async with db.connection() as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '0000'")
    behind = await anybody.get("/health/ready")
    assert behind.status_code == 503
    assert "schema" in behind.json()["detail"]
    async with db.connection() as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '9999'")
        await connection.execute("ALTER FUNCTION dingdan_now() RENAME TO gone")
    assert (await anybody.get("/health/ready")).status_code == 503
    assert (await anybody.get("/health/live")).status_code == 200
    async with db.connection() as connection:
        await connection.execute("ALTER FUNCTION gone() RENAME TO dingdan_now")


async def test_the_reference_page_runs_our_own_files_only(anybody: Caller) -> None:
    page = await anybody.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|https?://", page.text)
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        answer = await anybody.get(path)
        assert answer.status_code == 200, path
        again = await anybody.get(path, headers={"If-None-Match": answer.headers.get("etag", "x")})
        assert again.status_code in (200, 304)
    assert (await anybody.get("/docs/..%2f..%2fasgi.py")).status_code == 404
