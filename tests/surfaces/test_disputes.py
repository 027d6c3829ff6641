"""Disputes through the doors: hostile input, things of others, two at once, and the same request again."""

import asyncio
from typing import Any

import httpx
import pytest

from dingdan.areas import disputes, identity, talks
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.disputes import court
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

pytestmark = pytest.mark.requirement("R6.2")

WISH: dict[str, Any] = {"line_no": 1, "quantity": 1, "outcome": "refund"}
BODY: dict[str, Any] = {"issue": "visible_fault", "text": "杯子裂了。", "lines": [WISH]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "a\u0000b"}, {"text": ""}, {"text": "字" * 2001}, {"text": 5}, {"issue": "boredom"}, {"lines": []},
        {"lines": [WISH] * 201}, {"lines": [WISH | {"quantity": 0}]}, {"lines": [WISH | {"quantity": 10**30}]},
        {"lines": [WISH | {"line_no": 9}]}, {"lines": [WISH | {"outcome": "everything"}]}, {"lines": [WISH, WISH]},
        {"lines": [WISH | {"outcome": "reduce", "amount": -1}]}, {"lines": [WISH | {"amount": 10**16}]},
        {"evidence": ["nothing"]}, {"evidence": [ids.encode("evidence", 1)] * 41}, {"evidence": [ids.encode("evidence", 1)]},
        {"side": "judge"}, {"more": 1},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    platform: Caller, db: Database, wrong: dict[str, Any]
) -> None:
    held = await court.refused(db)
    answer = await platform.post(f"/v1/returns/{ids.encode('return', held.id)}/disputes", BODY | wrong)
    assert answer.status_code in (400, 404, 422), answer.text
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM disputes") == 0


@pytest.mark.parametrize("wrong", [
    {"reason": "kurz"}, {"reason": "a" * 2001}, {"reason": "0123456789\u0000"}, {"rules": []}, {"rules": ["X"] * 11},
    {"rules": ["no such"]}, {"rules": ["NO_SUCH"]}, {"fault": "moon"}, {"lines": [WISH | {"quantity": 2}]}, {"lines": []},
])  # fmt: skip
async def test_a_ruling_that_makes_no_sense_is_refused(platform: Caller, db: Database, wrong: dict[str, Any]) -> None:
    one = await court.heard(db, await court.refused(db))
    body = {"lines": [WISH], "fault": "seller", "freight": "seller", "rules": ["PLATFORM_PROVED"], "reason": court.WHY}
    answer = await platform.post(f"/v1/disputes/{ids.encode('dispute', one.id)}/rule", body | wrong)
    assert answer.status_code in (400, 422), answer.text
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM dispute_rulings") == 0


async def test_is_seen_and_touched_by_its_two_sides_and_the_platform(
    merchant: Caller, stranger: Caller, db: Database, shop: given.Shop, http: httpx.AsyncClient
) -> None:
    held = await court.refused(db, shop=shop)
    one = await court.opened(db, held)
    path = f"/v1/disputes/{ids.encode('dispute', one.id)}"
    for answer in (
        await stranger.get(path), await stranger.post(f"{path}/show", {"side": "seller", "text": "a"}),
        await stranger.post(f"{path}/withdraw"), await stranger.post(f"{path}/comply"),
        await stranger.post(f"{path}/suspend", {"reason": "police"}),
        await stranger.post(f"{path}/resume", {"outcome": "agreed"}),
    ):  # fmt: skip
        refused(answer, 404, "dispute.unknown")
    assert good(await stranger.get("/v1/disputes"))["items"] == []
    (row,) = good(await merchant.get("/v1/disputes"))["items"]
    assert (row["id"], row["about"]) == (ids.encode("dispute", one.id), ids.encode("return", held.id))

    # A merchant's own key never judges, whatever it may; the shop's program never speaks for the seller.
    refused(await merchant.post(f"{path}/suspend", {"reason": "police"}), 403, "ruling.needs_arbitrator")
    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["storefront"])))
    for step, body in (("show", {"text": "a"}), ("accept", {}), ("appeal", {"text": "a"}), ("withdraw", {})):
        refused(await storefront.post(f"{path}/{step}", body | {"side": "seller"}), 403, "auth.not_allowed")
    refused(await storefront.post(f"{path}/comply"), 403, "auth.not_allowed")
    refused(await storefront.post(f"{path}/rule", {
        "lines": [WISH], "fault": "seller", "freight": "seller", "rules": ["PLATFORM_PROVED"], "reason": court.WHY,
    }), 403, "auth.not_allowed")  # fmt: skip


async def test_a_clerk_of_the_shop_acts_for_no_buyer_and_its_program_does(
    db: Database, shop: given.Shop, http: httpx.AsyncClient
) -> None:
    one, _ = await court.ruled(db, await court.refused(db, shop=shop))
    waiting = await court.refused(db, shop=shop)
    path = f"/v1/disputes/{ids.encode('dispute', one.id)}"
    saved = await do(db, SYSTEM, identity.save_staff,
                     identity.SaveStaff(shop.merchant_id, "clerk", "Clerk", ("customer_service",)))  # fmt: skip
    wanted = identity.IssueKey(shop.merchant_id, saved.id, "desk", tuple(sorted(identity.ROLES["customer_service"])))
    clerk = Caller(http, (await do(db, SYSTEM, identity.issue_key, wanted)).secret)
    for step, body in (("accept", {}), ("appeal", {"text": "a"}), ("withdraw", {}), ("show", {"text": "a"})):
        refused(await clerk.post(f"{path}/{step}", body), 403, "dispute.speaks_for_seller")
    about = f"/v1/returns/{ids.encode('return', waiting.id)}/disputes"
    refused(await clerk.post(about, BODY), 403, "dispute.speaks_for_seller")
    assert (await court.now(db, one)).accepted == []

    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["storefront"])))
    good(await storefront.post(f"{path}/accept"))
    good(await clerk.post(f"{path}/accept", {"side": "seller"}))
    good(await storefront.post(about, BODY))
    assert (await court.now(db, one)).state == "final"


async def test_asked_again_is_answered_again_and_two_at_once_open_one(
    merchant: Caller, db: Database, shop: given.Shop
) -> None:
    held = await court.refused(db, shop=shop)
    path = f"/v1/returns/{ids.encode('return', held.id)}/disputes"
    both = await asyncio.gather(merchant.post(path, BODY), merchant.post(path, BODY))
    assert sorted(answer.status_code for answer in both) == [201, 409]
    mine = next(answer.json() for answer in both if answer.status_code == 201)
    taken = f"/v1/disputes/{mine['id']}/withdraw"
    first, second = await merchant.post(taken, key="again"), await merchant.post(taken, key="again")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.json()["state"] == "withdrawn"


async def test_the_queue_has_pages_and_filters(platform: Caller, db: Database) -> None:
    shop = await given.shop(db)
    several = [await court.opened(db, await court.refused(db, shop=shop)) for _ in range(3)]
    await do(db, SYSTEM, disputes.withdraw, several[0].id, side=talks.Side.BUYER)
    first = good(await platform.get("/v1/disputes", params={"limit": 1}))
    second = good(await platform.get("/v1/disputes", params={"limit": 1, "after": first["next"]}))
    assert [page["items"][0]["id"] for page in (first, second)] == [
        ids.encode("dispute", one.id) for one in several[1:]
    ]
    for params, count in (
        ({"state": "withdrawn"}, 1), ({"issue": "gift"}, 0), ({"turn": "seller"}, 2), ({"turn": "platform"}, 0),
        ({"order": ids.encode("order", several[0].order_id)}, 1),
    ):  # fmt: skip
        assert len(good(await platform.get("/v1/disputes", params=params))["items"]) == count
