"""Refunds at the desk: never signed by who asked, honest about what is not known, paid by hand by two, released many at once."""

import json
import re

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.refunds.test_following import under_way
from tests.areas.refunds.test_holding import failed, time_is_up
from tests.areas.refunds.test_paying_by_hand import used_up
from tests.areas.refunds.test_requesting import ask, refund_of, request
from tests.console.conftest import Seat, once_words

from dingdan.areas import refunds
from dingdan.areas.payments.providers import sandbox
from dingdan.areas.refunds import AskedLine
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


@pytest.fixture
def may_break() -> frozenset[str]:
    """Returns are rows of the area above, and staff who asked may be nobody in particular."""
    return frozenset({"R2_refunded_as_accepted", "X2_subjects_live", "T2_rows_end_their_story"})


def page(refund_id: int) -> str:
    return f"/refunds/{encode('refund', refund_id)}"


async def asked_for(db: Database, shop: given.Shop, *, by: Actor = SYSTEM, cause_id: int = 1) -> refunds.Refund:
    """A refund of a tee that somebody has to sign."""
    order_id = await given.paid_order(db, shop, {"TEE": 2}, buyer=f"buyer-{cause_id}")
    return await request(db, ask(order_id, AskedLine(1, 1), cause_id=cause_id), by)


async def staff_id(db: Database, login: str) -> int:
    async with db.reading(SYSTEM) as tx:
        found: int = await tx.fetchval("SELECT id FROM staff WHERE login = $1", login)
        return found


async def test_an_empty_queue_says_so_in_both_languages(seat: Seat) -> None:
    desk = await seat("finance")
    assert "No refunds waiting." in await desk.open("/q/refunds")
    assert "没有待审批的退款。" in await desk.open("/q/refunds", tongue="zh")
    assert "没有失败或结果未知的退款。" in await desk.open("/q/refunds?view=trouble", tongue="zh")
    assert "Nothing is to be paid by hand." in await desk.open("/q/refunds?view=hand")


async def test_who_asked_cannot_sign_and_somebody_else_can_once(db: Database, seat: Seat, shop: given.Shop) -> None:
    first, second = await seat("finance", login="ann"), await seat("finance", login="ben")
    ann = Actor(ActorKind.STAFF, await staff_id(db, "ann"), "Ann", permissions=frozenset({"refund.request"}))
    refund = await asked_for(db, shop, by=ann)
    queue = await second.open("/q/refunds")
    for words in (spoken(refund.id), "yours is enough", "To approve"):
        assert words in queue
    mine = await first.open(page(refund.id))
    assert "Whoever asked for this refund or signed it already cannot sign it." in mine
    assert "申请人不得审批" in await first.open(page(refund.id), tongue="zh")
    assert "refund.same_hand" in (await first.send(f"{page(refund.id)}/approve", status=403)).text
    assert (await refund_of(db, refund.id)).state == "requested"

    theirs = await second.open(page(refund.id))
    once = once_words(theirs)[0]
    for _ in range(2):
        await second.send(f"{page(refund.id)}/approve", once=once)
    await time_is_up(db)
    assert (await refund_of(db, refund.id)).state == "settled"
    settled = await second.open(page(refund.id))
    for words in ("Goods", "A5.prorate", "snd_", "Four eyes", "What happened"):
        assert words in settled
    assert 'data-key="A"' not in settled
    assert "refund.state_forbids" in (await second.send(f"{page(refund.id)}/refuse", status=409, reason="other")).text


async def test_refusing_takes_a_reason_and_frees_the_money(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, refund = await seat("finance"), await asked_for(db, shop)
    assert "reason" in (await desk.send(f"{page(refund.id)}/refuse", status=422)).text
    assert (await refund_of(db, refund.id)).state == "requested"
    await desk.send(f"{page(refund.id)}/refuse", reason="asked_twice")
    assert (await refund_of(db, refund.id)).state == "refused"


async def test_a_lost_answer_is_asked_after_and_never_sent_again(db: Database, seat: Seat) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", sandbox.Fault.ANSWER_LOST)
    await given.settle(db)
    desk = await seat("finance")
    assert spoken(refund.id) in await desk.open("/q/refunds?view=trouble")
    html = await desk.open(page(refund.id))
    assert "Nothing may be sent again" in html
    assert "不可重复退款" in await desk.open(page(refund.id), tongue="zh")
    assert 'data-key="Q"' in html
    for absent in ("/approve", "/retry", "/take-offline", "/hand-consent"):
        assert absent not in html
    await desk.send(f"{page(refund.id)}/retry", status=409)
    await desk.send(f"{page(refund.id)}/ask")
    await given.settle(db)
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await till.balances(db) == {"psp_clearing": 179_80, "buyer_funds": -179_80}


async def test_what_no_channel_takes_is_paid_by_two_people_to_where_the_buyer_said(db: Database, seat: Seat) -> None:
    _, ids = await used_up(db, count=1)
    place = page(ids[0])
    serving, payer, second = await seat("lead"), await seat("finance", login="ann"), await seat("finance", login="ben")
    account = {"holder": "王小明", "bank": "中国银行", "number": "6217 0000"}
    await serving.send(f"{place}/hand-consent", consent="Please transfer it to my account.", **account)
    html = await payer.open(place)
    assert "Please transfer it to my account." in html
    assert "6217" not in html
    shown = await payer.send(f"{place}/hand-account", status=200)
    assert "6217 0000" in shown.text
    await payer.send(f"{place}/hand-pay", receipt="BANK-1")
    assert "Whoever paid does not confirm." in await payer.open(place)
    await payer.send(f"{place}/hand-confirm", status=403)
    await second.send(f"{place}/hand-missing", reason="not_on_statement")
    await payer.send(f"{place}/hand-pay", receipt="BANK-2")
    await second.send(f"{place}/hand-confirm")
    found = await refund_of(db, ids[0])
    assert (found.state, found.hand_receipt) == ("settled", "BANK-2")


async def test_many_are_looked_at_before_they_are_released(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("finance", login="ann")
    ann = Actor(ActorKind.STAFF, await staff_id(db, "ann"), "Ann", permissions=frozenset({"refund.request"}))
    mine = await asked_for(db, shop, by=ann, cause_id=1)
    others = [await asked_for(db, shop, cause_id=n) for n in (2, 3)]
    keys = [encode("refund", one.id) for one in (mine, *others)]
    assert "/q/refunds/look" in await desk.open("/q/refunds")
    answer = await desk.send("/q/refunds/look", keys=keys)
    html = await desk.open(answer.headers["location"])
    for words in ("Release 2", "2 refunds in all", "179.80", "Largest of 2", "Whoever asked for this refund"):
        assert words in html
    assert [(await refund_of(db, one.id)).state for one in others] == ["requested"] * 2
    going = re.search(r'name="keys" value="([^"]+)"', html)
    assert going is not None
    await desk.send("/q/refunds/release", status=403, keys=f"{going[1]} {keys[0]}")
    assert [(await refund_of(db, one.id)).state for one in others] == ["requested"] * 2
    await desk.send("/q/refunds/release", keys=going[1])
    await time_is_up(db)
    assert [(await refund_of(db, one.id)).state for one in (mine, *others)] == ["requested", "settled", "settled"]


async def test_a_desk_is_for_whoever_may_and_for_their_own(db: Database, seat: Seat, shop: given.Shop) -> None:
    refund = await asked_for(db, shop)
    other = await given.shop(db)
    picker = await seat("warehouse", merchant_id=shop.merchant_id)
    await picker.open("/q/refunds", status=403)
    await picker.send(f"{page(refund.id)}/approve", status=403)
    reader = await seat("lead", merchant_id=shop.merchant_id)
    assert "/approve" not in await reader.open(page(refund.id))
    await reader.send(f"{page(refund.id)}/approve", status=403)
    stranger = await seat("finance", merchant_id=other.merchant_id)
    await stranger.open(page(refund.id), status=404)
    await stranger.send(f"{page(refund.id)}/approve", status=404)
    answer = await stranger.send("/q/refunds/look", keys=[encode("refund", refund.id)])
    html = await stranger.open(answer.headers["location"])
    assert "There is no such refund." in html
    assert "89.90" not in html
    for path in (
        "/refunds/rfd_0",
        "/refunds/%00",
        "/refunds/" + encode("refund", 7),
        "/q/refunds/release?keys=" + "x" * 30,
    ):
        assert (await stranger.http.get(path, headers=stranger._cookie())).status_code in (404, 422)
    await stranger.send("/q/refunds/look", status=422)
    await stranger.send("/q/refunds/release", status=422, keys="'; drop table refunds")
    assert (await refund_of(db, refund.id)).state == "requested"


@pytest.mark.requirement("issue 6: held")
async def test_what_was_let_go_shows_its_clock_and_is_taken_back_from_every_page(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    desk, colleague = await seat("finance", login="ann"), await seat("finance", login="ben")
    one, other = [await asked_for(db, shop, cause_id=n) for n in (1, 2)]
    await desk.send(f"{page(one.id)}/approve")
    html = await colleague.open(page(one.id))
    for words in (
        "About to go out",
        "Goes out in",
        "data-due",
        "/take-back",
        'data-key="Ctrl Z"',
        "let go; it can be taken back until",
    ):
        assert words in html
    assert "收回" in await colleague.open(page(one.id), tongue="zh")
    assert spoken(one.id) not in await desk.open("/q/refunds")
    assert spoken(one.id) in await desk.open("/q/refunds?view=going")
    await colleague.send(f"{page(one.id)}/take-back")
    assert "Taken back in time" in await desk.open(page(one.id))

    # Many at once, and what went out meanwhile is left.
    keys = [encode("refund", each.id) for each in (one, other)]
    await desk.send("/q/refunds/release", keys=" ".join(keys))
    await colleague.send(f"{page(other.id)}/take-back")
    await desk.send("/q/refunds/take-back", keys=keys)
    assert [(await refund_of(db, each.id)).state for each in (one, other)] == ["requested"] * 2
    for path in (f"{page(one.id)}/take-back", "/q/refunds/take-back"):
        late = await desk.send(path, status=409, keys=keys)
        assert "refund.gone_already" in late.text
    serving = await seat("customer_service")
    await serving.send(f"{page(one.id)}/take-back", status=403)


@pytest.mark.requirement("issue 6: held")
async def test_the_answer_of_an_act_says_how_it_is_taken_back(db: Database, seat: Seat) -> None:
    desk, refund = await seat("finance"), await failed(db)
    answer = await desk.http.post(
        f"{page(refund.id)}/retry",
        headers={"Origin": "http://house.test", "HX-Request": "true", **desk._cookie()},
    )
    done = json.loads(answer.headers["HX-Trigger"])["done"]
    assert (done["undo"]["href"], done["undo"]["seconds"], "goes out in 10 s" in done["text"]) == (
        f"{page(refund.id)}/take-back", 10, True,
    )  # fmt: skip
    assert (await refund_of(db, refund.id)).state == "held"
