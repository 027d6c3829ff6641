"""Parcels leave: with a carrier and a number, never without."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import msgspec

from dingdan.areas import carriers, inventory, orders, packing
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import ParcelDispatched, WorkHandedOver, WorkWithdrawn
from dingdan.areas.fulfilment.lifecycle import PARCEL, STILL_HERE, WORK, ParcelState, WorkState
from dingdan.areas.fulfilment.model import Assignment, Parcel, ParcelElsewhere, ParcelLine, Ship, Work
from dingdan.areas.fulfilment.reading import works as read_works
from dingdan.areas.fulfilment.refusals import (
    ConsentMissing,
    NotOneRecipient,
    NumberTaken,
    WorkStateForbids,
    WorkUnknown,
)
from dingdan.areas.fulfilment.rules import giving
from dingdan.areas.fulfilment.rules.packing import decide_parcelled
from dingdan.areas.fulfilment.suggesting import suggest
from dingdan.kernel.ids import encode
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def ship(tx: Tx, ships: Sequence[Ship]) -> list[Parcel]:
    """Hand packed works to carriers: the goods leave the stock, and orders whose last work this is are shipped.

    A carrier must have a licence that holds now and must not be suspended; another one than was suggested takes a reason.
    Raises WorkUnknown, WorkStateForbids, NumberTaken, NotOneRecipient, ConsentMissing, LinesDoNotFit, ShelfEmpty,
    OverrideNotYours, CarrierReasonMissing or what carriers says about a carrier and a number, all problems at once with the
    path of each; then nothing was shipped.
    """
    known = await read_works(tx, {s.work_id for s in ships})
    owners = await orders.lock(tx, {work.order_id for work in known.values()})
    works = await read_works(tx, known)
    siblings = await store.works_of(tx, owners)
    recipients = await packing.recipients_of(tx, owners.values())
    together = _together(ships, works)
    agreed = await packing.consented(tx, together.values()) if together else set()
    rights = await carriers.assignable(tx, giving.asked_for(ships, works))
    suggested = giving.suggested(await suggest(tx, works.values(), owners))
    taken = await store.taken_numbers(
        tx, {(s.carrier, carriers.tidy_number(s.tracking_number)) for s in ships if s.carrier.isprintable()}
    )
    problems = _problems(ships, works, recipients, set(taken), lambda place, s: giving.problems_of_number(
        s, works.get(s.work_id), rights, tx.actor, path=f"[{place}]"
    ))  # fmt: skip
    problems += _without_consent(ships, together, agreed)
    problems += giving.problems_of_carriers(ships, works, rights)
    refuse_all([*problems, *giving.problems_of_choice(ships, works, rights, suggested)])
    parcels = _parcels(tx, ships, works)
    assigned = giving.assigned(parcels, ships, rights, suggested)
    won = await store.claim_numbers(tx, parcels)
    refuse_all([NumberTaken(_path_of(ships, p), number=p.tracking_number) for p in parcels if p.id not in won])
    await store.add_parcels(tx, parcels)
    await store.add_assignments(tx, assigned)
    moved = await store.move_works(tx, "hand_over", works)
    await inventory.consume(tx, [(work.order_id, work.warehouse_id) for work in works.values()])
    tx.announce(*(
        WorkHandedOver(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id])
        for work in works.values()
    ))  # fmt: skip
    _announce(tx, parcels, {one.parcel_id: one for one in assigned})
    still_here = {one.order_id for one in siblings if one.id not in works and one.state in STILL_HERE}
    await orders.note_shipped(tx, sorted({work.order_id for work in works.values()} - still_here))
    return parcels


async def record_elsewhere(tx: Tx, sent: Mapping[int, Sequence[ParcelElsewhere]]) -> None:
    """Let go whole orders that their channel sent: {order: its parcels}. They are confirmed, and nobody picks them.

    A number that another parcel has gets this parcel's own behind it, since the goods are gone whatever it says.
    """
    found = await orders.lock(tx, sent)
    await orders.lock_for_dispatch(tx, found)
    queued = {work.id: work for work in await store.works_of(tx, found) if work.state is WorkState.QUEUED}
    moved = await store.move_works(tx, "withdraw", queued) if queued else {}
    tx.announce(*(
        WorkWithdrawn(subject_id=i, merchant_id=queued[i].merchant_id, order_id=queued[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip
    parcels = [_elsewhere(tx, found[order_id], one) for order_id, each in sent.items() for one in each]
    won = await store.claim_numbers(tx, parcels)
    again = [
        msgspec.structs.replace(p, tracking_number=f"{p.tracking_number}-{encode('parcel', p.id)}")
        for p in parcels if p.id not in won
    ]  # fmt: skip
    await store.claim_numbers(tx, again)
    parcels = [p for p in parcels if p.id in won] + again
    await store.add_parcels(tx, parcels)
    await store.add_assignments(
        tx, [Assignment(parcel_id=p.id, merchant_id=p.merchant_id, ground="elsewhere") for p in parcels]
    )
    places = await inventory.places_of(tx, found)
    await inventory.consume(tx, [(order_id, place) for order_id, held in places.items() for place in held])
    _announce(tx, parcels, {}, is_elsewhere=True)
    await orders.note_shipped(tx, sorted(found))


def _elsewhere(tx: Tx, order: orders.Order, one: ParcelElsewhere) -> Parcel:
    parcel_id = tx.mint()
    return Parcel(
        id=parcel_id, merchant_id=order.merchant_id, warehouse_id=order.warehouse_id, carrier=one.carrier,
        tracking_number=one.tracking_number, state=ParcelState.DISPATCHED, version=1, dispatched_at=tx.now,
        delivered_at=None, last_scan_at=None,
        lines=tuple(ParcelLine(parcel_id, order.id, line_no, units) for line_no, units in one.lines),
    )  # fmt: skip


def _announce(
    tx: Tx, parcels: Sequence[Parcel], assigned: Mapping[int, Assignment], *, is_elsewhere: bool = False
) -> None:
    why = {i: (one.number_reason, one.carrier_reason, one.suggested) for i, one in assigned.items()}
    tx.announce(*(
        ParcelDispatched(subject_id=p.id, merchant_id=p.merchant_id, order_id=p.lines[0].order_id,
                         move=born(PARCEL, p.id), carrier=p.carrier, units=sum(line.quantity for line in p.lines),
                         number_reason=number_reason, carrier_reason=carrier_reason, suggested=suggested,
                         is_elsewhere=is_elsewhere)
        for p in parcels
        for number_reason, carrier_reason, suggested in [why.get(p.id, (None, None, None))]
    ))  # fmt: skip


def _problems(
    ships: Sequence[Ship],
    works: Mapping[int, Work],
    recipients: Mapping[int, bytes],
    taken: set[tuple[str, str]],
    wrong_in: Callable[[int, Ship], list[Refusal]],
) -> list[Refusal]:
    problems: list[Refusal] = []
    of_work: dict[int, list[tuple[int, Ship]]] = defaultdict(list)
    shared: dict[tuple[str, str], set[tuple[int, int, bytes | int]]] = defaultdict(set)
    for place, s in enumerate(ships):
        path, work = f"[{place}]", works.get(s.work_id)
        of_work[s.work_id].append((place, s))
        wrong_number = wrong_in(place, s)
        problems += wrong_number
        if work is None:
            problems.append(WorkUnknown(f"{path}.work_id"))
            continue
        if work.state not in WORK.moves["hand_over"].sources:
            problems.append(WorkStateForbids(path, state=str(work.state), verb="ship"))
        if wrong_number:
            continue
        key = (s.carrier, carriers.tidy_number(s.tracking_number))
        if key in taken:
            problems.append(NumberTaken(f"{path}.tracking_number", number=key[1]))
        # An order whose recipient has no mark shares a parcel with nobody.
        shared[key].add((work.merchant_id, work.warehouse_id, recipients.get(work.order_id, work.order_id)))
        if len(shared[key]) == 2:
            problems.append(NotOneRecipient(f"{path}.tracking_number", number=key[1]))
    for work_id, own in of_work.items():
        if work_id in works and works[work_id].packed is not None:
            problems += decide_parcelled(own, dict(works[work_id].packed or ()))
    return problems


def _together(ships: Sequence[Ship], works: Mapping[int, Work]) -> dict[tuple[str, str], set[int]]:
    """The orders of each number that several orders share."""
    held: dict[tuple[str, str], set[int]] = defaultdict(set)
    for s in ships:
        if s.work_id in works:
            held[s.carrier, carriers.tidy_number(s.tracking_number)].add(works[s.work_id].order_id)
    return {key: own for key, own in held.items() if len(own) > 1}


def _without_consent(
    ships: Sequence[Ship], together: Mapping[tuple[str, str], set[int]], agreed: set[frozenset[int]]
) -> list[Refusal]:
    return [
        ConsentMissing(f"[{place}].tracking_number", number=key[1],
                       orders=", ".join(encode("order", i) for i in sorted(together[key])))
        for place, s in enumerate(ships)
        for key in [(s.carrier, carriers.tidy_number(s.tracking_number))]
        if key in together and frozenset(together[key]) not in agreed
    ]  # fmt: skip


def _parcels(tx: Tx, ships: Sequence[Ship], works: Mapping[int, Work]) -> list[Parcel]:
    """One parcel for each number, with the lines of every work that shares it."""
    lines: dict[tuple[str, str], dict[tuple[int, int], int]] = {}
    first: dict[tuple[str, str], Work] = {}
    for s in ships:
        work, key = works[s.work_id], (s.carrier, carriers.tidy_number(s.tracking_number))
        held = lines.setdefault(key, {})
        first.setdefault(key, work)
        for line_no, quantity in [(li.line_no, li.quantity) for li in s.lines] or (work.packed or []):
            held[work.order_id, line_no] = held.get((work.order_id, line_no), 0) + quantity
    return [
        Parcel(
            id=parcel_id, merchant_id=first[key].merchant_id, warehouse_id=first[key].warehouse_id, carrier=key[0],
            tracking_number=key[1], state=ParcelState.DISPATCHED, version=1, dispatched_at=tx.now, delivered_at=None,
            last_scan_at=None,
            lines=tuple(ParcelLine(parcel_id, order_id, no, quantity) for (order_id, no), quantity in held.items()),
        )
        for parcel_id, (key, held) in zip(tx.mint_many(len(lines)), lines.items(), strict=True)
    ]  # fmt: skip


def _path_of(ships: Sequence[Ship], parcel: Parcel) -> str:
    key = (parcel.carrier, parcel.tracking_number)
    place = next(i for i, s in enumerate(ships) if (s.carrier, carriers.tidy_number(s.tracking_number)) == key)
    return f"[{place}].tracking_number"
