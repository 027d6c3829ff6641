"""The end of a case: with a code, a word to the buyer, and who bears what it cost; then the buyer may rate it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from dingdan.areas import fulfilment, identity, ledger, orders, returns
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.events import CaseClosed, CaseRated, CaseWithdrawn, RemedyRefused
from dingdan.areas.cases.lifecycle import PENDING, UNENDED, CaseState, RemedyState
from dingdan.areas.cases.model import Case, KindDocument, Liable, Noticed, Remedy
from dingdan.areas.cases.promises import EVERY_CASE_CLOCK
from dingdan.areas.cases.reading import Held, get_one, hold, hold_one
from dingdan.areas.cases.refusals import CaseStateForbids, ClosureUnknown, NotClosed, RemedyOpen
from dingdan.areas.cases.rules import remedying
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

Ending = Mapping[int, tuple[Held, KindDocument]]

# Nothing more is expected of a parcel that stands here, nor of one that nobody has heard of for a week.
AWAY = frozenset({
    fulfilment.ParcelState.LOST, fulfilment.ParcelState.TURNED_AWAY, fulfilment.ParcelState.RETURNING,
    fulfilment.ParcelState.DAMAGED, fulfilment.ParcelState.DELIVERED,
})  # fmt: skip
GONE = "disappeared"
SETTLED = "return.settled"
# The facts that cases about returned goods are opened on.
OF_RETURNS = ("return.", "goods.")
# On its way back as far as its carrier says, or standing at a door that it did not pass.
COMING_BACK = frozenset({fulfilment.ParcelState.TURNED_AWAY, fulfilment.ParcelState.RETURNING})


async def close(tx: Tx, case_id: int, *, closure: str, text: str = "", liable: Liable | None = None) -> Case:
    """End a case in one of the ways its kind knows; the buyer is told, and may rate it.

    Where nobody says who is liable of a case about returned goods, the fault on their lines does. Raises CaseUnknown,
    CaseStateForbids, ClosureUnknown or RemedyOpen.
    """
    held = await hold_one(tx, case_id)
    if held.case.state not in UNENDED:
        raise CaseStateForbids(state=str(held.case.state), verb="close")
    document = (await documents(tx, [held.case]))[case_id]
    if closure not in document.closures:
        raise ClosureUnknown("closure", closures=", ".join(document.closures))
    remedies = (await store.remedies_of(tx, [case_id]))[case_id]
    if any(one.state in PENDING for one in remedies):
        raise RemedyOpen
    if text and held.case.buyer_id is not None:
        sealed = await identity.seal(tx, [(held.case.buyer_id, text.encode())])
        await store.add_entries(tx, [(case_id, held.case.merchant_id, "told", {}, sealed[0], ())])
    if document.holds_order and held.order is not None and "release" in orders.actions(held.order):
        await orders.release(tx, held.order.id)
    await end(tx, {case_id: (held, document)}, closure, liable=liable or await _by_fault(tx, held.case, document))
    return await get_one(tx, case_id)


async def _by_fault(tx: Tx, case: Case, document: KindDocument) -> Liable | None:
    """Who is liable by whose fault the returned goods of an order are, where a case is about such."""
    if case.order_id is None or not any(wire.startswith(OF_RETURNS) for wire in document.opens_on):
        return None
    found = await returns.lines(tx, await returns.of_orders(tx, [case.order_id]))
    return remedying.liable_by({line.fault for some in found.values() for line in some})


async def end(tx: Tx, ending: Ending, closure: str, *, liable: Liable | None) -> None:
    """End locked cases: clocks, owner, orders that wait for nothing any more."""
    cases = {i: held.case for i, (held, _) in ending.items()}
    borne = None if liable is None else str(liable)
    values = {"closure": closure, "ended_at": tx.now, "liable": borne,
              "answer_by": None, "whose_turn": "us"}  # fmt: skip
    moved = await store.move(tx, "close", cases, **values) if cases else {}
    await _stop(tx, moved, cases)
    await store.add_entries(tx, [
        (i, cases[i].merchant_id, "closed", {"closure": closure, "liable": borne}, None, ())
        for i in sorted(moved)
    ])  # fmt: skip
    tx.announce(*(
        CaseClosed(subject_id=i, merchant_id=cases[i].merchant_id, order_id=cases[i].order_id, move=moved[i],
                   kind=cases[i].kind, closure=closure, liable=borne, is_told=ending[i][1].tells_buyer)
        for i in sorted(moved)
    ))  # fmt: skip
    await _book(tx, cases, moved, liable)
    await finish_orders(tx, [held.order.id for held, _ in ending.values() if held.order is not None])


async def _book(tx: Tx, cases: Mapping[int, Case], ended: Iterable[int], liable: Liable | None) -> None:
    """What the remedies of ended cases were worth stands on the account of whoever bears it."""
    if liable is None:
        return
    done = await store.remedies_of(tx, list(ended))
    await ledger.post(tx, [
        ledger.Posting(cases[i].merchant_id, "case", i, cases[i].order_id, held[0].currency,
                       ((f"borne_by_{liable}", worth), ("remedies_given", -worth)))
        for i, held in done.items()
        if (worth := sum(one.amount for one in held if one.state is RemedyState.EXECUTED))
    ])  # fmt: skip


async def finish_orders(tx: Tx, order_ids: Collection[int], *, back: Collection[int] = ()) -> None:
    """What never arrives and was made good is done: an order waits for no parcel that is lost or came back.

    It was made good by a case that says so, or it is `back`. Where the rest of it has arrived, its receipt begins with
    that; where nothing has, it is over. It does wait while any case about it is open.
    """
    left = [order for order in (await orders.get(tx, order_ids)).values() if order.shipped_at is not None]
    waiting = {order.id for order in left if order.delivered_at is None and order.state is orders.OrderState.CONFIRMED}
    if not waiting:
        return
    told = await store.about(tx, waiting)
    ended = [case for case in told if case.state is CaseState.CLOSED]
    known = await documents(tx, ended)
    waiting &= {*back, *(case.order_id for case in ended if case.order_id is not None and known[case.id].ends_order)}
    waiting -= {case.order_id for case in told if case.state in UNENDED}
    if not waiting:
        return
    arrived: dict[int, datetime] = {}
    for parcel in await fulfilment.parcels_of(tx, waiting):
        inside = {line.order_id for line in parcel.lines}
        if parcel.state not in AWAY and GONE not in parcel.noticed:
            waiting -= inside
        # A carrier's clock may be wrong, but nothing was signed for before it left or after now.
        at = min(max(parcel.delivered_at, parcel.dispatched_at), tx.now) if parcel.delivered_at is not None else None
        arrived |= {i: max(at, arrived.get(i, at)) for i in inside} if at is not None else {}
    await orders.note_delivered(tx, {i: at for i, at in arrived.items() if i in waiting})
    await orders.complete_undelivered(tx, waiting - arrived.keys())


async def withdraw(tx: Tx, case_id: int, *, reason: str) -> Case:
    """There was nothing to it. Raises CaseUnknown, CaseStateForbids, or RemedyOpen where something was done about it."""
    held = await hold_one(tx, case_id)
    case = held.case
    if case.state not in UNENDED:
        raise CaseStateForbids(state=str(case.state), verb="withdraw")
    document = (await documents(tx, [case]))[case_id]
    if any(one.state in {*PENDING, RemedyState.EXECUTED} for one in (await store.remedies_of(tx, [case_id]))[case_id]):
        raise RemedyOpen
    if document.holds_order and held.order is not None and "release" in orders.actions(held.order):
        await orders.release(tx, held.order.id)
    moved = await store.move(tx, "withdraw", [case_id], ended_at=tx.now, answer_by=None, whose_turn="us")
    await _stop(tx, moved, {case_id: case})
    await store.add_entries(tx, [(case_id, case.merchant_id, "withdrawn", {"reason": reason}, None, ())])
    tx.announce(CaseWithdrawn(subject_id=case_id, merchant_id=case.merchant_id, order_id=case.order_id,
                              move=moved[case_id], reason=reason, is_told=document.tells_buyer))  # fmt: skip
    await finish_orders(tx, [held.order.id] if held.order is not None else [])
    return await get_one(tx, case_id)


async def end_noticed(tx: Tx, facts: Sequence[Noticed]) -> None:
    """Facts that end a trouble end its cases, where nothing is left to decide about them."""
    order_ids = {fact.order_id for fact in facts if fact.order_id is not None}
    waiting = await store.open_of_orders(tx, order_ids) if order_ids else []
    if not waiting:
        return
    known = await documents(tx, waiting)
    back = await _came_back(tx, facts, waiting)
    ends: dict[int, str] = {}
    for fact in facts:
        for case in waiting:
            closure = known[case.id].ends_on.get(fact.wire)
            is_about = case.id in back[fact.subject_id] if fact.wire == SETTLED else _is_about(fact, case)
            if closure is not None and is_about:
                ends[case.id] = closure
    held = await hold(tx, ends)
    remedies = await store.remedies_of(tx, ends)
    for i, closure in sorted(ends.items()):
        if i not in held or held[i].case.state not in UNENDED:
            continue
        if any(one.state is RemedyState.EXECUTED for one in remedies[i]):
            continue
        await drop(tx, remedies[i], reason="case_ended")
        await end(tx, {i: (held[i], known[i])}, closure, liable=None)


async def finish_noticed(tx: Tx, facts: Sequence[Noticed]) -> None:
    """A parcel has arrived, or came back and is settled: orders whose other parcels were made good wait for no more."""
    arrived = [fact.subject_id for fact in facts if fact.wire == "parcel.delivered"]
    found = await fulfilment.parcels(tx, arrived) if arrived else {}
    inside = {line.order_id for parcel in found.values() for line in parcel.lines}
    troubled = {case.order_id for case in await store.about(tx, inside)} if inside else set()
    settled = {fact.order_id for fact in facts if fact.wire == SETTLED and fact.order_id is not None}
    if settled or inside & troubled:
        locked = await orders.lock(tx, settled | inside & troubled)
        await finish_orders(tx, locked, back=await _back(tx, settled))


async def _back(tx: Tx, order_ids: Collection[int]) -> set[int]:
    """Those of these orders of which all that was not delivered came back to us and is settled."""
    away = [p for p in await fulfilment.parcels_of(tx, order_ids) if p.state is not fulfilment.ParcelState.DELIVERED]
    inside = {p.id: {line.order_id for line in p.lines} for p in away}
    still_out = {p.id for p in away if p.state not in COMING_BACK or not await _is_settled(tx, p)}
    waiting = {i for parcel_id in still_out for i in inside[parcel_id]}
    return {i for each in inside.values() for i in each if i in order_ids} - waiting


def _is_about(fact: Noticed, case: Case) -> bool:
    """A refund is about the capture that caused it, everything else about the thing itself."""
    return case.subject_id in (fact.subject_id, fact.cause_id)


async def drop(tx: Tx, remedies: Iterable[Remedy], *, reason: str) -> None:
    """Refuse what was proposed and not carried out; what it took of the budget is there again."""
    open_ = {one.id: one for one in remedies if one.state in PENDING}
    moved = await store.move_remedies(tx, "refuse", open_) if open_ else {}
    await returns.free_units(tx, moved)
    for i in sorted(moved):
        if open_[i].state is RemedyState.APPROVED and open_[i].budgeted:
            await store.take_budget(tx, open_[i].order_id, -open_[i].budgeted)
    tx.announce(*(
        RemedyRefused(subject_id=i, merchant_id=open_[i].merchant_id, order_id=open_[i].order_id, move=moved[i],
                      case_id=open_[i].case_id, reason=reason)
        for i in sorted(moved)
    ))  # fmt: skip


async def rate(tx: Tx, case_id: int, *, rating: int, text: str = "") -> Case:
    """The buyer says how well they were looked after, once. Raises CaseUnknown or NotClosed."""
    held = await hold_one(tx, case_id)
    case = held.case
    if case.state is not CaseState.CLOSED or case.rating is not None:
        raise NotClosed
    sealed = await identity.seal(tx, [(case.buyer_id, text.encode())]) if text and case.buyer_id is not None else [None]
    await store.rate(tx, case_id, rating, sealed[0])
    tx.announce(CaseRated(subject_id=case_id, merchant_id=case.merchant_id, order_id=case.order_id, rating=rating))
    return await get_one(tx, case_id)


async def _stop(tx: Tx, ended: Iterable[int], cases: Mapping[int, Case]) -> None:
    ids = list(ended)
    for clock in EVERY_CASE_CLOCK if ids else ():
        await deadlines.call_off(tx, clock, ids)
    await store.own(tx, [], {i: case.merchant_id for i, case in cases.items()}, ended=ids)
    of_orders = {i: order_id for i in ids if (order_id := cases[i].order_id) is not None}
    await orders.settle_objections(tx, [orders.Objection(order_id, "case", i) for i, order_id in of_orders.items()])


async def _came_back(tx: Tx, facts: Sequence[Noticed], cases: Collection[Case]) -> dict[int, set[int]]:
    """The cases that each settled return ends: {return: cases}: all that was in their parcels is back and settled."""
    ended = {fact.subject_id: fact.order_id for fact in facts if fact.wire == SETTLED}
    if not ended:
        return {}
    about = [case for case in cases if case.order_id in ended.values()]
    parcels = {
        parcel.id: parcel for parcel in await fulfilment.parcels_of(tx, [c.order_id for c in about if c.order_id])
    }
    back = {i: await _is_settled(tx, parcel) for i, parcel in parcels.items() if parcel.state in COMING_BACK}
    return {
        return_id: {case.id for case in about if case.order_id == order_id and _is_all_back(case, parcels, back)}
        for return_id, order_id in ended.items()
    }


def _is_all_back(case: Case, parcels: Mapping[int, fulfilment.Parcel], back: Mapping[int, bool]) -> bool:
    if case.subject == "parcel":
        return back.get(case.subject_id, False)
    own = [i for i in back if case.order_id in {line.order_id for line in parcels[i].lines}]
    return bool(own) and all(back[i] for i in own)


async def _is_settled(tx: Tx, parcel: fulfilment.Parcel) -> bool:
    known = await returns.in_parcel(tx, parcel.tracking_number, carrier=parcel.carrier)
    return bool(known) and all(one.outcome is returns.Outcome.SETTLED for one in known)
