"""Sending something back on a phone: five steps by the rules, the amount to the cent, and what follows."""

from datetime import timedelta

import pytest
from tests import given
from tests.portal.conftest import Let, photo

from dingdan.areas import disputes, evidence, merchants, returns, talks
from dingdan.cli.demo import terms
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import return_acts

pytestmark = pytest.mark.requirement("issue 6: portal")
SEND = "/return?u=1:1&reason=NO_REASON&step=confirm&way=refund"


async def one(db: Database, order_id: int) -> returns.Return:
    async with db.reading(SYSTEM) as tx:
        return (await returns.of_orders(tx, [order_id]))[-1]


async def test_a_simple_case_is_five_pages_and_one_form(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.delivered_order(db, shop, {"MUG": 1, "TEE": 2}))
    items = await guest.open("/return")
    assert 'value="1:1"' in items
    assert 'value="2:2"' in items
    assert "Can be returned until" in items
    why = await guest.open("/return?u=1:1&u=2:0")
    assert "Changed my mind" in why
    assert "You pay the way back" in why
    assert "The seller pays the way back" in why
    ways = await guest.open("/return?u=1:1&u=2:0&reason=NO_REASON&step=proof")
    assert "Step 4 of 5" in ways
    assert "CN¥199.00" in ways
    sums = await guest.open("/return?u=1:1&reason=NO_REASON&step=confirm&way=refund")
    for said in (
        "Product MUG × 1",
        "CN¥199.00",
        "Back to: Trial payment",
        "You send it",
        "Your money arrives",
        "Send the application",
    ):
        assert said in sums, said
    assert "确认退款金额" in await guest.open(SEND, tongue="zh-CN")
    sent = await guest.send(SEND)
    held = await one(db, guest.order_id)
    assert sent.headers["location"].endswith(f"/returns/{sent.headers['location'].rpartition('/')[2]}")
    assert (held.decision, held.resolution) == ("approved", "refund")
    status = await guest.open(sent.headers["location"])
    for said in ("Send it by", "Where to send it", "I have sent it", "Withdraw it", "Waiting for parcel"):
        assert said in status, said
    assert "All of it is in a return already" in await guest.open("/return?u=1:1")


async def test_the_same_form_twice_is_one_return_and_too_much_is_refused(
    db: Database, let: Let, shop: given.Shop
) -> None:
    guest = await let(await given.delivered_order(db, shop))
    for _ in range(2):
        await guest.send(SEND, once="abcdefgh12345678")
    async with db.reading(SYSTEM) as tx:
        assert len(await returns.of_orders(tx, [guest.order_id])) == 1
    refused = await guest.send("/return?u=1:9&reason=NO_REASON&step=confirm&way=refund", status=409)
    assert "This did not go through" in refused.text


@pytest.mark.parametrize("query", [
    "u=abc&reason=NO_REASON", "u=999:1", "u=1:0", "u=1:1&reason=NOTHING_KNOWN", "u=1:1&reason=NO_REASON&step=confirm&way=hack",
    "u=1:1&reason=NO_REASON&step=%27--", "u=1:999999&reason=NO_REASON&step=way", "e=evd_0000000000001&u=1:1&reason=NO_REASON",
])  # fmt: skip
async def test_hostile_addresses_lead_to_a_step_that_makes_sense(
    db: Database, let: Let, shop: given.Shop, query: str
) -> None:
    guest = await let(await given.delivered_order(db, shop))
    assert "Step " in await guest.open(f"/return?{query}")


async def strict_shop(db: Database) -> given.Shop:
    """A shop whose policy wants to see what is broken."""
    shop = await given.shop(db, code="strict")
    await do(db, SYSTEM, terms.write_policy, shop.merchant_id)
    await do(db, SYSTEM, merchants.save, merchants.SaveMerchant(
        code="strict", name={"en": "Strict shop"}, zone="Asia/Shanghai", currency="CNY", policy=terms.CODE,
    ))  # fmt: skip
    return shop


async def test_what_a_rule_wants_to_see_is_asked_for_shot_by_shot_and_kept_clean(db: Database, let: Let) -> None:
    guest = await let(await given.delivered_order(db, await strict_shop(db)))
    at = "/return?u=1:1&reason=DAMAGED_ON_ARRIVAL"
    step = await guest.open(f"{at}&step=proof")
    for said in ("Step 3 of 5", "What is broken, from near", "The parcel from outside", 'capture="environment"'):
        assert said in step, said
    assert "Step 4 of 5" in await guest.open("/return?u=1:1&reason=NO_REASON&step=proof")
    proof = at.replace("/return?", "/return/proof?")
    await guest.send(proof, files=[b"<script>"], shot="damage", status=422)
    first = (await guest.send(proof, files=[photo()], shot="damage")).headers["location"]
    step = await guest.open(first)
    assert "What is broken, from near" not in step
    assert "The parcel from outside" in step
    second = (
        await guest.send(first.replace("/return?", "/return/proof?"), files=[photo("blue")], shot="parcel")
    ).headers
    assert "Step 4 of 5" in await guest.open(second["location"])
    picture = step.partition('<img src="')[2].partition('"')[0]
    assert (await guest.get(picture)).headers["content-type"] == "image/jpeg"
    async with db.reading(SYSTEM) as tx:
        assert {one.shot for one in await evidence.of_orders(tx, [guest.order_id])} == {"damage", "parcel"}
    await guest.send(second["location"].replace("step=proof", "step=confirm&way=refund"))
    assert len((await one(db, guest.order_id)).evidence) == 2


async def test_an_offer_is_taken_a_question_answered_and_words_are_exchanged(
    db: Database, let: Let, shop: given.Shop
) -> None:
    guest = await let(await given.delivered_order(db, shop))
    at = (await guest.send("/return?u=1:1&reason=QUALITY_DEFECT&step=confirm&way=refund")).headers["location"]
    held = await one(db, guest.order_id)
    assert held.decision == "requested"
    await do(db, SYSTEM, talks.ask, held.id, shots=[], text="Show the handle, please.")
    assert "We need more from you" in await guest.open(at)
    await guest.send(f"{at}/answer", text="Here it is.", files=[photo("blue")])
    await guest.send(f"{at}/say", text="<b>hello</b>")
    html = await guest.open(at)
    assert "Show the handle, please." in html
    offer = await do(
        db, SYSTEM, talks.offer, held.id, talks.Propose(talks.OfferKind.KEEP, 2000), side=talks.Side.SELLER
    )
    html = await guest.open(at)
    assert "Offer sent" in html
    assert "CN¥20.00" in html
    del offer
    place = html.split("/take")[0].rpartition('action="')[2]
    await guest.send(f"{place}/counter", amount="¥５0", text="more")
    async with db.reading(SYSTEM) as tx:
        made = [one for one in await talks.offers_of(tx, [held.id]) if one.side is talks.Side.BUYER]
    assert [one.amount for one in made] == [5000]
    waiting = await guest.open(at)
    assert "The seller has your proposal." in waiting
    assert "Propose something yourself" not in waiting
    assert "The seller has your proposal." in await guest.open("")
    await guest.send(f"{place}/take", status=409)


async def test_an_offer_is_refused_and_the_platform_asked_in_one_form(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.delivered_order(db, shop))
    at = (await guest.send("/return?u=1:1&reason=QUALITY_DEFECT&step=confirm&way=refund")).headers["location"]
    held = await one(db, guest.order_id)
    proposal = talks.Propose(talks.OfferKind.KEEP, 2000)
    await do(db, SYSTEM, talks.offer, held.id, proposal, side=talks.Side.SELLER)
    html = await guest.open(at)
    assert "You can ask the platform from" in html
    place = html.split("/take")[0].rpartition('action="')[2]
    early = await guest.send(f"{place}/escalate", status=409)
    assert "This did not go through" in early.text
    async with db.reading(SYSTEM) as tx:
        assert [offer.state for offer in await talks.offers_of(tx, [held.id])] == ["open"], "nothing of it was done"
        later = tx.now + timedelta(hours=25)
    await given.settle(db)
    made = await do_at(db, SYSTEM, later, _escalated, held.id)
    assert made.subject_id == held.id


async def _escalated(tx: Tx, return_id: int) -> disputes.Dispute:
    """What the form does, a day later."""
    order_id = (await returns.get_one(tx, return_id)).order_id
    offer = (await talks.offers_of(tx, [return_id]))[0]
    handler = return_acts.escalate.opt["handler"]
    await handler(tx, order_id=order_id, return_id=return_id, offer_id=offer.id, form=return_acts.SayForm())
    assert (await talks.offers_of(tx, [return_id]))[0].state == "declined"
    return (await disputes.of_orders(tx, [order_id]))[0]


async def test_sent_withdrawn_and_refused_with_a_way_on(db: Database, let: Let, shop: given.Shop) -> None:
    guest = await let(await given.delivered_order(db, shop))
    at = (await guest.send(SEND)).headers["location"]
    await guest.send(f"{at}/send", carrier="manual", tracking_number="BACK1234567890")
    assert "BACK1234567890" in await guest.open(at)
    await guest.send(f"{at}/withdraw", status=409)
    other = await let(await given.delivered_order(db, shop, buyer="buyer-2"))
    at = (await other.send("/return?u=1:1&reason=QUALITY_DEFECT&step=confirm&way=refund")).headers["location"]
    held = await one(db, other.order_id)
    await do(
        db, SYSTEM, returns.refuse, held.id, reason="EVIDENCE_INSUFFICIENT", rule="CN_QUALITY", alternatives=("repair",)
    )
    html = await other.open(at)
    for said in (
        "Why it was refused",
        "The evidence does not show what is claimed.",
        "Appeal",
        "Ask the platform to step in",
    ):
        assert said in html, said
    opened = await other.send(
        f"{at}/dispute", issue="visible_fault", outcome="return_refund", text="It is broken, see it."
    )
    dispute_id = decode("dispute", opened.headers["location"].rpartition("/")[2])
    async with db.reading(SYSTEM) as tx:
        assert (await disputes.get_one(tx, dispute_id or 0)).subject_id == held.id
    assert "The platform decides" in await other.open(opened.headers["location"])
    assert "平台介入" in await other.open(opened.headers["location"], tongue="zh-CN")


async def test_where_the_rules_say_no_a_person_can_be_asked(db: Database, let: Let) -> None:
    shop = await given.shop(db, flags=("custom_made",))
    guest = await let(await given.delivered_order(db, shop))
    assert "The law excludes" in await guest.open("/return")
    html = await guest.open("/return?u=1:1&reason=NO_REASON&step=way")
    assert "The rules say no to this." in html
    sent = await guest.send("/return?u=1:1&reason=NO_REASON&step=confirm&way=refund&person=true")
    assert "/returns/" in sent.headers["location"]
    assert (await one(db, guest.order_id)).decision == "requested"
