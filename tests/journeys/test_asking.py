"""A cracked cup: shown, asked about, refused, offered something, settled; told through the doors by shop and staff."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from dingdan.areas import identity
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.evidence.test_bringing import film, picture
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key

pytestmark = pytest.mark.requirement("R2.6")

LINE = {"line_no": 1, "quantity": 1, "reason": "QUALITY_DEFECT"}


def wanted(order_id: str, **more: Any) -> dict[str, Any]:
    return {"buyer": "buyer-1", "lines": [LINE | {"order_id": order_id}], **more}


async def show(who: Caller, order_id: str, content: bytes, *, sort: str = "image/jpeg", **query: str) -> httpx.Response:
    """Show something of an order."""
    path = f"/v1/orders/{order_id}/evidence"
    return await who.request("POST", path, content=content, params=query, headers={"Content-Type": sort})


async def test_a_cracked_cup(merchant: Caller, http: httpx.AsyncClient, shop: given.Shop, db: Database) -> None:
    number = await given.delivered_order(db, shop)
    order_id = ids.encode("order", number)
    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["storefront"])))
    agent = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["customer_service"])))
    refused(await show(storefront, order_id, picture(1), buyer="somebody"), 404, "order.unknown")
    refused(await show(storefront, order_id, b"<svg onload=alert(1)>", buyer="buyer-1"), 422, "picture.unfit")
    refused(await show(storefront, order_id, picture(1), sort="image/svg+xml", buyer="buyer-1"), 415,
            "request.unsupported_media_type")  # fmt: skip
    photo = good(await show(storefront, order_id, picture(1), buyer="buyer-1", shot="crack"))
    video = good(await show(storefront, order_id, film(), sort="video/mp4", buyer="buyer-1"))
    assert (photo["sort"], video["sort"], photo["is_seen_before"]) == ("photo", "video", None)

    preview = good(await storefront.post("/v1/returns/preview", wanted(order_id, evidence=[photo["id"]]), key=None))
    (part,) = preview["returns"]
    assert (part["is_approved"], part["way_back"], part["send_by"]) == (False, "seller", None)
    assert part["answer_by"] is not None
    assert [one["amount"]["amount"] for one in part["tenders"]] == [19900]
    assert {c["code"]: c["is_passed"] for c in part["lines"][0]["checks"]} == {
        "units_left": True, "in_time": True, "not_excluded": True, "FAULT_CLAIMED": False,
    }  # fmt: skip

    (held,) = good(await storefront.post("/v1/returns", wanted(order_id, evidence=[photo["id"]])))["returns"]
    path = f"/v1/returns/{held['id']}"
    assert (held["decision"], held["evidence"]) == ("requested", [photo["id"]])
    assert held["deadline_at"] > part["answer_by"]
    (row,) = good(await agent.get("/v1/returns/queue"))["items"]
    assert (row["id"], row["due_at"], row["evidence"], row["paid"]["amount"]) == (
        held["id"], held["deadline_at"], 1, 19900,
    )  # fmt: skip
    refused(await storefront.get("/v1/returns/queue"), 403, "auth.not_allowed")

    asked = good(await agent.post(f"{path}/ask", {"text": "请拍标签。", "shots": ["label"]}))
    assert asked["state"] == "asked"
    assert good(await storefront.get(path))["deadlines"][0]["waiting_for"] == "buyer"
    good(await storefront.post(f"{path}/answer", {"text": "这里。", "evidence": [video["id"]]}))
    no = {
        "reason": "EVIDENCE_INSUFFICIENT",
        "rule": "CN_QUALITY",
        "alternatives": ["price_reduction"],
        "text": "看不清。",
    }
    refused(await agent.post(f"{path}/refuse", no | {"alternatives": []}), 422, "return.refusal_unfounded")
    sad = good(await agent.post(f"{path}/refuse", no))
    assert (sad["refusal"]["rule"], sad["refusal"]["alternatives"]) == ("CN_QUALITY", ["price_reduction"])
    assert sad["refusal"]["appeal_until"] is not None
    assert all(sad["refusal"][name]["zh"] for name in ("text", "rule_text", "appeal"))

    bid = {"kind": "keep", "amount": 3000, "side": "seller", "text": "减 30 元？"}
    refused(await storefront.post(f"{path}/offers", bid), 403, "auth.not_allowed")
    offer = good(await agent.post(f"{path}/offers", bid))
    assert offer["available_actions"] == ["take", "decline", "counter", "take_back"]
    mine = good(await storefront.post(f"/v1/offers/{offer['id']}/counter", {"kind": "keep", "amount": 5000}))
    taken = good(await agent.post(f"/v1/offers/{mine['id']}/take", {"side": "seller"}))
    assert (taken["state"], taken["amount"]) == ("taken", {"amount": 5000, "currency": "CNY"})
    await given.settle(db)

    ended = good(await storefront.get(path))
    assert (ended["decision"], ended["resolution"], ended["lines"][0]["off"]["amount"]) == ("approved", "keep", 5000)
    thread = good(await storefront.get(f"{path}/thread"))["items"]
    assert [one["code"] for one in thread] == [
        "return.requested", "asked", "question.asked", "answered", "question.answered", "refused", "return.refused",
        "offered", "offer.made", "offer.countered", "offer.made", "return.agreed", "return.resolved", "offer.taken",
    ]  # fmt: skip
    assert all(one["line"]["zh"] and one["line"]["en"] for one in thread if one["side"] == "system")
    assert [one["text"] for one in thread if one["text"]] == ["请拍标签。", "这里。", "看不清。", "减 30 元？"]
    told = [one["occasion"] for one in good(await merchant.get(f"/v1/orders/{order_id}/confirmations"))["items"]]
    assert [one for one in told if one.startswith("return")] == [
        "return_asked", "return_refused", "return_offered", "return_resolved",
    ]  # fmt: skip


@pytest.mark.requirement("issue 5: evidence")
async def test_evidence_is_seen_by_its_buyer_and_by_staff_and_by_nobody_else(
    merchant: Caller, http: httpx.AsyncClient, shop: given.Shop, db: Database
) -> None:
    order_id = ids.encode("order", await given.delivered_order(db, shop))
    storefront = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=sorted(identity.ROLES["storefront"])))
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    sent = io.BytesIO(picture(3))
    Image.open(sent).save(with_place := io.BytesIO(), "JPEG", exif=exif, comment=b"secret words")
    one = good(await show(storefront, order_id, with_place.getvalue(), buyer="buyer-1"))
    film_ = good(await show(merchant, order_id, film(), sort="video/mp4"))
    path = f"/v1/evidence/{one['id']}"

    seen = await storefront.get(path, params={"buyer": "buyer-1"})
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert (seen.headers["cache-control"], seen.headers["x-content-type-options"]) == ("private, no-store", "nosniff")
    assert b"secret" not in seen.content
    assert (await merchant.get(path)).content == seen.content
    refused(await storefront.get(path), 404, "evidence.unknown")
    refused(await storefront.get(path, params={"buyer": "somebody"}), 404, "evidence.unknown")
    moving = await merchant.get(f"/v1/evidence/{film_['id']}")
    assert moving.headers["content-disposition"].startswith("attachment")
    assert b"+31.2304" not in moving.content
    listed = good(await merchant.get(f"/v1/orders/{order_id}/evidence"))["items"]
    assert [(e["id"], e["is_seen_before"]) for e in listed] == [(one["id"], False), (film_["id"], False)]
    refused(await storefront.get(f"/v1/orders/{order_id}/evidence"), 404, "order.unknown")
