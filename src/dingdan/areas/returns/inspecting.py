"""Somebody looks at what came back: that decides the money, what becomes of the goods, and the end of the return."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace

from dingdan.areas import abuse, disposition, inspection, merchants, orders, policies, refunds
from dingdan.areas.inspection import LookKind
from dingdan.areas.returns import store
from dingdan.areas.returns.events import (
    ReturnFaultChanged,
    ReturnInspected,
    ReturnPostageOwed,
    ReturnRecoveryDue,
    ReturnSettled,
)
from dingdan.areas.returns.lifecycle import Journey, Outcome
from dingdan.areas.returns.model import Foreseen, Inspect, Inspected, Return
from dingdan.areas.returns.promises import INSPECT_BY, REFUND_BY
from dingdan.areas.returns.reading import get, hold, hold_one
from dingdan.areas.returns.refusals import StateForbids
from dingdan.areas.returns.rules.inspection import (
    CHOICES,
    Case,
    Desk,
    as_unmended,
    goods_of,
    judge,
    recoverable,
)
from dingdan.areas.returns.rules.resolving import FOR_GOODS
from dingdan.kernel.event import Moved
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# So long before the money is due nobody looks a second time only because of signs of abuse: REFUND_BY's first warning.
TIME_TO_PAY = timedelta(hours=72)
VERBS = {Outcome.PASSED: "pass", Outcome.PARTLY: "pass_partly", Outcome.FAILED: "fail"}


async def inspect(tx: Tx, inspections: Sequence[Inspect]) -> list[Inspected]:
    """Take down what was found on received goods; the money for accepted units is asked back in the same step.

    `intact` decides the money, the grade never does. Where a second person or a laboratory must look first, nothing is
    decided yet. A failed inspection settles no money and names what the buyer can do. Raises all problems of all
    inspections at once, with the path of each: what stands in the refusals of returns and of inspection.
    """
    return await _decide(tx, inspections, by=(str(tx.actor.kind), tx.actor.id or 0))


async def _decide(tx: Tx, inspections: Sequence[Inspect], *, by: tuple[str, int] | None) -> list[Inspected]:
    """Decide by what `by` has found; without anybody it is what the first look found, and no second one is written."""
    found = await _desks(tx, await hold(tx, {one.return_id for one in inspections}), lock=True)
    asked = Counter(one.return_id for one in inspections)
    problems: list[Refusal] = []
    cases: list[Case] = []
    for place, one in enumerate(inspections):
        case, wrong = judge(one, found.get(one.return_id), by=by, case_id=tx.mint())
        problems += [problem.at(f"[{place}]") for problem in wrong]
        if asked[one.return_id] > 1:
            problems.append(StateForbids(f"[{place}].return_id", state="in this request already", verb="inspect"))
        if case is not None:
            cases.append(case)
    refuse_all(problems)
    waiting = {case.held.id: await _put_by(tx, case) for case in cases if case.needs}
    followed = {case.held.id: await _follow(tx, case) if by else None for case in cases if not case.needs}
    final = [case for case in cases if not case.needs]
    owed = await _ask_back(tx, final)
    rest = await _pay_rest(tx, final, owed)
    await _write(tx, final, {i: refund for i, refund in owed.items() if refund}, followed, rest)
    return [
        _waits(case, waiting[case.held.id]) if case.needs else _ended(case, owed.get(case.held.id)) for case in cases
    ]


async def take_as_it_is(tx: Tx, held: Return) -> None:
    """Take goods of a return that stands still as they came: they were here to be mended, and their fault is known.

    Raises what refunds refuse.
    """
    (desk,) = (await _desks(tx, {held.id: held}, lock=True)).values()
    case = as_unmended(desk, case_id=tx.mint())
    owed = await _ask_back(tx, [case])
    await _write(tx, [case], {i: refund for i, refund in owed.items() if refund}, {held.id: None}, {})


async def confirm(tx: Tx, return_id: int) -> Inspected:
    """A second person has looked and found what the first one did; theirs counts.

    Raises ReturnUnknown, StateForbids, inspection.NoLook or inspection.SamePerson.
    """
    looks = (await inspection.looks_of(tx, [return_id]))[return_id]
    first = next((look for look in looks if look.kind is LookKind.FIRST), None)
    if first is None:
        raise inspection.NoLook
    (done,) = await inspect(tx, [_as_found(first)])
    return done


def _as_found(look: inspection.Look) -> Inspect:
    return Inspect(look.return_id, tuple(replace(line, tags=()) for line in look.findings))


async def take_picture(
    tx: Tx, return_id: int, *, line_no: int, shows: str, drawn: inspection.Drawn
) -> inspection.InspectionPicture:
    """Keep a picture of unpacking or of something that is not as it should be. Raises ReturnUnknown or TooManyPictures."""
    held = await hold_one(tx, return_id)
    return await inspection.take_picture(tx, inspection.NewPicture(
        merchant_id=held.merchant_id, order_id=held.order_id, return_id=return_id, line_no=line_no, shows=shows,
        sha256=drawn.sha256, size=drawn.size, width=drawn.width, height=drawn.height,
    ))  # fmt: skip


async def desks(tx: Tx, return_ids: Sequence[int]) -> dict[int, Desk]:
    """What inspections of these returns would be judged by, as things stand."""
    return await _desks(tx, await get(tx, return_ids), lock=False)


async def _desks(tx: Tx, returns: Mapping[int, Return], *, lock: bool) -> dict[int, Desk]:
    lines = await store.lines_of(tx, list(returns.values()))
    order_ids = {r.order_id for r in returns.values()}
    held = await orders.get(tx, order_ids)
    sold = await orders.lines(tx, order_ids)
    versions = await policies.by_ids(tx, {r.policy_id for r in returns.values()})
    packed = await inspection.packed_out(tx, sold, order_ids)
    looks = await inspection.looks_of(tx, returns)
    pictures = await inspection.pictures_of(tx, returns)
    standings = await _standings(tx, returns, held, versions, lock=lock)
    return {
        i: Desk(
            held=r, lines=tuple(lines[i]), order=held[r.order_id], document=versions[r.policy_id].document,
            sold={line.line_no: line for line in sold[r.order_id]},
            packed={line.line_no: packed[r.order_id, line.line_no] for line in sold[r.order_id]},
            looks=tuple(looks[i]), pictures=len(pictures[i]), standing=standings.get(i),
        )
        for i, r in returns.items()
    }  # fmt: skip


async def _standings(
    tx: Tx,
    returns: Mapping[int, Return],
    sold: Mapping[int, orders.Order],
    versions: Mapping[int, policies.Policy],
    *,
    lock: bool,
) -> dict[int, abuse.Standing]:
    """What follows for the buyers of returns, as long as there is time for another look before the money is due."""
    known = await abuse.standings(tx, {order.buyer_id for order in sold.values()}, lock=lock)
    if not known:
        return {}
    owners = await merchants.by_ids(tx, {r.merchant_id for r in returns.values()})
    found = {i: (r, known[sold[r.order_id].buyer_id]) for i, r in returns.items() if sold[r.order_id].buyer_id in known}
    return {
        i: standing for i, (r, standing) in found.items()
        if r.received_at is not None and tx.now + TIME_TO_PAY < policies.refund_due(
            versions[r.policy_id].document, owners[r.merchant_id].zone, asked_at=r.requested_at, received_at=r.received_at
        )
    }  # fmt: skip


async def let_stand(tx: Tx, return_ids: Sequence[int]) -> None:
    """The money is due soon: a first look that only signs of abuse want followed counts as it is (R7.2, CPL art. 25).

    Nobody looks a second time and nobody is said to have, whoever the first one was.
    """
    standing = []
    for looks in (await inspection.looks_of(tx, return_ids)).values():
        kinds = {look.kind: look for look in looks}
        first = kinds.get(LookKind.FIRST)
        if first is not None and first.reasons == [inspection.WATCHED] and LookKind.SECOND not in kinds:
            standing.append(_as_found(first))
    if standing:
        await _decide(tx, standing, by=None)


async def _put_by(tx: Tx, case: Case) -> inspection.Look:
    """Keep a look that decides nothing yet; while a laboratory has the goods, our clock stands still."""
    kind = LookKind.LAB if case.needs == ("lab",) else LookKind.FIRST
    look = await inspection.record(tx, _look(case, kind))
    if kind is LookKind.LAB:
        await deadlines.pause(tx, INSPECT_BY, [case.held.id], waiting_for="lab")
    if inspection.WATCHED in case.needs and case.desk.standing is not None:
        await abuse.take(tx, [
            abuse.Take(case.desk.standing, abuse.Measure.EXTRA_LOOK, case.held.order_id, "return", case.held.id)
        ])  # fmt: skip
    return look


async def _follow(tx: Tx, case: Case) -> int | None:
    """Keep the second look at goods that had a first one."""
    first = case.desk.first
    return None if first is None else (await inspection.record(tx, _look(case, LookKind.SECOND, first))).id


def _look(case: Case, kind: LookKind, first: inspection.Look | None = None) -> inspection.NewLook:
    return inspection.NewLook(
        merchant_id=case.held.merchant_id, order_id=case.held.order_id, return_id=case.held.id, kind=kind,
        findings=case.lines, reasons=case.needs, first=first,
    )  # fmt: skip


async def _ask_back(tx: Tx, cases: Sequence[Case]) -> dict[int, refunds.Refund | None]:
    """Ask for the money for accepted units; None where they cost nothing. What went back early is found again."""
    wanted = [request_of(case) for case in cases if case.asked and case.held.resolution not in FOR_GOODS]
    return await refunds.request_many(tx, wanted)


async def _pay_rest(
    tx: Tx, cases: Sequence[Case], owed: Mapping[int, refunds.Refund | None]
) -> dict[int, refunds.Refund]:
    """What went early was less than the goods bring as they turned out to be, by whose fault and with what freight."""
    found = {}
    for case in cases:
        early = owed.get(case.held.id)
        if early is not None and case.held.paid_early_at is not None and case.held.refund_id == early.id:
            found[case.held.id] = await refunds.pay_rest(tx, early, request_of(case))
    return {i: refund for i, refund in found.items() if refund is not None}


def request_of(case: Case) -> refunds.RequestRefund:
    """The money that is asked back for the accepted units of a case."""
    return refunds.RequestRefund(
        order_id=case.held.order_id, cause=refunds.Cause.RETURN, cause_id=case.held.id, lines=case.asked,
        is_policy_decided=not case.held.review_reasons, deduct=case.costs.deduct, reimburse=case.costs.reimburse,
        gifts=case.costs.gifts, worn=case.costs.worn,
    )  # fmt: skip


async def _write(
    tx: Tx,
    cases: Sequence[Case],
    owed: Mapping[int, refunds.Refund],
    looks: Mapping[int, int | None],
    rest: Mapping[int, refunds.Refund],
) -> None:
    if not cases:
        return
    by_id = {case.held.id: case for case in cases}
    await store.add_inspections(tx, [(case.id, case.held, case.lines, looks[case.held.id]) for case in cases])
    await disposition.take(tx, [goods for case in cases for goods in goods_of(case)])
    await store.note_inspected(tx, {
        (line.order_id, line.return_id, line.line_no): (
            case.verdict.accepted.get(line.line_no, 0), case.verdict.rejected.get(line.line_no, 0),
            case.faults[line.line_no],
        )
        for case in cases for line in case.desk.lines
    })  # fmt: skip
    moved: dict[int, Moved] = {}
    for outcome, verb in VERBS.items():
        ids = [i for i, case in by_id.items() if case.verdict.outcome is outcome]
        moved |= await store.move(tx, "outcome", verb, ids, inspected_at=tx.now) if ids else {}
    paid_by = {i: refund.id for i, refund in owed.items()}
    await store.note_refunds(tx, paid_by)
    await deadlines.call_off(tx, INSPECT_BY, by_id)
    tx.announce(*(
        ReturnInspected(subject_id=i, merchant_id=case.held.merchant_id, order_id=case.held.order_id, move=moved[i],
                        accepted=sum(case.verdict.accepted.values()), rejected=sum(case.verdict.rejected.values()),
                        refund_id=paid_by.get(i))
        for i, case in by_id.items()
    ))  # fmt: skip
    _tell_of_faults(tx, cases)
    await _note_costs(tx, cases, owed, rest)
    await _recover(tx, cases)
    await _close(tx, by_id, owed)


async def _note_costs(
    tx: Tx, cases: Sequence[Case], owed: Mapping[int, refunds.Refund], rest: Mapping[int, refunds.Refund]
) -> None:
    """Write what gifts took off, and what of postage could not go back with the refund: a person sees to it.

    Postage that an earlier return of the order took is owed otherwise where these goods need the money. So is all of it
    where something else went ahead: no refund comes for those goods.
    """
    parts = await refunds.parts(tx, [refund.id for refund in (*owed.values(), *rest.values())]) if owed else {}
    found = {case.held.id: case for case in cases if case.held.id in owed or _went_ahead(case)}
    given = {
        i: sum(refunds.postage_given(parts[some[i].id]) for some in (owed, rest) if i in some) for i in found
    }  # fmt: skip
    left = {i: case.costs.reimburse - given[i] for i, case in found.items()}
    costly = {i: case for i, case in found.items() if case.costs.gifts or left[i] > 0}
    await store.note_costs(tx, {
        i: (case.costs.gifts if i in owed else 0, max(0, left[i])) for i, case in costly.items()
    })  # fmt: skip
    tx.announce(*(
        ReturnPostageOwed(subject_id=i, merchant_id=case.held.merchant_id, order_id=case.held.order_id, amount=left[i],
                          currency=case.desk.order.currency)
        for i, case in costly.items() if left[i] > 0
    ))  # fmt: skip


def _went_ahead(case: Case) -> bool:
    """Whether something else was sent before these goods had come, and they are accepted now."""
    is_ahead = case.held.resolution in FOR_GOODS and case.held.paid_early_at is not None
    return is_ahead and bool(case.verdict.accepted)


def _tell_of_faults(tx: Tx, cases: Sequence[Case]) -> None:
    tx.announce(*(
        ReturnFaultChanged(subject_id=case.held.id, merchant_id=case.held.merchant_id, order_id=case.held.order_id,
                           line_no=line.line_no, was=line.fault, now=case.faults[line.line_no])
        for case in cases for line in case.desk.lines if case.faults[line.line_no] != line.fault
    ))  # fmt: skip


async def _recover(tx: Tx, cases: Sequence[Case]) -> None:
    """What went early beyond what the goods bring is to be had back: a person looks after it (R3.13, W33).

    So is our label for goods that were the buyer's to send, where no refund bears it: something else went ahead for them,
    or none of them was accepted.
    """
    early = {case.held.id: case.held.refund_id or 0 for case in cases if case.held.paid_early_at is not None}
    found = await refunds.get(tx, early.values()) if early else {}
    paid = await refunds.parts(tx, found)
    for case in cases:
        held, amount = case.held, 0
        if (refund := found.get(early.get(held.id, 0))) is not None and held.resolution not in FOR_GOODS:
            amount = await refunds.too_much(tx, refund, request_of(case))
        elif refund is not None:
            amount = recoverable(case.desk.lines, paid[refund.id], case.verdict.accepted)
        if _went_ahead(case) or not case.verdict.accepted:
            amount += case.costs.deduct if case.verdict.accepted else case.label
        if amount:
            tx.announce(ReturnRecoveryDue(subject_id=held.id, merchant_id=held.merchant_id, order_id=held.order_id,
                                          amount=amount, currency=case.desk.order.currency))  # fmt: skip


async def _close(tx: Tx, by_id: Mapping[int, Case], owed: Mapping[int, refunds.Refund]) -> None:
    """Close what waits for nothing: goods that bring no cash back (W14), and money that is back already."""
    over = {
        i for i, case in by_id.items()
        if case.verdict.accepted and (i not in owed or owed[i].state is refunds.RefundState.SETTLED)
        # Whoever gives something else for them closes it; where that went ahead, it waits for nothing.
        and (case.held.resolution not in FOR_GOODS or case.held.paid_early_at is not None)
    }  # fmt: skip
    closed = await store.move(tx, "outcome", "settle", over, settled_at=tx.now) if over else {}
    failed = [i for i, case in by_id.items() if case.verdict.outcome is Outcome.FAILED]
    await deadlines.call_off(tx, REFUND_BY, [*failed, *closed])
    tx.announce(*(
        ReturnSettled(subject_id=i, merchant_id=by_id[i].held.merchant_id, order_id=by_id[i].held.order_id,
                      move=closed[i], refund_id=owed[i].id if i in owed else None)
        for i in sorted(closed)
    ))  # fmt: skip


def _ended(case: Case, refund: refunds.Refund | None) -> Inspected:
    verdict = case.verdict
    return Inspected(
        case.held.id, case.id, verdict.outcome, sum(verdict.accepted.values()), sum(verdict.rejected.values()),
        refund.id if refund else None, refund.amount if refund else 0, CHOICES if verdict.rejected else (),
    )  # fmt: skip


def _waits(case: Case, look: inspection.Look) -> Inspected:
    return Inspected(case.held.id, None, Outcome.OPEN, 0, 0, None, 0, (), needs=case.needs, look_id=look.id)


async def foresee(tx: Tx, return_id: int, findings: Sequence[tuple[inspection.InspectedLine, ...]]) -> list[Foreseen]:
    """What each of these inspections of a return would come to; nothing is changed, and units count as received as found.

    By the rules that `inspect` goes by.
    """
    desk = (await desks(tx, [return_id])).get(return_id)
    found = []
    for lines in findings:
        as_here = None if desk is None else _as_here(desk, lines)
        by = (str(tx.actor.kind), tx.actor.id or 0)
        case, wrong = judge(Inspect(return_id, lines), as_here, by=by, case_id=0)
        found.append(Foreseen(problems=tuple(wrong)) if case is None else await _foreseen(tx, case))
    return found


def _as_here(desk: Desk, lines: Sequence[inspection.InspectedLine]) -> Desk:
    """The desk as it will be when what lies here is received."""
    if desk.held.journey is Journey.RECEIVED:
        return desk
    counted: Counter[int] = Counter()
    for line in lines:
        counted[line.line_no] += line.quantity
    here = tuple(replace(line, received=counted[line.line_no]) for line in desk.lines)
    return replace(desk, held=replace(desk.held, journey=Journey.RECEIVED), lines=here)


async def _foreseen(tx: Tx, case: Case) -> Foreseen:
    amount: int | None = None
    problems: tuple[Refusal, ...] = ()
    if case.held.resolution not in FOR_GOODS and case.held.refund_id is None:
        try:
            amount = (await refunds.foretell(tx, request_of(case))).amount if case.asked else 0
        except Refusal as refusal:
            problems = tuple(refusal.problems)
    return Foreseen(accepted=sum(case.verdict.accepted.values()), rejected=sum(case.verdict.rejected.values()),
                    amount=amount, needs=case.needs, problems=problems)  # fmt: skip
