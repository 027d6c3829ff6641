"""Every kind of trouble, from its first sign to its end, through the doors and with the clock turned."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from dingdan.areas import cases, identity, notifications, orders, payments
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused

ADDRESS = {
    "name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市",
    "district": "西湖区", "detail": "文三路 478 号",
}  # fmt: skip


class Desk:
    """A shop with an agent, a lead and a manager, and a buyer who speaks through the shop's program."""

    def __init__(self, db: Database, http: httpx.AsyncClient, shop: given.Shop, platform: Caller) -> None:
        self.db, self.http, self.shop, self.platform = db, http, shop, platform
        self.staff: dict[str, int] = {}

    async def hire(self) -> "Desk":
        """Let everybody begin."""
        self.agent = await self.person("anna", "customer_service")
        self.lead = await self.person("lea", "lead")
        self.boss = await self.person("mara", "manager")
        wanted = identity.IssueKey(self.shop.merchant_id, None, "shop", tuple(sorted(identity.ROLES["storefront"])))
        self.buyer = Caller(self.http, (await do(self.db, SYSTEM, identity.issue_key, wanted)).secret)
        return self

    async def person(self, login: str, role: str) -> Caller:
        """Somebody of the seller's staff."""
        name = f"{login}-{self.shop.merchant_id}"
        saved = await do(self.db, SYSTEM, identity.save_staff,
                         identity.SaveStaff(self.shop.merchant_id, name, login.title(), (role,)))  # fmt: skip
        self.staff[login] = saved.id
        wanted = identity.IssueKey(self.shop.merchant_id, saved.id, "desk", tuple(sorted(identity.ROLES[role])))
        return Caller(self.http, (await do(self.db, SYSTEM, identity.issue_key, wanted)).secret)

    async def later(self, **span: int) -> None:
        """Turn the clock, and let everything follow."""
        good(await self.platform.post("/v1/sandbox/clock/advance", span))
        await self.settle()

    async def settle(self) -> None:
        """Let reactions, jobs and deadlines run, the provider's word come, and what follows from it too."""
        await given.settle(self.db, with_deadlines=True)
        await payments.sandbox.deliver_notifications(self.db, self.http, "/v1/callbacks/payments/sandbox")
        await given.settle(self.db, with_deadlines=True)

    async def only(self, kind: str, **more: str) -> dict[str, Any]:
        """The one open case of a kind (or in a state), as its page shows it."""
        (row,) = good(await self.agent.get("/v1/cases", params={"kind": kind} | more))["items"]
        return await self.case(row["id"])

    async def case(self, case_id: str) -> dict[str, Any]:
        """A case as it stands."""
        found: dict[str, Any] = good(await self.agent.get(f"/v1/cases/{case_id}"))
        return found

    async def told(self, order_id: int) -> list[dict[str, Any]]:
        """What the buyer sees of an order's cases."""
        found: list[dict[str, Any]] = good(await self.buyer.get(f"/v1/orders/{ids.encode('order', order_id)}/cases"))[
            "items"
        ]
        return found

    async def report(self, order_id: int, kind: str, **more: Any) -> str:
        """The buyer reports a problem."""
        body = {"kind": kind, "text": "收到时有问题", "photos": ["photo-1"]} | more
        made = good(await self.buyer.post(f"/v1/orders/{ids.encode('order', order_id)}/cases", body))
        return str(made["id"])

    async def propose(self, case_id: str, by: Caller | None = None, **remedy: Any) -> dict[str, Any]:
        """Somebody, the agent if nobody is named, proposes."""
        made: dict[str, Any] = good(await (by or self.agent).post(f"/v1/cases/{case_id}/remedies", remedy))
        return made

    async def close(self, case_id: str, closure: str, **more: Any) -> dict[str, Any]:
        """The agent ends it, and the buyer rates it."""
        await self.settle()
        ended: dict[str, Any] = good(
            await self.agent.post(f"/v1/cases/{case_id}/close", {"closure": closure, "text": "谢谢您的耐心"} | more)
        )
        await self.settle()
        return ended

    async def parcel(self, order_id: int) -> str:
        """The order's parcel."""
        found = good(await self.platform.get(f"/v1/orders/{ids.encode('order', order_id)}"))["parcels"]
        return str(found[0]["id"])

    async def scan(self, order_id: int, code: str) -> None:
        """The carrier says something of the order's parcel."""
        path = f"/v1/parcels/{await self.parcel(order_id)}/scans"
        good(await self.platform.post(path, {"code": code}))
        await self.settle()

    async def order(self, order_id: int) -> dict[str, Any]:
        """The order as it stands."""
        found: dict[str, Any] = good(await self.platform.get(f"/v1/orders/{ids.encode('order', order_id)}"))["order"]
        return found


async def payment_failed(desk: Desk) -> str:
    """Declined once, then paid: the case says so by itself."""
    order_id = await given.placed_order(desk.db, desk.shop)
    for _ in range(2):
        await payments.sandbox.order_fault(desk.db, "start", "declined")
        await given.pay(desk.db, order_id)
    case = await desk.only("payment_failed")
    assert (case["repeats"], case["subject"], await desk.told(order_id)) == (1, "order", [])
    await given.pay(desk.db, order_id)
    return str(case["id"])


async def duplicate_payment(desk: Desk) -> str:
    """Paid by two ways at once: the second goes back within the day, and its case ends with that."""
    order_id = await given.placed_order(desk.db, desk.shop)
    started = await do(desk.db, SYSTEM, payments.start, [order_id], provider="sandbox", method="qr")
    await payments.call_started(desk.db, [one.id for one in started])
    async with desk.db.reading(SYSTEM) as tx:
        code = await payments.get_one(tx, started[0].id)
    await given.pay(desk.db, order_id)
    await payments.sandbox.pay(desk.db, code.provider_ref or "", even_if_closed=True)
    await payments.sandbox.deliver_notifications(desk.db, desk.http, "/v1/callbacks/payments/sandbox")
    await desk.settle()
    case = await desk.only("duplicate_payment", state="closed")
    assert (case["subject"], case["source"]) == ("capture", "fact")
    return str(case["id"])


async def address_unclear(desk: Desk) -> str:
    """Held, asked, corrected: a new confirmation goes out and the order goes on."""
    order_id = await given.paid_order(desk.db, desk.shop)
    made = good(await desk.agent.post("/v1/cases", {
        "kind": "address_unclear", "order": ids.encode("order", order_id)}))  # fmt: skip
    assert (await desk.order(order_id))["state"] == "held"
    good(await desk.agent.post(f"/v1/cases/{made['id']}/ask", {"text": "请问门牌号是多少？"}))
    (told,) = await desk.told(order_id)
    assert (told["question"], told["whose_turn"], told["available_actions"]) == (
        "请问门牌号是多少？",
        "buyer",
        ["answer"],
    )
    good(await desk.buyer.post(f"/v1/cases/{made['id']}/answer", {"text": "文三路 478 号 3 楼"}))
    good(await desk.agent.post(f"/v1/cases/{made['id']}/correct_address", {"ship_to": ADDRESS}))
    await desk.settle()
    assert (await desk.order(order_id))["state"] == "confirmed"
    return str(made["id"])


async def address_silent(desk: Desk) -> str:
    """Nobody answers for two days: the order ends with everything back."""
    order_id = await given.paid_order(desk.db, desk.shop)
    made = good(await desk.agent.post("/v1/cases", {
        "kind": "address_unclear", "order": ids.encode("order", order_id)}))  # fmt: skip
    good(await desk.agent.post(f"/v1/cases/{made['id']}/ask", {"text": "请问门牌号是多少？"}))
    await desk.later(hours=47)
    assert (await desk.order(order_id))["state"] == "held"
    await desk.later(hours=1, minutes=1)
    order = await desk.order(order_id)
    assert (order["state"], order["refunded"]) == ("cancelled", order["total"])
    return str(made["id"])


async def confirmation_undeliverable(desk: Desk) -> str:
    """No way reaches the buyer: somebody finds one."""
    await notifications.sandbox.order_fault(desk.db, "sms", "refuse")
    await given.placed_order(desk.db, desk.shop)
    await given.settle(desk.db)
    case = await desk.only("confirmation_undeliverable")
    await desk.close(case["id"], "reached")
    return str(case["id"])


async def shortage(desk: Desk) -> str:
    """The buyer would rather wait."""
    order_id = await given.paid_order(desk.db, desk.shop)
    made = good(await desk.agent.post("/v1/cases", {"kind": "shortage", "order": ids.encode("order", order_id)}))
    now = good(await desk.platform.get("/v1/sandbox/clock"))["now"]
    wait = await desk.propose(made["id"], kind="wait", until=f"{int(now[:4]) + 1}{now[4:]}")
    (told,) = await desk.told(order_id)
    assert (wait["state"], [one["id"] for one in told["offers"]]) == ("approved", [wait["id"]])
    assert good(await desk.buyer.post(f"/v1/remedies/{wait['id']}/accept"))["state"] == "executed"
    await desk.close(made["id"], "waits")
    return str(made["id"])


async def delay(desk: Desk) -> str:
    """Nobody speaks to the buyer in time, so it goes up; told then, and the parcel comes."""
    order_id = await given.shipped_order(desk.db, desk.shop)
    case_id = await desk.report(order_id, "delay", parcel=await desk.parcel(order_id))
    await desk.later(hours=2, minutes=1)
    case = await desk.case(case_id)
    assert (case["level"], [one["reason"] for one in case["owners"]]) == (1, ["opened", "not_contacted"])
    good(await desk.lead.post(f"/v1/cases/{case_id}/update", {"text": "正在查件", "plan": "ask_carrier"}))
    (told,) = await desk.told(order_id)
    assert (told["plan"], told["next_update_at"] is not None) == ("ask_carrier", True)
    await desk.later(hours=24, minutes=1)
    assert (await desk.case(case_id))["level"] == 2
    await desk.scan(order_id, "delivered")
    return case_id


async def damage(desk: Desk) -> str:
    """Broken on the way: a part of the price back, the goods kept, and the carrier pays a part."""
    order_id = await given.shipped_order(desk.db, desk.shop, {"SOCK": 1})
    await desk.scan(order_id, "damaged")
    case = await desk.only("damage")
    (claim,) = case["claims"]
    assert (claim["state"], claim["value"]["amount"]) == ("drafted", 3990)
    done = await desk.propose(case["id"], kind="refund", lines=[{"line_no": 1, "quantity": 1}], amount=798)
    assert (done["state"], done["worth"]["amount"]) == ("executed", 798)
    await desk.close(case["id"], "kept_with_part_back", liable="carrier")
    assert (await desk.order(order_id))["refunded"]["amount"] == 798
    filed = good(
        await desk.agent.post(f"/v1/claims/{claim['id']}/file", {"carrier_ref": "C-1", "evidence": ["photo-1"]})
    )
    await desk.later(days=7, minutes=1)
    assert (await desk.case(case["id"]))["claims"][0]["chased"] == 1
    assert filed["answer_by"] < (await desk.case(case["id"]))["claims"][0]["answer_by"]
    good(await desk.agent.post(f"/v1/claims/{claim['id']}/answer", {"answer": "part", "accepted": 798}))
    assert good(await desk.agent.post(f"/v1/claims/{claim['id']}/recover", {"amount": 798}))["state"] == "recovered"
    return str(case["id"])


async def loss(desk: Desk) -> str:
    """Lost: sent again within the day as an order that costs nothing; the first one waits for nothing any more."""
    order_id = await given.shipped_order(desk.db, desk.shop, {"MUG": 1, "TEE": 2})
    await desk.scan(order_id, "lost")
    case = await desk.only("loss")
    lines = [{"line_no": 1, "quantity": 1}, {"line_no": 2, "quantity": 2}]
    wanted = await desk.propose(case["id"], kind="reship", lines=lines)
    assert (wanted["state"], wanted["worth"]["amount"]) == ("proposed", 37880)
    refused(await desk.agent.post(f"/v1/remedies/{wanted['id']}/approve"), 403, "auth.not_allowed")
    sent = good(await desk.lead.post(f"/v1/remedies/{wanted['id']}/approve"))
    refused(await desk.agent.post(f"/v1/cases/{case['id']}/remedies", {"kind": "refund", "lines": lines}),
            409, "remedy.units_made_good")  # fmt: skip
    again = ids.decode("order", sent["replaced_by"]) or 0
    await given.settle(desk.db)
    await given.ship(desk.db, desk.shop, again)
    await desk.close(case["id"], "sent_again", liable="carrier")
    await desk.scan(again, "delivered")
    first, second = await desk.order(order_id), await desk.order(again)
    assert (first["state"], second["total"]["amount"], second["delivered_at"] is not None) == ("completed", 0, True)
    good(await desk.agent.post(f"/v1/claims/{case['claims'][0]['id']}/write_off", {"reason": "too_little"}))
    return str(case["id"])


async def turned_away(desk: Desk) -> str:
    """Refused at the door for no reason: brought back, looked at, paid back less the way back (W27)."""
    order_id = await given.shipped_order(desk.db, desk.shop, {"MUG": 1})
    await desk.scan(order_id, "returning")
    case = await desk.only("turned_away")
    done = await desk.propose(case["id"], kind="take_back", reason="REFUSED_NO_REASON", postage=800)
    path = f"/v1/returns/{done['return_id']}"
    good(await desk.platform.post(f"{path}/receive"))
    good(await desk.platform.post(f"{path}/inspect", {"lines": [
        {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}
    ]}))  # fmt: skip
    await desk.close(case["id"], "paid_back")
    order = await desk.order(order_id)
    assert (order["refunded"]["amount"], order["state"]) == (19900 - 800, "completed")
    return str(case["id"])


async def wrong_item(desk: Desk) -> str:
    """The right thing is not there any more: a cheaper one instead, and the difference back."""
    order_id = await given.delivered_order(desk.db, desk.shop, {"MUG": 1})
    case_id = await desk.report(order_id, "wrong_item")
    line = {"line_no": 1, "quantity": 1}
    refused(await desk.agent.post(f"/v1/cases/{case_id}/remedies", {
        "kind": "substitute", "lines": [line | {"sku": "GOLD"}]}), 422, "remedy.dearer")  # fmt: skip
    wanted = await desk.propose(case_id, desk.lead, kind="substitute", lines=[line | {"sku": "TEE"}])
    (told,) = await desk.told(order_id)
    assert (wanted["state"], told["offers"][0]["lines"][0]["sku"]) == ("approved", "TEE")
    done = good(await desk.buyer.post(f"/v1/remedies/{wanted['id']}/accept"))
    await desk.close(case_id, "sent_again", liable="merchant")
    assert (await desk.order(order_id))["refunded"]["amount"] == 19900 - 8990
    await given.ship(desk.db, desk.shop, ids.decode("order", done["replaced_by"]) or 0)
    return case_id


async def missing_item(desk: Desk) -> str:
    """One of two was not in the box: its money back with its share of the freight."""
    order_id = await given.delivered_order(desk.db, desk.shop, {"SOCK": 2})
    case_id = await desk.report(order_id, "missing_item")
    done = await desk.propose(case_id, kind="refund", lines=[{"line_no": 1, "quantity": 1}])
    assert (done["state"], done["worth"]["amount"]) == ("executed", 3990)
    await desk.close(case_id, "paid_back", liable="merchant")
    assert (await desk.order(order_id))["refunded"]["amount"] == 3990
    return case_id


async def fraud(desk: Desk) -> str:
    """Not silver at all: the money back, and three times the price on top, which one person grants and another pays."""
    order_id = await given.delivered_order(desk.db, desk.shop, {"MUG": 1})
    case_id = await desk.report(order_id, "fraud")
    back = await desk.propose(case_id, desk.boss, kind="refund", lines=[{"line_no": 1, "quantity": 1}])
    wanted = await desk.propose(case_id, kind="compensation", form="money", right="CN_FRAUD")
    assert (back["state"], wanted["state"], wanted["worth"]["amount"]) == ("executed", "proposed", 3 * 19900)
    assert good(await desk.boss.post(f"/v1/remedies/{wanted['id']}/approve"))["state"] == "approved"
    payer = await desk.person("finn", "finance")
    assert good(await payer.post(f"/v1/remedies/{wanted['id']}/pay", {"receipt": "T-1"}))["state"] == "executed"
    await desk.close(case_id, "damages_paid", liable="merchant")
    assert (await desk.order(order_id))["refunded"]["amount"] == 19900
    return case_id


async def disputed_receipt(desk: Desk) -> str:
    """Signed for by nobody the buyer knows; a compensation above the agent's limit, which the lead grants."""
    order_id = await given.delivered_order(desk.db, desk.shop, {"MUG": 1})
    case_id = await desk.report(order_id, "disputed_receipt")
    wanted = await desk.propose(case_id, kind="compensation", amount=6000, form="balance")
    assert (wanted["state"], wanted["beyond_paid"]["amount"]) == ("proposed", 6000)
    assert good(await desk.lead.post(f"/v1/remedies/{wanted['id']}/approve"))["state"] == "executed"
    refused(await desk.boss.post(f"/v1/cases/{case_id}/remedies", {
        "kind": "compensation", "amount": 3951, "form": "balance"}), 409, "remedy.budget_spent")  # fmt: skip
    await desk.close(case_id, "found", liable="carrier")
    return case_id


async def unannounced_parcel(desk: Desk) -> str:
    """Something stands at the dock that nobody announced; it is matched."""
    made = good(await desk.agent.post("/v1/cases", {"kind": "unannounced_parcel", "text": "SF 盒子，无单号"}))
    assert (made["order_id"], made["log"][0]["data"]["note"]) == (None, "SF 盒子，无单号")
    refused(await desk.agent.post(f"/v1/cases/{made['id']}/remedies", {"kind": "refund"}), 409, "case.no_order")
    order_id = await given.delivered_order(desk.db, desk.shop)
    attach, order = f"/v1/cases/{made['id']}/attach", {"order": ids.encode("order", order_id)}
    assert "attach" in made["available_actions"]
    assert good(await desk.agent.post(attach, order))["order_id"] == order["order"]
    refused(await desk.agent.post(attach, order), 409, "case.has_order")
    await desk.close(made["id"], "matched")
    return str(made["id"])


# What goes wrong with goods that come back is told by the tests of returns and of the way back, what is ruled by those of
# disputes.
OF_RETURNS = {
    "platform_ruling",
    "return_lost",
    "refund_recovery",
    "postage_owed",
    "stray_parcel",
    "inspection_disputed",
}

JOURNEYS: dict[str, tuple[Callable[[Desk], Awaitable[str]], str, tuple[str, ...]]] = {
    "payment_failed": (payment_failed, "paid", ("O6.3",)),
    "duplicate_payment": (duplicate_payment, "paid_back", ("O6.3",)),
    "address_unclear": (address_unclear, "corrected", ("O6.4",)),
    "address_unclear, no answer": (address_silent, "cancelled", ("O6.4",)),
    "confirmation_undeliverable": (confirmation_undeliverable, "reached", ("O6.1",)),
    "shortage": (shortage, "waits", ("O4.7",)),
    "delay": (delay, "arrived", ("O4.5", "O6.2")),
    "damage": (damage, "kept_with_part_back", ("O4.5", "O4.6", "O6.8")),
    "loss": (loss, "sent_again", ("O4.5", "O4.7", "O6.7")),
    "turned_away": (turned_away, "paid_back", ("O6.5",)),
    "wrong_item": (wrong_item, "sent_again", ("O6.6", "O4.7")),
    "missing_item": (missing_item, "paid_back", ("O6.6",)),
    "fraud": (fraud, "damages_paid", ("W82",)),
    "disputed_receipt": (disputed_receipt, "found", ("O6.7", "O6.8")),
    "unannounced_parcel": (unannounced_parcel, "matched", ("O6.1",)),
}


@pytest.mark.parametrize(
    ("journey", "closure"),
    [
        pytest.param(journey, closure, id=name, marks=[pytest.mark.requirement(one) for one in numbers])
        for name, (journey, closure, numbers) in JOURNEYS.items()
    ],
)
async def test_trouble_goes_to_its_end(
    journey: Callable[[Desk], Awaitable[str]], closure: str, platform: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    shop = await given.shop(
        db, prices={"MUG": 19900, "TEE": 8990, "SOCK": 3990, "GOLD": 99900}, message_channels=("sms",)
    )
    desk = await Desk(db, http, shop, platform).hire()
    case_id = await journey(desk)
    case = await desk.case(case_id)
    assert (case["state"], case["closure"], case["deadlines"], case["owners"][-1]["until"] is not None) == (
        "closed", closure, [], True,
    )  # fmt: skip
    assert case["available_actions"] == ["rate"]


def test_every_kind_that_ships_has_its_journey() -> None:
    assert {name.partition(",")[0] for name in JOURNEYS} == set(cases.shipped()) - OF_RETURNS


@pytest.mark.requirement("O6.9")
async def test_the_buyer_is_told_at_each_step_and_rates_the_end(
    platform: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    shop = await given.shop(db, prices={"SOCK": 3990}, message_channels=("sms",))
    desk = await Desk(db, http, shop, platform).hire()
    order_id = await given.delivered_order(desk.db, shop)
    case_id = await desk.report(order_id, "missing_item")
    await desk.settle()
    good(await desk.agent.post(f"/v1/cases/{case_id}/update", {"text": "我们在查", "plan": "investigate"}))
    await desk.propose(case_id, kind="refund", lines=[{"line_no": 1, "quantity": 1}])
    await desk.close(case_id, "paid_back")
    async with db.reading(SYSTEM) as tx:
        said = [str(one.occasion) for one in await notifications.confirmations(tx, order_id)]
        order = await orders.get_one(tx, order_id)
    assert [one for one in said if one.startswith("case_")] == [
        "case_opened", "case_updated", "case_remedied", "case_closed",
    ]  # fmt: skip
    rated = good(await desk.buyer.post(f"/v1/cases/{case_id}/rate", {"rating": 5, "text": "很快"}))
    assert (rated["rating"], rated["available_actions"], order.state) == (5, [], "confirmed")
    refused(await desk.buyer.post(f"/v1/cases/{case_id}/rate", {"rating": 1}), 409, "case.not_closed")
