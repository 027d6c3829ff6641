"""Promotions, coupons and tariffs through the API: drafted, tried, run, given away, stopped."""

from typing import Any

import pytest

from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("issue 3: pricing")

TIERS = {"kind": "tiers", "tiers": [{"at": 30000, "off": 4000}]}
SALE: dict[str, Any] = {
    "name": {"zh": "满300减40", "en": "40 off 300"}, "benefit": TIERS, "currency": "CNY", "starts_at": "2026-01-01T00:00:00Z",
}  # fmt: skip
COUPON = SALE | {"code": "spring", "benefit": {"kind": "amount", "off": 500}, "needs_grant": True}
ORDER_A = [{"sku": "MUG"}, {"sku": "TEE", "quantity": 2}, {"sku": "SOCK"}]


async def test_a_promotion_is_drafted_tried_run_and_stopped(merchant: Caller, shop: given.Shop, db: Database) -> None:
    made = good(await merchant.post("/v1/promotions", SALE))
    assert (made["state"], made["stage"], made["available_actions"]) == (
        "draft",
        "threshold",
        ["change", "schedule", "stop"],
    )
    await given.placed_order(db, shop, {"MUG": 2})
    await given.placed_order(db, shop, {"SOCK": 1})
    tried = good(await merchant.post(f"/v1/promotions/{made['id']}/preview", {"lines": ORDER_A}))
    assert [tried[side]["total"]["amount"] for side in ("without", "with_promotion")] == [41870, 37870]
    (layer,) = tried["with_promotion"]["layers"]
    assert (layer["label"], layer["funder"]) == ({"en": "40 off 300", "zh": "满300减40"}, "merchant")
    assert [share["amount"]["amount"] for share in layer["shares"]] == [1901, 1718, 381]
    (recent,) = tried["recent"]
    assert (recent["orders"], recent["touched"], recent["off"]) == (2, 1, {"amount": 4000, "currency": "CNY"})
    assert good(await merchant.post(f"/v1/promotions/{made['id']}/schedule"))["state"] == "active"
    assert good(await merchant.post(f"/v1/promotions/{made['id']}/stop", {"reason": "mistake"}))["state"] == "stopped"
    assert [one["id"] for one in good(await merchant.get("/v1/promotions?state=stopped"))["items"]] == [made["id"]]


async def test_a_coupon_is_given_to_buyers_and_as_codes(merchant: Caller, shop: given.Shop, db: Database) -> None:
    await given.placed_order(db, shop, {"MUG": 1}, buyer="buyer-1")
    made = good(await merchant.post("/v1/promotions", COUPON))
    path = f"/v1/coupons/{made['id']}/grants"
    (to_buyer,) = good(await merchant.post(path, {"buyers": ["buyer-1"]}))["items"]
    codes = good(await merchant.post(path, {"codes": 3}))["items"]

    assert to_buyer["buyer_id"].startswith("buy_")
    assert len({one["code"] for one in codes}) == 3
    assert len(good(await merchant.get(path))["items"]) == 4
    assert [one["terms"]["code"] for one in good(await merchant.get("/v1/coupons"))["items"]] == ["SPRING"]
    assert good(await merchant.get("/v1/promotions"))["items"] == []
    refused(await merchant.post(path, {"buyers": ["nobody"]}), 404, "buyer.unknown")
    refused(await merchant.post(path, {}), 422, "request.malformed")


async def test_a_preview_of_a_coupon_names_it_for_the_basket(merchant: Caller) -> None:
    made = good(await merchant.post("/v1/promotions", COUPON))
    tried = good(await merchant.post(f"/v1/promotions/{made['id']}/preview", {"lines": [{"sku": "MUG"}]}))

    assert tried["with_promotion"]["discount"]["amount"] == 500
    assert tried["with_promotion"]["problems"] == []
    refused(
        await merchant.post(f"/v1/promotions/{made['id']}/preview", {"lines": [{"sku": "NONE"}]}),
        404,
        "product.unknown",
    )


async def test_what_is_wrong_with_a_promotion_is_told_with_its_paths(merchant: Caller) -> None:
    bad = SALE | {"benefit": {"kind": "percent", "off": 0}, "limit_total": 0}
    told = refused(await merchant.post("/v1/promotions", bad), 422, "promotion.field_unfit")

    assert sorted(one["path"] for one in told["problems"]) == ["benefit.off", "limit_total"]
    refused(await merchant.post("/v1/promotions", SALE | {"benefit": {"kind": "magic"}}), 422, "request.malformed")
    refused(
        await merchant.post("/v1/promotions", SALE | {"starts_at": "2026-01-01T00:00:00"}), 422, "request.malformed"
    )


async def test_tariffs_are_replaced_as_a_whole(merchant: Caller, stranger: Caller) -> None:
    freight = {"name": {"zh": "全国"}, "currency": "CNY", "country": "CN", "fee": 800}
    for path, body in (
        ("/v1/freight-rules", {"rules": [freight]}), ("/v1/tax-rules", {"rules": [{"name": {"en": "VAT"}, "rate": 1300}]}),
        ("/v1/points-rule", {"rule": {"points": 100, "amount": 100, "currency": "CNY"}}),
    ):  # fmt: skip
        saved = good(await merchant.put(path, body))
        assert good(await merchant.get(path)) == saved
        assert good(await merchant.put(path, {name: None if name == "rule" else [] for name in body}))
        assert good(await stranger.get(path))["merchant"] != saved["merchant"]


async def test_the_platforms_promotion_is_seen_by_merchants_and_changed_by_none(
    platform: Caller, merchant: Caller
) -> None:
    made = good(
        await platform.post("/v1/promotions", SALE | {"code": "ALL", "benefit": {"kind": "amount", "off": 100}})
    )

    assert (made["merchant"], made["funder"], made["stage"]) == (None, "platform", "platform")
    assert good(await merchant.get(f"/v1/promotions/{made['id']}"))["terms"]["code"] == "ALL"
    refused(await merchant.post(f"/v1/promotions/{made['id']}/stop", {"reason": "x"}), 404, "promotion.out_of_reach")
    assert good(await platform.post(f"/v1/promotions/{made['id']}/preview", {"recent_orders": 5}))["without"] is None


async def test_another_merchants_promotion_does_not_exist(stranger: Caller, merchant: Caller) -> None:
    mine = good(await merchant.post("/v1/promotions", SALE))

    refused(await stranger.get(f"/v1/promotions/{mine['id']}"), 404, "promotion.unknown")
    assert good(await stranger.get("/v1/promotions"))["items"] == []
