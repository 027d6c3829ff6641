"""Goods exchanged through the doors, with the turned clock: the same, dearer, cheaper, sold out, not paid, sent ahead."""

from typing import Any

import httpx
import pytest

from dingdan.areas import inventory
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.exchanges import desk
from tests.areas.payments import till as money
from tests.journeys.test_cases import Desk
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("R4.6")
FINE = {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}


class House:
    """A shop with an order of a mug in the buyer's hands, the buyer, and those who serve them."""

    def __init__(self, db: Database, staff: Desk, shop: given.Shop, order_id: int) -> None:
        self.db, self.staff, self.shop, self.order_id = db, staff, shop, order_id

    @property
    def buyer(self) -> Caller:
        """The shop's own program, which speaks for the buyer."""
        return self.staff.buyer

    async def ask(self, wanted: str | None = None) -> dict[str, Any]:
        """Apply to exchange the mug."""
        line = {"order_id": ids.encode("order", self.order_id), "line_no": 1, "quantity": 1}
        body = {"buyer": "buyer-1", "lines": [line | ({"wanted": wanted} if wanted else {})]}
        (terms,) = good(await self.buyer.post("/v1/exchanges/preview", body, key=None))["terms"]
        (made,) = good(await self.buyer.post("/v1/exchanges", body))["exchanges"]
        await given.settle(self.db)
        return {**await self.see(made["id"]), "terms": terms}

    async def see(self, exchange_id: str) -> dict[str, Any]:
        """An exchange as it stands."""
        found: dict[str, Any] = good(await self.buyer.get(f"/v1/exchanges/{exchange_id}"))
        return found

    async def comes_back(self, made: dict[str, Any]) -> dict[str, Any]:
        """The mug is sent, received and found fine."""
        path = f"/v1/returns/{made['return_id']}"
        good(await self.buyer.post(f"{path}/send", {"carrier": "manual", "tracking_number": f"B{made['id'][-12:]}"}))
        clerk = await self.staff.person("ida", "warehouse")
        good(await clerk.post(f"{path}/receive"))
        await given.settle(self.db)
        good(await clerk.post(f"{path}/inspect", {"lines": [FINE]}))
        await given.settle(self.db)
        return await self.see(made["id"])

    async def order(self, made: dict[str, Any]) -> str:
        """Where what goes out stands; the buyer sees it like any order."""
        good(await self.buyer.get(f"/v1/orders/{made['replaced_by']}"))
        return str((await money.order_of(self.db, ids.decode("order", made["replaced_by"]))).state)

    async def told(self) -> list[str]:
        """What the buyer was told of."""
        async with self.db.reading(SYSTEM) as tx:
            rows = await tx.fetch(
                "SELECT occasion FROM confirmations WHERE order_id = $1 ORDER BY version", self.order_id
            )
        return [row["occasion"] for row in rows if row["occasion"].startswith("exchange")]


@pytest.fixture
async def house(db: Database, http: httpx.AsyncClient, platform: Caller) -> House:
    shop, order_id = await desk.order_a(db)
    return House(db, await Desk(db, http, shop, platform).hire(), shop, order_id)


async def test_the_same_again(house: House) -> None:
    made = await house.ask()
    assert (made["state"], made["terms"]["difference"]["amount"], made["terms"]["is_in_stock"]) == ("reserved", 0, True)
    (row,) = good(await house.staff.agent.get("/v1/exchanges"))["items"]
    assert (row["id"], row["waits_for"], row["due_at"] is not None) == (made["id"], "buyer", True)
    made = await house.comes_back(made)
    assert (made["state"], await house.order(made)) == ("replaced", "confirmed")
    await given.ship(house.db, house.shop, ids.decode("order", made["replaced_by"]))
    assert await house.told() == ["exchange_kept", "exchange_sent"]


async def test_something_dearer_is_paid_before_it_is_sent(house: House) -> None:
    made = await house.ask("BOWL")
    assert made["terms"]["difference"]["amount"] == 4901
    made = await house.comes_back(made)
    assert (made["state"], made["difference"]["amount"], made["available_actions"]) == (
        "difference", 4901, ["take_money", "pay"],
    )  # fmt: skip
    (row,) = good(await house.staff.agent.get("/v1/exchanges"))["items"]
    assert (row["waits_for"], row["price"]["amount"], row["worth"]["amount"]) == ("buyer", 22900, 17999)
    body = {"provider": "sandbox", "method": "instant"}
    paid = good(await house.buyer.post(f"/v1/orders/{made['replaced_by']}/payments", body))
    await given.settle(house.db)
    assert paid["amount"]["amount"] == 4901
    assert (await house.see(made["id"]))["state"] == "replaced"
    assert await house.told() == ["exchange_kept", "exchange_difference", "exchange_sent"]


async def test_something_dearer_that_nobody_pays(house: House) -> None:
    made = await house.comes_back(await house.ask("BOWL"))
    await house.staff.later(hours=73)
    assert ((await house.see(made["id"]))["state"], await house.order(made)) == ("refunded", "expired")
    assert await desk.back(house.db, ids.decode("order", made["replaced_by"])) == [("cancellation", 179_99, "settled")]
    assert (await house.told())[-1] == "exchange_refunded"


async def test_something_cheaper(house: House) -> None:
    made = await house.ask("CUP")
    assert made["terms"]["difference"]["amount"] == -3099
    made = await house.comes_back(made)
    await house.staff.settle()
    assert (made["state"], await desk.back(house.db, house.order_id)) == (
        "replaced", [("exchange", 149_00, "settled"), ("return", 30_99, "settled")],
    )  # fmt: skip


async def test_something_that_is_sold_out(house: House) -> None:
    none = inventory.Count(house.shop.merchant_id, house.shop.warehouse_id, house.shop.products["BOWL"], 0)
    await do(house.db, SYSTEM, inventory.count, [none])
    made = await house.ask("BOWL")
    assert (made["state"], made["why"], made["terms"]["is_in_stock"]) == ("refunded", "out_of_stock", False)
    await house.comes_back(made)
    assert await desk.back(house.db, house.order_id) == [("return", 179_99, "settled")]
    assert await house.told() == ["exchange_refunded"]


async def test_something_late(house: House) -> None:
    made = await house.ask()
    refused(await house.buyer.post(f"/v1/exchanges/{made['id']}/take-money"), 409, "exchange.money_not_due")
    refused(await house.buyer.post(f"/v1/exchanges/{made['id']}/ship-ahead"), 403, "auth.not_allowed")
    refused(await house.staff.boss.post(f"/v1/exchanges/{made['id']}/ship-ahead"), 403, "exchange.not_ahead")
    body = {"lines": [{"line_no": 1, "sku": "CUP"}]}
    refused(await house.buyer.post(f"/v1/exchanges/{made['id']}/change", body), 409, "exchange.state_forbids")
    await house.comes_back(made)
    await house.staff.later(hours=73)
    (row,) = good(await house.staff.agent.get("/v1/exchanges", params={"is_overdue": True}))["items"]
    assert row["id"] == made["id"]
    done = good(await house.buyer.post(f"/v1/exchanges/{made['id']}/take-money"))
    await house.staff.settle()
    assert (done["state"], await house.order(done)) == ("refunded", "cancelled")
    assert "exchange_late" in await house.told()


async def test_hostile_words_change_nothing(house: House) -> None:
    line = {"order_id": ids.encode("order", house.order_id), "line_no": 1, "quantity": 1}
    for body in (
        {"buyer": "buyer-1", "lines": []}, {"buyer": "buyer-1", "lines": [line | {"quantity": 10**12}]},
        {"buyer": "buyer-1", "lines": [line | {"wanted": "\0"}]}, {"buyer": "somebody", "lines": [line]},
        {"buyer": "buyer-1", "lines": [line | {"order_id": "ord_none"}]}, {"buyer": 7, "lines": line},
        {"buyer": "buyer-1", "lines": [line, line]},
    ):  # fmt: skip
        assert (await house.buyer.post("/v1/exchanges", body)).status_code in (400, 403, 404, 409, 422)
    refused(await house.buyer.get(f"/v1/exchanges/{ids.encode('exchange', 7)}"), 404, "request.nothing_there")
    assert good(await house.staff.agent.get("/v1/exchanges"))["items"] == []
