"""A failed check is set aside by two people, of whom one may force orders; by nobody where the law asks it; never by time."""

import msgspec
import pytest
from tests import given
from tests.areas.review import desk
from tests.areas.review.desk import ANNA, BELA

from dingdan.areas import orders, review
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O2.10")
LEAD = msgspec.structs.replace(BELA, permissions=frozenset({"order.force"}))
CLEO = msgspec.structs.replace(LEAD, id=905, name="Cleo")
NO: dict[str, review.Answer] = {"looked": "no"}


async def asked(db: Database) -> review.Review:
    """A review whose only check failed, and that somebody asked to force."""
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    return await do(db, ANNA, review.approve, held.id, answers=NO, reason="known_buyer")


async def test_without_a_reason_nothing_is_asked(db: Database) -> None:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    with pytest.raises(review.ForceReasonMissing):
        await do(db, ANNA, review.approve, held.id, answers=NO)
    assert (await desk.of_order(db, held.order_id)).answers == {}


async def test_only_somebody_else_who_may_force_lets_it_go_and_both_stand_in_the_fact(db: Database) -> None:
    held = await asked(db)
    assert (held.state, held.second_reasons, held.force_reason) == ("signed", ("failed_check",), "known_buyer")
    await desk.claimed(db, held, BELA)
    with pytest.raises(review.ForceNotYours):
        await do(db, BELA, review.approve, held.id, answers={})
    done = await do(db, LEAD, review.approve, held.id, answers={})
    assert (done.state, done.answers, done.signed_by, done.decided_by) == ("approved", NO, ANNA.id, BELA.id)
    async with db.transaction(SYSTEM) as tx:
        told = await tx.fetchrow("SELECT actor_id, data FROM facts WHERE wire = 'review.forced'")
        assert (await orders.get_one(tx, held.order_id)).state == "confirmed"
    assert (told["actor_id"], told["data"]["by_id"], told["data"]["reason"]) == (BELA.id, ANNA.id, "known_buyer")


async def test_who_finds_it_right_after_all_forces_nothing(db: Database) -> None:
    held = await asked(db)
    await desk.claimed(db, held, BELA)
    done = await do(db, BELA, review.approve, held.id, answers={"looked": "yes"})
    assert (done.state, done.answers) == ("approved", {"looked": "yes"})
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'review.forced'") == 0


async def test_a_second_who_finds_something_wrong_asks_and_a_third_decides(db: Database) -> None:
    shop = await given.shop(db, prices={"RING": 50_000_01})
    held = await desk.claimed(db, await desk.stopped(db, shop))
    await do(db, ANNA, review.approve, held.id, answers={"looked": "yes"})
    await desk.claimed(db, held, LEAD)
    again = await do(db, LEAD, review.approve, held.id, answers=NO, reason="merchant_vouches")
    assert (again.state, again.signed_by, again.second_reasons) == ("signed", LEAD.id, ("large_amount", "failed_check"))
    await desk.claimed(db, held, CLEO)
    assert (await do(db, CLEO, review.approve, held.id, answers={})).state == "approved"


async def test_who_finds_more_wrong_than_was_asked_about_asks_anew(db: Database) -> None:
    shop = await given.shop(db)
    words = review.Words(en="Another look", zh="再看一次")
    item = review.Item(code="again", en="Is it fine?", zh="是否无误？")
    document = review.RuleDocument(title=words, trigger=review.LargeAmount(at_least={"CNY": 1}), checklist=(item,))
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    await do(db, SYSTEM, review.save_rule, review.SaveRule(merchant_id=None, code="zz_more", document=document))
    held = await desk.claimed(db, await desk.stopped(db, shop))
    await do(db, ANNA, review.approve, held.id, answers={"looked": "no", "again": "yes"}, reason="known_buyer")
    await desk.claimed(db, held, LEAD)
    with pytest.raises(review.ForceReasonMissing):
        await do(db, LEAD, review.approve, held.id, answers={"again": "no"})
    asked_anew = await do(db, LEAD, review.approve, held.id, answers={"again": "no"}, reason="merchant_vouches")
    assert (asked_anew.state, asked_anew.signed_by, asked_anew.force_reason) == ("signed", LEAD.id, "merchant_vouches")
    await desk.claimed(db, held, CLEO)
    assert (await do(db, CLEO, review.approve, held.id, answers={})).state == "approved"


async def test_what_the_law_asks_is_set_aside_by_nobody_whatever_another_rule_calls_it(db: Database) -> None:
    shop = await given.shop(db)
    item = review.Item(code="looked", en="Is it allowed?", zh="是否合法？", is_statutory=True)
    words = review.Words(en="By law", zh="法定")
    document = review.RuleDocument(title=words, trigger=review.LargeAmount(at_least={"CNY": 1}), checklist=(item,))
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    await do(db, SYSTEM, review.save_rule, review.SaveRule(merchant_id=None, code="zz_law", document=document))
    held = await desk.claimed(db, await desk.stopped(db, shop), LEAD)
    with pytest.raises(review.StatutoryCheck):
        await do(db, LEAD, review.approve, held.id, answers=NO, reason="known_buyer")
    assert {item.code for rule in review.shipped() for item in rule.document.checklist if item.is_statutory} == {
        "custom_allowed", "custom_confirmed", "identity_matches", "quota_left"}  # fmt: skip


async def test_time_does_not_stand_in_for_the_second_person(db: Database) -> None:
    held = await asked(db)
    assert held.on_timeout == "approve"
    await do(db, SYSTEM, review.decide_overdue, [held.id])
    assert (await desk.of_order(db, held.order_id)).state == "rejected"
    async with db.transaction(SYSTEM) as tx:
        assert (await orders.get_one(tx, held.order_id)).state == "cancelled"
