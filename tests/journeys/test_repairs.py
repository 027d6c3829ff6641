"""Goods mended through the doors, with the turned clock: mended, in vain, too long, and what each side is told and may do."""

from typing import Any

import httpx
import pytest

from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.exchanges import desk
from tests.areas.repairs import workshop
from tests.journeys.test_cases import Desk
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("R4.7")


class Workshop:
    """A shop of phones, somebody who has a broken one, and those who mend it."""

    def __init__(self, db: Database, staff: Desk, order_id: int) -> None:
        self.db, self.staff, self.order_id = db, staff, order_id

    @property
    def buyer(self) -> Caller:
        """The shop's own program, which speaks for the buyer."""
        return self.staff.buyer

    async def ask(self) -> dict[str, Any]:
        """Apply for a repair; somebody sees that it is a fault of ours."""
        line = {"order_id": ids.encode("order", self.order_id), "line_no": 1, "quantity": 1, "reason": "FUNCTION_FAULT"}
        body = {"buyer": "buyer-1", "resolution": "repair", "lines": [line]}
        (one,) = good(await self.buyer.post("/v1/returns/preview", body, key=None))["returns"]
        assert one["refund"]["amount"] == 0
        (held,) = good(await self.buyer.post("/v1/returns", body))["returns"]
        good(await self.staff.boss.post(f"/v1/returns/{held['id']}/approve"))
        await given.settle(self.db)
        (row,) = good(await self.staff.agent.get("/v1/repairs"))["items"]
        assert (row["return_id"], row["state"], row["waits_for"]) == (held["id"], "asked", "buyer")
        return await self.see(row["id"])

    async def bring(self) -> dict[str, Any]:
        """The phone is here."""
        made = await self.ask()
        path = f"/v1/returns/{made['return_id']}"
        good(await self.buyer.post(f"{path}/send", {"carrier": "manual", "tracking_number": f"B{made['id'][-12:]}"}))
        self.clerk = await self.staff.person(f"ida{made['id'][-4:].lower()}", "warehouse")
        good(await self.clerk.post(f"{path}/receive"))
        await given.settle(self.db)
        assert good(await self.clerk.get("/v1/inspections"))["items"] == []
        return await self.see(made["id"])

    async def see(self, repair_id: str) -> dict[str, Any]:
        """A repair as its buyer sees it."""
        found: dict[str, Any] = good(await self.buyer.get(f"/v1/repairs/{repair_id}"))
        return found

    async def do(self, by: Caller, made: dict[str, Any], verb: str, body: Any = None) -> dict[str, Any]:
        """Take a repair on."""
        found: dict[str, Any] = good(await by.post(f"/v1/repairs/{made['id']}/{verb}", body))
        await self.staff.settle()
        return found

    async def told(self) -> list[str]:
        """What the buyer was told of."""
        async with self.db.reading(workshop.SYSTEM) as tx:
            rows = await tx.fetch(
                "SELECT occasion FROM confirmations WHERE order_id = $1 ORDER BY version", self.order_id
            )
        return [row["occasion"] for row in rows if row["occasion"].startswith("repair")]


@pytest.fixture
async def place(db: Database, http: httpx.AsyncClient, platform: Caller) -> Workshop:
    shop, order_id = await workshop.phone_shop(db)
    return Workshop(db, await Desk(db, http, shop, platform).hire(), order_id)


WAYBILL = {"carrier": "sf", "tracking_number": "SF1"}


async def test_mended_and_back(place: Workshop) -> None:
    made = await place.bring()
    assert (made["state"], made["available_actions"], made["deadline_at"]) == ("mending", [], made["finish_by"])
    (row,) = good(await place.staff.agent.get("/v1/repairs", params={"state": "mending"}))["items"]
    assert (row["waits_for"], row["due_at"]) == ("merchant", made["finish_by"])
    refused(await place.buyer.post(f"/v1/repairs/{made['id']}/send-back", WAYBILL), 403, "auth.not_allowed")
    refused(
        await place.buyer.post(f"/v1/repairs/{made['id']}/choose", {"instead": "refund"}), 409, "repair.state_forbids"
    )
    made = await place.do(place.clerk, made, "pause")
    assert made["is_paused"]
    (row,) = good(await place.staff.agent.get("/v1/repairs"))["items"]
    assert (row["waits_for"], row["due_at"]) == ("buyer", None)
    await place.do(place.clerk, made, "resume")
    await place.do(place.clerk, made, "send-back", WAYBILL | {"note": "换屏"})
    made = await place.see(made["id"])
    assert (made["state"], made["tracking_number"], made["note"]) == ("returning", "SF1", "换屏")
    assert made["available_actions"] == ["confirm"]
    made = await place.do(place.buyer, made, "confirm")
    assert (made["state"], made["available_actions"], made["deadlines"]) == ("done", ["relapse"], [])
    assert good(await place.staff.agent.get("/v1/repairs"))["items"] == []
    assert await place.told() == ["repair_began", "repair_waits", "repair_sent"]


async def test_in_vain_twice_and_the_money(place: Workshop) -> None:
    made = await place.bring()
    await place.do(place.clerk, made, "send-back", WAYBILL)
    made = await place.do(place.clerk, made, "arrive")
    await place.do(place.buyer, made, "relapse")
    assert "repair_relapsed" not in await place.told()
    made = await place.bring()
    await place.do(place.clerk, made, "fail")
    made = await place.see(made["id"])
    assert (made["choices"], made["available_actions"]) == (["exchange", "refund"], ["choose"])
    refused(await place.buyer.post(f"/v1/repairs/{made['id']}/choose", {"instead": "gold"}), 422, "request.malformed")
    made = await place.do(place.buyer, made, "choose", {"instead": "refund"})
    assert (made["state"], made["instead"]) == ("turned", "refund")
    assert await desk.back(place.db, place.order_id) == [("return", 199_00, "settled")]
    assert (await place.told())[-1] == "repair_choice"


async def test_a_fault_that_came_back_twice_is_told_as_enough(place: Workshop) -> None:
    for _ in range(2):
        made = await place.bring()
        await place.do(place.clerk, made, "send-back", WAYBILL)
        made = await place.do(place.buyer, made, "confirm")
        await place.do(place.buyer, made, "relapse")
    assert (await place.told())[-1] == "repair_relapsed"


async def test_in_vain_and_another_one(place: Workshop) -> None:
    made = await place.bring()
    await place.do(place.clerk, made, "fail")
    await place.do(place.buyer, made, "choose", {"instead": "exchange"})
    (row,) = good(await place.staff.agent.get("/v1/exchanges"))["items"]
    assert (row["return_id"], row["state"]) == (made["return_id"], "replaced")


async def test_thirty_days_and_silence(place: Workshop) -> None:
    made = await place.bring()
    await place.staff.later(days=31)
    made = await place.see(made["id"])
    assert (made["state"], made["why"], made["deadline_at"]) == ("choosing", "too_long", made["choose_by"])
    refused(await place.clerk.post(f"/v1/repairs/{made['id']}/send-back", WAYBILL), 409, "repair.state_forbids")
    await place.staff.later(days=6, hours=1)
    await place.staff.later(days=2)
    made = await place.see(made["id"])
    assert (made["state"], made["instead"], made["is_silent"]) == ("turned", "refund", True)
    assert await desk.back(place.db, place.order_id) == [("return", 199_00, "settled")]
    assert await place.told() == ["repair_began", "repair_choice", "repair_choice", "repair_refunded"]


async def test_hostile_words_change_nothing(place: Workshop) -> None:
    made = await place.bring()
    for body in ({}, {"carrier": "\0", "tracking_number": "x"}, {"carrier": 7, "tracking_number": []},
                 WAYBILL | {"note": "x" * 2001}, WAYBILL | {"is_mended": False}, WAYBILL | {"more": 1}):  # fmt: skip
        assert (await place.clerk.post(f"/v1/repairs/{made['id']}/send-back", body)).status_code in (400, 422)
    refused(await place.buyer.get(f"/v1/repairs/{ids.encode('repair', 7)}"), 404, "request.nothing_there")
    assert (await place.see(made["id"]))["state"] == "mending"
