"""What pages do, the API does by the same words: each call that one copies is a door that there is."""

import json
import re
import shlex

import httpx
import pytest
from litestar import Litestar
from tests import given
from tests.console.conftest import Desk, Seat, built
from tests.surfaces.conftest import alive
from tests.surfaces.conftest import built as built_api

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.api.app import doors, furnish
from dingdan.surfaces.shared.doors import Door
from dingdan.surfaces.shared.pages import calls

pytestmark = pytest.mark.requirement("issue 6: console")


def pages(app: Litestar, method: str) -> dict[str, Door]:
    return {door.path: door for door in doors(app) if door.method == method}


def test_every_list_leads_to_a_door_that_takes_its_words() -> None:
    there, here = pages(built_api(), "GET"), pages(built(), "GET")
    for path, (target, names) in calls.LISTS.items():
        fields = set(here[path].query.__struct_fields__)
        assert set(names) <= fields, path
        taken = there[target].query
        assert set(names.values()) <= set(taken.__struct_fields__ if taken else ()), path


def test_every_act_leads_to_a_door() -> None:
    there, here = pages(built_api(), "POST"), pages(built(), "POST")
    twins = calls.RENAMED | {path: f"/v1{path}" for path in calls.ACTS}
    assert set(twins) <= set(here)
    assert set(twins.values()) <= set(there)
    # What is added under the same words is listed, too.
    assert {path for path in here if f"/v1{path}" in there} - set(twins) <= {"/stock/thaw", "/transfers", "/waves"}


async def test_a_list_is_copied_as_it_is_narrowed(seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    html = await desk.open("/orders?state=cancelled")
    (line,) = re.findall(r'data-copy="([^"]+)"', html)
    words = shlex.split(line.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&"))
    assert words[:3] == ["curl", "-s", "http://house.test/v1/orders?state=cancelled"]
    assert "data-copy=" not in await (await seat("lead")).open("/orders")


async def test_an_act_is_told_as_the_call_that_does_the_same(seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    page = (await desk.send("/webhooks/catch")).headers["location"]
    assert "data-copy-last" in await desk.open(page)
    for act, form, wanted in (("test", {}, "/test'"), ("answer", {"code": "500"}, "@body.json")):
        answer = await desk.http.post(
            f"{page}/{act}", data={"once": f"word-{act}-1", **form},
            headers={"Origin": "http://house.test", "HX-Request": "true", **desk._cookie()},
        )  # fmt: skip
        call = json.loads(answer.headers["hx-trigger"])["done"]["call"]
        assert call.startswith("curl -s -X POST http://house.test/v1/"), call
        assert wanted.strip("'") in call
        assert "Idempotency-Key" in call


async def test_the_first_call_works_as_it_is_pasted(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.placed_order(db, shop)
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    before = await desk.open("/developers", tongue="zh")
    assert "$DINGDAN_KEY" in before
    assert "复制" in before
    html = (await desk.send("/developers/key", status=200)).text
    (line,) = {one for one in re.findall(r'data-copy="(curl[^"]+)"', html) if "/v1/orders" in one}
    words = shlex.split(line.replace("&#34;", '"').replace("&#39;", "'"))
    url, header = words[2], words[4]
    app = built_api()
    furnish(app, db, Settings(mode="sandbox"))
    async with (
        alive(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://house.test") as http,
    ):
        name, _, value = header.partition(": ")
        found = await http.get(url, headers={name: value})
    assert len(found.json()["items"]) == 1
    assert "<script" not in html.partition("o-langs")[2]
    assert await _fragment(desk)


async def _fragment(desk: Desk) -> bool:
    answer = await desk.http.post(
        "/developers/key", headers={"Origin": "http://house.test", "HX-Request": "true", **desk._cookie()}
    )
    return "ddk_" in answer.text and "<html" not in answer.text
