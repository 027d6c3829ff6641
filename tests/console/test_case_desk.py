"""The desk of trouble: what happened, the steps of the playbook, what is given and claimed, and the end."""

import pytest
from tests import given
from tests.areas.cases import desk as people
from tests.console.conftest import Seat, once_words

from dingdan.areas import cases, fulfilment
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_the_board_and_the_pane_say_what_happened_in_both_languages(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk = await seat("lead")
    assert "No exceptions." in await desk.open("/q/exceptions")
    case = await people.trouble(db, await given.delivered_order(db, shop))
    board = await desk.open("/q/exceptions")
    for words in ("Something is missing", "step 0 of 2", "CN¥199.00"):
        assert words in board, words
    page = f"/cases/{encode('case', case.id)}"
    shown = await desk.open(page)
    for words in (spoken(case.id), "Opened by staff on", "The buyer has not heard from us yet", "Playbook, 0 of 2 done",
                  "Cost so far", 'data-key="1"', 'data-key="2"', "Send again", "Claim for a parcel"):  # fmt: skip
        assert words in shown, words
    assert "13812345678" not in shown
    chinese = await desk.open(page, tongue="zh")
    for words in ("发生了什么", "处理步骤（已完成 0/2）", "目前成本"):
        assert words in chinese, words


async def test_words_questions_and_hands_and_the_end(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    other = await people.hire(db, None, "nora", "customer_service")
    case = await people.trouble(db, await given.delivered_order(db, shop))
    page = f"/cases/{encode('case', case.id)}"
    await desk.send(f"{page}/take")
    await desk.send(f"{page}/tell", text="我们正在核对重量", plan="weigh", hours="6")
    told = await people.as_it_stands(db, case.id)
    assert told.plan == "weigh"
    assert "Playbook, 1 of 2 done" in await desk.open(page)
    await desk.send(f"{page}/note", text="scale of 7 May")
    await desk.send(f"{page}/ask", text="请拍照")
    shown = await desk.open(page)
    for words in ("scale of 7 May", "请拍照", "Paused", "The buyer is being asked."):
        assert words in shown, words
    await desk.send(f"{page}/escalate", reason="too_slow")
    await desk.send(f"{page}/hand_over", staff=encode("staff", other), reason="shift")
    assert (await people.owner(db, case.id)).staff_id == other
    once = once_words(await desk.open(page))[0]
    for _ in range(2):
        await desk.send(f"{page}/close", closure="unfounded", liable="carrier", text="抱歉", once=once)
    closed = await people.as_it_stands(db, case.id)
    assert (closed.state, closed.closure, closed.liable) == ("closed", "unfounded", "carrier")
    assert "Unfounded" in await desk.open(page)
    assert f"{page}/close" not in await desk.open(page)
    assert "case.state_forbids" in (await desk.send(f"{page}/tell", status=409, text="x")).text


async def test_what_is_given_within_a_limit_and_above_it(db: Database, seat: Seat, shop: given.Shop) -> None:
    agent, lead = await seat("customer_service"), await seat("lead")
    order_id = await given.delivered_order(db, shop, {"MUG": 2})
    case = await people.trouble(db, order_id)
    page = f"/cases/{encode('case', case.id)}"
    await agent.send(f"{page}/grant", kind="compensation", amount="¥１２.50", form="balance")
    await agent.send(f"{page}/grant", kind="refund", lines=["1"], units="1")
    async with db.reading(SYSTEM) as tx:
        small, large = (await cases.remedies_of(tx, [case.id]))[case.id]
    assert (small.amount, small.state, large.amount, large.state) == (1250, "executed", 19900, "proposed")
    shown = await lead.open(page)
    assert f"/remedies/{encode('remedy', large.id)}/approve" in shown
    assert f"/remedies/{encode('remedy', large.id)}/approve" not in await agent.open(page)
    await agent.send(f"/remedies/{encode('remedy', large.id)}/approve", status=403)
    await lead.send(f"/remedies/{encode('remedy', large.id)}/approve")
    assert "CN¥211.50" in await lead.open(page)
    for hostile in (
        {"kind": "gold"}, {"kind": "compensation", "amount": "-5", "form": "balance"}, {"kind": "reship"},
        {"kind": "wait", "until": "yesterday"}, {"kind": "refund", "lines": ["99"]}, {"kind": "compensation", "amount": "9" * 30},
    ):  # fmt: skip
        await agent.send(f"{page}/grant", status=422, **hostile)


async def test_a_claim_goes_from_its_draft_to_the_money(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    order_id = await given.shipped_order(db, shop)
    case = await people.trouble(db, order_id, "loss")
    page = f"/cases/{encode('case', case.id)}"
    async with db.reading(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, [order_id])
        drafted = (await cases.claims_of(tx, [case.id]))[case.id]
    if not drafted:
        await desk.send(f"{page}/claims", parcel=encode("parcel", parcel.id), value="199")
    async with db.reading(SYSTEM) as tx:
        (claim,) = (await cases.claims_of(tx, [case.id]))[case.id]
    there = f"/claims/{encode('claim', claim.id)}"
    assert "File the claim" in await desk.open(page)
    await desk.send(f"{there}/file", carrier_ref="SF-77", evidence="pictures/1\npictures/2")
    await desk.send(f"{there}/answer", answer="part", accepted="100")
    await desk.send(f"{there}/recover", amount="100.00")
    async with db.reading(SYSTEM) as tx:
        done = await cases.get_claim(tx, claim.id)
    assert (done.state, done.recovered, done.evidence) == ("recovered", 10000, ["pictures/1", "pictures/2"])
    assert "Recovered" in await desk.open(page)


async def test_many_buyers_are_told_together_after_a_dry_run(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    found = [
        await people.trouble(db, await given.paid_order(db, shop, buyer=f"b{n}"), "address_unclear") for n in range(3)
    ]
    await desk.send(f"/cases/{encode('case', found[2].id)}/close", closure="was_fine")
    keys = [encode("case", one.id) for one in found]
    dry = (await desk.send("/q/exceptions/together/check", status=200, keys=keys)).text
    assert "Tell the buyers of 2 cases" in dry
    assert "Address unclear × 2" in dry
    assert "1 are over" in dry
    await desk.send("/q/exceptions/together/tell", keys=keys, text="请补全地址", plan="ask_address")
    await desk.send("/q/exceptions/together/take", keys=keys)
    now = [await people.as_it_stands(db, one.id) for one in found]
    assert [one.plan for one in now] == ["ask_address", "ask_address", None]
    assert len({(await people.owner(db, one.id)).staff_id for one in found[:2]}) == 1
    await desk.send("/q/exceptions/together/take", status=422, keys=[encode("case", 5)])


async def test_a_case_is_opened_corrected_and_hidden_from_strangers(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    order_id = await given.paid_order(db, shop)
    made = await desk.send("/cases/open", kind="address_unclear", order=spoken(order_id), text="which street?")
    page = made.headers["location"]
    await desk.send(f"{page}/correct", detail="文三路 9 号 2 幢 301 室")
    assert "Address corrected" in await desk.open(page)
    packer = await seat("warehouse", merchant_id=shop.merchant_id)
    assert "CN¥" not in await packer.open(page)
    auditor = await seat("auditor")
    assert f"{page}/take" not in await auditor.open(page)
    await auditor.send(f"{page}/take", status=403)
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(page, status=404)
    await stranger.send(f"{page}/take", status=404)
    await stranger.send("/cases/open", status=404, kind="delay", order=encode("order", order_id))
    await (await seat("reviewer")).open("/q/exceptions", status=403)
