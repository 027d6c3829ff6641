"""Sellers are told of disputes about their orders: on the order's page, and by mail where they named an address."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.disputes import court
from tests.areas.notifications import told
from tests.areas.notifications.conftest import MailServer

from dingdan.areas import disputes, identity, notifications
from dingdan.areas.notifications.rendering import render
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.overviews import today
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R6.3")
DESK = "desk@shop.example"


async def heard(db: Database, shop: given.Shop) -> disputes.Dispute:
    """Opened by the buyer, with the turn of the seller, who shows something, and then the buyer."""
    one = await court.opened(db, await court.refused(db, shop=shop))
    await given.settle(db)
    await do(db, SYSTEM, disputes.show, one.id, side=Side.SELLER, text="出库时完好。")
    await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="收到时就裂了。")
    await given.settle(db)
    return one


async def to_seller(db: Database, order_id: int) -> list[notifications.Confirmation]:
    found = await told.confirmations(db, order_id)
    return [one for one in found if notifications.audience(one.occasion) is Side.SELLER]


async def test_a_seller_hears_of_each_step_by_mail_and_in_both_languages(db: Database, mail_server: MailServer) -> None:
    one = await heard(db, await given.shop(db, notices_email=DESK))
    await do(db, court.ANNA, disputes.rule, one.id, court.ruling())
    await given.settle(db)
    await do(db, SYSTEM, disputes.appeal, one.id, side=Side.BUYER, text="还要更多。")
    await given.settle(db)
    said = await to_seller(db, one.order_id)
    assert [str(each.occasion).removeprefix("seller_dispute_") for each in said] == [
        "opened", "turn", "ruled", "appealed", "turn",
    ]  # fmt: skip
    assert [(mail["To"], "商家" in mail["Subject"] or "纠纷" in mail["Subject"]) for mail in mail_server.box.mails] == [
        (DESK, True)
    ] * 5
    turn = said[1]
    assert "说明或商品出库完好的凭证" in render(turn, None, "zh").text
    english = render(turn, None, "en").text
    assert "an explanation or proof that the goods left without it" in english
    assert given.ADDRESS.detail not in english, "a mail to the seller's desk names nobody's home"
    assert "money back" in render(said[2], None, "en").text


async def test_what_is_told_to_a_seller_is_not_shown_to_the_buyer(db: Database) -> None:
    one = await heard(db, await given.shop(db))
    assert [str(each.occasion) for each in await to_seller(db, one.order_id)] == [
        "seller_dispute_opened", "seller_dispute_turn",
    ]  # fmt: skip
    assert await told.messages(db, one.order_id) == [], "nobody named an address"
    buyer = Actor(ActorKind.KEY, 5, "shop", one.merchant_id, identity.ROLES["storefront"])
    (first, *_) = await to_seller(db, one.order_id)
    async with db.reading(buyer) as tx:
        shown = await notifications.confirmations(tx, one.order_id)
        assert {notifications.audience(each.occasion) for each in shown} == {Side.BUYER}
        with pytest.raises(notifications.ConfirmationUnknown):
            await notifications.confirmation(tx, one.order_id, first.version)


async def test_a_seller_who_tells_buyers_nothing_and_has_no_working_address_hears_on_the_page(
    db: Database, mail_server: MailServer
) -> None:
    mail_server.box.refuses = {DESK: "550 no such user"}
    one = await heard(db, await given.shop(db, messages=False, notices_email=DESK))
    assert len(await to_seller(db, one.order_id)) == 2
    assert {state for _, state, _ in await told.messages(db, one.order_id)} == {"failed"}
    assert "message.undeliverable" not in await told.wires(db), "it is no buyer who was not reached"
    again = await do(db, SYSTEM, notifications.resend, one.order_id, (await to_seller(db, one.order_id))[0].version)
    assert [str(each.channel) for each in again] == ["email"]


async def test_a_reminder_comes_before_the_time_to_carry_out_is_over(db: Database) -> None:
    one, _ = await court.ruled(db, await court.refused(db))
    due = (await court.final(db, one)).do_by
    assert due is not None
    soon = due - timedelta(hours=5)
    await deadlines.run_due(db, disputes.COMPLY, disputes.execute_due, at=soon, on_rung=disputes.warn_of_doing)
    await court.carried_out(db, one)
    said = [str(each.occasion).removeprefix("seller_dispute_") for each in await to_seller(db, one.order_id)]
    assert said[-3:] == ["final", "final", "ended"]


@pytest.mark.requirement("R6.6")
async def test_a_seller_hears_that_a_dispute_stands_still_and_goes_on(db: Database) -> None:
    one = await court.opened(db, await court.refused(db, shop=await given.shop(db)))
    await do(db, court.ANNA, disputes.suspend, one.id, reason=disputes.StillFor.POLICE, number="A-17")
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        assert await today.broken(tx, ["disputes_still"]) == {"disputes_still": 1}
    await do(db, court.ANNA, disputes.resume, one.id, outcome="agreed")
    await given.settle(db)
    said = await to_seller(db, one.order_id)
    assert [str(each.occasion).removeprefix("seller_dispute_") for each in said][-2:] == ["stopped", "went_on"]
    assert "stands still" in render(said[-2], None, "en").text
    assert "中止" in render(said[-2], None, "zh").text
    async with db.reading(SYSTEM) as tx:
        assert await today.broken(tx, ["disputes_still"]) == {}
