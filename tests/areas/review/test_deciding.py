"""Yes and no by people: who may, with what answered, and what follows for order, stock and money."""

import pytest
from tests import given
from tests.areas.review import desk
from tests.areas.review.desk import ANNA, BELA, YES

from dingdan.areas import fulfilment, orders, review
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


async def approve(db: Database, held: review.Review, by: Actor = ANNA, **answers: review.Answer) -> review.Review:
    return await do(db, by, review.approve, held.id, answers=answers or YES)


async def order_of(db: Database, held: review.Review) -> orders.Order:
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, held.order_id)


@pytest.mark.requirement("O2.4")
@pytest.mark.requirement("O2.6")
async def test_an_approved_order_goes_on_with_the_time_it_was_paid_at(db: Database) -> None:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    paid_at = (await order_of(db, held)).paid_at
    assert (await approve(db, held)).state == "approved"
    await given.settle(db)
    order = await order_of(db, held)
    async with db.transaction(SYSTEM) as tx:
        (work,) = await fulfilment.works_of(tx, [held.order_id])
        assert await deadlines.of_subjects(tx, [held.id]) == []
    assert (order.state, order.under_review_since, order.paid_at) == ("confirmed", None, paid_at)
    assert (str(work.state), work.paid_at) == ("queued", paid_at)


@pytest.mark.requirement("O2.4")
async def test_a_rejected_order_ends_with_everything_back(db: Database) -> None:
    shop = await given.shop(db, freight=800)
    held = await desk.claimed(db, await desk.stopped(db, shop))
    await do(db, ANNA, review.reject, held.id, reason="identity_unverified")
    await given.settle(db)
    order = await order_of(db, held)
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT sum(reserved) FROM stock") == 0
        (refund,) = await tx.fetch("SELECT amount FROM refunds WHERE order_id = $1", order.id)
    assert (order.state, order.cancel_reason) == ("cancelled", "identity_unverified")
    assert (refund["amount"], order.freight) == (order.total, 800)


@pytest.mark.requirement("O2.2")
async def test_every_question_needs_its_answer(db: Database) -> None:
    shop = await given.shop(db)
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}), items=("one", "two", "three"))
    held = await desk.claimed(db, await desk.stopped(db, shop))
    with pytest.raises(Refusal) as refused:
        await approve(db, held, two="yes", four="yes")
    assert [(one.code, one.path) for one in refused.value.problems] == [
        ("review.item_unknown", "answers.four"), ("review.item_unanswered", "answers.one"),
        ("review.item_unanswered", "answers.three"),
    ]  # fmt: skip
    assert (await approve(db, held, one="yes", two="yes", three="not_applicable")).state == "approved"


async def test_only_whoever_claimed_it_decides(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    for by in (ANNA, BELA):
        with pytest.raises(review.StateForbids):
            await approve(db, held, by)
    await desk.claimed(db, held)
    with pytest.raises(review.NotYours):
        await do(db, BELA, review.reject, held.id, reason="no")
    with pytest.raises(review.NeedsPerson):
        await approve(db, held, SYSTEM)
    await do(db, ANNA, review.put_back, held.id)
    assert (await desk.claimed(db, held, BELA)).claimed_by == BELA.id


async def test_another_merchants_review_does_not_exist(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    stranger = desk.of_shop(await given.shop(db))
    with pytest.raises(review.ReviewUnknown):
        await approve(db, held, stranger)
    assert await do(db, stranger, review.claim, limit=9) == []


async def test_what_is_due_first_is_handed_out_first(db: Database) -> None:
    shop = await given.shop(db)
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}), limit_minutes=600)
    late = await desk.stopped(db, shop)
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}), limit_minutes=10)
    soon = await desk.stopped(db, shop)
    taken = await do(db, ANNA, review.claim, limit=9)
    assert [one.id for one in taken] == [soon.id, late.id]


@pytest.mark.requirement("O2.10")
async def test_above_the_limit_a_second_person_lets_it_go(db: Database) -> None:
    shop = await given.shop(db, prices={"RING": 50_000_01})
    held = await desk.claimed(db, await desk.stopped(db, shop))
    signed = await approve(db, held)
    assert (signed.state, signed.second_reasons, signed.claimed_by) == ("signed", ("large_amount",), None)
    assert await do(db, ANNA, review.claim, limit=1) == []
    await desk.claimed(db, held, BELA)
    assert (await do(db, BELA, review.approve, held.id, answers={})).state == "approved"


@pytest.mark.requirement("O2.10")
async def test_at_the_limit_one_person_is_enough(db: Database) -> None:
    shop = await given.shop(db, prices={"RING": 50_000_00})
    held = await desk.claimed(db, await desk.stopped(db, shop))
    assert (await approve(db, held)).state == "approved"


@pytest.mark.requirement("O2.10")
async def test_the_sellers_staff_needs_somebody_from_outside(db: Database) -> None:
    shop = await given.shop(db)
    own, other = desk.of_shop(shop), desk.of_shop(shop, 904)
    held = await desk.claimed(db, await desk.stopped(db, shop), own)
    assert (await approve(db, held, own)).second_reasons == ("own_staff",)
    assert await do(db, other, review.claim, limit=1) == []
    await desk.claimed(db, held, ANNA)
    assert (await approve(db, held)).state == "approved"


async def test_terms_are_the_platforms_to_change(db: Database) -> None:
    shop = await given.shop(db)
    terms = review.Terms(second_above={"CNY": 1}, own_staff_needs_second=False)
    with pytest.raises(review.RuleNotYours):
        await do(db, desk.of_shop(shop), review.save_terms, terms)
    await do(db, SYSTEM, review.save_terms, terms)
    held = await desk.claimed(db, await desk.stopped(db, shop), desk.of_shop(shop))
    assert (await approve(db, held, desk.of_shop(shop))).second_reasons == ("large_amount",)
    await desk.claimed(db, held, desk.of_shop(shop, 904))
    assert (await approve(db, held, desk.of_shop(shop, 904))).state == "approved"


async def test_what_risk_blocked_goes_nowhere_until_risk_says_so(db: Database) -> None:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    await do(db, BELA, review.block, held.id, reason="stolen_card")
    with pytest.raises(review.BlockedByRisk):
        await approve(db, held)
    await do(db, BELA, review.unblock, held.id)
    assert (await approve(db, held)).state == "approved"
    with pytest.raises(review.StateForbids):
        await do(db, BELA, review.block, held.id, reason="stolen_card")


async def test_a_review_ends_with_its_order(db: Database) -> None:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    await do(db, SYSTEM, orders.cancel, held.order_id, reason="changed_mind")
    with pytest.raises(review.OrderOver):
        await approve(db, held)
    await given.settle(db)
    assert (await desk.of_order(db, held.order_id)).state == "withdrawn"


async def test_escalated_it_is_a_leads(db: Database) -> None:
    held = await desk.claimed(db, await desk.stopped(db, await given.shop(db)))
    up = await do(db, ANNA, review.escalate, held.id, reason="unsure")
    assert (up.state, up.owner, up.claimed_by, up.due_at) == ("escalated", "lead", None, held.decide_by)
    assert await do(db, BELA, review.claim, limit=1, owner="reviewer") == []
    (taken,) = await do(db, BELA, review.claim, limit=1, owner="lead")
    assert (await approve(db, taken, BELA)).state == "approved"


async def test_actions_say_what_can_be_done(db: Database) -> None:
    held = await desk.stopped(db, await given.shop(db))
    assert review.actions(held, ANNA) == ["claim", "escalate", "block"]
    mine = await desk.claimed(db, held)
    assert review.actions(mine, ANNA) == ["approve", "reject", "put_back", "ask", "escalate", "block"]
    assert review.actions(mine, BELA) == ["escalate", "block"]
    assert review.actions(await approve(db, mine), ANNA) == []
