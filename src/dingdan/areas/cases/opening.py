"""Cases are opened by facts, by buyers and by staff; told again is added, and what came without an order finds it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas import fulfilment, identity, orders, payments
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import catalogue, catalogues, documents, shipped
from dingdan.areas.cases.closing import end_noticed, finish_noticed
from dingdan.areas.cases.escalating import assign
from dingdan.areas.cases.events import CaseAttached, CaseOpened, CaseRepeated
from dingdan.areas.cases.lifecycle import CASE, UNENDED
from dingdan.areas.cases.model import Case, CaseKind, KindDocument, Noticed, OpenCase, Source
from dingdan.areas.cases.promises import CONTACT, PLAN, RESOLVE, UPDATE
from dingdan.areas.cases.reading import MOST_ENTRIES, get_one
from dingdan.areas.cases.refusals import (
    CaseHasNoOrder,
    CaseHasOrder,
    CaseOpenAlready,
    CaseStateForbids,
    KindNotForBuyers,
    KindSwitchedOff,
    KindUnknown,
    ParcelNotOfOrder,
)
from dingdan.kernel.ids import encode
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# What facts about orders say of them ever after.
OVER: Mapping[str, Callable[[orders.Order], bool]] = {
    "order.paid": lambda order: order.paid_at is not None,
    "order.cancelled": lambda order: order.state is orders.OrderState.CANCELLED,
    "order.expired": lambda order: order.state is orders.OrderState.EXPIRED,
    "order.delivered": lambda order: order.delivered_at is not None,
}

# What is ruled is carried out by a case of this kind.
RULED = "platform_ruling"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A case about to be opened."""

    kind: CaseKind
    merchant_id: int
    order: orders.Order | None
    subject: str
    subject_id: int
    source: Source
    data: dict[str, Any] = {}
    text: str = ""
    photos: tuple[str, ...] = ()


async def follow(tx: Tx, facts: Sequence[Noticed]) -> None:
    """Open cases by facts that are signs of trouble, then end those whose trouble ended, in the order of the facts."""
    await _notice(tx, facts)
    await end_noticed(tx, facts)
    await finish_noticed(tx, facts)


async def _notice(tx: Tx, facts: Sequence[Noticed]) -> None:
    """Open a case for each sign of trouble by a kind of its merchant; told again it adds to it.

    What was over before its sign came up opens nothing: where the order stands now decides.
    """
    found = await _orders_of(tx, facts)
    if not found:
        return
    known = await catalogues(tx, {order.merchant_id for held in found.values() for order in held})
    wanted = [
        Wanted(kind=kind, merchant_id=order.merchant_id, order=order, source="fact", data={"fact": fact.wire},
               **_about(fact, order))
        for n, fact in enumerate(facts) for order in found.get(n, ())
        for kind in known[order.merchant_id].values()
        if kind.is_active and fact.wire in kind.document.opens_on and not _is_over(kind.document, order)
    ]  # fmt: skip
    await _open(tx, wanted)


async def open_by_hand(tx: Tx, wanted: OpenCase, *, source: Source) -> Case:
    """Open a case for a person, or add to the one that is open about the same thing.

    Raises orders.OrderUnknown, KindUnknown, KindSwitchedOff, KindNotForBuyers, CaseHasNoOrder or ParcelNotOfOrder.
    """
    order = await orders.lock_one(tx, wanted.order_id) if wanted.order_id is not None else None
    merchant_id = order.merchant_id if order is not None else wanted.merchant_id
    if merchant_id is None:
        raise CaseHasNoOrder("order_id")
    known = await catalogue(tx, merchant_id)
    kind = known.get(wanted.kind)
    # Nobody but an arbitrator says what was ruled.
    if kind is None or wanted.kind == RULED:
        raise KindUnknown("kind", kind=wanted.kind)
    if not kind.is_active:
        raise KindSwitchedOff("kind", kind=wanted.kind)
    if source == "buyer" and not kind.document.by_buyer:
        allowed = ", ".join(sorted(code for code, one in known.items() if one.is_active and one.document.by_buyer))
        raise KindNotForBuyers("kind", kind=wanted.kind, allowed=allowed)
    subject, subject_id = await _subject(tx, wanted, order)
    (case_id,) = await _open(tx, [
        Wanted(kind=kind, merchant_id=merchant_id, order=order, subject=subject, subject_id=subject_id, source=source,
               text=wanted.text, photos=wanted.photos)
    ])  # fmt: skip
    return await get_one(tx, case_id)


async def open_ruled(tx: Tx, order: orders.Order) -> Case:
    """Open the case by which a ruling about a locked order is carried out, by the kind that ships, whoever rewrote it."""
    (case_id,) = await _open(tx, [
        Wanted(kind=shipped()[RULED], merchant_id=order.merchant_id, order=order, subject="order", subject_id=order.id,
               source="staff")
    ])  # fmt: skip
    return await get_one(tx, case_id)


async def attach(tx: Tx, case_id: int, order_id: int) -> Case:
    """Say which order an open case is about, once: from now on it is that order's, for its buyer and in its archive.

    What was written down before there was a buyer is repeated in the buyer's seal. Raises CaseUnknown, OrderUnknown,
    CaseStateForbids, CaseHasOrder or CaseOpenAlready.
    """
    order = await orders.lock_one(tx, order_id)
    await get_one(tx, case_id)
    (case,) = await store.lock(tx, [case_id])
    if order.merchant_id != case.merchant_id:
        raise orders.OrderUnknown("order")
    if case.order_id is not None:
        raise CaseHasOrder(order=encode("order", case.order_id))
    if case.state not in UNENDED:
        raise CaseStateForbids(state=str(case.state), verb="attach")
    known = await store.open_about(tx, [(order_id, case.kind)])
    if known:
        raise CaseOpenAlready("order", case=encode("case", known[order_id, case.kind]))
    document = (await documents(tx, [case]))[case_id]
    said = [str(one.data["note"]) for one in await store.entries(tx, case_id, MOST_ENTRIES) if "note" in one.data]
    (words,) = await identity.seal(tx, [(order.buyer_id, "\n".join(said).encode())])
    await store.attach(tx, case_id, order_id=order_id, buyer_id=order.buyer_id)
    if document.blocks_completion:
        await orders.object(tx, [orders.Objection(order_id, "case", case_id, case.kind)])
    if document.holds_order and "hold" in orders.actions(order):
        await orders.hold(tx, order_id, reason=case.kind)
    entry = {"order": encode("order", order_id)}
    await store.add_entries(tx, [(case_id, case.merchant_id, "attached", entry, words if said else None, ())])
    tx.announce(CaseAttached(subject_id=case_id, merchant_id=case.merchant_id, order_id=order_id, kind=case.kind,
                             is_told=document.tells_buyer))  # fmt: skip
    return await get_one(tx, case_id)


async def _subject(tx: Tx, wanted: OpenCase, order: orders.Order | None) -> tuple[str, int]:
    if wanted.parcel_id is not None:
        parcel = (await fulfilment.parcels(tx, [wanted.parcel_id])).get(wanted.parcel_id)
        if parcel is None or order is None or order.id not in {line.order_id for line in parcel.lines}:
            raise ParcelNotOfOrder("parcel_id")
        return "parcel", wanted.parcel_id
    # What came without an order is about itself: two such parcels are two cases.
    return ("order", order.id) if order is not None else ("case", tx.mint())


async def _orders_of(tx: Tx, facts: Sequence[Noticed]) -> dict[int, list[orders.Order]]:
    """The locked orders that each fact is about: {its place: orders}; a payment may be for several, a parcel too."""
    of_payments = await payments.orders_of(tx, [f.subject_id for f in facts if f.subject == "payment"])
    parcels = await fulfilment.parcels(tx, [f.subject_id for f in facts if f.subject == "parcel"])
    ids: dict[int, list[int]] = {}
    for n, fact in enumerate(facts):
        shared = of_payments.get(fact.subject_id, []) if fact.subject == "payment" else []
        if fact.subject == "parcel" and fact.subject_id in parcels:
            shared = sorted({line.order_id for line in parcels[fact.subject_id].lines})
        ids[n] = shared or ([fact.order_id] if fact.order_id is not None else [])
    locked = await orders.lock(tx, {i for held in ids.values() for i in held})
    return {n: [locked[i] for i in held if i in locked] for n, held in ids.items() if held}


def _is_over(document: KindDocument, order: orders.Order) -> bool:
    """Whether what would end such a case has happened to the order already."""
    return any(OVER[wire](order) for wire in document.ends_on if wire in OVER)


def _about(fact: Noticed, order: orders.Order) -> dict[str, Any]:
    """What the case hangs on: failed payments of one order are one trouble, and so is a parcel for each of its orders."""
    if fact.subject in ("capture", "work", "return_parcel"):
        return {"subject": fact.subject, "subject_id": fact.subject_id}
    if fact.subject == "parcel" and fact.order_id == order.id:
        return {"subject": "parcel", "subject_id": fact.subject_id}
    return {"subject": "order", "subject_id": order.id}


async def _open(tx: Tx, wanted: Sequence[Wanted]) -> list[int]:
    """Open what is new, add to what is open already; gives the case of each."""
    if not wanted:
        return []
    known = await store.open_about(tx, [(one.subject_id, one.kind.code) for one in wanted])
    fresh: dict[tuple[int, str], tuple[int, Wanted]] = {}
    for one in wanted:
        key = (one.subject_id, one.kind.code)
        if key not in known and key not in fresh:
            # What is about itself has the id that it was given.
            fresh[key] = (one.subject_id if one.subject == "case" else tx.mint(), one)
    written = await store.add_cases(tx, [_row(case_id, one, tx.now) for case_id, one in fresh.values()])
    opened = {case_id: one for case_id, one in fresh.values() if case_id in written}
    missed = [key for key, (case_id, _) in fresh.items() if case_id not in written]
    known |= await store.open_about(tx, missed) if missed else {}
    await _start(tx, opened)
    repeated = [(known[key], one) for one in wanted if (key := (one.subject_id, one.kind.code)) in known]
    await _repeat(tx, repeated)
    mine = {(one.subject_id, one.kind.code): case_id for case_id, one in opened.items()}
    return [{**known, **mine}[one.subject_id, one.kind.code] for one in wanted]


def _row(case_id: int, one: Wanted, now: datetime) -> tuple[Any, ...]:
    document, order = one.kind.document, one.order

    def later(minutes: int | None) -> datetime | None:
        return None if minutes is None else now + timedelta(minutes=minutes)

    contact_by = None if document.is_automatic else later(document.contact_minutes)
    plan_by = None if document.is_automatic else later(document.plan_minutes)
    resolve_by = later(document.resolve_minutes)
    next_update = plan_by or now + timedelta(minutes=document.update_minutes)
    return (
        case_id, one.merchant_id, order.id if order else None, order.buyer_id if order else None, one.kind.id,
        one.kind.code, one.subject, one.subject_id, one.source, now, contact_by, plan_by, resolve_by, next_update,
        store.due_of(contact_by, plan_by, resolve_by, next_update),
    )  # fmt: skip


async def _start(tx: Tx, opened: Mapping[int, Wanted]) -> None:
    """Clocks, log, owner and the fact; orders that must not leave are stopped, and some may not be completed meanwhile."""
    if not opened:
        return
    written = {case.id: case for case in await store.get(tx, list(opened))}
    for clock, column in (
        (CONTACT, "contact_by"),
        (PLAN, "plan_by"),
        (RESOLVE, "resolve_by"),
        (UPDATE, "next_update_at"),
    ):
        await deadlines.schedule(tx, clock, [
            deadlines.Due(i, case.merchant_id, at) for i, case in written.items() if (at := getattr(case, column))
        ])  # fmt: skip
    await orders.object(tx, [
        orders.Objection(case.order_id, "case", i, case.kind) for i, case in written.items()
        if case.order_id is not None and opened[i].kind.document.blocks_completion
    ])  # fmt: skip
    await _log(tx, "opened", [(i, one) for i, one in opened.items()], written.values())
    tx.announce(*(
        CaseOpened(subject_id=i, merchant_id=case.merchant_id, order_id=case.order_id, move=born(CASE, i),
                   kind=case.kind, source=case.source, is_told=opened[i].kind.document.tells_buyer)
        for i, case in sorted(written.items())
    ))  # fmt: skip
    await assign(tx, [(case, opened[i].kind.document) for i, case in sorted(written.items())], reason="opened")
    for i, case in sorted(written.items()):
        order = opened[i].order
        if opened[i].kind.document.holds_order and order is not None and _may_hold(order):
            await orders.hold(tx, order.id, reason=case.kind)


def _may_hold(order: orders.Order) -> bool:
    return "hold" in orders.actions(order)


async def _repeat(tx: Tx, repeated: Sequence[tuple[int, Wanted]]) -> None:
    if not repeated:
        return
    cases = {case.id: case for case in await store.lock(tx, {i for i, _ in repeated})}
    for i, case in cases.items():
        await store.touch(tx, i, repeats=case.repeats + sum(1 for j, _ in repeated if j == i))
    await _log(tx, "repeated", repeated, cases.values())
    tx.announce(*(
        CaseRepeated(subject_id=i, merchant_id=one.merchant_id, order_id=one.order.id if one.order else None,
                     kind=one.kind.code, source=one.source)
        for i, one in repeated
    ))  # fmt: skip


async def _log(tx: Tx, kind: str, told: Sequence[tuple[int, Wanted]], cases: Collection[Case]) -> None:
    buyers = {case.id: case.buyer_id for case in cases}
    said = [(buyers[i] or 0, one.text.encode()) for i, one in told]
    sealed = await identity.seal(tx, said)
    await store.add_entries(tx, [
        (i, one.merchant_id, kind, {"source": one.source, **one.data, **_note(one)}, words if one.text else None,
         one.photos)
        for (i, one), words in zip(told, sealed, strict=True)
    ])  # fmt: skip


def _note(one: Wanted) -> dict[str, str]:
    """What came without an order is nobody's secret: there is no buyer whose seal could close it."""
    return {"note": one.text} if one.text and one.order is None else {}
