"""Policies through the doors: written on top of a pack, linted, tried, announced, and shown as what is applied."""

import re
from typing import Any

import pytest

from dingdan.areas import policies
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

CN = policies.packs()[0]
BASE = f"cn_statutory@{CN.version}"
ADDRESS = {"name": "Ann", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市",
           "district": "西湖区", "detail": "文三路 1 号"}  # fmt: skip


def changes(days: int = 15, **more: Any) -> dict[str, Any]:
    """A shop that promises more days than the law."""
    return {
        "extends": BASE,
        "document": {"name": {"en": f"{days} days", "zh": f"{days}天"}, "effective_from": "2026-01-01",
                     "no_reason": {"window": {"days": days}}} | more,
    }  # fmt: skip


async def code_of(db: Database, shop: given.Shop) -> str:
    async with db.reading(SYSTEM) as tx:
        code: str = await tx.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
        return code


@pytest.mark.requirement("R1.1")
async def test_quote_order_and_pages_carry_one_hash_for_a_product_and_a_region(
    merchant: Caller, anybody: Caller, db: Database, shop: given.Shop
) -> None:
    code = await code_of(db, shop)
    house = good(await merchant.put("/v1/policies/house/1/draft", changes(regions={"EU": "eu_crd"})))
    assert house["problems"] == []
    good(await merchant.post(f"/v1/policies/{house['life']['id']}/announce"))
    good(await merchant.put(f"/v1/merchants/{code}", {"name": {"en": "Shop"}, "zone": "Asia/Shanghai", "currency": "CNY",
                                                      "policy": "house"}))  # fmt: skip
    for region, policy in (("CN", "house"), ("DE", "eu_crd")):
        shown = {
            place: good(await anybody.get(f"/v1/shops/{code}/return-policy?place={place}&sku=TEE&region={region}"))
            for place in ("product", "checkout", "help")
        }
        page = await anybody.get(
            f"/v1/shops/{code}/return-policy/fragment?place=checkout&sku=TEE&region={region}&lang=zh"
        )
        basket = {"channel": "web", "buyer": {"ref": "b"}, "lines": [{"sku": "TEE", "quantity": 1}],
                  "ship_to": ADDRESS | ({"country": "DE"} if region == "DE" else {})}  # fmt: skip
        quoted = good(await merchant.post("/v1/quotes", basket))["orders"][0]["policy"]
        hashes = {one["policy"]["hash"] for one in shown.values()}
        assert hashes == {quoted["hash"]}
        assert (quoted["code"], shown["help"]["policy"]["version"]) == (policy, quoted["version"])
        assert f'data-hash="{quoted["hash"]}"' in page.text
        if region == "CN":
            order = good(await merchant.post("/v1/orders", basket))
            assert good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]["policy"]["hash"] == quoted["hash"]


@pytest.mark.requirement("R1.3")
async def test_what_a_page_asks_to_be_confirmed_is_what_an_order_takes(
    merchant: Caller, anybody: Caller, db: Database, shop: given.Shop
) -> None:
    code = await code_of(db, shop)
    good(await merchant.put("/v1/products/TEE", {"title": {"en": "Phone"}, "category": "electronics/phone"}))
    shown = good(await anybody.get(f"/v1/shops/{code}/return-policy?place=checkout&sku=TEE&region=CN"))
    assert (shown["returnable"], shown["exclusion"]) == ("unless_confirmed", "CN_OPT_ACTIVATED")
    fragment = (await anybody.get(f"/v1/shops/{code}/return-policy/fragment?place=checkout&sku=TEE&lang=zh")).text
    assert shown["asks"]["words"]["zh"] in fragment
    assert "checked" not in fragment
    assert "<input" not in fragment
    line = {"sku": "TEE", "quantity": 1, "confirmed": shown["asks"]["confirmed"]}
    basket = {"channel": "web", "buyer": {"ref": "b"}, "lines": [line], "ship_to": ADDRESS}
    order = good(await merchant.post("/v1/orders", basket))
    held = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]["lines"][0]
    assert held["confirmed"] == shown["asks"]["confirmed"]


@pytest.mark.requirement("R1.1")
async def test_a_fragment_is_escaped_runs_nothing_and_speaks_both_languages(
    merchant: Caller, anybody: Caller, db: Database, shop: given.Shop
) -> None:
    code = await code_of(db, shop)
    evil = {"name": {"en": "<script>alert(1)</script>", "zh": "<img src=x onerror=alert(1)>"},
            "process": {"steps": [{"en": '"><iframe>', "zh": "'><b>"}],
                        "address": {"en": "{0.__class__}", "zh": "{x}"}}}  # fmt: skip
    draft = good(await merchant.put("/v1/policies/cn_statutory/mine/draft", changes(**evil)))
    good(await merchant.post(f"/v1/policies/{draft['life']['id']}/announce"))
    for lang in ("en", "zh"):
        page = await anybody.get(f"/v1/shops/{code}/return-policy/fragment", headers={"accept-language": lang})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-language"] == lang
        tags = re.findall(r"<([^/>]+)>", page.text)
        assert {tag.partition(" ")[0] for tag in tags} <= {
            "section",
            "style",
            "h2",
            "h3",
            "ul",
            "li",
            "span",
            "p",
            "div",
            "strong",
        }
        known = {"class", "lang", "data-policy", "data-version", "data-hash", "data-confirmed"}
        assert {word for tag in tags for word in re.findall(r'([\w-]+)="', tag)} <= known
        assert "script" not in page.headers["content-security-policy"]
    assert "{0.__class__}" in (await anybody.get(f"/v1/shops/{code}/return-policy/fragment?lang=en")).text
    bare = await anybody.get(f"/v1/shops/{code}/return-policy/fragment?styled=no")
    assert "<style>" not in bare.text


async def test_a_page_of_nowhere_is_refused(anybody: Caller, merchant: Caller, db: Database, shop: given.Shop) -> None:
    code = await code_of(db, shop)
    refused(await anybody.get("/v1/shops/nobody/return-policy"), 404, "merchant.unknown")
    refused(await anybody.get(f"/v1/shops/{code}/return-policy?sku=NOTHING"), 404, "product.unknown")
    refused(await anybody.get(f"/v1/shops/{code}/return-policy?region=Europe"), 422, "request.malformed")
    refused(await anybody.get(f"/v1/shops/{code}/return-policy?place=attic"), 422, "request.malformed")
    good(await merchant.put(f"/v1/merchants/{code}", {"name": {"en": "Shop"}, "zone": "Asia/Shanghai", "currency": "CNY",
                                                      "policy": "unwritten"}))  # fmt: skip
    refused(await anybody.get(f"/v1/shops/{code}/return-policy"), 404, "policy_desk.page_missing")


@pytest.mark.requirement("R1.2")
async def test_linting_says_everything_at_once_and_writes_nothing(merchant: Caller, db: Database) -> None:
    bad = changes(days=3, refund={"days": 30, "balance": "always"}, freight={"none": None})
    bad["document"] |= {"id": "house", "version": "1"}
    found = good(await merchant.post("/v1/policies/lint", bad, key=None))
    assert not found["is_publishable"]
    problems = {one["path"]: one for one in found["problems"]}
    assert set(problems) == {
        "no_reason.window.days", "refund.days", "refund.balance", "freight.none.outbound", "freight.none.return",
        "freight.none.reship",
    }  # fmt: skip
    assert problems["refund.days"]["article"] == "CPL 25(3); Measures 13"
    assert all(one["message"].keys() == one["remedy"].keys() == {"en", "zh"} for one in problems.values())
    assert good(await merchant.get("/v1/policy-versions?code=house"))["items"] == []
    whole = {"document": {**found["document"], "extends": None, "no_reason": {"window": "?"}}}
    refused(await merchant.post("/v1/policies/lint", whole, key=None), 422, "policy.document_unreadable")
    refused(await merchant.post("/v1/policies/lint", {"document": {}}, key=None), 422, "policy.document_unreadable")


@pytest.mark.requirement("R1.9")
async def test_a_version_goes_from_draft_to_history(
    merchant: Caller, anybody: Caller, db: Database, shop: given.Shop
) -> None:
    code = await code_of(db, shop)
    draft = good(await merchant.put("/v1/policies/cn_statutory/a/draft", changes(days=3)))
    path = f"/v1/policies/{draft['life']['id']}"
    assert (draft["life"]["state"], [one["path"] for one in draft["problems"]]) == ("draft", ["no_reason.window.days"])
    refused(await merchant.post(f"{path}/announce"), 422, "policy.below_statute")
    refused(await merchant.get(path), 404, "policy.unknown")
    draft = good(await merchant.put("/v1/policies/cn_statutory/a/draft", changes(days=20)))
    assert good(await merchant.get(f"{path}/life"))["document"]["no_reason"]["window"]["days"] == 20
    announced = good(await merchant.post(f"{path}/announce"))
    assert announced["document"]["extends"] == BASE
    assert announced["hash"] == draft["hash"]
    refused(await merchant.post(f"{path}/announce"), 409, "policy.not_a_draft")
    refused(await merchant.post(f"{path}/withdraw"), 409, "policy.not_a_draft")
    next_one = changes(days=10, effective_from="2099-01-01")
    coming = good(await merchant.put("/v1/policies/cn_statutory/b/draft", next_one))
    good(await merchant.post(f"/v1/policies/{coming['life']['id']}/announce"))
    shown = good(await anybody.get(f"/v1/shops/{code}/return-policy"))
    assert (shown["policy"]["version"], shown["upcoming"]["version"]) == ("a", "b")
    assert "版本 b" in (await anybody.get(f"/v1/shops/{code}/return-policy/fragment?lang=zh")).text
    good(await merchant.post(f"/v1/policies/{coming['life']['id']}/withdraw"))
    lives = good(await merchant.get("/v1/policy-versions?code=cn_statutory"))["items"]
    assert [(one["version"], one["state"]) for one in lives if one["merchant"]] == [
        ("a", "in_force"),
        ("b", "withdrawn"),
    ]
    past = good(await anybody.get(f"/v1/shops/{code}/return-policy/versions"))["items"]
    assert [one["version"] for one in past] == ["a", CN.version]
    old = good(await anybody.get(f"/v1/shops/{code}/return-policy/versions/{CN.version}"))
    assert old["hash"] == policies.hash_of(CN)


@pytest.mark.requirement("R1.8")
async def test_a_draft_is_tried_on_a_made_up_line_and_on_one_that_was_sold(
    merchant: Caller, stranger: Caller, db: Database, shop: given.Shop
) -> None:
    draft = good(await merchant.put("/v1/policies/house/1/draft", changes(days=30)))
    path = f"/v1/policies/{draft['life']['id']}/try"
    line = {"category": "clothing", "delivered_at": "2026-03-03T07:30:00Z", "country": "CN"}
    asked = {"reason": "NO_REASON", "requested_at": "2026-03-20T00:00:00Z", "made_up": line}
    tried = good(await merchant.post(path, asked, key=None))["tried"]
    assert (tried["is_allowed"], tried["window_end"], tried["way_back"]) == (True, "2026-04-02T16:00:00Z", "buyer")
    assert [(step["check"], step["answer"]) for step in tried["steps"]] == [("window", "yes")]
    fresh = asked | {"made_up": line | {"flags": ["perishable"]}}
    refusal = good(await merchant.post(path, fresh, key=None))["tried"]
    assert [one["code"] for one in refusal["reasons"]] == ["EXCLUDED_BY_LAW"]
    assert {one["id"] for one in refusal["rules"]} >= {"CN_EX_PERISHABLE", "CN_NO_REASON"}
    order_id = await given.delivered_order(db, shop, {"TEE": 1})
    sold = {"sold": {"order": ids.encode("order", order_id), "line_no": 1}}
    both = good(await merchant.post(path, sold, key=None))
    assert both["tried"]["window_end"] > both["bound"]["window_end"]
    refused(await merchant.post(path, {"made_up": line, **sold}, key=None), 422, "policy_desk.case_unfit")
    refused(await merchant.post(path, asked | {"reason": "BORED"}, key=None), 422, "policy.reason_unknown")
    refused(await stranger.post(path, asked, key=None), 404, "policy.unknown")


@pytest.mark.requirement("R1.8")
async def test_an_owner_sees_back_tests_and_figures_and_a_storefront_does_not(
    merchant: Caller, http: Any, db: Database, shop: given.Shop
) -> None:
    order_id = await given.delivered_order(db, shop, {"TEE": 2}, buyer="b")
    order = ids.encode("order", order_id)
    body = {"buyer": "b", "lines": [{"order_id": order, "line_no": 1, "quantity": 1, "reason": "QUALITY_DEFECT"}]}
    made = good(await merchant.post("/v1/returns", body))
    refusal = {"reason": "EVIDENCE_INSUFFICIENT", "rule": "CN_QUALITY", "alternatives": ["repair"]}
    good(await merchant.post(f"/v1/returns/{made['returns'][0]['id']}/refuse", refusal))
    await given.settle(db)
    (figures,) = good(await merchant.get("/v1/policy-figures"))["items"]
    assert (figures["code"], figures["return_rate"], figures["refusal_rate"]) == ("cn_statutory", 5_000, 10_000)
    draft = good(await merchant.put("/v1/policies/house/1/draft", changes(days=30)))
    path = f"/v1/policies/{draft['life']['id']}/backtests"
    asked = await merchant.post(path, {"days": 30, "way_back": 1_000})
    assert asked.status_code == 202
    await given.settle(db)
    report = good(await merchant.get(f"/v1/policy-backtests/{good(asked)['id']}"))
    assert report["done_at"]
    assert (report["total"]["lines"], report["total"]["then"]["refused"], report["total"]["now"]["refused"]) == (
        1,
        1,
        1,
    )
    assert report["total"]["now"]["cost"] == {"amount": 0, "currency": "CNY"}
    assert [one["id"] for one in good(await merchant.get(path))["items"]] == [report["id"]]
    front = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=("policy.read",)))
    for door in (path, f"/v1/policy-backtests/{report['id']}", "/v1/policy-figures"):
        refused(await front.get(door), 403, "auth.not_allowed")
    good(await front.get("/v1/policies"))


async def test_a_late_notice_is_noted_by_those_whose_order_it_is(
    merchant: Caller, stranger: Caller, db: Database, shop: given.Shop
) -> None:
    order = ids.encode("order", await given.placed_order(db, shop, {"TEE": 1}))
    noted = good(await merchant.put(f"/v1/orders/{order}/late-notice", {}))
    assert noted == {"order": order, "told_at": None}
    early = {"told_at": "2020-01-01T00:00:00Z"}
    refused(await merchant.put(f"/v1/orders/{order}/late-notice", early), 422, "policy_desk.case_unfit")
    refused(await stranger.put(f"/v1/orders/{order}/late-notice", {}), 404, "order.unknown")
