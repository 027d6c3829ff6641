"""The way back through the API: label, parcel at the door, looks with pictures, goods that wait, and what becomes of them."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest

from dingdan.areas import carriers, policies
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_warehouse import photo

(LAW,) = (one for one in policies.packs() if one.id == "cn_statutory")
YES = {check.code: True for check in LAW.inspection.recipe("home", ()).checks}


async def coming_back(db: Database, shop: given.Shop, merchant: Caller) -> str:
    """A return of one unit that is allowed."""
    order_id = await given.delivered_order(db, shop)
    line = {"order_id": ids.encode("order", order_id), "line_no": 1, "quantity": 1}
    (made,) = good(await merchant.post("/v1/returns", {"buyer": "buyer-1", "lines": [line]}))["returns"]
    await given.settle(db)
    return str(made["id"])


@pytest.mark.requirement("R3.1")
@pytest.mark.requirement("R3.2")
async def test_a_label_is_printed_and_its_parcel_followed(merchant: Caller, shop: given.Shop, db: Database) -> None:
    number = await given.carrier(db, shop, "sandbox")
    await do(db, SYSTEM, carriers.save_lanes, [carriers.SaveLane(
        merchant_id=shop.merchant_id, code="back", carrier_id=number, country="CN", currency="CNY", cost=900)])  # fmt: skip
    held = await coming_back(db, shop, merchant)
    plan = good(await merchant.get(f"/v1/returns/{held}/way-back"))
    assert (plan["options"][0]["cost"]["amount"], plan["may_extend"]) == (900, True)
    assert all(rule["text"]["zh"] for rule in plan["packing"])

    label = good(await merchant.post(f"/v1/returns/{held}/labels", {"carrier": "sandbox"}))
    paper = await merchant.get(f"/v1/return-labels/{label['id']}/label.pdf?language=zh")
    text = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert label["tracking_number"] in text
    said = {"carrier": "sandbox", "tracking_number": label["tracking_number"], "code": "picked_up",
            "at": datetime.now(UTC).isoformat()}  # fmt: skip
    assert good(await merchant.post("/v1/return-parcels/scans", {"scans": [said]}))["stored"] == 1
    refused(
        await merchant.post("/v1/return-parcels/scans", {"scans": [said | {"code": "eaten"}]}),
        422,
        "way_back.scan_unfit",
    )
    plan = good(await merchant.get(f"/v1/returns/{held}/way-back"))
    assert ([scan["code"] for scan in plan["scans"]], plan["labels"][0]["id"]) == (["picked_up"], label["id"])
    assert good(await merchant.get(f"/v1/returns/{held}"))["journey"] == "sent"


@pytest.mark.requirement("R3.11")
@pytest.mark.requirement("R3.7")
@pytest.mark.requirement("R3.8")
@pytest.mark.requirement("R3.10")
@pytest.mark.requirement("R5.5")
async def test_from_a_parcel_nobody_announced_to_what_became_of_it(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    held = await coming_back(db, shop, merchant)
    found = good(await merchant.post("/v1/strays", {"warehouse": "HZ", "phone": "13812345678", "weight_grams": 500}))
    stray = found["stray"]["id"]
    assert (found["candidates"][0]["return_id"], found["stray"]["available_actions"]) == (
        held,
        ["ask", "match", "close"],
    )
    assert [row["id"] for row in good(await merchant.get("/v1/strays"))["items"]] == [stray]
    seen = await merchant.request(
        "POST", f"/v1/strays/{stray}/pictures", content=photo(), headers={"Content-Type": "image/jpeg"}
    )
    assert good(await merchant.get(f"/v1/strays/{stray}/pictures"))["items"] == [good(seen)]
    assert (await merchant.get(f"/v1/stray-pictures/{good(seen)['id']}")).headers["content-type"] == "image/jpeg"
    good(await merchant.post(f"/v1/strays/{stray}/match", {"return_id": held, "found_by": "phone"}))
    assert good(await merchant.get("/v1/strays"))["items"] == []

    assert [row["return_id"] for row in good(await merchant.get("/v1/inspections?needs=look"))["items"]] == [held]
    desk = good(await merchant.get(f"/v1/returns/{held}/inspection"))
    assert (desk["lines"][0]["recipe"], {check["code"] for check in desk["lines"][0]["checks"]}) == (
        "wearables",
        set(YES),
    )
    shot = await merchant.request(
        "POST", f"/v1/returns/{held}/inspection-pictures?shows=deviation&line_no=1", content=photo(),
        headers={"Content-Type": "image/jpeg"},
    )  # fmt: skip
    assert (await merchant.get(f"/v1/inspection-pictures/{good(shot)['id']}")).headers["content-type"] == "image/jpeg"
    entry: dict[str, Any] = {"line_no": 1, "quantity": 1, "grade": "C", "disposition": "quarantine",
                             "checks": YES | {"clean": False}}  # fmt: skip
    wrong = await merchant.post(f"/v1/returns/{held}/inspect", {"lines": [entry | {"intact": True}]})
    assert refused(wrong, 422, "inspection.findings_contradict")["path"] == "lines[0].intact"
    done = good(await merchant.post(f"/v1/returns/{held}/inspect", {"lines": [entry]}))
    assert (done["result"], len(done["choices"]), done["return"]["findings"][0]["tags"]) == ("fail", 3, ["soiled"])

    (row,) = good(await merchant.get(f"/v1/returned-goods?return_id={held}&is_ours=false"))["items"]
    path = f"/v1/returned-goods/{row['id']}"
    assert [choice["code"] for choice in good(await merchant.get(path))["choices"]] == ["goods_sent_back", "dispute"]
    good(await merchant.post(f"{path}/offer", {"amount": 5000}))
    kept = good(await merchant.post(f"{path}/choose", {"choice": "price_reduction"}))
    assert (kept["is_ours"], "liquidate" in kept["allowed"], "restock" in kept["allowed"]) == (True, True, False)
    refused(await merchant.post(f"{path}/dispose", {"kind": "restock", "quantity": 1}), 409, "goods.not_for_these")
    (age,) = good(await merchant.get("/v1/returned-goods/ageing"))["items"]
    assert (age["days"], age["units"], age["overdue"]) == (0, 1, 0)
    sold = good(await merchant.post(f"{path}/dispose", {"kind": "liquidate", "quantity": 1, "recovered": 700}))
    assert (sold["open"], sold["dispositions"][0]["recovered"]["amount"]) == (0, 700)
    assert good(await merchant.get("/v1/returned-goods"))["items"] == []
