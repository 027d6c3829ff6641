"""A dispute stands still while the police, a court or the two sides themselves look at it, and goes on by rule (R6.6)."""

from collections.abc import Sequence
from datetime import datetime

from dingdan.areas.disputes import store
from dingdan.areas.disputes.events import DisputeStopped, DisputeTakenElsewhere, DisputeWentOn
from dingdan.areas.disputes.lifecycle import OPEN
from dingdan.areas.disputes.model import ELSEWHERE, MOST_FILES, Dispute, Standstill, StillFor
from dingdan.areas.disputes.promises import APPEAL_BY, BUYER_TURN, COMPLY, RULE_BY, SELLER_TURN, STILL, STOPPED
from dingdan.areas.disputes.reading import Held, get_one, hold
from dingdan.areas.disputes.refusals import (
    DisputeStateForbids,
    DisputeUnknown,
    NothingShown,
    StandsStill,
    StandsStillNot,
)
from dingdan.areas.disputes.rules import standing_still
from dingdan.areas.disputes.ruling import demand_arbitrator
from dingdan.areas.disputes.saying import demand_files
from dingdan.areas.talks import Side
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# Which promise each clock stands for.
_PROMISED = {
    BUYER_TURN.name: "turn_by", SELLER_TURN.name: "turn_by", RULE_BY.name: "rule_by", APPEAL_BY.name: "appeal_by",
    COMPLY.name: "do_by",
}  # fmt: skip


async def suspend(
    tx: Tx, dispute_id: int, *, reason: StillFor, number: str | None = None, files: Sequence[int] = ()
) -> Dispute:
    """Let a dispute stand still: for so long as that takes, and longer where files show who took it. Clocks stop.

    Raises DisputeUnknown, NeedsArbitrator, DisputeStateForbids, StandsStill, NothingShown or EvidenceUnknown.
    """
    held = await _hold(tx, dispute_id)
    demand_arbitrator(tx)
    one = held.dispute
    if one.state not in OPEN:
        raise DisputeStateForbids(state=str(one.state), verb="suspend")
    if one.still_until is not None:
        raise StandsStill(until=one.still_until.isoformat())
    if len(files) > MOST_FILES or (files and reason is StillFor.AGREEMENT):
        raise NothingShown("evidence", files=MOST_FILES)
    await demand_files(tx, held.order, files)
    until = standing_still.until(reason, tx.now, is_shown=bool(files))
    await store.add_standstill(tx, Standstill(
        id=tx.mint(), dispute_id=one.id, order_id=one.order_id, merchant_id=one.merchant_id, reason=reason,
        number=number, until=until, evidence=list(dict.fromkeys(files)), shown_side=one.side if files else None,
        shown_at=tx.now if files else None, began_by_kind=str(tx.actor.kind), began_by=tx.actor.id, began_at=tx.now,
        outcome=None, ended_by_kind=None, ended_by=None, ended_at=None,
    ))  # fmt: skip
    await store.stand_still(tx, one.id, until)
    for clock in STOPPED:
        await deadlines.pause(tx, clock, [one.id], waiting_for=str(reason))
    await deadlines.schedule(tx, STILL, [deadlines.Due(one.id, one.merchant_id, until, one.order_id)])
    tx.announce(DisputeStopped(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                               reason=str(reason), until=until))  # fmt: skip
    return await get_one(tx, dispute_id)


async def show_elsewhere(tx: Tx, dispute_id: int, *, side: Side, files: Sequence[int]) -> Dispute:
    """Show that the police or a court took it, once: it stands still for as long as that takes.

    Raises DisputeUnknown, StandsStillNot, NothingShown or EvidenceUnknown.
    """
    held = await _hold(tx, dispute_id)
    one = held.dispute
    still = await _still(tx, one)
    if still.reason is StillFor.AGREEMENT or still.shown_at is not None or not 1 <= len(files) <= MOST_FILES:
        raise NothingShown("evidence", files=MOST_FILES)
    await demand_files(tx, held.order, files)
    until = tx.now + ELSEWHERE
    await store.show_elsewhere(tx, still.id, side=str(side), evidence=list(dict.fromkeys(files)), until=until)
    await store.stand_still(tx, one.id, until)
    await deadlines.schedule(tx, STILL, [deadlines.Due(one.id, one.merchant_id, until, one.order_id)])
    tx.announce(DisputeTakenElsewhere(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                      side=str(side), until=until))  # fmt: skip
    return await get_one(tx, dispute_id)


async def resume(tx: Tx, dispute_id: int, *, outcome: str) -> Dispute:
    """It was decided there, or came to nothing: the dispute goes on with what was left of every time, a day at least.

    Raises DisputeUnknown, NeedsArbitrator or StandsStillNot.
    """
    held = await _hold(tx, dispute_id)
    demand_arbitrator(tx)
    await _still(tx, held.dispute)
    await _go_on(tx, held.dispute, outcome)
    return await get_one(tx, dispute_id)


async def go_on_due(tx: Tx, dispute_ids: Sequence[int]) -> None:
    """Nobody showed that it was taken elsewhere, or the time for that is over too: they go on."""
    for held in (await hold(tx, dispute_ids)).values():
        until = held.dispute.still_until
        if until is not None and until <= tx.now:
            await _go_on(tx, held.dispute, "time_over")


async def _go_on(tx: Tx, one: Dispute, outcome: str) -> None:
    await store.end_standstill(tx, one.id, outcome)
    await store.stand_still(tx, one.id, None)
    await deadlines.call_off(tx, STILL, [one.id])
    for clock in STOPPED:
        await deadlines.resume(tx, clock, [one.id])
    times: dict[str, datetime] = {
        _PROMISED[clock.kind]: clock.at
        for clock in await deadlines.of_subjects(tx, [one.id]) if clock.kind in _PROMISED and clock.at is not None
    }  # fmt: skip
    await store.move_times(tx, one.id, times)
    tx.announce(DisputeWentOn(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, outcome=outcome))


async def _hold(tx: Tx, dispute_id: int) -> Held:
    held = (await hold(tx, [dispute_id])).get(dispute_id)
    if held is None:
        raise DisputeUnknown
    return held


async def _still(tx: Tx, one: Dispute) -> Standstill:
    """The time in which it stands still now."""
    if one.still_until is None:
        raise StandsStillNot
    return (await store.standstills(tx, [one.id]))[one.id][-1]
