"""Whole files in, a result for every row out; bad rows change nothing, and the same file twice changes nothing."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.serving import Server

pytestmark = pytest.mark.requirement("issue 2: load")

CSV, NDJSON = {"Content-Type": "text/csv"}, {"Content-Type": "application/x-ndjson"}

FILES = {
    "merchants": "code,name_zh,name_en,zone,currency,setting_freight\nlantern,灯笼,Lantern,Asia/Shanghai,CNY,800\n",
    "warehouses": "code,name_zh,zone,return_name,return_phone,return_country,return_province,return_city,return_detail\n"
    "HZ,杭州仓,Asia/Shanghai,李,13800000000,CN,浙江省,杭州市,一号路\n",
    "channels": "code,name_zh,currency,warehouse\nweb,官网,CNY,HZ\napp,应用,CNY,NOWHERE\n",
    "products": "sku,title_zh,title_en,category,flags\nMUG,杯子,Mug,home,\nTEA,茶,Tea,food/tea,perishable;presale\n"
    "BAD,坏,Bad,home,shiny\n",
    "prices": "sku,currency,amount,price\nMUG,CNY,19900,\nTEA,CNY,,50.00\nNOPE,CNY,1,\nTEA,CNY,,50.001\nMUG,JPY,,7\n",
    "stock": "warehouse,sku,on_hand\nHZ,MUG,10\nHZ,TEA,5\nHZ,NOPE,1\nXX,MUG,1\nHZ,TEA,-1\n",
}


async def load(
    caller: Caller, kind: str, content: Any, headers: dict[str, str] | None = None, *, merchant_code: str = "lantern"
) -> list[dict[str, Any]]:
    """Send a file; its results."""
    whose = {"merchant": merchant_code} if kind != "merchants" else {}
    answer = await caller.post(
        f"/v1/imports/{kind}", content=content, headers=headers or CSV, params=whose, key=None, timeout=120
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [msgspec.json.decode(line) for line in answer.text.splitlines()]


async def facts_in(db: Database) -> int:
    """How many facts there are."""
    async with db.connection() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM facts"))


async def test_a_shop_is_loaded_from_files_and_twice_changes_nothing(platform: Caller, db: Database) -> None:
    first = {kind: await load(platform, kind, text.encode()) for kind, text in FILES.items()}
    told = {kind: [(row["line"], row["status"], row.get("code")) for row in found] for kind, found in first.items()}
    assert told == {
        "merchants": [(2, "created", None)],
        "warehouses": [(2, "created", None)],
        "channels": [(2, "created", None), (3, "refused", "inventory.warehouse_unknown")],
        "products": [(2, "created", None), (3, "created", None), (4, "refused", "catalog.flag_unknown")],
        "prices": [
            (2, "created", None), (3, "created", None), (4, "refused", "product.unknown"),
            (5, "refused", "request.malformed"), (6, "created", None),
        ],
        "stock": [
            (2, "changed", None), (3, "changed", None), (4, "refused", "product.unknown"),
            (5, "refused", "inventory.warehouse_unknown"), (6, "refused", "request.malformed"),
        ],
    }  # fmt: skip
    tea = good(await platform.get("/v1/products/TEA", params={"merchant": "lantern"}))
    assert (tea["title"], tea["flags"]) == ({"zh": "茶", "en": "Tea"}, ["perishable", "presale"])
    assert tea["prices"] == [{"amount": 5000, "currency": "CNY"}]
    facts = await facts_in(db)
    again = {kind: await load(platform, kind, text.encode()) for kind, text in FILES.items()}
    assert {row["status"] for found in again.values() for row in found} == {"unchanged", "refused"}
    assert await facts_in(db) == facts


async def test_json_lines_have_the_fields_of_the_single_requests(platform: Caller) -> None:
    for kind in ("merchants", "warehouses", "channels"):
        await load(platform, kind, FILES[kind].encode())
    product = {"sku": "CUP", "title": {"zh": "杯", "en": "Cup"}, "category": "home", "flags": ["custom_made"]}
    lines = [product, product | {"sku": "C/2", "id": 5}, product | {"sku": 7}, {"sku": "X"}]
    found = await load(platform, "products", b"\n".join(map(msgspec.json.encode, lines)), NDJSON)
    assert [(row["status"], row.get("path")) for row in found] == [
        ("created", None), ("refused", "id"), ("refused", "sku"), ("refused", "title"),
    ]  # fmt: skip
    assert good(await platform.get("/v1/products/CUP", params={"merchant": "lantern"}))["flags"] == ["custom_made"]


async def test_a_thing_named_twice_is_decided_in_the_order_of_the_file(merchant: Caller, shop: given.Shop) -> None:
    answer = await merchant.post(
        "/v1/imports/stock", content=b"warehouse,sku,on_hand\nHZ,MUG,5\nHZ,MUG,5\nHZ,MUG,8\nHZ,TEE,1\n", headers=CSV
    )
    assert [msgspec.json.decode(line)["status"] for line in answer.text.splitlines()] == [
        "changed", "unchanged", "changed", "changed",
    ]  # fmt: skip
    levels = good(await merchant.get("/v1/stock", params={"sku": "MUG"}))["items"]
    assert levels[0]["levels"][0]["on_hand"] == 8


async def test_rows_of_another_merchant_are_refused(merchant: Caller, stranger: Caller, db: Database) -> None:
    async with db.connection() as connection:
        codes = [row["code"] for row in await connection.fetch("SELECT code FROM merchants ORDER BY id")]
    text = "merchant,sku,currency,amount\n" + "".join(f"{code},MUG,CNY,1\n" for code in [*codes, "nobody"])
    answer = await merchant.post("/v1/imports/prices", content=text.encode(), headers=CSV)
    found = [msgspec.json.decode(line) for line in answer.text.splitlines()]
    assert [row["status"] for row in found] == ["changed", "refused", "refused"]
    assert found[1] | {"line": 0} == found[2] | {"line": 0}


async def test_what_is_no_file_of_this_kind_is_refused_as_a_whole(merchant: Caller) -> None:
    path = "/v1/imports/products"
    refused(await merchant.post(path, content=b"sku,shade\nA,1\n", headers=CSV), 422, "import.header_unfit")
    refused(await merchant.post(path, content=b"", headers=CSV), 422, "import.header_unfit")
    refused(await merchant.post(path, {"sku": "A"}), 415, "request.unsupported_media_type")
    refused(await merchant.post("/v1/imports/orders", content=b"x", headers=CSV), 422, "request.malformed")
    assert (await merchant.post(path, content=b"", headers=NDJSON)).text == ""


async def test_messages_are_in_the_language_that_was_asked_for(merchant: Caller) -> None:
    headers = CSV | {"Accept-Language": "zh"}
    answer = await merchant.post("/v1/imports/prices", content=b"sku,currency,amount\nNO,CNY,1\n", headers=headers)
    assert msgspec.json.decode(answer.text)["message"] == "商品 NO 不存在。"


async def test_a_large_file_is_taken_in_with_little_memory(own_server: Server, db: Database, shop: given.Shop) -> None:
    await take_in_a_large_file(own_server, db, shop, count=50_000, seconds=100)


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_a_million_rows_take_no_more_memory(own_server: Server, db: Database, shop: given.Shop) -> None:
    await take_in_a_large_file(own_server, db, shop, count=1_000_000, seconds=1500)


async def take_in_a_large_file(server: Server, db: Database, shop: given.Shop, *, count: int, seconds: int) -> None:
    """Send a file of so many products, piece by piece, and read its results piece by piece."""

    async def file() -> AsyncIterator[bytes]:
        yield b"sku,title_zh,title_en,category,flags\n"
        for start in range(0, count, 1000):
            yield b"".join(b"S%06d,\xe6\x9d\xaf,Cup %d,home,\n" % (n, n) for n in range(start, start + 1000))

    before, began, lines, last = server.memory(), time.monotonic(), 0, b""
    headers = CSV | {"Authorization": f"Bearer {await key(db, merchant_id=shop.merchant_id)}"}
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=seconds) as client,
        client.stream("POST", "/v1/imports/products", content=file(), headers=headers) as answer,
    ):
        async for chunk in answer.aiter_bytes():
            lines, last = lines + chunk.count(b"\n"), (last + chunk)[-200:]
    assert lines == count
    assert msgspec.json.decode(last.splitlines()[-1])["line"] == count + 1
    assert time.monotonic() - began < seconds
    assert server.memory() - before < 60 * 1024 * 1024
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM products WHERE sku ~ '^S[0-9]{6}$'") == count
