"""Two sides who cannot agree, from the refusal to the money, through the doors and with the clock turned."""

import io
import json
import zipfile

import httpx
import pytest

from dingdan.areas import identity, notifications, settlements
from dingdan.areas.notifications.rendering import render
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.evidence.test_bringing import picture
from tests.areas.settlements import desk as money
from tests.journeys.test_asking import show
from tests.journeys.test_cases import Desk
from tests.surfaces.callers import Caller, good, refused

WISH = [{"line_no": 1, "quantity": 1, "outcome": "refund"}]
RULING = {
    "lines": WISH, "fault": "seller", "freight": "seller", "rules": ["PLATFORM_PROVED", "CN_QUALITY"],
    "reason": "照片清楚显示杯身开裂，商家未能证明出库完好。",
}  # fmt: skip
NO = {"reason": "EVIDENCE_INSUFFICIENT", "rule": "CN_QUALITY", "alternatives": ["price_reduction"], "text": "看不清。"}


class Court(Desk):
    """The same desk with arbitrators of the platform and an order with a cracked cup."""

    async def open(self) -> "Court":
        """Let everybody begin."""
        await self.hire()
        self.anna, self.bo = await self.judge("anna"), await self.judge("bo")
        number = await given.delivered_order(self.db, self.shop, {"MUG": 1})
        self.number, self.order_id = number, ids.encode("order", number)
        return self

    async def judge(self, login: str) -> Caller:
        """An arbitrator: of the platform, so of no seller."""
        saved = await do(self.db, SYSTEM, identity.save_staff,
                         identity.SaveStaff(None, f"judge-{login}", login.title(), ("arbitrator",)))  # fmt: skip
        wanted = identity.IssueKey(None, saved.id, "desk", tuple(sorted(identity.ROLES["arbitrator"])))
        return Caller(self.http, (await do(self.db, SYSTEM, identity.issue_key, wanted)).secret)

    async def applied(self) -> str:
        """The buyer asks for the money back."""
        line = {"line_no": 1, "quantity": 1, "reason": "QUALITY_DEFECT", "order_id": self.order_id}
        (held,) = good(await self.buyer.post("/v1/returns", {"buyer": "buyer-1", "lines": [line]}))["returns"]
        return str(held["id"])

    async def disputed(self) -> str:
        """The seller refused it, and the buyer asks the platform, with a picture."""
        held = await self.applied()
        good(await self.agent.post(f"/v1/returns/{held}/refuse", NO))
        photo = good(await show(self.buyer, self.order_id, picture(1), buyer="buyer-1", shot="crack"))
        body = {"issue": "visible_fault", "text": "杯子裂了。", "lines": WISH, "evidence": [photo["id"]]}
        made = good(await self.buyer.post(f"/v1/returns/{held}/disputes", body))
        await self.settle()
        return str(made["id"])

    async def heard(self) -> str:
        """Both sides had their turn."""
        path = f"/v1/disputes/{await self.disputed()}"
        box = good(await show(self.lead, self.order_id, picture(2), shot="packed"))
        good(await self.agent.post(f"{path}/show", {"side": "seller", "text": "出库时完好。", "evidence": [box["id"]]}))
        await self.settle()
        good(await self.buyer.post(f"{path}/show", {"text": "收到时就裂了。"}))
        await self.settle()
        return path

    async def told(self, language: str = "zh") -> dict[str, str]:  # type: ignore[override]
        """The last words of each occasion about a dispute."""
        async with self.db.reading(SYSTEM) as tx:
            found = await notifications.confirmations(tx, self.number)
        return {
            str(one.occasion): render(one, None, language).text for one in found if one.occasion.startswith("dispute")
        }


@pytest.fixture
async def court(platform: Caller, http: httpx.AsyncClient, db: Database) -> Court:
    """A shop that left a deposit and sends messages."""
    shop = await given.shop(db, message_channels=("sms",))
    await money.agree(db, shop, deposit_required=100_00)
    await do(db, SYSTEM, settlements.top_up, shop.merchant_id, "CNY", 300_00, receipt="T-1")
    return await Court(db, http, shop, platform).open()


@pytest.mark.requirement("R6.1")
@pytest.mark.requirement("R6.2")
@pytest.mark.requirement("R6.3")
@pytest.mark.requirement("R6.4")
@pytest.mark.requirement("R6.5")
async def test_from_the_first_word_to_the_last_cent(court: Court) -> None:
    held = await court.applied()
    body = {"issue": "visible_fault", "text": "没有人理我。", "lines": WISH}
    refused(await court.buyer.post(f"/v1/returns/{held}/disputes", body), 409, "dispute.still_negotiating")
    await court.later(hours=24)
    path = f"/v1/disputes/{good(await court.buyer.post(f'/v1/returns/{held}/disputes', body))['id']}"
    good(await court.agent.post(f"/v1/returns/{held}/refuse", NO))
    await court.settle()

    # The buyer has to prove first, then the seller; each sees what the other showed.
    refused(
        await court.agent.post(f"{path}/show", {"side": "seller", "text": "没问题。"}), 409, "dispute.not_your_turn"
    )
    refused(await court.buyer.post(f"{path}/show", {"text": "就是坏的。"}), 422, "dispute.proof_missing")
    photo = good(await show(court.buyer, court.order_id, picture(1), buyer="buyer-1", shot="crack"))
    good(await court.buyer.post(f"{path}/show", {"text": "看裂缝。", "evidence": [photo["id"]]}))
    (mine,) = good(await court.agent.get("/v1/disputes", params={"turn": "seller"}))["items"]
    assert mine["due_at"] == good(await court.agent.get(path))["deadlines"][0]["deadline_at"]
    good(await court.agent.post(f"{path}/show", {"side": "seller", "text": "出库时完好。"}))
    await court.settle()
    # Whoever only may answer and does not has lost nothing by it.
    await court.later(hours=25)
    waiting = good(await court.agent.get(path))
    assert (waiting["state"], waiting["silent"]) == ("deciding", None)
    assert [(one["side"], one["standing"]) for one in waiting["proofs"]] == [
        ("buyer", "shown"), ("seller", "shown"), ("buyer", "silent"),
    ]  # fmt: skip
    assert [one["text"] for one in good(await court.buyer.get(path))["entries"]] == [
        "没有人理我。", "看裂缝。", "出库时完好。", "",
    ]  # fmt: skip

    refused(await court.boss.post(f"{path}/rule", RULING), 403, "auth.not_allowed")
    ruled = good(await court.anna.post(f"{path}/rule", RULING))
    (one,) = ruled["rulings"]
    assert (one["executor"], one["do_within_hours"], one["reason"]) == ("seller", 24, RULING["reason"])
    assert [(rule["id"], bool(rule["text"]["zh"])) for rule in one["rules"]] == [
        ("PLATFORM_PROVED", True), ("CN_QUALITY", True),
    ]  # fmt: skip
    await court.later(days=3)
    appealed = good(await court.agent.post(f"{path}/appeal", {"side": "seller", "text": "有新的检测报告。"}))
    assert (appealed["state"], appealed["turn"], appealed["turn_by"]) == (
        "answering", "buyer", appealed["deadlines"][0]["deadline_at"],
    )  # fmt: skip
    await court.settle()
    (mine,) = good(await court.buyer.get("/v1/disputes", params={"turn": "buyer"}))["items"]
    assert mine["due_at"] == appealed["turn_by"]
    refused(await court.bo.post(f"{path}/rule", RULING), 409, "dispute.state_forbids")
    answered = good(await court.buyer.post(f"{path}/show", {"text": "报告说的不是这一只。"}))
    assert (answered["state"], answered["turn"], answered["turn_by"]) == ("appealed", None, None)
    refused(await court.anna.post(f"{path}/rule", RULING), 403, "ruling.not_impartial")
    final = good(await court.bo.post(f"{path}/rule", RULING))
    assert (final["state"], [one["instance"] for one in final["rulings"]]) == ("final", ["first", "appeal"])
    refused(await court.buyer.post(f"{path}/appeal", {"text": "再来一次"}), 409, "dispute.state_forbids")

    # The seller does nothing: the platform pays, with what the seller was not paid for the order yet.
    await court.later(hours=25)
    done = good(await court.buyer.get(path))
    assert (done["state"], done["done_by"], done["deadlines"]) == ("executed", "platform", [])
    await court.later(days=20)
    order = await court.order(court.number)
    assert (order["refunded"]["amount"], order["state"]) == (199_00, "completed")
    drawn = [line for line in await money.lines(court.db, court.number) if line[0] in ("refund", "deposit_draw")]
    assert drawn == [("refund", "", -199_00)]
    (deposit,) = good(await court.platform.get("/v1/merchant-deposits"))["items"]
    assert deposit["balance"]["amount"] == 300_00


@pytest.mark.requirement("R6.3")
async def test_the_buyer_is_told_at_each_step_in_both_languages(court: Court) -> None:
    path = await court.heard()
    good(await court.anna.post(f"{path}/rule", RULING))
    await court.settle()
    await court.later(days=8)
    good(await court.agent.post(f"{path}/comply"))
    await court.settle()
    said, english = await court.told(), await court.told("en")
    assert list(said) == ["dispute_opened", "dispute_turn", "dispute_ruled", "dispute_final", "dispute_executed"]
    assert "检测报告或其他反证" in said["dispute_turn"]
    assert "a report of a laboratory" in english["dispute_turn"]
    for part in ("第 1 行 1 件：退款", "负有举证责任的一方已完成举证。 (PLATFORM_PROVED)", "可申诉至", "执行方：商家"):
        assert part in said["dispute_ruled"]
    for part in (
        "money back",
        "has proved it. (PLATFORM_PROVED)",
        "Appeal possible until",
        "carried out by: the seller",
    ):
        assert part in english["dispute_ruled"]
    assert "执行截止" in said["dispute_final"]
    assert "实际执行方：商家" in said["dispute_executed"]
    assert RULING["reason"] not in "".join(said.values()), "the arbitrator's words stay under the buyer's key"


@pytest.mark.requirement("R6.6")
async def test_stands_still_for_the_police_and_goes_on(court: Court) -> None:
    path = f"/v1/disputes/{await court.disputed()}"
    refused(await court.boss.post(f"{path}/suspend", {"reason": "police"}), 403, "auth.not_allowed")
    still = good(await court.anna.post(f"{path}/suspend", {"reason": "police", "number": "杭公受字 17 号"}))
    assert (still["standstills"][0]["number"], still["still_until"] is not None) == ("杭公受字 17 号", True)
    await court.later(days=2)
    refused(await court.agent.post(f"{path}/show", {"side": "seller", "text": "看"}), 409, "dispute.stands_still")
    paper = good(await show(court.buyer, court.order_id, picture(3), buyer="buyer-1", shot="receipt"))
    longer = good(await court.buyer.post(f"{path}/elsewhere", {"evidence": [paper["id"]]}))
    assert longer["still_until"] > still["still_until"]
    await court.later(days=60)
    (row,) = good(await court.anna.get("/v1/disputes"))["items"]
    assert (row["stands_still"], row["due_at"]) == (True, longer["still_until"])
    assert good(await court.anna.get("/v1/disputes", params={"turn": "seller"}))["items"] == []
    going = good(await court.anna.post(f"{path}/resume", {"outcome": "decided"}))
    assert (going["still_until"], going["standstills"][0]["outcome"]) == (None, "decided")
    good(await court.agent.post(f"{path}/show", {"side": "seller", "text": "出库时完好。"}))
    await court.settle()
    assert {"dispute_stopped", "dispute_went_on"} <= set(await court.told())


@pytest.mark.requirement("R6.7")
async def test_the_case_file_has_all_of_it(court: Court) -> None:
    path = await court.heard()
    good(await court.anna.post(f"{path}/suspend", {"reason": "agreement"}))
    good(await court.anna.post(f"{path}/resume", {"outcome": "came_to_nothing"}))
    good(await court.anna.post(f"{path}/rule", RULING))
    good(await court.agent.post(f"{path}/accept", {"side": "seller"}))
    good(await court.buyer.post(f"{path}/accept", {}))
    good(await court.agent.post(f"{path}/comply"))
    await court.settle()
    await court.later(days=20)
    await court.later(hours=2)
    answer = await court.platform.get(f"/v1/archive/{court.order_id}/case-file")
    packet = zipfile.ZipFile(io.BytesIO(answer.content))
    files = {name: packet.read(name).decode() for name in packet.namelist() if name.endswith((".json", ".html"))}
    kept: dict[str, set[str]] = {}
    for name, facts in files.items():
        for part, rows in json.loads(facts).items() if name.endswith(".facts.json") else ():
            kept.setdefault(part, set()).update(str(row["id"]) for row in rows if "id" in row)
    assert [len(kept[f"dispute{part}"]) for part in ("s", "_entries", "_rulings", "_standstills")] == [1, 3, 1, 1]
    for words in ("杯子裂了。", "出库时完好。", "收到时就裂了。", RULING["reason"]):
        assert words in files["people.json"]
    assert "平台裁决" in files["case-file.zh.html"]
    assert "What was ruled" in files["case-file.en.html"]
