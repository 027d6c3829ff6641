"""Somebody looks at what came back: that decides the money, what becomes of the goods, and the end of the return."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import inventory, orders, policies, refunds
from dingdan.areas.returns import store
from dingdan.areas.returns.events import ReturnInspected, ReturnSettled
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Inspect, Inspected, Return, ReturnLine
from dingdan.areas.returns.promises import REFUND_BY
from dingdan.areas.returns.reading import hold
from dingdan.areas.returns.refusals import ReturnUnknown, StateForbids
from dingdan.areas.returns.rules.inspection import CHOICES, Verdict, conclude, find_problems
from dingdan.kernel.event import Moved
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

VERBS = {Outcome.PASSED: "pass", Outcome.PARTLY: "pass_partly", Outcome.FAILED: "fail"}


class Case(msgspec.Struct, frozen=True):
    """One inspection that is in order, with all it decides."""

    id: int
    asked: Inspect
    held: Return
    lines: tuple[ReturnLine, ...]
    verdict: Verdict


async def inspect(tx: Tx, inspections: Sequence[Inspect]) -> list[Inspected]:
    """Take down what was found on received goods; the money for accepted units is asked back in the same step.

    `intact` decides the money, the grade never does. A failed inspection settles no money and names what the buyer
    can do. Raises ReturnUnknown, StateForbids, LineUnknown, QuantityUnfit, InspectionSums, RestockForbidden,
    GoodsAreTheBuyers or GoodsAreOurs: all problems of all inspections at once, with the path of each.
    """
    returns = await hold(tx, {one.return_id for one in inspections})
    lines = await store.lines_of(tx, list(returns.values()))
    sold = await orders.lines(tx, {r.order_id for r in returns.values()})
    flags = {(line.order_id, line.line_no): frozenset(line.flags) for rows in sold.values() for line in rows}
    problems = [
        problem.at(f"[{place}]")
        for place, one in enumerate(inspections)
        for problem in _problems(one, returns.get(one.return_id), lines.get(one.return_id, []), flags)
    ]
    asked = Counter(one.return_id for one in inspections)
    problems += [
        StateForbids(f"[{place}].return_id", state="in this request already", verb="inspect")
        for place, one in enumerate(inspections)
        if asked[one.return_id] > 1
    ]
    refuse_all(problems)
    cases = [
        Case(i, one, returns[one.return_id], tuple(lines[one.return_id]),
             conclude(one.lines, {line.line_no: line.quantity for line in lines[one.return_id]}))
        for i, one in zip(tx.mint_many(len(inspections)), inspections, strict=True)
    ]  # fmt: skip
    await inventory.dispose(tx, [disposal for case in cases for disposal in _disposals(case)])
    owed = await _ask_back(tx, cases)
    await _write(tx, cases, {i: refund.id for i, refund in owed.items() if refund})
    return [
        Inspected(case.held.id, case.id, case.verdict.outcome, sum(case.verdict.accepted.values()),
                  sum(case.verdict.rejected.values()), refund.id if refund else None, refund.amount if refund else 0,
                  CHOICES if case.verdict.rejected else ())
        for case in cases
        for refund in [owed.get(case.held.id)]
    ]  # fmt: skip


async def _ask_back(tx: Tx, cases: Sequence[Case]) -> dict[int, refunds.Refund | None]:
    """Ask for the money for accepted units; None where they cost nothing."""
    versions = await policies.by_ids(tx, {case.held.policy_id for case in cases})
    wanted = []
    for case in cases:
        document = versions[case.held.policy_id].document
        asked = tuple(
            refunds.AskedLine(line.line_no, units, basis_of(document, line.reason))
            for line in case.lines
            if (units := case.verdict.accepted.get(line.line_no, 0))
        )
        if asked:
            wanted.append(
                refunds.RequestRefund(
                    order_id=case.held.order_id,
                    cause=refunds.Cause.RETURN,
                    cause_id=case.held.id,
                    lines=asked,
                    is_policy_decided=not case.held.review_reasons,
                    deduct=case.held.postage,
                )
            )
    return await refunds.request_many(tx, wanted)


async def _write(tx: Tx, cases: Sequence[Case], paid_by: Mapping[int, int]) -> None:
    by_id = {case.held.id: case for case in cases}
    await store.add_inspections(tx, [(case.id, case.held, case.asked.lines) for case in cases])
    await store.note_inspected(tx, {
        (line.order_id, line.return_id, line.line_no): (
            case.verdict.accepted.get(line.line_no, 0), case.verdict.rejected.get(line.line_no, 0),
        )
        for case in cases for line in case.lines
    })  # fmt: skip
    moved: dict[int, Moved] = {}
    for outcome, verb in VERBS.items():
        ids = [i for i, case in by_id.items() if case.verdict.outcome is outcome]
        moved |= await store.move(tx, "outcome", verb, ids, inspected_at=tx.now) if ids else {}
    await store.note_refunds(tx, dict(paid_by))
    tx.announce(*(
        ReturnInspected(subject_id=i, merchant_id=case.held.merchant_id, order_id=case.held.order_id, move=moved[i],
                        accepted=sum(case.verdict.accepted.values()), rejected=sum(case.verdict.rejected.values()),
                        refund_id=paid_by.get(i))
        for i, case in by_id.items()
    ))  # fmt: skip
    # Goods that a coupon paid in full bring no cash back (W14): there is nothing to wait for.
    free = [i for i, case in by_id.items() if case.verdict.accepted and i not in paid_by]
    closed = await store.move(tx, "outcome", "settle", free, settled_at=tx.now) if free else {}
    failed = [i for i, case in by_id.items() if case.verdict.outcome is Outcome.FAILED]
    await deadlines.call_off(tx, REFUND_BY, [*failed, *closed])
    tx.announce(*(
        ReturnSettled(subject_id=i, merchant_id=by_id[i].held.merchant_id, order_id=by_id[i].held.order_id,
                      move=closed[i], refund_id=None)
        for i in sorted(closed)
    ))  # fmt: skip


def basis_of(document: policies.PolicyDocument, reason: str) -> refunds.Basis:
    """Whether a line comes back by the seller's fault, or the policy pays the way out all the same (A7)."""
    fault = document.reasons[reason].fault
    if fault == "seller":
        return refunds.Basis.FAULT
    is_paid = policies.freight_for(document, fault).outbound != "not_refunded"
    return refunds.Basis.WITHDRAWAL if is_paid else refunds.Basis.NO_REASON


def _problems(
    one: Inspect,
    held: Return | None,
    lines: Sequence[ReturnLine],
    flags: Mapping[tuple[int, int], frozenset[str]],
) -> list[Refusal]:
    if held is None:
        return [ReturnUnknown("return_id")]
    if held.decision is not Decision.APPROVED or held.journey is not Journey.RECEIVED:
        return [StateForbids(state=f"{held.decision}, {held.journey}", verb="inspect")]
    if held.outcome is not Outcome.OPEN:
        return [StateForbids(state=str(held.outcome), verb="inspect")]
    received = {line.line_no: line.received for line in lines}
    return find_problems(one.lines, received, {line.line_no: flags[line.order_id, line.line_no] for line in lines})


def _disposals(case: Case) -> list[inventory.Disposal]:
    products = {line.line_no: line.product_id for line in case.lines}
    held = case.held
    return [
        inventory.Disposal(held.merchant_id, held.warehouse_id, products[line.line_no], line.quantity, held.order_id,
                           line.line_no, held.id, line.disposition)
        for line in case.asked.lines
    ]  # fmt: skip
