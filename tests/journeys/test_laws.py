"""A lamp goes back under each law: to the last moment it may, with what that law pays of the way; then it is too late."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dingdan.areas import carriers, fulfilment, policies
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.times import end_of_window
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused
from tests.surfaces.conftest import key
from tests.surfaces.test_road import ADDRESS

FOUND = {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}
# Of 80.00, 5.00 for the way, and 7.00 more because it had to be quick.
LAWS = [
    pytest.param("cn_statutory", "CNY", 80_00, id="cn"),
    pytest.param("eu_crd", "EUR", 85_00, id="eu", marks=pytest.mark.requirement("W66")),
    pytest.param("uk_ccr", "GBP", 85_00, id="uk", marks=pytest.mark.requirement("W66")),
    pytest.param("us_practice", "USD", 80_00, id="us"),
]
# What is bought late in the year may come back until the end of January in America.
SEASON = {"us_practice": timedelta(days=100)}
# For how many days after the goods came, and whether a last day of rest rolls on.
DAYS = {"cn_statutory": (7, True), "eu_crd": (14, True), "uk_ccr": (14, False), "us_practice": (30, False)}


async def two_ways(db: Database, shop: given.Shop, currency: str) -> None:
    """A way there that costs nothing on top, and a quick one that does."""
    carrier_id = await given.carrier(db, shop)
    ways = (("slow", "standard", 0), ("quick", "express", 7_00))
    await do(db, SYSTEM, carriers.save_lanes, [
        carriers.SaveLane(merchant_id=shop.merchant_id, code=code, carrier_id=carrier_id, country="CN", service=service,
                          surcharge=surcharge, currency=currency)
        for code, service, surcharge in ways
    ])  # fmt: skip


async def delivered(seller: Caller, db: Database, shop: given.Shop) -> dict[str, Any]:
    """An order that came by express; as the API shows it."""
    wanted = {"channel": "web", "buyer": {"ref": "anna"}, "ship_to": ADDRESS, "service": "express",
              "lines": [{"sku": "LAMP", "quantity": 1}]}  # fmt: skip
    quoted = good(await seller.post("/v1/quotes", wanted, key=None))
    order = good(await seller.post("/v1/orders", wanted))
    assert quoted["total"] == order["total"]
    assert order["total"]["amount"] == 92_00
    good(await seller.post(f"/v1/orders/{order['id']}/payments", {"provider": "sandbox", "method": "instant"}))
    await given.settle(db)
    number = await given.ship(db, shop, ids.decode("order", order["id"]))
    async with db.transaction(SYSTEM) as tx:
        scan = fulfilment.Scan(
            carrier="manual", tracking_number=number, event_id="d", code="delivered", at=tx.now, place=""
        )
        await fulfilment.scan(tx, [scan])
    await given.settle(db)
    return good(await seller.get(f"/v1/orders/{order['id']}"))


def last_moment(law: str, came: datetime) -> datetime:
    """Until when an order that came then may go back without a reason."""
    (document,) = (one for one in policies.packs() if one.id == law)
    (days, rolls), clock = DAYS[law], policies.clock_of(document, "CN")
    return end_of_window(came, days, clock.zone, is_rest_day=clock.is_rest_day if rolls else None)


async def turn_to(seller: Caller, db: Database, moment: datetime) -> None:
    """Turn the clock on, and let everything happen that is due by then."""
    now = datetime.fromisoformat(good(await seller.get("/v1/sandbox/clock"))["now"])
    good(await seller.post("/v1/sandbox/clock/advance", {"seconds": int((moment - now).total_seconds())}))
    await given.settle(db, with_deadlines=True)


@pytest.mark.requirement("issue 5: journeys", "R1.4")
@pytest.mark.parametrize(("law", "currency", "back"), LAWS)
async def test_a_lamp_goes_back_under_each_law(
    merchant: Caller, db: Database, law: str, currency: str, back: int
) -> None:
    shop = await given.shop(db, prices={"LAMP": 80_00}, law=law, currency=currency, freight=5_00)
    await two_ways(db, shop, currency)
    seller = Caller(merchant.http, await key(db, merchant_id=shop.merchant_id))
    page, late = await delivered(seller, db, shop), await delivered(seller, db, shop)
    price = {(one["effect"], one["kind"]): one["amount"]["amount"] for one in page["layers"]}
    assert price["freight_way", "beyond_standard"] == 7_00
    asked = {"buyer": "anna", "lines": [{"order_id": page["order"]["id"], "line_no": 1, "quantity": 1}]}

    ends = last_moment(law, datetime.fromisoformat(page["order"]["delivered_at"]))
    await turn_to(seller, db, ends - timedelta(minutes=1))
    preview = good(await seller.post("/v1/returns/preview", asked, key=None))
    assert preview["returns"][0]["refund"] == {"amount": back, "currency": currency}
    (held,) = good(await seller.post("/v1/returns", asked))["returns"]
    assert held["decision"] == "approved"
    good(await seller.post(f"/v1/returns/{held['id']}/receive"))
    looked = good(await seller.post(f"/v1/returns/{held['id']}/inspect", {"lines": [FOUND]}))
    assert looked["refund"] == {"amount": back, "currency": currency}
    await given.settle(db)
    assert good(await seller.get(f"/v1/returns/{held['id']}"))["outcome"] == "settled"
    assert good(await seller.get(f"/v1/orders/{page['order']['id']}"))["order"]["refunded"]["amount"] == back

    over = last_moment(law, datetime.fromisoformat(late["order"]["delivered_at"])) + SEASON.get(law, timedelta())
    await turn_to(seller, db, over + timedelta(minutes=1))
    asked["lines"][0]["order_id"] = late["order"]["id"]
    refused(await seller.post("/v1/returns", asked), 409, "return.out_of_window")
