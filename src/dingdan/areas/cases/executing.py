"""Remedies are carried out, each once: money back, goods again, something on top, or time with the buyer's consent.

What comes back without anybody's remedy is taken in here too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dingdan.areas import credit, fulfilment, identity, ledger, orders, policies, pricing, refunds, returns
from dingdan.areas.cases import replacing, store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.closing import COMING_BACK
from dingdan.areas.cases.events import CaseRemedied, RemedyExecuted
from dingdan.areas.cases.lifecycle import CASE
from dingdan.areas.cases.model import Case, Remedy, RemedyKind
from dingdan.areas.cases.promises import CONTACT, PLAN, RESOLVE, UPDATE
from dingdan.areas.cases.reading import Held
from dingdan.areas.cases.refusals import ParcelMadeGood, ParcelNotBack
from dingdan.areas.cases.rules import remedying
from dingdan.kernel.refusal import Refusal
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
    return await _given(tx, remedy, made)


async def _given(tx: Tx, remedy: Remedy, made: refunds.MadeGood) -> int | None:
    """The refund; what postage that went back before took of it is owed otherwise, and a person sees to it."""
    if made.short:
        await returns.owe_postage(tx, remedy.order_id, made.short, currency=remedy.currency)
    return made.refund.id if made.refund else None


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
    return await _given(tx, remedy, made)


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


async def take_in_parcel(tx: Tx, parcel_id: int, *, reason: str = "") -> list[returns.Return]:
    """Receive what lies in a parcel that came back, whoever had it brought back; once, whoever says so how often.

    Its units stand in quarantine as any return's, and their money follows the inspection. Without a reason it counts
    as turned away at the door, by the policy of its order. What was made good before is not owed again: units that were
    paid back or sent again are left out. Raises ParcelNotBack, ParcelMadeGood, or what returns refuse.
    """
    locked = await orders.lock(tx, await fulfilment.orders_of_parcels(tx, [parcel_id]))
    parcel = (await fulfilment.lock_parcels(tx, [parcel_id])).get(parcel_id)
    if parcel is None or parcel.state not in COMING_BACK:
        raise ParcelNotBack(state=str(parcel.state) if parcel else "unknown")
    known = await returns.in_parcel(tx, parcel.tracking_number, carrier=parcel.carrier)
    waiting = [one.id for one in known if one.journey in (returns.Journey.SENT, returns.Journey.AT_BUYER)]
    if not known:
        made = [await _recall(tx, order, parcel, reason) for order in locked.values()]
        waiting = [one.id for one in made if one is not None]
        if not waiting:
            raise ParcelMadeGood
    if waiting:
        await returns.receive(tx, [returns.Receive(return_id) for return_id in waiting])
    return list((await returns.get(tx, waiting or [one.id for one in known])).values())


async def standing_of(tx: Tx, order: orders.Order) -> remedying.Standing:
    """What became of the units of a locked order so far; what was made good in vain counts no more."""
    await returns.free_units(tx, await store.made_good_in_vain(tx, order.id))
    lines = (await orders.lines(tx, [order.id]))[order.id]
    return remedying.Standing(lines, await returns.taken_units(tx, order.id))


async def left_units(tx: Tx, order: orders.Order) -> dict[int, int]:
    """Units of each line of a locked order that nothing was given for yet."""
    return (await standing_of(tx, order)).left()


async def _recall(tx: Tx, order: orders.Order, parcel: fulfilment.Parcel, reason: str) -> returns.Return | None:
    left = (await standing_of(tx, order)).left()
    inside: dict[int, int] = {}
    for line in parcel.lines:
        if line.order_id == order.id:
            inside[line.line_no] = inside.get(line.line_no, 0) + line.quantity
    units = {line_no: min(count, left[line_no]) for line_no, count in inside.items() if left[line_no] > 0}
    if not units:
        return None
    contact = await identity.contact(tx, order.contact_id)
    for code in [reason] if reason else await _reasons(tx, order):
        try:
            return await returns.recall(
                tx, order_id=order.id, merchant_id=order.merchant_id, units=units, reason=code,
                buyer_ref=contact.ref or "" if contact else "", parcel=(parcel.carrier, parcel.tracking_number),
            )  # fmt: skip
        except Refusal as refusal:
            said = refusal
    raise said


async def _reasons(tx: Tx, order: orders.Order) -> list[str]:
    """What the order's policy calls goods that were not accepted: without a reason first, else for one of ours.

    Some goods cannot come back without a reason, and are here all the same: then a person signs for the money.
    """
    reasons = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document.reasons
    found = [(one.fault != "buyer", code) for code, one in reasons.items() if one.kind == "refusal"]
    return [code for _, code in sorted(found)] or [code for code, one in reasons.items() if one.kind == "no_reason"]
