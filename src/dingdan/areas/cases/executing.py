"""Remedies are carried out, each once: money back, goods again, something on top, or time with the buyer's consent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dingdan.areas import credit, fulfilment, identity, ledger, orders, pricing, refunds, returns
from dingdan.areas.cases import replacing, store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.events import CaseRemedied, RemedyExecuted
from dingdan.areas.cases.lifecycle import CASE
from dingdan.areas.cases.model import Case, Remedy, RemedyKind
from dingdan.areas.cases.promises import CONTACT, PLAN, RESOLVE, UPDATE
from dingdan.areas.cases.reading import Held
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def execute(tx: Tx, held: Held, remedy: Remedy) -> None:
    """Carry out what was granted; the case is made good by the first of them. Raises what the areas that do it refuse."""
    assert held.order is not None, "a remedy has its order"
    effect = await _do(tx, held, held.order, remedy)
    values = {"executed_at": tx.now, "consented_at": remedy.consented_at, "receipt": remedy.receipt, **effect}
    moved = await store.move_remedies(tx, "execute", [remedy.id], **values)
    tx.announce(RemedyExecuted(subject_id=remedy.id, merchant_id=remedy.merchant_id, order_id=remedy.order_id,
                               move=moved[remedy.id], case_id=remedy.case_id, kind=str(remedy.kind),
                               amount=remedy.amount, currency=remedy.currency))  # fmt: skip
    await store.add_entries(tx, [
        (remedy.case_id, remedy.merchant_id, "remedied", {"remedy": str(remedy.kind), "amount": remedy.amount}, None, ())
    ])  # fmt: skip
    await _note_remedied(tx, held.case, remedy)


async def _do(tx: Tx, held: Held, order: orders.Order, remedy: Remedy) -> Mapping[str, Any]:
    if remedy.kind is RemedyKind.REFUND:
        return {"refund_id": await _refund(tx, remedy)}
    if remedy.kind in (RemedyKind.RESHIP, RemedyKind.SUBSTITUTE):
        sent = await replacing.send(tx, order, remedy)
        return {"replaced_by": sent.order_id, "refund_id": await _difference(tx, order, remedy, sent.cheaper)}
    if remedy.kind is RemedyKind.COMPENSATION:
        return await _compensate(tx, order, remedy)
    if remedy.kind is RemedyKind.TAKE_BACK:
        return {"return_id": await _take_back(tx, held.case, order, remedy)}
    return {}


async def _refund(tx: Tx, remedy: Remedy) -> int | None:
    lines, off = remedy.terms["lines"], remedy.terms.get("amount")
    asked = tuple(refunds.AskedLine(one["line_no"], one["quantity"], refunds.Basis.FAULT) for one in lines)
    made = await refunds.make_good(tx, refunds.MakeGood(
        order_id=remedy.order_id, remedy_id=remedy.id, lines=asked if off is None else (),
        off_line=lines[0]["line_no"] if off is not None else None, off=off or 0,
    ))  # fmt: skip
    return made.id if made else None


async def _difference(tx: Tx, order: orders.Order, remedy: Remedy, cheaper: Mapping[int, int]) -> int | None:
    """What was sent instead cost less: the difference goes back, off the line that it stands in for."""
    less = {line_no: off for line_no, off in cheaper.items() if off > 0}
    if not less:
        return None
    (line_no, off), *others = sorted(less.items())
    assert not others, "what is sent instead of one line costs less once"
    made = await refunds.make_good(
        tx, refunds.MakeGood(order_id=order.id, remedy_id=remedy.id, off_line=line_no, off=off)
    )
    return made.id if made else None


async def _compensate(tx: Tx, order: orders.Order, remedy: Remedy) -> Mapping[str, Any]:
    if remedy.terms["form"] == "balance":
        grant = credit.Grant(
            merchant_id=order.merchant_id, buyer_id=order.buyer_id, kind=credit.PurseKind.BALANCE, unit=order.currency,
            amount=remedy.amount, reason="case",
        )  # fmt: skip
        (purse,) = await credit.grant(tx, [grant])
        return {"purse_id": purse.id}
    if remedy.terms["form"] == "voucher":
        (given,) = await pricing.grant(tx, remedy.terms["promotion_id"], {order.buyer_id: order.merchant_id})
        return {"grant_id": given.id}
    await ledger.post(tx, [
        ledger.Posting(order.merchant_id, "compensation", remedy.id, order.id, remedy.currency,
                       (("compensations", remedy.amount), ("paid_by_hand", -remedy.amount)))
    ])  # fmt: skip
    return {}


async def _take_back(tx: Tx, case: Case, order: orders.Order, remedy: Remedy) -> int:
    # From here the return holds them.
    await returns.free_units(tx, [remedy.id])
    contact = await identity.contact(tx, order.contact_id)
    parcels = await fulfilment.parcels(tx, [case.subject_id]) if case.subject == "parcel" else {}
    parcel = parcels.get(case.subject_id)
    made = await returns.recall(
        tx, order_id=order.id, merchant_id=order.merchant_id, buyer_ref=contact.ref if contact else "",
        units={one["line_no"]: one["quantity"] for one in remedy.terms["lines"]}, reason=remedy.terms["reason"],
        postage=remedy.terms.get("postage", 0),
        parcel=(parcel.carrier, parcel.tracking_number) if parcel is not None else None,
    )  # fmt: skip
    return made.id


async def _note_remedied(tx: Tx, case: Case, remedy: Remedy) -> None:
    """Promises that this keeps are kept; where the buyer waits, they hear from us at the end of it at the latest."""
    until = remedy.terms.get("until")
    following = datetime.fromisoformat(until) if until else case.next_update_at
    await store.touch(tx, case.id, next_update_at=following, due_at=following,
                      contacted_at=case.contacted_at or tx.now, planned_at=case.planned_at or tx.now)  # fmt: skip
    for clock in (CONTACT, PLAN, RESOLVE):
        await deadlines.call_off(tx, clock, [case.id])
    if until:
        await deadlines.schedule(tx, UPDATE, [deadlines.Due(case.id, case.merchant_id, following)])
    if case.state not in CASE.moves["remedy"].sources:
        return
    moved = await store.move(tx, "remedy", [case.id])
    if moved:
        document = (await documents(tx, [case]))[case.id]
        tx.announce(CaseRemedied(subject_id=case.id, merchant_id=case.merchant_id, order_id=case.order_id,
                                 move=moved[case.id], remedy=str(remedy.kind), is_told=document.tells_buyer))  # fmt: skip
