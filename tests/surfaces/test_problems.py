"""Every no looks the same, names its place, and tells nothing about the inside."""

from typing import Any

import asyncpg
import httpx
import pytest

from dingdan.kernel.refusal import REGISTRY, Kind, Refusal, Refusals, Text
from dingdan.plumbing.database import Database
from dingdan.plumbing.http import Outage
from dingdan.surfaces.api.app import create_app
from dingdan.surfaces.shared import doors, problems
from tests import given
from tests.conftest import MASTER_KEY
from tests.surfaces.cable import Cable
from tests.surfaces.callers import Caller, refused
from tests.surfaces.conftest import SANDBOX, alive, key

pytestmark = pytest.mark.requirement("issue 2: refusals")

JSON = {"Content-Type": "application/json"}
FIELDS = {"type", "title", "status", "detail", "code", "path", "remedy", "problems", "correlation"}


def order(**more: Any) -> dict[str, Any]:
    """An order with a sound form."""
    lines = [{"sku": "MUG", "quantity": 1}]
    return {"channel": "web", "buyer": {"ref": "u"}, "ship_to": {}, "lines": lines} | more


WRONG_BODIES = [
    (b"", ""),
    (b"{", ""),
    (b"[]", ""),
    (b"null", ""),
    (b'"x"', ""),
    (b"\xff\xfe", ""),
    (b'{"channel": "\xff"}', ""),
    (b'{"channel": "\\ud800"}', ""),
    (b'{"channel": "a\\u0000b", "buyer": {}, "ship_to": {}, "lines": []}', ""),
    (b'{"chanel": "web"}', "chanel"),
    (b'{"channel": "web", "buyer": {"ref": 5}, "ship_to": {}, "lines": []}', "buyer.ref"),
    (b'{"channel": "web", "buyer": {}, "ship_to": {}, "lines": [{"sku": "A"}]}', "lines[0].quantity"),
    (b'{"channel": "web", "buyer": {}, "ship_to": {}, "lines": [{"sku": "A", "quantity": "1"}]}', "lines[0].quantity"),
    (b'{"channel": "web", "buyer": {}, "ship_to": {}, "lines": [{"sku": "A", "quantity": 1.0}]}', "lines[0].quantity"),
    (b'{"channel": "web", "buyer": {}, "ship_to": {}, "lines": [{"sku": "A", "quantity": 1, "id": 7}]}', "lines[0].id"),
    (b'{"channel": "web", "buyer": {}, "ship_to": {"zip": "1"}, "lines": []}', "ship_to.zip"),
    (b"[" * 100_000 + b"]" * 100_000, ""),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, ""),
]


async def test_a_body_of_the_wrong_form_names_its_place(merchant: Caller) -> None:
    for body, path in WRONG_BODIES:
        answer = await merchant.post("/v1/orders", headers=JSON, content=body)
        assert refused(answer, 422, "request.malformed")["path"] == path, body[:100]


async def test_brackets_inside_text_are_no_nesting(merchant: Caller) -> None:
    answer = await merchant.post("/v1/orders", order(remark="[" * 500, ship_to={"detail": '{"' * 100}))
    assert refused(answer, 422, "request.problems")


async def test_all_that_is_wrong_is_said_at_once(merchant: Caller) -> None:
    lines = [{"sku": "NOPE", "quantity": 1}, {"sku": "MUG", "quantity": 0}]
    answer = await merchant.post("/v1/orders", order(lines=lines, buyer={}))
    body = refused(answer, 422, "request.problems")
    assert set(body) == FIELDS
    found = {(problem["path"], problem["code"]) for problem in body["problems"]}
    assert found >= {
        ("lines[0].sku", "placement.product_unknown"), ("lines[1].quantity", "placement.quantity_unfit"),
        ("buyer.ref", "placement.buyer_missing"), ("ship_to.name", "address.part_missing"),
    }  # fmt: skip
    assert all(set(problem["message"]) == {"en", "zh"} for problem in body["problems"])
    assert all(problem["remedy"]["zh"] for problem in body["problems"])


LANGUAGES = {
    "": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "en-GB,zh;q=0.3": "en", "fr": "en", "zh": "zh", "*": "en",
    "zh;q=nonsense": "en", "en;q=0.1, zh-TW;q=0.2": "zh", ",;;=,": "en", "zh" * 5000: "en",
}  # fmt: skip


async def test_the_words_are_in_the_language_that_was_asked_for(anybody: Caller) -> None:
    words = {"en": "There is nothing at this address.", "zh": "该地址不存在。"}
    for asked, tongue in LANGUAGES.items():
        answer = await anybody.get("/nowhere", headers={"Accept-Language": asked})
        assert (answer.headers["content-language"], answer.json()["detail"]) == (tongue, words[tongue]), asked[:50]


async def test_what_the_framework_refuses_looks_the_same(anybody: Caller, merchant: Caller) -> None:
    refused(await anybody.get("/nowhere"), 404, "request.no_such_route")
    wrong = await anybody.request("DELETE", "/v1/orders")
    refused(wrong, 405, "request.method_not_allowed")
    assert set(wrong.headers["allow"].split(", ")) == {"GET", "POST", "OPTIONS"}
    refused(await merchant.post("/v1/orders", data={"a": "b"}), 415, "request.unsupported_media_type")
    strange = {"Content-Type": "application/json; charset=gbk"}
    refused(await merchant.post("/v1/orders", headers=strange, content=b"{}"), 415, "request.unsupported_media_type")


async def test_parameters_are_checked_like_bodies(merchant: Caller) -> None:
    wrong = {
        "limit=0": "query.limit", "limit=1000000000": "query.limit", "limit=x": "query.limit", "sort=id": "query.sort",
        "state=gone": "query.state", "after=%21%21": "query.after", "after=AAAA": "query.after",
        "placed_from=2020-01-01T00:00:00": "query.placed_from", "placed_from=yesterday": "query.placed_from",
        "limit=1&limit=2": "query.limit", "reference=a%00b": "query.reference", "state=null": "query.state",
    }  # fmt: skip
    for query, path in wrong.items():
        answer = await merchant.get(f"/v1/orders?{query}")
        assert refused(answer, 422, "request.malformed")["path"] == path, query
    unwanted = await merchant.get("/v1/orders/ord_0000000000001?x=1")
    assert refused(unwanted, 422, "request.malformed")["path"] == "query.x"


async def test_what_is_no_id_names_nothing(merchant: Caller) -> None:
    for text in ("1", "ord_", "ord_ZZZZZZZZZZZZZ", "pay_0000000000001", "ord_000000000000U", "%00", "💥"):
        refused(await merchant.get(f"/v1/orders/{text}"), 404, "order.unknown")


async def test_a_body_where_none_is_taken_is_refused(merchant: Caller) -> None:
    refused(await merchant.post("/v1/orders/ord_0000000000001/release", {"x": 1}), 422, "request.malformed")
    refused(await merchant.post("/v1/orders/ord_0000000000001/release", {}), 404, "order.unknown")


@pytest.mark.requirement("S-20")
async def test_a_body_that_is_too_large_is_not_read(merchant: Caller) -> None:
    limit = SANDBOX.max_body_bytes
    refused(await merchant.post("/v1/orders", headers=JSON, content=b" " * (limit + 1)), 413, "request.too_large")

    async def endless() -> Any:
        for _ in range(limit // 65_536 + 2):
            yield b" " * 65_536

    refused(await merchant.post("/v1/orders", headers=JSON, content=endless()), 413, "request.too_large")
    callback = await merchant.post("/v1/callbacks/payments/sandbox", content=b"x" * (limit + 1))
    refused(callback, 413, "request.too_large")


SECRET = "SELECT secret FROM inside"
FAILURES = [
    (RuntimeError(SECRET), 500, "internal.unexpected"),
    (KeyError(SECRET), 500, "internal.unexpected"),
    (AssertionError(SECRET), 500, "internal.unexpected"),
    (asyncpg.UniqueViolationError(SECRET), 500, "internal.unexpected"),
    (asyncpg.UndefinedTableError(SECRET), 500, "internal.unexpected"),
    (asyncpg.DataError(SECRET), 422, "request.not_storable"),
    (asyncpg.ConnectionDoesNotExistError(SECRET), 503, "database.away"),
    (asyncpg.AdminShutdownError(SECRET), 503, "database.away"),
    (asyncpg.TooManyConnectionsError(SECRET), 503, "database.away"),
    (ConnectionRefusedError(SECRET), 503, "database.away"),
    (TimeoutError(SECRET), 503, "database.away"),
    (Outage(SECRET), 502, "outside.failed"),
]


@pytest.mark.requirement("S-25")
async def test_a_failure_tells_nothing_about_the_inside(db: Database) -> None:
    @doors.get("/v1/broken/{which}", why_open="a test breaks it")
    async def broken(_ask: doors.Ask, which: str) -> dict[str, str]:
        """Break."""
        raise FAILURES[int(which)][0]

    application = create_app(db, SANDBOX)
    application.register(broken)
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    async with alive(application), httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        for which, (_, status, code) in enumerate(FAILURES):
            answer = await client.get(f"/v1/broken/{which}", headers={"X-Request-Id": "trace-me-1234"})
            assert refused(answer, status, code)["correlation"] == "trace-me-1234"
            told = answer.text + repr(answer.headers)
            assert not [word for word in (SECRET, "Error", "Traceback", "asyncpg", ".py") if word in told]
            assert ("retry-after" in answer.headers) == (status in (502, 503))


async def test_the_type_of_a_problem_leads_to_what_it_means(anybody: Caller) -> None:
    for code in REGISTRY:
        answer = await anybody.get(f"/problems/{code}")
        assert answer.status_code == 200, code
        assert set(answer.json()["message"]) == {"en", "zh"}
    refused(await anybody.get("/problems/none"), 404, "request.no_such_problem")


async def test_the_first_of_several_problems_leads() -> None:
    class Late(Refusal):
        """For this test."""

        code = "test.late"
        kind = Kind.CONFLICT
        message = Text("Late.", "晚了。")
        remedy = Text("Be early.", "请提前。")

    both = Refusals([Late("a"), problems.Malformed("b", what="x", what_zh="x")])
    assert problems.status_of(both) == 409
    assert [item.path for item in problems.problem_of(both, "en").problems] == ["a", "b"]
    REGISTRY.pop("test.late")


async def test_the_database_gone_is_a_503_until_it_is_back(db: Database, shop: given.Shop) -> None:
    secret = await key(db, merchant_id=shop.merchant_id)
    async with Cable(db.url) as cable:
        behind = await Database(cable.url, key=MASTER_KEY, sandbox=True).open()
        application = create_app(behind, SANDBOX)
        transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
        async with alive(application), httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            caller = Caller(client, secret)
            assert (await caller.get("/v1/orders")).status_code == 200
            await cable.cut()
            for path in ("/v1/orders", "/v1/events", "/v1/products"):
                answer = await caller.get(path)
                assert answer.status_code == 503, answer.text
                assert answer.headers["retry-after"]
            assert (await caller.post("/v1/orders", order())).status_code == 503
            assert (await caller.get("/health/ready")).status_code == 503
            assert (await caller.get("/health/live")).status_code == 200
            await cable.mend()
            assert (await caller.get("/v1/orders")).status_code == 200
            assert (await caller.get("/health/ready")).status_code == 200
        await behind.close()
