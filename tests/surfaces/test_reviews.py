"""A second look through the doors alone: a rule, an order that is stopped, a question, an answer, a yes."""

from typing import Any

import httpx
import pytest

from dingdan.areas import identity, payments
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.test_road import ADDRESS, basket

pytestmark = pytest.mark.requirement("issue 3: review with a clock")

ITEMS = ("buyer_reachable", "payment_genuine", "order_meant")
RULE = {
    "document": {
        "title": {"en": "Large", "zh": "大额"},
        "trigger": {"kind": "large_amount", "at_least": {"CNY": 100000}},
        "checklist": [{"code": code, "en": f"Is {code} fine?", "zh": "是否正常？"} for code in ITEMS],
        "merchants_may_switch": True,
    }
}


async def stopped(platform: Caller, merchant: Caller, db: Database) -> dict[str, Any]:
    """An order of 1,194 yuan that a rule for 1,000 has stopped: the order as its buyer sees it."""
    good(await platform.put("/v1/review-rules/large_amount", RULE))
    order = good(await merchant.post("/v1/orders", basket(lines=[{"sku": "MUG", "quantity": 6}])))
    good(await merchant.post(f"/v1/orders/{order['id']}/payments", {"method": "instant"}))
    await given.settle(db)
    seen: dict[str, Any] = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]
    return seen


async def person(http: httpx.AsyncClient, db: Database, login: str, role: str) -> Caller:
    """A key of somebody of the platform's staff with all that the role gives."""
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, login, login.title(), (role,)))
    wanted = identity.IssueKey(None, staff.id, "desk", tuple(sorted(identity.ROLES[role])))
    return Caller(http, (await do(db, SYSTEM, identity.issue_key, wanted)).secret)


async def test_an_order_is_looked_at_asked_about_and_let_go(
    platform: Caller, merchant: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    order = await stopped(platform, merchant, db)
    assert (order["state"], order["review"]["state"], order["available_actions"]) == (
        "held", "open", ["cancel", "change_address"],
    )  # fmt: skip
    assert order["review"]["until"] is not None
    anna = await person(http, db, "anna", "reviewer")
    (row,) = good(await anna.get("/v1/reviews"))["items"]
    assert (row["order_id"], row["rules"], row["total"]["amount"]) == (order["id"], ["large_amount"], 119400)
    (taken,) = good(await anna.post("/v1/reviews/claim"))["items"]
    path = f"/v1/reviews/{taken['id']}"
    asked = good(await anna.post(f"{path}/ask", {"questions": ["purpose"], "text": "请问是公司采购吗？"}))
    assert (asked["state"], asked["deadline_at"]) == ("asked", asked["conversation"]["answer_by"])
    told = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]["review"]
    assert (told["questions"], told["question"]) == (["purpose"], "请问是公司采购吗？")
    good(await merchant.post(f"{path}/answer", {"text": "是，发票抬头已填写"}))
    refused(await anna.post(f"{path}/approve"), 422, "review.item_unanswered")
    seen = good(await anna.get(path))
    assert seen["conversation"]["answer"] == "是，发票抬头已填写"
    assert set(seen["available_actions"]) == {"approve", "reject", "put_back", "escalate"}
    done = good(await anna.post(f"{path}/approve", {"answers": dict.fromkeys(ITEMS, "yes")}))
    assert (done["state"], done["decided_by"]["kind"]) == ("approved", "staff")
    await given.settle(db)
    after = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]
    assert (after["state"], after["paid_at"], after["review"]["until"]) == ("confirmed", order["paid_at"], None)
    (work,) = good(await merchant.get("/v1/work", params={"warehouse": "HZ"}))["items"]
    assert work["paid_at"] == order["paid_at"]


async def test_time_alone_ends_it_where_everybody_can_see_when(
    platform: Caller, merchant: Caller, db: Database
) -> None:
    order = await stopped(platform, merchant, db)
    good(await platform.post("/v1/sandbox/clock/advance", {"seconds": 24 * 3600 + 60}))
    await given.settle(db, with_deadlines=True)
    after = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]
    assert (after["state"], after["review"]["state"]) == ("confirmed", "approved")
    story = good(await merchant.get(f"/v1/orders/{order['id']}/timeline"))["items"]
    assert [one["kind"] for one in story if one["kind"].startswith(("review.", "order.c", "order.h", "order.r"))] == [
        "order.held", "review.opened", "order.released", "review.approved", "order.cleared",
    ]  # fmt: skip


async def test_a_no_tells_its_reason_and_gives_everything_back(
    platform: Caller, merchant: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    order = await stopped(platform, merchant, db)
    anna = await person(http, db, "anna", "reviewer")
    good(await anna.post("/v1/reviews/claim"))
    good(await anna.post(f"/v1/reviews/{order['review']['id']}/reject", {"reason": "address_unreal"}))
    await given.settle(db)
    await payments.sandbox.deliver_notifications(db, http, "/v1/callbacks/payments/sandbox")
    await given.settle(db)
    after = good(await merchant.get(f"/v1/orders/{order['id']}"))["order"]
    assert (after["state"], after["cancel_reason"]) == ("cancelled", "address_unreal")
    assert after["refunded"] == after["total"]


async def test_risk_blocks_and_only_risk_unblocks(
    platform: Caller, merchant: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    path = f"/v1/reviews/{(await stopped(platform, merchant, db))['review']['id']}"
    anna, risk = await person(http, db, "anna", "reviewer"), await person(http, db, "rita", "risk")
    refused(await anna.post(f"{path}/block"), 403, "auth.not_allowed")
    assert good(await risk.post(f"{path}/block", {"reason": "stolen_card"}))["blocked_at"] is not None
    good(await anna.post("/v1/reviews/claim"))
    answers = {"answers": dict.fromkeys(ITEMS, "yes")}
    refused(await anna.post(f"{path}/approve", answers), 409, "review.blocked_by_risk")
    good(await risk.post(f"{path}/unblock"))
    assert good(await anna.post(f"{path}/approve", answers))["state"] == "approved"


async def test_the_queue_is_paged_by_what_is_due_first(
    platform: Caller, merchant: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    for _ in range(3):
        await stopped(platform, merchant, db)
    first = good(await platform.get("/v1/reviews", params={"limit": 2}))
    second = good(await platform.get("/v1/reviews", params={"limit": 2, "after": first["next"]}))
    rows = first["items"] + second["items"]
    assert len({row["id"] for row in rows}) == 3
    assert second["next"] is None
    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)
    for how, count in (({"owner": "risk"}, 0), ({"rule": "large_amount"}, 3), ({"rule": "other"}, 0),
                       ({"mine": True}, 0), ({"state": "approved"}, 0), ({"due_before": "2020-01-01T00:00:00Z"}, 0)):  # fmt: skip
        assert len(good(await platform.get("/v1/reviews", params=how))["items"]) == count, how


async def test_rules_are_written_switched_and_tried(platform: Caller, merchant: Caller, db: Database) -> None:
    await stopped(platform, merchant, db)
    draft = {"document": RULE["document"] | {"trigger": {"kind": "large_quantity", "more_than": 5}}}
    found = good(await merchant.post("/v1/review-rules/preview", draft | {"days": 7}, key=None))
    assert (found["looked_at"], found["stopped"], found["overlap"]) == (1, 1, {"large_amount": 1})
    assert good(await merchant.put("/v1/review-rules/many", draft))["merchant"] is not None
    switched = good(await merchant.put("/v1/review-rules/large_amount/switch", {"is_active": False}))
    assert (switched["is_active"], switched["is_switched"]) == (True, False)
    shown = good(await merchant.get("/v1/review-rules"))["items"]
    assert [(one["code"], one["is_switched"]) for one in shown] == [("large_amount", False), ("many", None)]
    refused(await merchant.post("/v1/review-rules/defaults"), 403, "review_rule.not_yours")
    assert len(good(await platform.post("/v1/review-rules/defaults"))["items"]) == 10


async def test_terms_are_read_by_all_and_written_by_the_platform(platform: Caller, merchant: Caller) -> None:
    terms = good(await merchant.get("/v1/review-terms"))
    assert terms["second_above"]["CNY"] == 50_000_00
    refused(await merchant.put("/v1/review-terms", terms), 403, "review_rule.not_yours")
    wrong = terms | {"service_to_hour": 9, "second_above": {"ZZZ": 1}}
    assert len(refused(await platform.put("/v1/review-terms", wrong), 422, "review_rule.unfit")["problems"]) == 2
    assert good(await platform.put("/v1/review-terms", terms | {"warn_at_percent": 50}))["warn_at_percent"] == 50


async def test_whoever_may_not_see_people_sees_no_words_of_theirs(
    platform: Caller, merchant: Caller, http: httpx.AsyncClient, db: Database, shop: given.Shop
) -> None:
    review_id = (await stopped(platform, merchant, db))["review"]["id"]
    anna = await person(http, db, "anna", "reviewer")
    good(await anna.post("/v1/reviews/claim"))
    good(await anna.post(f"/v1/reviews/{review_id}/ask", {"questions": ["who"], "text": "王小明？"}))
    blind = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=["review.read", "order.read"]))
    seen = (await blind.get(f"/v1/reviews/{review_id}")).text
    order_id = ids.decode("order", good(await anna.get(f"/v1/reviews/{review_id}"))["order_id"])
    assert "王小明" not in seen + (await blind.get(f"/v1/orders/{ids.encode('order', order_id or 0)}")).text


@pytest.mark.requirement("O2.10")
async def test_an_address_is_mended_by_whoever_has_the_review_and_a_check_is_forced_by_two(
    platform: Caller, merchant: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    path = f"/v1/reviews/{(await stopped(platform, merchant, db))['review']['id']}"
    anna, bela = await person(http, db, "anna", "reviewer"), await person(http, db, "bela", "reviewer")
    lead = await person(http, db, "lena", "lead")
    elsewhere = {"ship_to": ADDRESS | {"detail": "文三路 9 号"}}
    mended = good(await anna.post(f"{path}/mend-address", elsewhere))
    assert mended["state"] == "claimed"
    refused(await bela.post(f"{path}/mend-address", elsewhere), 409, "review.not_yours")
    refused(await anna.post(f"/v1/orders/{mended['order_id']}/change-address", elsewhere), 403, "auth.not_allowed")
    code = mended["checklist"][0]["code"]
    answers = {one["code"]: "yes" for one in mended["checklist"]} | {code: "no"}
    refused(await anna.post(f"{path}/approve", {"answers": answers}), 422, "review.force_reason_missing")
    asked = good(await anna.post(f"{path}/approve", {"answers": answers, "reason": "known_buyer"}))
    assert (asked["state"], asked["force_reason"]) == ("signed", "known_buyer")
    for one in (bela, lead):
        taken = good(await one.post("/v1/reviews/claim", {"reviews": [mended["id"]]}))["items"]
        assert len(taken) == 1
        if one is bela:
            refused(await one.post(f"{path}/approve"), 403, "review.force_not_yours")
            good(await one.post(f"{path}/put_back"))
    assert good(await lead.post(f"{path}/approve"))["state"] == "approved"
