"""A dispute stands still while the police, a court or the two sides look at it: clocks stop, and run on by rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.disputes import court
from tests.areas.disputes.court import ANNA

from dingdan.areas import disputes, evidence
from dingdan.areas.disputes import DisputeState, StillFor
from dingdan.areas.disputes.rules import standing_still
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("R6.6")


async def stopped(db: Database, one: disputes.Dispute, **more: Any) -> disputes.Dispute:
    """It stands still, for the police unless said otherwise."""
    return await do(db, ANNA, disputes.suspend, one.id, **({"reason": StillFor.POLICE, "number": "A-17"} | more))


async def test_nothing_goes_on_meanwhile_and_every_time_runs_on_after(db: Database) -> None:
    one = await court.opened(db, await court.refused(db))
    assert one.turn_by is not None
    still = await stopped(db, one)
    assert still.still_until is not None
    assert await court.clocks(db, one) == {"dispute.seller_turn": None, "dispute.still": still.still_until}
    for command, more in (
        (disputes.show, {"side": Side.SELLER, "text": "出库时完好。"}), (disputes.suspend, {"reason": StillFor.COURT}),
    ):  # fmt: skip
        with pytest.raises(disputes.StandsStill):
            await do(db, ANNA, command, one.id, **more)
    # Long after what was the seller's time nobody has been silent.
    await deadlines.run_due(db, disputes.SELLER_TURN, disputes.lapse_turns, at=one.turn_by + timedelta(days=3))
    assert (await court.now(db, one)).silent is None

    later = one.opened_at + timedelta(days=2)
    await do_at(db, ANNA, later, disputes.resume, one.id, outcome="came_to_nothing")
    going = await court.now(db, one)
    assert (going.still_until, going.turn_by) == (None, later + disputes.TURN)
    assert await court.clocks(db, one) == {"dispute.seller_turn": going.turn_by}
    async with db.reading(SYSTEM) as tx:
        (kept,) = await disputes.standstills(tx, going)
    assert (kept.number, kept.outcome, kept.began_by, kept.ended_by) == ("A-17", "came_to_nothing", ANNA.id, ANNA.id)
    with pytest.raises(disputes.StandsStillNot):
        await do(db, ANNA, disputes.resume, one.id, outcome="decided")
    await do_at(db, SYSTEM, later, disputes.show, one.id, side=Side.SELLER, text="出库时完好。")


async def test_goes_on_by_itself_where_nobody_shows_that_it_was_taken_elsewhere(db: Database) -> None:
    one = await court.opened(db, await court.refused(db))
    until = (await stopped(db, one)).still_until
    assert until is not None
    for at, still in ((until - court.SHORTLY, True), (until + court.SHORTLY, False)):
        await deadlines.run_due(db, disputes.STILL, disputes.go_on_due, at=at)
        assert ((await court.now(db, one)).still_until is not None) is still
    async with db.reading(SYSTEM) as tx:
        (kept,) = await disputes.standstills(tx, one)
    assert (kept.outcome, kept.ended_by_kind) == ("time_over", "system")


async def test_stands_still_for_half_a_year_once_it_was_shown(db: Database) -> None:
    held = await court.refused(db)
    one = await court.opened(db, held)
    foreign = await court.picture(db, (await court.refused(db)).order_id)
    paper = await court.picture(db, held.order_id, "b")
    with pytest.raises(disputes.StandsStillNot):
        await do(db, SYSTEM, disputes.show_elsewhere, one.id, side=Side.BUYER, files=(paper,))
    first = (await stopped(db, one)).still_until
    for files, no in (((), disputes.NothingShown), ((foreign,), evidence.EvidenceUnknown)):
        with pytest.raises(no):
            await do(db, SYSTEM, disputes.show_elsewhere, one.id, side=Side.BUYER, files=files)
    shown = await do(db, SYSTEM, disputes.show_elsewhere, one.id, side=Side.BUYER, files=(paper,))
    assert first is not None
    assert shown.still_until is not None
    assert shown.still_until > first + timedelta(days=100)
    assert (await court.clocks(db, one))["dispute.still"] == shown.still_until
    with pytest.raises(disputes.NothingShown):
        await do(db, SYSTEM, disputes.show_elsewhere, one.id, side=Side.BUYER, files=(paper,))


async def test_every_open_dispute_can_and_none_that_is_over(db: Database) -> None:
    held = await court.refused(db)
    one = await court.heard(db, held)
    assert (await stopped(db, one, reason=StillFor.AGREEMENT)).state is DisputeState.DECIDING
    with pytest.raises(disputes.StandsStill):
        await do(db, ANNA, disputes.rule, one.id, court.ruling())
    await do(db, ANNA, disputes.resume, one.id, outcome="came_to_nothing")
    await do(db, ANNA, disputes.rule, one.id, court.ruling())
    before = (await court.now(db, one)).appeal_by
    await stopped(db, one, reason=StillFor.COURT)
    with pytest.raises(disputes.StandsStill):
        await do(db, SYSTEM, disputes.appeal, one.id, side=Side.SELLER, text="不服")
    await do(db, ANNA, disputes.resume, one.id, outcome="decided")
    after = (await court.now(db, one)).appeal_by
    assert before is not None
    assert after is not None
    assert before <= after < before + timedelta(minutes=5)
    done = await court.appeal_days_over(db, one)
    assert done.state is DisputeState.EXECUTED
    with pytest.raises(disputes.DisputeStateForbids):
        await stopped(db, one)


async def test_is_for_the_platform_and_who_opened_it_may_still_take_it_back(db: Database) -> None:
    held = await court.refused(db)
    one = await court.opened(db, held)
    seller = Actor(ActorKind.STAFF, 74, "seller", held.merchant_id, ANNA.permissions)
    for command, more in ((disputes.suspend, {"reason": StillFor.COURT}), (disputes.resume, {"outcome": "agreed"})):
        with pytest.raises(disputes.NeedsArbitrator):
            await do(db, seller, command, one.id, **more)
    await stopped(db, one)
    await do(db, SYSTEM, disputes.withdraw, one.id, side=Side.BUYER)
    async with db.reading(SYSTEM) as tx:
        (kept,) = await disputes.standstills(tx, one)
    assert (kept.outcome, await court.clocks(db, one)) == ("withdrawn", {})
    await given.settle(db)


@pytest.mark.parametrize(("reason", "is_shown", "expected"), [
    (StillFor.AGREEMENT, False, datetime(2026, 10, 23, 4, tzinfo=UTC)),
    # Seven working days over the week of the national holiday: 23, 24, 28, 29, 30 September, 8 and 9 October; the mid-autumn
    # festival and a make-up Sunday lie between.
    (StillFor.POLICE, False, None),
    (StillFor.COURT, True, datetime(2026, 9, 23, 4, tzinfo=UTC) + disputes.ELSEWHERE),
])  # fmt: skip
def test_how_long(reason: StillFor, is_shown: bool, expected: datetime | None) -> None:
    now = datetime(2026, 9, 23, 4, tzinfo=UTC)
    until = standing_still.until(reason, now, is_shown=is_shown)
    # Seven plain weekdays would end on 2 October, which nobody works on.
    assert until == expected if expected else until.date() > datetime(2026, 10, 7, tzinfo=UTC).date()
