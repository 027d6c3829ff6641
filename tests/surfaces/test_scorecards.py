"""Carriers as we trust them, through the doors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dingdan.areas import carriers
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.fulfilment.test_work import packed
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.test_carriers import LICENCE, SF

UNTIL = datetime(2026, 11, 30, 16, tzinfo=UTC)


async def graded(db: Database, carrier: dict[str, Any], late: int) -> None:
    number = ids.decode("carrier", carrier["id"])
    assert number is not None
    counted = [
        carriers.LaneCounts(number, "CN-33", to, {"late": carriers.Tally(200, late)}) for to in ("CN-11", "CN-33")
    ]
    await do(db, SYSTEM, carriers.record_scores, counted, until=UNTIL)


@pytest.mark.requirement("O4.1")
async def test_a_carrier_is_registered_with_licence_and_contact_and_seen_so(merchant: Caller) -> None:
    without = good(await merchant.put("/v1/carriers/sf", json=SF | {"licences": []}))
    one = good(await merchant.put("/v1/carriers/sf", json=SF | {"contact": {"name": "李", "phone": "95338"}}))

    assert without["why_not_assignable"] == "carriers.licence_missing"
    assert (one["why_not_assignable"], one["licensed_until"]) == (None, "2099-12-31T16:00:00Z")
    assert one["licences"] == [LICENCE | {"zone": "Asia/Shanghai"}]
    assert one["contact"] == {"name": "李", "phone": "95338", "email": ""}
    assert {clock["kind"] for clock in one["deadlines"]} == {"carrier.licence", "carrier.evaluate"}
    assert good(await merchant.get("/v1/carriers/sf")) == one


@pytest.mark.requirement("O4.1")
async def test_the_platforms_contact_is_not_for_merchants(platform: Caller, merchant: Caller) -> None:
    good(await platform.put("/v1/carriers/post", json=SF | {"contact": {"phone": "11183"}}))
    seen = good(await merchant.get("/v1/carriers/post"))

    assert (seen["contact"], seen["available_actions"]) == (None, [])
    refused(await merchant.post("/v1/carriers/post/suspend", json={"reason": "envy"}), 404, "carriers.carrier_unknown")


@pytest.mark.requirement("O4.3")
async def test_a_number_tells_whose_it_is(merchant: Caller) -> None:
    (ups,) = good(await merchant.get("/v1/carriers/detect?number=1Z5R89390357567127"))["items"]

    assert (ups["carrier"], ups["sureness"], ups["name"]["en"]) == ("ups", "check_digit", "UPS")
    assert good(await merchant.get("/v1/carriers/detect?number=%20%20x"))["items"] == []
    refused(await merchant.get("/v1/carriers/detect"), 422, "request.malformed")


@pytest.mark.requirement("O4.2")
async def test_a_scorecard_says_why_what_follows_and_when_the_next_one_is(merchant: Caller, db: Database) -> None:
    sf = good(await merchant.put("/v1/carriers/sf", json=SF))
    refused(await merchant.get("/v1/carriers/sf/scorecard"), 404, "carriers.no_scorecard")
    await graded(db, sf, late=120)

    card = good(await merchant.get("/v1/carriers/sf/scorecard"))
    lane = good(await merchant.get("/v1/carriers/sf/scorecard?origin=CN-33&destination=CN-11"))
    pages = [good(await merchant.get("/v1/carriers/sf/scorecards?limit=2"))]
    pages.append(good(await merchant.get(f"/v1/carriers/sf/scorecards?limit=2&after={pages[0]['next']}")))

    late = next(figure for figure in card["figures"] if figure["name"] == "late")
    assert (card["grade"], card["share"], card["proposal"], card["samples"]) == ("E", 10, "suspend", 400)
    assert (late["samples"], late["bad"], late["grade"]) == (400, 240, "E")
    assert late["low"] < 600_000 < late["high"]
    assert "400 件中 240 件" in late["why"]["zh"]
    assert "240 of 400" in late["why"]["en"]
    assert card["next_evaluation_at"] > card["until"][:8]
    assert (lane["origin"], lane["samples"]) == ("CN-33", 200)
    assert [len(page["items"]) for page in pages] == [2, 1]
    assert pages[1]["next"] is None
    assert good(await merchant.get("/v1/carriers/sf"))["state"] == "warned"


@pytest.mark.requirement("O4.2")
async def test_a_person_confirms_a_suspension_ends_it_and_overrides_a_grade(merchant: Caller, db: Database) -> None:
    sf = good(await merchant.put("/v1/carriers/sf", json=SF))
    await graded(db, sf, late=120)
    soon = (datetime.now(UTC) + timedelta(days=9)).isoformat()

    suspended = good(await merchant.post("/v1/carriers/sf/suspend", json={"reason": "losses"}))
    again = await merchant.post("/v1/carriers/sf/suspend", json={"reason": "losses"})
    restored = good(await merchant.post("/v1/carriers/sf/restore", json={"reason": "mended"}))
    good(await merchant.post("/v1/carriers/sf/grade", json={"grade": "B", "reason": "snow", "ends_at": soon}))
    good(await merchant.post("/v1/carriers/sf/evaluate", json={}))
    await given.settle(db)

    assert (suspended["state"], suspended["why_not_assignable"]) == ("suspended", "carriers.suspended")
    assert suspended["available_actions"] == ["restore", "evaluate", "grade"]
    refused(again, 409, "carriers.standing_forbids")
    assert restored["state"] == "active"
    card = good(await merchant.get("/v1/carriers/sf/scorecard"))
    assert (card["grade"], card["standing"], card["is_by_hand"], card["share"]) == ("E", "B", True, 100)


@pytest.mark.requirement("O4.3")
async def test_a_packer_sees_whom_to_give_it_to_and_the_parcel_says_why_another_number(
    merchant: Caller, db: Database, shop: given.Shop
) -> None:
    good(await merchant.put("/v1/carriers/sf", json=SF))
    good(await merchant.put("/v1/lanes/all", json={"carrier": "sf", "country": "CN", "max_grams": 900, "cost": 700}))
    work = ids.encode("work", (await packed(db, shop)).id)

    (option,) = good(await merchant.get(f"/v1/work/{work}/carrier-suggestion"))["items"]
    (heavy,) = good(await merchant.get(f"/v1/work/{work}/carrier-suggestion?grams=901"))["items"]
    odd = {"carrier": "sf", "tracking_number": "SF-NEW-1"}
    problem = refused(
        await merchant.post(f"/v1/work/{work}/ship", json={"parcels": [odd]}), 422, "carriers.number_unfit"
    )
    (parcel,) = good(
        await merchant.post(f"/v1/work/{work}/ship", json={"parcels": [odd | {"number_reason": "new_form"}]})
    )["items"]

    assert (option["carrier"], option["is_chosen"], option["cost"]) == ("sf", True, 700)
    assert all(reason["zh"] and reason["en"] for reason in option["reasons"])
    assert (heavy["is_out"], heavy["is_chosen"]) == (True, False)
    assert problem["problems"][0]["path"] == "parcels[0].tracking_number"
    assert (parcel["number_reason"], parcel["ground"], parcel["licence"]) == ("new_form", "licensed", "邮 1")
    assert good(await merchant.get(f"/v1/parcels/{parcel['id']}"))["number_reason"] == "new_form"
