"""A return weighed as it stands says what approving and silence would do, by the rules that do it."""

import pytest
from tests import given
from tests.areas.returns import road

from dingdan.areas import returns
from dingdan.areas.returns import ApplyLine, Resolution, Return, Weighed
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def weighed(db: Database, held: Return) -> Weighed:
    async with db.reading(SYSTEM) as tx:
        return await returns.weigh(tx, held.id)


async def test_the_quote_of_a_waiting_return_is_what_is_paid_when_it_is_granted(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"MUG": 2})
    held = await road.applied(
        db, shop, ApplyLine(1, "DAMAGED_ON_ARRIVAL", order_id, 1), resolution=Resolution.REFUND_ONLY
    )
    before = await weighed(db, held)
    assert before.quote is not None
    assert (before.way_back, before.suggestion) == ("", "look")
    await do(db, SYSTEM, returns.approve, held.id)
    refund = await road.refund_of(db, held)
    assert refund is not None
    assert refund.amount == before.quote.amount
    # The same is said when the money is gone: the return's own refund does not count against it.
    after = await weighed(db, held)
    assert after.quote is not None
    assert after.quote.amount == before.quote.amount


@pytest.mark.parametrize(
    ("reason", "claimed", "suggestion"), [("NO_REASON", 1, "approve_at_paid"), ("QUALITY_DEFECT", None, "look")]
)
async def test_what_is_suggested_follows_from_why_a_person_looks(
    db: Database, reason: str, claimed: int | None, suggestion: str
) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    held = await road.applied(db, shop, ApplyLine(1, reason, order_id, 1, claimed_unit_price=claimed))
    assert (await weighed(db, held)).suggestion == suggestion


@pytest.mark.parametrize("resolution", [Resolution.REFUND, Resolution.REFUND_ONLY])
async def test_what_is_said_of_silence_is_what_silence_does(db: Database, resolution: Resolution) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    held = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), resolution=resolution)
    passes = (await weighed(db, held)).passes_by_silence
    async with db.reading(SYSTEM) as tx:
        (clock,) = [one for one in await deadlines.of_subjects(tx, [held.id]) if one.kind == returns.REVIEW.name]
    assert clock.at is not None
    await do(db, SYSTEM, returns.time_out_review, [held.id])
    now = await road.now_is(db, held)
    assert (str(now.decision) == "approved") is passes
    assert now.escalated is not passes
