"""The work on a case: the buyer is spoken to, asked and heard, and knows when they hear from us next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dingdan.areas import identity, orders, placement
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.closing import end
from dingdan.areas.cases.events import CaseAnswered, CaseAsked, CaseInvestigated, CaseUnanswered, CaseUpdated
from dingdan.areas.cases.lifecycle import UNENDED, CaseState
from dingdan.areas.cases.model import Case, KindDocument
from dingdan.areas.cases.promises import ANSWER, CONTACT, OURS, PLAN, UPDATE
from dingdan.areas.cases.reading import Held, get_one, hold, hold_one
from dingdan.areas.cases.refusals import BuyerNotAsked, CaseHasNoOrder, CaseStateForbids, UpdateInThePast
from dingdan.kernel.address import Address
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

CORRECTED = "corrected"


async def note(tx: Tx, case_id: int, *, text: str, photos: Sequence[str] = (), kind: str = "note") -> Case:
    """Add words or photos to a case: a note of the staff, or evidence of the buyer. Raises CaseUnknown."""
    case = await get_one(tx, case_id)
    await _write(tx, case, kind, text, photos)
    return case


async def update(
    tx: Tx, case_id: int, *, text: str, plan: str | None = None, next_update_at: datetime | None = None
) -> Case:
    """Tell the buyer how things stand, with the plan where there is one, and when they hear of it next.

    The first time counts as the first contact. Raises CaseUnknown, CaseStateForbids or UpdateInThePast.
    """
    held = await _working(tx, case_id, "update")
    case, document = held.case, (await documents(tx, [held.case]))[case_id]
    if next_update_at is not None and next_update_at <= tx.now:
        raise UpdateInThePast("next_update_at")
    following = next_update_at or tx.now + timedelta(minutes=document.update_minutes)
    await _contacted(tx, case)
    said = plan or case.plan
    planned_at = case.planned_at or (tx.now if plan else None)
    await store.touch(
        tx, case_id, plan=said, planned_at=planned_at, next_update_at=following,
        due_at=_due(case, planned_at=planned_at, next_update_at=following),
    )  # fmt: skip
    await deadlines.schedule(tx, UPDATE, [deadlines.Due(case_id, case.merchant_id, following)])
    if plan:
        await deadlines.call_off(tx, PLAN, [case_id])
    await _write(tx, case, "told", text)
    tx.announce(CaseUpdated(subject_id=case_id, merchant_id=case.merchant_id, order_id=case.order_id, plan=said or "",
                            is_told=document.tells_buyer))  # fmt: skip
    return await get_one(tx, case_id)


async def ask(tx: Tx, case_id: int, *, text: str) -> Case:
    """Ask the buyer; our clocks stand still until they answer or their time is over.

    Raises CaseUnknown, CaseStateForbids or CaseHasNoOrder.
    """
    held = await _working(tx, case_id, "ask")
    case, document = held.case, (await documents(tx, [held.case]))[case_id]
    if case.order_id is None:
        raise CaseHasNoOrder
    if case.answer_by is not None:
        raise CaseStateForbids(state="asked", verb="ask")
    answer_by = tx.now + timedelta(minutes=document.answer_minutes)
    await _contacted(tx, case)
    await store.touch(tx, case_id, answer_by=answer_by, whose_turn="buyer", due_at=answer_by)
    for clock in OURS:
        await deadlines.pause(tx, clock, [case_id])
    await deadlines.schedule(tx, ANSWER, [deadlines.Due(case_id, case.merchant_id, answer_by)])
    await _write(tx, case, "asked", text)
    tx.announce(CaseAsked(subject_id=case_id, merchant_id=case.merchant_id, order_id=case.order_id))
    return await get_one(tx, case_id)


async def answer(tx: Tx, case_id: int, *, text: str, photos: Sequence[str] = ()) -> Case:
    """The buyer's answer; our clocks run on with what was left. Raises CaseUnknown or BuyerNotAsked."""
    held = await hold_one(tx, case_id)
    case = held.case
    if case.answer_by is None or case.state not in UNENDED:
        raise BuyerNotAsked
    await _go_on(tx, case)
    await _write(tx, case, "answered", text, photos)
    tx.announce(CaseAnswered(subject_id=case_id, merchant_id=case.merchant_id, order_id=case.order_id))
    return await get_one(tx, case_id)


async def go_on_without_answer(tx: Tx, case_ids: Sequence[int]) -> None:
    """The buyer did not answer in time: the work goes on, or as the kind says the order ends with all the money back."""
    waiting = {i: held for i, held in (await hold(tx, case_ids)).items()
               if held.case.answer_by is not None and held.case.state in UNENDED}  # fmt: skip
    known = await documents(tx, [held.case for held in waiting.values()])
    for i, held in sorted(waiting.items()):
        ends = known[i].on_silence == "cancel" and held.order is not None and "cancel" in orders.actions(held.order)
        await _go_on(tx, held.case)
        await _write(tx, held.case, "unanswered", "")
        tx.announce(CaseUnanswered(subject_id=i, merchant_id=held.case.merchant_id, order_id=held.case.order_id,
                                   then="cancel" if ends else "go_on"))  # fmt: skip
        if ends and held.order is not None:
            await orders.cancel(tx, held.order.id, reason=held.case.kind)


async def correct_address(tx: Tx, case_id: int, address: Address) -> Case:
    """Write down where the order goes after all; it is let go, and the case ends with that.

    Raises CaseUnknown, CaseStateForbids, CaseHasNoOrder, or what changing the address of an order raises.
    """
    held = await _working(tx, case_id, "correct_address")
    case, order = held.case, held.order
    document = (await documents(tx, [case]))[case_id]
    if order is None:
        raise CaseHasNoOrder
    if CORRECTED not in document.closures:
        raise CaseStateForbids(state=case.kind, verb="correct_address")
    await placement.change_address(tx, order.id, placement.ChangeAddress(ship_to=address, reason=case.kind))
    if case.answer_by is not None:
        await _go_on(tx, case)
    await let_go(tx, order, document)
    await end(tx, {case_id: (held, document)}, CORRECTED, liable=None)
    return await get_one(tx, case_id)


async def let_go(tx: Tx, order: orders.Order, document: KindDocument) -> None:
    """An order that was stopped for a case goes on, unless somebody else stopped it too."""
    if document.holds_order and "release" in orders.actions(order):
        await orders.release(tx, order.id)


async def _working(tx: Tx, case_id: int, verb: str) -> Held:
    held = await hold_one(tx, case_id)
    if held.case.state not in UNENDED:
        raise CaseStateForbids(state=str(held.case.state), verb=verb)
    return held


async def _contacted(tx: Tx, case: Case) -> None:
    """The first word to the buyer is the first contact, and begins the work."""
    if case.contacted_at is None:
        await store.touch(tx, case.id, contacted_at=tx.now)
        await deadlines.call_off(tx, CONTACT, [case.id])
    if case.state is CaseState.OPEN:
        moved = await store.move(tx, "investigate", [case.id])
        tx.announce(CaseInvestigated(subject_id=case.id, merchant_id=case.merchant_id, order_id=case.order_id,
                                     move=moved[case.id]))  # fmt: skip


async def _go_on(tx: Tx, case: Case) -> None:
    await store.touch(tx, case.id, answer_by=None, whose_turn="us")
    await deadlines.call_off(tx, ANSWER, [case.id])
    for clock in OURS:
        await deadlines.resume(tx, clock, [case.id], at_least=timedelta())
    clocks = await deadlines.of_subjects(tx, [case.id])
    await store.touch(tx, case.id, due_at=store.due_of(*(clock.at for clock in clocks)))


def _due(case: Case, *, planned_at: datetime | None, next_update_at: datetime) -> datetime:
    """What comes first of all that may still run out, once the buyer has been spoken to."""
    return store.due_of(
        None if planned_at else case.plan_by, None if case.state is CaseState.REMEDIED else case.resolve_by,
        next_update_at,
    )  # fmt: skip


async def _write(tx: Tx, case: Case, kind: str, text: str, photos: Sequence[str] = ()) -> None:
    data: dict[str, str] = {}
    sealed: bytes | None = None
    if text and case.buyer_id is not None:
        (sealed,) = await identity.seal(tx, [(case.buyer_id, text.encode())])
    elif text:
        data = {"note": text}
    await store.add_entries(tx, [(case.id, case.merchant_id, kind, data, sealed, tuple(photos))])
