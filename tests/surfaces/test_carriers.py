"""Carriers, lanes and what would be promised, through the doors."""

from typing import Any

import pytest

from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_imports import load

pytestmark = pytest.mark.requirement("O1.10")

LICENCE = {"number": "邮 1", "issuer": "国家邮政局", "valid_from": "2020-01-01", "valid_until": "2099-12-31"}
SF = {"name": {"zh": "顺丰", "en": "SF"}, "services": ["standard", "express"], "regions": ["CN", "HK"],
      "licences": [LICENCE]}  # fmt: skip
EAST = {"carrier": "sf", "country": "CN", "region": "33", "warehouse": "HZ", "cut_off": "17:30", "days_max": 2}
HANGZHOU = {"country": "中国", "province": "浙江", "city": "杭州", "district": "西湖"}


async def asked(caller: Caller, **other: Any) -> dict[str, Any]:
    """What is promised to Hangzhou by somebody who pays at noon."""
    body = {"warehouse": "HZ", "ship_to": HANGZHOU, "paid_at": "2026-11-25T12:00:00+08:00"} | other
    return good(await caller.post("/v1/lanes/preview", json=body, key=None))


async def test_a_lane_is_set_seen_and_changed(merchant: Caller) -> None:
    good(await merchant.put("/v1/carriers/sf", json=SF))
    lane = good(await merchant.put("/v1/lanes/east", json=EAST | {"surcharge": {"amount": 500, "currency": "CNY"}}))
    again = good(await merchant.put("/v1/lanes/east", json=EAST))

    assert (lane["region_name"], lane["cut_off"], lane["warehouse"]) == ("浙江省", "17:30", "HZ")
    assert lane["surcharge"] == {"amount": 500, "currency": "CNY"}
    assert again == lane | {"surcharge": None}
    assert good(await merchant.get("/v1/lanes/east")) == again
    assert good(await merchant.get("/v1/lanes"))["items"] == [again]
    assert [one["code"] for one in good(await merchant.get("/v1/carriers"))["items"]] == ["sf"]


async def test_a_promise_is_told_with_its_basis(merchant: Caller) -> None:
    good(await merchant.put("/v1/carriers/sf", json=SF))
    good(await merchant.put("/v1/lanes/east", json=EAST))

    told = await asked(merchant)

    assert told["region"] == {"country": "CN", "code": "330106"}
    assert (told["ship_by"], told["arrive_by"]) == ("2026-11-25T16:00:00Z", "2026-11-27T16:00:00Z")
    assert (told["carrier"], told["basis"]["lane"], told["basis"]["cut_off"]) == ("sf", "east", "2026-11-25T09:30:00Z")


async def test_where_nothing_goes_the_preview_says_so(merchant: Caller) -> None:
    before = await asked(merchant)
    good(await merchant.put("/v1/carriers/sf", json=SF))
    good(await merchant.put("/v1/lanes/east", json=EAST))

    express = await asked(merchant, service="express")
    abroad = await asked(merchant, ship_to={"country": "CN", "province": "香港"})

    assert (before["deliverable"], before["basis"]["rule"]) == (True, "settings")
    assert (express["deliverable"], express["why"]) == (False, "service")
    assert express["alternatives"] == [{"kind": "service", "service": "standard", "carrier": "sf", "warehouse": None}]
    assert (abroad["why"], abroad["region"]) == ("no_lane", {"country": "HK", "code": ""})


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"region": "99"}, "region", "carriers.region_unknown"),
        ({"region": "CA"}, "region", "carriers.region_unknown"),
        ({"country": "US", "region": "CA"}, "region", "carriers.field_unfit"),
        ({"service": "freight"}, "service", "carriers.field_unfit"),
        ({"days_min": 3}, "days_max", "carriers.field_unfit"),
        ({"cut_off": "25:00"}, "cut_off", "request.malformed"),
    ],
)
async def test_a_lane_that_cannot_be_is_refused_at_its_place(
    merchant: Caller, change: dict[str, Any], path: str, code: str
) -> None:
    good(await merchant.put("/v1/carriers/sf", json=SF))

    problem = refused(await merchant.put("/v1/lanes/east", json=EAST | change), 422, code)

    assert [one["path"] for one in problem["problems"]] == [path]


async def test_a_lane_names_what_exists(merchant: Caller) -> None:
    refused(await merchant.put("/v1/lanes/east", json=EAST), 404, "carriers.carrier_unknown")
    good(await merchant.put("/v1/carriers/sf", json=SF))
    refused(await merchant.put("/v1/lanes/east", json=EAST | {"warehouse": "X"}), 404, "inventory.warehouse_unknown")
    refused(await merchant.get("/v1/lanes/east"), 404, "carriers.lane_unknown")


async def test_the_platforms_lanes_hold_for_every_merchant(platform: Caller, merchant: Caller) -> None:
    good(await platform.put("/v1/carriers/post", json=SF))
    lane = {key: value for key, value in EAST.items() if key != "warehouse"} | {"carrier": "post"}
    good(await platform.put("/v1/lanes/all", json=lane))

    assert (await asked(merchant))["basis"]["whose"] == "platform"
    assert [one["merchant"] for one in good(await merchant.get("/v1/lanes"))["items"]] == [None]
    good(await merchant.put("/v1/lanes/own", json=EAST | {"carrier": "post"}))
    assert (await asked(merchant))["basis"]["whose"] == "merchant"


FILE = """code,carrier,country,region,warehouse,cut_off,days_max,surcharge,currency,deliverable
east,sf,CN,33,HZ,17:30,2,,,
far,sf,CN,65,,12:00,9,1500,CNY,
no,sf,CN,54,,12:00,9,,,no
bad,sf,CN,99,,12:00,9,,,
twin,sf,CN,33,HZ,12:00,9,,,
none,xx,CN,33,HZ,12:00,9,,,
"""


async def test_lanes_are_loaded_from_a_file_and_twice_changes_nothing(
    merchant: Caller, db: Database, shop: given.Shop
) -> None:
    good(await merchant.put("/v1/carriers/sf", json=SF))
    async with db.connection() as connection:
        code = await connection.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    found = [await load(merchant, "lanes", FILE.encode(), merchant_code=code) for _ in range(2)]

    wrong = [(5, "carriers.region_unknown"), (6, "carriers.lane_twice"), (7, "carriers.carrier_unknown")]
    for results, status in zip(found, ("created", "unchanged"), strict=True):
        assert [(one["line"], one["status"]) for one in results[:3]] == [(n, status) for n in (2, 3, 4)]
        assert [(one["line"], one["code"]) for one in results[3:]] == wrong
