"""One side asks the platform, after talking to the other failed or its time ran out; once for each thing."""

from collections.abc import Collection, Sequence
from datetime import datetime

from dingdan.areas import cases, orders, returns
from dingdan.areas.disputes import store
from dingdan.areas.disputes.events import DisputeAgreed, DisputeOpened, DisputeWithdrawn, RulingRefused
from dingdan.areas.disputes.lifecycle import DISPUTE, OPEN, DisputeState
from dingdan.areas.disputes.model import TURN, Dispute, OpenDispute
from dingdan.areas.disputes.promises import STILL, STOPPED
from dingdan.areas.disputes.reading import get_one, hold, hold_for, units
from dingdan.areas.disputes.refusals import DisputeOpenAlready, NotYourDispute
from dingdan.areas.disputes.rules import burden, deciding
from dingdan.areas.disputes.saying import begin_turn, demand_fit, write
from dingdan.areas.talks import Side
from dingdan.kernel.event import Moved
from dingdan.kernel.ids import encode
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def open_dispute(tx: Tx, wanted: OpenDispute) -> Dispute:
    """Ask the platform to decide. Money of the order waits from now on; nothing else stands still.

    Raises ReturnUnknown, CaseUnknown, OrderUnknown, CaseHasNoOrder, DisputeOpenAlready, NothingToDispute, StillNegotiating,
    DisputeTooLate, or everything that is wrong with it at once: ClaimUnfit, LineUnknown, EntryUnfit, EvidenceUnknown.
    """
    order, talked = await _subject(tx, wanted)
    known = await store.about(tx, wanted.subject_id)
    if known is not None:
        raise DisputeOpenAlready(dispute=encode("dispute", known))
    deciding.decide_open(talked, tx.now)
    sold, left = await units(tx, order, wanted.subject, wanted.subject_id)
    refuse_all(deciding.problems_of_lines(wanted.lines, left, sold))
    await demand_fit(tx, order, wanted.text, wanted.evidence)
    turn = burden.first_turn(wanted.issue, side=wanted.side, has_files=bool(wanted.evidence))
    new = Dispute(
        id=tx.mint(), order_id=order.id, merchant_id=order.merchant_id, buyer_id=order.buyer_id, subject=wanted.subject,
        subject_id=wanted.subject_id, issue=wanted.issue, side=wanted.side, claim=list(wanted.lines),
        currency=order.currency, state=DisputeState.SHOWING, version=1, turn=turn, turn_by=tx.now + TURN, silent=None,
        accepted=[], opened_by_kind=str(tx.actor.kind), opened_by=tx.actor.id, opened_at=tx.now, rule_by=None,
        appeal_by=None, appealed_side=None, final_at=None, do_by=None, done_by=None, still_until=None, ended_at=None,
        case_id=None,
    )  # fmt: skip
    # One order has one lock, and one thing belongs to one order.
    assert await store.add(tx, new), "nobody opens two at once"
    await write(tx, new, side=wanted.side, code="opened", turn=0 if turn else None, text=wanted.text,
                evidence=wanted.evidence)  # fmt: skip
    await orders.object(tx, [orders.Objection(order.id, "dispute", new.id, str(wanted.issue))])
    tx.announce(DisputeOpened(subject_id=new.id, merchant_id=new.merchant_id, order_id=order.id,
                              move=born(DISPUTE, new.id), about=encode(wanted.subject, wanted.subject_id),
                              issue=str(wanted.issue), side=str(wanted.side)))  # fmt: skip
    await begin_turn(tx, new)
    return await get_one(tx, new.id)


async def withdraw(tx: Tx, dispute_id: int, *, side: Side) -> Dispute:
    """Who opened it takes it back before anybody ruled. Raises DisputeUnknown, DisputeStateForbids or NotYourDispute."""
    held = await hold_for(tx, dispute_id, "withdraw")
    one = held.dispute
    if one.side is not side:
        raise NotYourDispute
    moved = await _end(tx, one, "withdraw", "withdrawn", ended_at=tx.now, turn_by=None, still_until=None)
    tx.announce(DisputeWithdrawn(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                 move=moved))  # fmt: skip
    return await get_one(tx, dispute_id)


async def end_agreed(tx: Tx, return_ids: Collection[int]) -> None:
    """What these returns asked for was granted, or the two sides agreed: open disputes about them are over."""
    for held in (await hold(tx, await store.open_about(tx, return_ids))).values():
        one = held.dispute
        if one.state not in OPEN:
            continue
        moved = await _end(tx, one, "agree", "agreed", ended_at=tx.now, turn_by=None, still_until=None, final_at=None,
                           do_by=None)  # fmt: skip
        tx.announce(DisputeAgreed(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved))


async def _end(tx: Tx, one: Dispute, verb: str, outcome: str, **values: object) -> Moved:
    """Nobody waits for anything any more: clocks, proposals and what stood against the order end."""
    await store.end_standstill(tx, one.id, outcome)
    moved = await store.move(tx, verb, [one.id], **values)
    proposed = [rest.id for rest in (await store.rulings(tx, [one.id]))[one.id]]
    refused = await store.move_rulings(tx, "refuse", proposed) if proposed else {}
    for clock in (*STOPPED, STILL):
        await deadlines.call_off(tx, clock, [one.id])
    await orders.settle_objections(tx, [orders.Objection(one.order_id, "dispute", one.id)], outcome=outcome)
    tx.announce(*(
        RulingRefused(subject_id=i, merchant_id=one.merchant_id, order_id=one.order_id, move=move,
                      dispute=encode("dispute", one.id))
        for i, move in refused.items()
    ))  # fmt: skip
    return moved[one.id]


async def _subject(tx: Tx, wanted: OpenDispute) -> tuple[orders.Order, deciding.Talked]:
    """The locked order of what is disputed, and how the two sides got on."""
    if wanted.subject == "order":
        order = await orders.lock_one(tx, wanted.subject_id)
        return order, _objected((await orders.objections(tx, [order.id]))[order.id], tx.now)
    if wanted.subject == "case":
        held = await cases.hold_one(tx, wanted.subject_id)
        if held.order is None:
            raise cases.CaseHasNoOrder
        is_over = held.case.state is cases.CaseState.WITHDRAWN
        talked = deciding.Talked(began_at=held.case.opened_at, failed_at=held.case.ended_at, is_at_odds=not is_over)
        return held.order, talked
    one = await returns.hold_one(tx, wanted.subject_id)
    order = await orders.lock_one(tx, one.order_id)
    lines = (await returns.lines(tx, [one]))[one.id]
    is_rejected = one.inspected_at is not None and any(line.rejected for line in lines)
    is_refused = one.decision is returns.Decision.REFUSED
    failed = one.decided_at if is_refused else one.inspected_at if is_rejected else one.settled_at
    is_undecided = one.decision is returns.Decision.REQUESTED
    return order, deciding.Talked(
        began_at=one.requested_at, failed_at=failed,
        is_at_odds=is_refused or is_rejected or is_undecided or one.settled_at is not None,
    )  # fmt: skip


def _objected(found: Sequence[orders.Objected], now: datetime) -> deciding.Talked:
    """How the two sides got on about an order: since its buyer said what is wrong, until that ended without their yes."""
    said = [one for one in found if one.cause == "buyer" and one.outcome != "withdrawn"]
    last = said[-1] if said else None
    return deciding.Talked(
        began_at=last.opened_at if last else now,
        failed_at=last.settled_at if last else None,
        is_at_odds=last is not None,
    )
