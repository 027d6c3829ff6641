"""An appeal: whoever did not appeal has a turn of their own before another arbitrator rules, and loses nothing by silence."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.disputes import court

from dingdan.areas import disputes
from dingdan.areas.disputes import Dispute, DisputeState
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R6.4")


async def appealed(db: Database, side: Side = Side.SELLER) -> Dispute:
    """A dispute that was ruled about and appealed."""
    one, _ = await court.ruled(db, await court.refused(db))
    return await do(db, SYSTEM, disputes.appeal, one.id, side=side, text="有新的检测报告，请重新审理。")


async def refused(db: Database, command: object, one: Dispute, **more: object) -> str:
    with pytest.raises(Refusal) as caught:
        await do(db, SYSTEM, command, one.id, **more)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize(("side", "clock"), [(Side.SELLER, "dispute.buyer_turn"), (Side.BUYER, "dispute.seller_turn")])
async def test_the_other_side_answers_in_its_own_time_and_then_somebody_else_rules(
    db: Database, side: Side, clock: str
) -> None:
    one = await appealed(db, side)
    assert (one.state, one.rule_by) == (DisputeState.ANSWERING, None)
    assert one.turn_by is not None
    assert await court.clocks(db, one) == {clock: one.turn_by}
    async with db.reading(SYSTEM) as tx:
        assert timedelta(0) < one.turn_by - tx.now <= disputes.TURN
    assert (await court.proofs(db, one))[-1] == (str(side.other), "due")

    assert await refused(db, disputes.show, one, side=side, text="我再说一句") == "dispute.not_your_turn"
    with pytest.raises(disputes.DisputeStateForbids):
        await do(db, court.BO, disputes.rule, one.id, court.ruling())
    answered = await do(db, SYSTEM, disputes.show, one.id, side=side.other, text="报告说的不是这一件。")
    assert (answered.state, answered.turn_by, answered.rule_by is not None) == (DisputeState.APPEALED, None, True)
    assert list(await court.clocks(db, one)) == ["dispute.rule"]
    assert (await court.proofs(db, one))[-1] == (str(side.other), "shown")
    assert await refused(db, disputes.show, one, side=side.other, text="还有") == "dispute.state_forbids"
    await do(db, court.BO, disputes.rule, one.id, court.ruling())
    assert (await court.now(db, one)).state is DisputeState.FINAL


async def test_whoever_says_nothing_to_an_appeal_loses_nothing_by_it(db: Database) -> None:
    one = await court.turn_over(db, await appealed(db))
    assert (one.state, one.silent, one.turn_by) == (DisputeState.APPEALED, None, None)
    assert (await court.proofs(db, one))[-1] == ("buyer", "silent")
    assert list(await court.clocks(db, one)) == ["dispute.rule"]
    await given.settle(db)
    await do(db, court.BO, disputes.rule, one.id, court.ruling())
    assert (await court.now(db, one)).state is DisputeState.FINAL


async def test_the_turn_stands_still_with_the_dispute_and_ends_with_it(db: Database) -> None:
    one = await appealed(db)
    await do(db, court.BO, disputes.suspend, one.id, reason=disputes.StillFor.POLICE)
    assert await refused(db, disputes.show, one, side=Side.BUYER, text="不对") == "dispute.stands_still"
    await do(db, court.BO, disputes.resume, one.id, outcome="came_to_nothing")
    going = await court.now(db, one)
    assert (going.state, going.turn_by) == (DisputeState.ANSWERING, (await court.clocks(db, one))["dispute.buyer_turn"])
    await do(db, SYSTEM, disputes.end_agreed, [one.subject_id])
    assert ((await court.now(db, one)).state, await court.clocks(db, one)) == (DisputeState.AGREED, {})
