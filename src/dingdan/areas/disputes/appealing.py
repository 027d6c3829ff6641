"""After a ruling: each side accepts it or appeals, once in all and within its days; then it is final and carried out."""

from collections.abc import Collection, Sequence

from dingdan.areas import cases, orders, policies, returns
from dingdan.areas.disputes import store
from dingdan.areas.disputes.events import DisputeAccepted, DisputeAppealed, DisputeExecuted, DisputeUndone
from dingdan.areas.disputes.lifecycle import DisputeState
from dingdan.areas.disputes.model import APPEAL_WITHIN, TURN, AtFault, Dispute, Executor, Outcome, Ruling, Wish
from dingdan.areas.disputes.promises import APPEAL_BY, COMPLY, EXECUTE
from dingdan.areas.disputes.reading import Held, get_one, hold, hold_for, standing_ruling
from dingdan.areas.disputes.refusals import AcceptedAlready, AppealTimeOver, GoodsAreThere, NotYoursToDo, SellersTime
from dingdan.areas.disputes.rules import burden, deciding
from dingdan.areas.disputes.ruling import demand_arbitrator, demand_impartial, settle
from dingdan.areas.disputes.saying import begin_turn, demand_fit, write
from dingdan.areas.talks import Side
from dingdan.kernel.ids import encode
from dingdan.plumbing import deadlines
from dingdan.plumbing.deadlines import Rung
from dingdan.plumbing.tx import Tx

_LIABLE = {
    AtFault.SELLER: cases.Liable.MERCHANT, AtFault.CARRIER: cases.Liable.CARRIER,
    AtFault.PLATFORM: cases.Liable.PLATFORM,
}  # fmt: skip


async def accept(tx: Tx, dispute_id: int, *, side: Side) -> Dispute:
    """A side accepts the ruling; when both do it is final at once. Raises DisputeUnknown, DisputeStateForbids or

    StandsStill.
    """
    one = (await hold_for(tx, dispute_id, "appeal")).dispute
    if str(side) in one.accepted:
        return one
    await store.accept(tx, dispute_id, str(side))
    tx.announce(DisputeAccepted(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, side=str(side)))
    if str(side.other) in one.accepted:
        await settle(tx, one, await standing_ruling(tx, one.id))
    return await get_one(tx, dispute_id)


async def appeal(tx: Tx, dispute_id: int, *, side: Side, text: str, files: Sequence[int] = ()) -> Dispute:
    """Do not accept the ruling, and say why: the other side may answer in its time, then another arbitrator rules for good.

    Raises DisputeUnknown, DisputeStateForbids, StandsStill, AcceptedAlready, AppealTimeOver, EntryUnfit or EvidenceUnknown.
    """
    held = await hold_for(tx, dispute_id, "appeal")
    one = held.dispute
    if str(side) in one.accepted:
        raise AcceptedAlready
    if one.appeal_by is None or tx.now > one.appeal_by:
        raise AppealTimeOver(days=APPEAL_WITHIN.days)
    await demand_fit(tx, held.order, text, files)
    until, turn = tx.now + TURN, len(burden.TABLE[one.issue])
    moved = await store.move(tx, "appeal", [dispute_id], appealed_side=str(side), turn=turn, turn_by=until)
    await write(tx, one, side=side, code="appealed", turn=None, text=text, evidence=files)
    await deadlines.call_off(tx, APPEAL_BY, [dispute_id])
    tx.announce(DisputeAppealed(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                move=moved[one.id], side=str(side), until=until))  # fmt: skip
    await begin_turn(tx, await get_one(tx, dispute_id))
    return await get_one(tx, dispute_id)


async def settle_unappealed(tx: Tx, dispute_ids: Sequence[int]) -> None:
    """Nobody appealed in time."""
    for held in (await hold(tx, dispute_ids)).values():
        one = held.dispute
        is_over = one.appeal_by is not None and one.appeal_by <= tx.now and one.still_until is None
        if one.state is DisputeState.RULED and is_over:
            await settle(tx, one, await standing_ruling(tx, one.id))


async def execute_due(tx: Tx, dispute_ids: Sequence[int]) -> None:
    """Carry out what is final and whose time is over; what cannot be done fails alone and is tried again."""
    for held in (await hold(tx, dispute_ids)).values():
        one = held.dispute
        is_due = one.do_by is not None and one.do_by <= tx.now and one.still_until is None
        if one.state is DisputeState.FINAL and is_due:
            await _execute(tx, held, await standing_ruling(tx, one.id), by=Executor.PLATFORM)


async def warn_of_doing(tx: Tx, rung: Rung, dispute_ids: Sequence[int]) -> None:
    """The time of whoever has to carry it out is over soon; whoever tells them is told."""
    assert rung.before is not None, "it is a warning"
    tx.announce(*(
        DisputeUndone(subject_id=i, merchant_id=one.merchant_id, order_id=one.order_id, until=one.do_by)
        for i, held in sorted((await hold(tx, dispute_ids)).items())
        if (one := held.dispute).state is DisputeState.FINAL and one.do_by is not None and one.still_until is None
    ))  # fmt: skip


async def comply(tx: Tx, dispute_id: int) -> Dispute:
    """The seller carries out what it has to, in its time. Raises DisputeUnknown, DisputeStateForbids, StandsStill,

    NotYoursToDo, or what stands against it.
    """
    held = await hold_for(tx, dispute_id, "execute")
    ruling = await standing_ruling(tx, dispute_id)
    if ruling.executor is not Executor.SELLER:
        raise NotYoursToDo
    await _execute(tx, held, ruling, by=Executor.SELLER)
    return await get_one(tx, dispute_id)


async def execute(tx: Tx, dispute_id: int, *, is_paid: bool = False) -> Dispute:
    """The same for a person of the platform, who sees why it cannot be done; not while it is the seller's time.

    Where nothing can be sent, another arbitrator than the one who ruled may say that it is paid instead (`is_paid`).
    Raises DisputeUnknown, NeedsArbitrator, DisputeStateForbids, StandsStill, SellersTime, NotImpartial, GoodsAreThere, or
    what stands against it.
    """
    held = await hold_for(tx, dispute_id, "execute")
    demand_arbitrator(tx)
    if held.dispute.do_by is not None and tx.now < held.dispute.do_by:
        raise SellersTime(until=held.dispute.do_by.isoformat())
    ruling = await standing_ruling(tx, dispute_id)
    paid_lines: set[int] = set()
    if is_paid:
        await demand_impartial(tx, held.dispute)
        sent = {line.line_no: line.quantity for line in ruling.lines if line.outcome is Outcome.REPLACE}
        paid_lines = await cases.not_there(tx, held.order, sent)
        if not paid_lines:
            raise GoodsAreThere
    await _execute(tx, held, ruling, by=Executor.PLATFORM, paid_lines=paid_lines)
    return await get_one(tx, dispute_id)


async def _execute(tx: Tx, held: Held, ruling: Ruling, *, by: Executor, paid_lines: Collection[int] = ()) -> None:
    """By a case of its own, so that a unit is made good once, money is booked, and somebody bears it.

    Units that the buyer had something for since it was ruled are done: the case says so, and does nothing about them.
    """
    one, order = held.dispute, held.order
    case_id, made_good = None, 0
    if deciding.grants(ruling.lines):
        await _free_units(tx, one)
        lines, made_good = deciding.still_to_do(ruling.lines, await cases.left_units(tx, order), paid_lines)
        wanted = await _remedies(tx, order, lines, ruling.freight)
        case_id = (await cases.carry_out(tx, order, wanted, liable=_LIABLE.get(ruling.fault))).id
    moved = await store.move(tx, "execute", [one.id], ended_at=tx.now, case_id=case_id, done_by=str(by))
    for clock in (COMPLY, EXECUTE):
        await deadlines.call_off(tx, clock, [one.id])
    await orders.settle_objections(tx, [orders.Objection(one.order_id, "dispute", one.id)], outcome="ruled")
    tx.announce(DisputeExecuted(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                move=moved[one.id],
                                case=encode("case", case_id) if case_id is not None else None, by=str(by),
                                is_instead=by is not ruling.executor, made_good=made_good,
                                paid_lines=sorted(paid_lines)))  # fmt: skip


async def _free_units(tx: Tx, one: Dispute) -> None:
    """What was ruled takes the place of an application that nobody decided."""
    if one.subject == "return":
        held = await returns.hold_one(tx, one.subject_id)
        if held.decision is returns.Decision.REQUESTED:
            await returns.withdraw(tx, held.id)


async def _remedies(tx: Tx, order: orders.Order, lines: Sequence[Wish], freight: Side) -> list[cases.Propose]:
    """What is done, line by line."""
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    wanted = list[cases.Propose]()
    for line in lines:
        units = (cases.RemedyLine(line.line_no, line.quantity),)
        if line.outcome is Outcome.REFUND:
            wanted.append(cases.Propose(kind=cases.RemedyKind.REFUND, lines=units))
        elif line.outcome is Outcome.REDUCE:
            wanted.append(cases.Propose(kind=cases.RemedyKind.REFUND, lines=units, amount=line.amount))
        elif line.outcome is Outcome.REPLACE:
            wanted.append(cases.Propose(kind=cases.RemedyKind.RESHIP, lines=units))
        elif line.outcome is Outcome.RETURN_REFUND:
            reason = deciding.reason_of_return(document, freight)
            wanted.append(cases.Propose(kind=cases.RemedyKind.TAKE_BACK, lines=units, reason=reason))
    return wanted
