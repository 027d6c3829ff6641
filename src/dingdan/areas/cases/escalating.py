"""Who answers for a case: chosen, handed on, and sent up where a promise was missed or somebody says so."""

from collections.abc import Sequence
from datetime import timedelta

from dingdan.areas import identity
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.events import CaseAssigned, CaseEscalated, CaseHandedOver
from dingdan.areas.cases.lifecycle import UNENDED
from dingdan.areas.cases.model import Case, CaseOwner, KindDocument
from dingdan.areas.cases.promises import UPDATE
from dingdan.areas.cases.reading import get_one, hold, hold_one
from dingdan.areas.cases.refusals import CaseStateForbids, NeedsStaff, OwnerUnfit
from dingdan.areas.cases.rules import assigning
from dingdan.kernel.actor import ActorKind
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def assign(tx: Tx, wanted: Sequence[tuple[Case, KindDocument]], *, reason: str) -> None:
    """Give locked cases to somebody of the role that owns them now; where nobody is there the role's queue has them."""
    history = await store.owners(tx, [case.id for case, _ in wanted])
    owners: list[CaseOwner] = []
    for case, document in wanted:
        role = assigning.role_at(document, case.level)
        before = history[case.id][-1] if history[case.id] else None
        staff_id = await _somebody(tx, case, role, but_not=before.staff_id if before else None, waiting=owners)
        owners.append(CaseOwner(case_id=case.id, n=before.n + 1 if before else 1, role=role, staff_id=staff_id,
                                since=tx.now, until=None, reason=reason))  # fmt: skip
    await _write(tx, owners, [case for case, _ in wanted])


async def _somebody(tx: Tx, case: Case, role: str, *, but_not: int | None, waiting: Sequence[CaseOwner]) -> int | None:
    """Whoever of the role has least to do; those who get a case in this same set have one more."""
    staff = await identity.staff_with_role(tx, case.merchant_id, role)
    found = await store.candidates(tx, {one.id: one.merchant_id is not None for one in staff})
    more = [one.staff_id for one in waiting]
    loaded = [
        assigning.Candidate(one.staff_id, one.is_own, one.load + more.count(one.staff_id), one.last) for one in found
    ]
    skills = await store.skills(tx, [one.staff_id for one in found])
    return assigning.choose(loaded, case.kind, skills, but_not=but_not)


async def _write(tx: Tx, owners: Sequence[CaseOwner], cases: Sequence[Case]) -> None:
    by_id = {case.id: case for case in cases}
    await store.own(tx, owners, {i: case.merchant_id for i, case in by_id.items()})
    await store.add_entries(tx, [
        (one.case_id, by_id[one.case_id].merchant_id, "assigned",
         {"role": one.role, "staff": one.staff_id, "reason": one.reason}, None, ())
        for one in owners
    ])  # fmt: skip
    tx.announce(*(
        CaseAssigned(subject_id=one.case_id, merchant_id=by_id[one.case_id].merchant_id,
                     order_id=by_id[one.case_id].order_id, role=one.role, staff_id=one.staff_id)
        for one in owners
    ))  # fmt: skip


async def take(tx: Tx, case_id: int) -> Case:
    """Answer for a case oneself from now on. Raises CaseUnknown, CaseStateForbids or NeedsStaff."""
    if tx.actor.kind is not ActorKind.STAFF or tx.actor.id is None:
        raise NeedsStaff
    return await hand_over(tx, case_id, staff_id=tx.actor.id, reason="taken")


async def hand_over(tx: Tx, case_id: int, *, staff_id: int, reason: str) -> Case:
    """Give a case to somebody; whoever had it no longer does, in the same step.

    Raises CaseUnknown, CaseStateForbids or OwnerUnfit.
    """
    held = await hold_one(tx, case_id)
    case = held.case
    if case.state not in UNENDED:
        raise CaseStateForbids(state=str(case.state), verb="hand_over")
    somebody = (await identity.staff_by_ids(tx, [staff_id])).get(staff_id)
    if somebody is None or not somebody.active or somebody.merchant_id not in (None, case.merchant_id):
        raise OwnerUnfit("staff")
    (before,) = [one for one in (await store.owners(tx, [case_id]))[case_id] if one.until is None]
    if before.staff_id == staff_id:
        return case
    owner = CaseOwner(case_id=case_id, n=before.n + 1, role=before.role, staff_id=staff_id, since=tx.now, until=None,
                      reason=reason)  # fmt: skip
    await store.own(tx, [owner], {case_id: case.merchant_id})
    await store.add_entries(tx, [
        (case_id, case.merchant_id, "handed_over", {"from": before.staff_id, "to": staff_id, "reason": reason}, None, ())
    ])  # fmt: skip
    tx.announce(CaseHandedOver(subject_id=case_id, merchant_id=case.merchant_id, order_id=case.order_id,
                               role=owner.role, staff_id=staff_id, reason=reason))  # fmt: skip
    return await get_one(tx, case_id)


async def escalate(tx: Tx, case_id: int, *, reason: str) -> Case:
    """Send a case up, whoever has it. Raises CaseUnknown or CaseStateForbids."""
    held = await hold_one(tx, case_id)
    if held.case.state not in UNENDED:
        raise CaseStateForbids(state=str(held.case.state), verb="escalate")
    await _escalate(tx, [held.case], reason)
    return await get_one(tx, case_id)


async def escalate_uncontacted(tx: Tx, case_ids: Sequence[int]) -> None:
    """The buyer was not spoken to in time."""
    held = await hold(tx, case_ids)
    await _escalate(tx, [one.case for one in held.values() if one.case.contacted_at is None], "not_contacted")


async def escalate_unplanned(tx: Tx, case_ids: Sequence[int]) -> None:
    """Nobody has said in time what is to be done."""
    held = await hold(tx, case_ids)
    await _escalate(tx, [one.case for one in held.values() if one.case.planned_at is None], "not_planned")


async def escalate_unresolved(tx: Tx, case_ids: Sequence[int]) -> None:
    """It was not made good in time."""
    held = await hold(tx, case_ids)
    await _escalate(tx, [one.case for one in held.values() if one.case.state != "remedied"], "not_resolved")


async def escalate_silent(tx: Tx, case_ids: Sequence[int]) -> None:
    """The buyer was promised to hear from us, and did not."""
    await _escalate(tx, [one.case for one in (await hold(tx, case_ids)).values()], "silent")


async def _escalate(tx: Tx, cases: Sequence[Case], reason: str) -> None:
    """One level up and to somebody of it; at the top the same owner is warned. Silence is looked for again either way.

    What is late keeps its place at the head of the board until somebody has done something about it.
    """
    going = [case for case in cases if case.state in UNENDED]
    known = await documents(tx, going)
    rising: list[tuple[Case, KindDocument]] = []
    for case in going:
        document = known[case.id]
        is_top = assigning.is_top(document, case.level)
        next_update = tx.now + timedelta(minutes=document.update_minutes)
        await store.touch(tx, case.id, level=case.level if is_top else case.level + 1, next_update_at=next_update)
        await deadlines.schedule(tx, UPDATE, [deadlines.Due(case.id, case.merchant_id, next_update)])
        if not is_top:
            rising.append((await get_one(tx, case.id), document))
    await store.add_entries(tx, [
        (case.id, case.merchant_id, "escalated", {"reason": reason, "level": case.level}, None, ()) for case in going
    ])  # fmt: skip
    tx.announce(*(
        CaseEscalated(subject_id=case.id, merchant_id=case.merchant_id, order_id=case.order_id,
                      level=min(case.level + 1, len(known[case.id].ladder)), reason=reason)
        for case in going
    ))  # fmt: skip
    await assign(tx, rising, reason=reason)
