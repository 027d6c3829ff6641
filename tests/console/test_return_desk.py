"""Returns at the desk: the queue, one return with its reasons and money, each act as the API has it, many at once."""

import asyncio
from pathlib import Path

import pytest
from tests import given
from tests.areas.returns import road
from tests.console.conftest import Desk, Seat, built, once_words

from dingdan.areas import evidence, returns, talks, way_back
from dingdan.areas.returns import ApplyLine, Return
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import building

pytestmark = pytest.mark.requirement("issue 6: console")

PIXEL = b"\xff\xd8picture"


async def waiting(
    db: Database, shop: given.Shop, reason: str = "QUALITY_DEFECT", *, buyer: str = "buyer-1", **more: object
) -> Return:
    """An application that a person must look at."""
    order_id = await given.delivered_order(db, shop, buyer=buyer)
    return await road.applied(db, shop, ApplyLine(1, reason, order_id, 1), buyer=buyer, **more)  # type: ignore[arg-type]


def page(held: Return) -> str:
    return f"/returns/{encode('return', held.id)}"


async def decision(db: Database, held: Return) -> str:
    return str((await road.now_is(db, held)).decision)


async def test_an_empty_queue_says_that_all_is_done_and_an_empty_list_how_returns_come(seat: Seat) -> None:
    desk = await seat("customer_service")
    assert "Every application is answered." in await desk.open("/q/returns")
    assert "所有申请均已处理。" in await desk.open("/q/returns", tongue="zh")
    assert "No returns yet." in await desk.open("/returns")


async def test_the_queue_shows_what_is_asked_and_why_a_person_looks(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    html = await desk.open("/q/returns")
    for words in (spoken(held.id), "Poor quality", "fault claimed", "Return and refund", f'data-href="{page(held)}"'):
        assert words in html
    assert "主张商家责任" in await desk.open("/q/returns", tongue="zh")
    assert spoken(held.id) not in await desk.open("/q/returns?paused=true")
    assert spoken(held.id) not in await desk.open("/q/returns?resolution=refund_only")
    assert spoken(held.id) in await desk.open("/q/returns?flag=FAULT_CLAIMED")
    assert "request.malformed" in await desk.open("/q/returns?resolution=everything", status=422)
    for listed in ("/returns", "/returns?decision=requested"):
        assert spoken(held.id) in await desk.open(listed)
    assert spoken(held.id) not in await desk.open("/returns?decision=refused")


async def test_one_return_shows_reasons_with_their_rules_the_money_and_what_silence_means(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    html = await desk.open(page(held))
    for words in (
        "Suggestion: look at what was shown", "The seller pays the way back.", "The seller is said to be at fault",
        "cn_statutory", "If nobody acts it", "Refund preview, to the cent", "In numbers", "Its rules, in full",
    ):  # fmt: skip
        assert words in html, words
    chinese = await desk.open(page(held), tongue="zh")
    for words in ("系统建议：核实凭证后决定。", "退款预览（精确到分）", "历史数据", "若无人处理"):
        assert words in chinese, words
    piece = await desk.open(page(held), **{"HX-Request": "true"})
    assert "<html" not in piece
    assert piece.lstrip().startswith("<article")


async def test_one_key_approves_once_however_often_it_is_sent(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    html = await desk.open(page(held))
    assert 'data-key="A"' in html
    once = once_words(html)[0]
    await asyncio.gather(*(desk.send(f"{page(held)}/approve", once=once) for _ in range(3)))
    assert await decision(db, held) == "approved"
    assert (await road.wires(db, held)).count("approved") == 1
    late = await desk.send(f"{page(held)}/approve", status=409)
    assert "return.state_forbids" in late.text


async def test_a_refusal_needs_a_rule_and_another_way_and_shows_what_the_buyer_reads(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    for wrong in (
        {"rule": "CN_QUALITY", "alternatives": "repair"}, {"reason": "EVIDENCE_INSUFFICIENT", "alternatives": "repair"},
        {"reason": "EVIDENCE_INSUFFICIENT", "rule": "CN_QUALITY"},
        {"reason": "EVIDENCE_INSUFFICIENT", "rule": "NO_RULE", "alternatives": "repair"},
        {"reason": "ABUSE_HOLD", "rule": "CN_QUALITY", "alternatives": "repair"},
    ):  # fmt: skip
        await desk.send(f"{page(held)}/refuse", status=422, **wrong)  # type: ignore[arg-type]
    assert await decision(db, held) == "requested"
    said = (
        "reason=EVIDENCE_INSUFFICIENT&rule=CN_QUALITY&alternatives=repair&alternatives=price_reduction&text=看不出问题"
    )
    seen = await desk.open(f"{page(held)}/refuse?{said}")
    for words in (
        "凭证不足以证明所述问题。",
        "CPL 24",
        "维修",
        "保留商品，部分退款",
        "看不出问题",
        "您可在 7 天内提出申诉。",
        "12315",
    ):
        assert words in seen, words
    await desk.send(
        f"{page(held)}/refuse",
        reason="EVIDENCE_INSUFFICIENT",
        rule="CN_QUALITY",
        alternatives=["repair"],
        text="看不出问题。",
    )
    assert await decision(db, held) == "refused"
    html = await desk.open(page(held))
    for words in ("REFUSED", "看不出问题。", "The buyer can appeal until", "Appeal for the buyer"):
        assert words in html, words
    # Somebody else decides about the appeal.
    await desk.send(f"{page(held)}/appeal")
    assert "You refused it; somebody else decides" in await desk.open(page(held))
    assert "return.same_hand" in (await desk.send(f"{page(held)}/approve", status=403)).text
    other = await seat("lead", login="another.lead")
    await other.send(f"{page(held)}/approve")
    assert await decision(db, held) == "approved"


async def test_proof_is_asked_for_once_and_the_clock_stands_still(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    await desk.send(f"{page(held)}/ask", status=422, text="")
    await desk.send(f"{page(held)}/ask", text="请补充照片。")
    html = await desk.open("/q/returns?paused=true")
    assert spoken(held.id) in html
    assert "Paused" in html
    assert "The clock stands still for the buyer&#39;s proof" in await desk.open(page(held))
    assert "question.asked_already" in (await desk.send(f"{page(held)}/ask", status=409, text="还有吗？")).text
    await desk.send(f"{page(held)}/answer", text="已发送。")
    assert "已发送。" in await desk.open(page(held))
    assert spoken(held.id) not in await desk.open("/q/returns?paused=true")


async def test_what_needs_no_reason_is_never_asked_for_proof(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("customer_service")
    order_id = await given.delivered_order(db, shop)
    held = await road.applied(db, shop, ApplyLine(1, "NO_REASON", order_id, 1, claimed_unit_price=1))
    html = await desk.open(page(held))
    assert "This needs no reason, so no proof is asked for." in html
    assert "not at the claimed one" in html
    assert "question.never_without_reason" in (await desk.send(f"{page(held)}/ask", status=409, text="凭证？")).text


async def test_offers_are_made_taken_back_and_taken(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    assert "request.malformed" in (await desk.send(f"{page(held)}/offer", status=422, kind="keep", amount="viel")).text
    await desk.send(f"{page(held)}/offer", kind="keep", amount="￥１０.00", text="可以保留商品，退 10 元。")
    html = await desk.open(page(held))
    for words in ("Keep it, some money back", "CN¥10.00", "Take the offer back", "An offer is open"):
        assert words in html, words
    async with db.reading(SYSTEM) as tx:
        (one,) = await talks.offers_of(tx, [held.id])
    assert (one.amount, one.side) == (1000, Side.SELLER)
    place = f"/offers/{encode('offer', one.id)}"
    await desk.send(f"{place}/accept", status=403)
    await desk.send(f"{place}/take_back")
    buyers = await do(db, SYSTEM, talks.offer, held.id, talks.Propose(talks.OfferKind.KEEP, 1500), side=Side.BUYER)
    assert "Accept the buyer" in await desk.open(page(held))
    await desk.send(f"/offers/{encode('offer', buyers.id)}/accept")
    now = await road.now_is(db, held)
    assert (str(now.decision), str(now.resolution)) == ("approved", "keep")
    assert "Taken off the price, goods are kept" in await desk.open(page(held))


async def test_store_credit_is_taken_with_consent_only(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    await desk.send(f"{page(held)}/offer", kind="store_credit", amount="20")
    async with db.reading(SYSTEM) as tx:
        (one,) = await talks.offers_of(tx, [held.id])
    place = f"/offers/{encode('offer', one.id)}"
    assert "offer.consent_missing" in (await desk.send(f"{place}/take", status=422)).text
    await desk.send(f"{place}/take", consents="true")
    assert str((await road.now_is(db, held)).resolution) == "store_credit"


async def test_after_inspection_each_new_amount_has_its_difference(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("customer_service")
    order_id = await given.delivered_order(db, shop, {"MUG": 2})
    held = await road.applied(db, shop, ApplyLine(2, "NO_REASON", order_id, 1))
    await desk.send(f"{page(held)}/send", carrier="manual", tracking_number="BACK-77", postage="12.5")
    await road.received(db, held)
    await road.inspected(
        db, held, road.fine(1), road.fine(1, intact=False, grade="C", disposition="quarantine", note="有洗涤痕迹")
    )
    html = await desk.open(page(held))
    for words in (
        "BACK-77",
        "Inspection report",
        "有洗涤痕迹",
        "How the amount came about",
        "After inspection",
        "1 not accepted",
    ):
        assert words in html, words
    assert "验货后" in await desk.open(page(held), tongue="zh")


async def test_many_are_approved_after_a_look_at_what_it_does(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("customer_service")
    held = [await waiting(db, shop, buyer=f"buyer-{n}") for n in range(2)]
    done = await waiting(db, shop, buyer="buyer-9")
    await do(db, SYSTEM, returns.approve, done.id)
    keys = [encode("return", one.id) for one in (*held, done)]
    seen = (await desk.send("/q/returns/dry-run", status=200, keys=keys)).text
    for words in ("2 will be approved", "money at stake", "Left out", "It is decided: Approved."):
        assert words in seen, words
    assert [await decision(db, one) for one in held] == ["requested", "requested"]
    await desk.send("/q/returns/approve", keys=keys)
    assert [await decision(db, one) for one in held] == ["approved", "approved"]
    await desk.send("/q/returns/dry-run", status=422)
    await desk.send("/q/returns/approve", status=404, keys=["ret_0J4Q7W2M9X3KD"])
    await desk.send("/q/returns/approve", status=422, keys=[keys[0]] * 51)


async def test_proof_is_seen_by_whoever_may_and_by_nobody_else(
    db: Database, seat: Seat, shop: given.Shop, tmp_path: Path
) -> None:
    desk = await seat("customer_service")
    building.furnish(built(), db, Settings(mode="sandbox", data_dir=tmp_path), news.News(db.url))
    order_id = await given.delivered_order(db, shop)
    kept = await do(db, SYSTEM, evidence.bring, evidence.NewEvidence(
        order_id=order_id, sort="photo", shot="fault", sha256=files.Files(tmp_path).put(PIXEL), size=len(PIXEL), width=1,
        height=1, likeness=None,
    ))  # fmt: skip
    gone = await road.shown(db, order_id)
    held = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), evidence=(kept.id, gone))
    picture = f"/evidence/{encode('evidence', kept.id)}"
    assert picture in await desk.open(page(held))
    answer = await desk.http.get(picture, headers=desk._cookie())
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, PIXEL, "private, no-store")
    assert "sandbox" in answer.headers["content-security-policy"]
    # A file that was let go of: words, not a broken page.
    assert "evidence.unknown" in await desk.open(f"/evidence/{encode('evidence', gone)}", status=404)
    reviewer = await seat("reviewer")
    html = await reviewer.open(page(held))
    assert picture not in html
    assert "your role does not see proof" in html
    await reviewer.open(picture, status=403)
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(picture, status=404)


async def test_who_may_not_decide_sees_no_button_and_is_refused(db: Database, seat: Seat, shop: given.Shop) -> None:
    held = await waiting(db, shop)
    auditor = await seat("auditor")
    assert f"{page(held)}/approve" not in await auditor.open(page(held))
    for act in ("approve", "offer", "ask", "refuse", "say", "withdraw", "send"):
        await auditor.send(f"{page(held)}/{act}", status=403)
    await auditor.open("/q/returns", status=403)
    await auditor.send("/q/returns/dry-run", status=403, keys=[encode("return", held.id)])
    other = await given.shop(db)
    stranger = await seat("merchant", merchant_id=other.merchant_id)
    assert "return.unknown" in await stranger.open(page(held), status=404)
    await stranger.send(f"{page(held)}/withdraw", status=404)
    assert spoken(held.id) not in await stranger.open("/returns")
    assert await decision(db, held) == "requested"


@pytest.mark.requirement("issue 6: held")
async def test_what_was_written_waits_and_is_taken_back(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    await desk.send(f"{page(held)}/say", text="写错了")
    for tongue, title in (("en", "About to be sent to the buyer"), ("zh", "即将发送给买家")):
        html = await desk.open(page(held), tongue=tongue)
        for words in (title, "写错了", f"{page(held)}/unsay", 'data-key="Ctrl Z"'):
            assert words in html
    await desk.send(f"{page(held)}/unsay")
    assert "写错了" not in await desk.open(page(held))
    assert "talk.words_gone" in (await desk.send(f"{page(held)}/unsay", status=409)).text
    async with db.reading(SYSTEM) as tx:
        assert await talks.thread(tx, held.id) == []


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x00b"])
async def test_words_that_are_none_are_refused(db: Database, seat: Seat, shop: given.Shop, text: str) -> None:
    desk, held = await seat("customer_service"), await waiting(db, shop)
    refused = await desk.send(f"{page(held)}/say", status=422, text=text)
    assert "request.malformed" in refused.text


async def test_a_return_is_started_from_an_order_after_seeing_what_it_leads_to(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk: Desk = await seat("customer_service")
    order_id = await given.delivered_order(db, shop)
    here = f"/orders/{encode('order', order_id)}/return"
    html = await desk.open(here)
    for words in ("Start a return", "Changed my mind", "Apply for the buyer"):
        assert words in html, words
    assert "发起售后" in await desk.open(here, tongue="zh")
    seen = await desk.open(f"{here}/preview?line_nos=1&quantities=1&reasons=NO_REASON&resolution=refund")
    for words in ("Approved at once.", "It is asked for in time.", "The buyer pays the way back."):
        assert words in seen, words
    asks = await desk.open(f"{here}/preview?line_nos=1&quantities=1&reasons=QUALITY_DEFECT")
    assert "A person looks at it." in asks
    assert "return.quantity_exceeded" in await desk.open(f"{here}/preview?line_nos=1&quantities=9999&reasons=NO_REASON")
    again = await desk.send(here, status=409, line_nos="1", quantities="9999", reasons="NO_REASON", resolution="refund")
    assert "return.quantity_exceeded" in again.text
    assert 'value="9999"' in again.text
    for wrong in ("-1", "1.5", "viele", "9" * 30):
        await desk.send(here, status=422, line_nos="1", quantities=wrong, reasons="NO_REASON")
    made = await desk.send(here, line_nos="1", quantities="1", reasons="NO_REASON", resolution="refund")
    assert made.headers["location"].startswith("/returns/ret_")
    assert "Waiting for parcel" in await desk.open(made.headers["location"])


async def test_a_merchant_answers_its_own_return_and_asks_about_another_address(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, held = await seat("merchant", merchant_id=shop.merchant_id), await waiting(db, shop)
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.send(f"{page(held)}/approve", status=404)
    await desk.send(f"{page(held)}/approve")
    assert await decision(db, held) == "approved"
    await given.settle(db)
    assert "Another address" in await desk.open(page(held))
    place = {
        "name": "仓库",
        "phone": "13900000000",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "detail": "文三路 9 号",
    }
    await desk.send(f"{page(held)}/other_place", status=422, **{**place, "detail": ""})
    await desk.send(f"{page(held)}/other_place", **place)
    assert "The buyer was asked about another address." in await desk.open(page(held))
    async with db.reading(SYSTEM) as tx:
        assert (await way_back.plan(tx, held.id)).proposed is not None
    assert "way_back.no_label" in (await desk.send(f"{page(held)}/label", status=409, way="nobody/standard")).text
