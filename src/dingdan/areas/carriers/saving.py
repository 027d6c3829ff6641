"""Carriers and lanes as they should be."""

from collections.abc import Mapping, Sequence

from dingdan.areas.carriers import store
from dingdan.areas.carriers.events import CarrierSaved, LaneSaved
from dingdan.areas.carriers.lifecycle import CONTRACT
from dingdan.areas.carriers.model import Carrier, Lane, Licence, SaveCarrier, Saved, SaveLane
from dingdan.areas.carriers.promises import EVALUATE, LICENCE
from dingdan.areas.carriers.rules import saving as rules
from dingdan.areas.carriers.rules.evaluating import next_evaluation
from dingdan.areas.carriers.rules.licensing import next_look, notice
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def save_carriers(tx: Tx, wanted: Sequence[SaveCarrier]) -> list[Saved]:
    """Add or change carriers and their licences, all or none; one answer each, in order. What is so already is left alone.

    Raises everything that is wrong with any, at `[i].part`.
    """
    refuse_all([p.at(f"[{i}]") for i, row in enumerate(wanted) for p in rules.problems_of_carrier(row, tx.actor)])
    by_key = {(row.merchant_id, row.code): row for row in wanted}
    before = await store.lock_own_carriers(tx, by_key)
    refuse_all([
        problem.at(f"[{i}]")
        for i, row in enumerate(wanted)
        for problem in rules.problems_with_what_stands(row, before.get((row.merchant_id, row.code)))
    ])  # fmt: skip
    lanes = await store.lanes_of_carriers(tx, [one.id for one in before.values()]) if before else []
    licences = await store.licences_of(tx, [one.id for one in before.values()]) if before else {}
    refuse_all([
        problem.at(f"[{i}]")
        for i, row in enumerate(wanted)
        if (known := before.get((row.merchant_id, row.code))) is not None
        for problem in rules.problems_of_taking_away(row, [lane for lane in lanes if lane.carrier_id == known.id])
    ])  # fmt: skip
    changed = [row for key, row in by_key.items() if key not in before or not _is_carrier(row, before[key])]
    touched = await store.save_carriers(tx, changed) if changed else {}
    ids = {key: one.id for key, one in before.items()} | {key: carrier_id for key, (carrier_id, _) in touched.items()}
    entered = {
        ids[key]: fresh
        for key, row in by_key.items()
        if (fresh := [one for one in row.licences if one not in licences.get(ids[key], [])])
    }
    await _license(tx, entered, {ids[key]: key[0] for key in by_key}, licences)
    new = {carrier_id: key for key, (carrier_id, is_new) in touched.items() if is_new}
    await deadlines.schedule(tx, EVALUATE, [
        deadlines.Due(carrier_id, key[0], next_evaluation(tx.now)) for carrier_id, key in new.items()
    ])  # fmt: skip
    is_touched = {key for key in by_key if key in touched or ids[key] in entered}
    tx.announce(*(
        CarrierSaved(subject_id=ids[key], merchant_id=key[0], code=key[1],
                     move=born(CONTRACT, ids[key]) if ids[key] in new else None)
        for key in by_key if key in is_touched
    ))  # fmt: skip
    return [
        Saved(ids[key], row.code, is_new=ids[key] in new, is_changed=key in is_touched)
        for row in wanted
        for key in [(row.merchant_id, row.code)]
    ]


async def _license(
    tx: Tx,
    entered: Mapping[int, Sequence[Licence]],
    owners: Mapping[int, int | None],
    before: Mapping[int, Sequence[Licence]],
) -> None:
    """Write licences, and set the clock that tells when the last one ends."""
    if not entered:
        return
    await store.save_licences(tx, [(i, owners[i], one) for i, held in entered.items() for one in held])
    dues = []
    for carrier_id, held in entered.items():
        numbers = {one.number for one in held}
        now_held = [one for one in before.get(carrier_id, []) if one.number not in numbers] + list(held)
        # What is near already is told at once.
        at = tx.now if notice(now_held, tx.now) else next_look(now_held, tx.now)
        if at is not None:
            dues.append(deadlines.Due(carrier_id, owners[carrier_id], at))
    await deadlines.call_off(tx, LICENCE, entered)
    await deadlines.schedule(tx, LICENCE, dues)


async def save_lanes(tx: Tx, wanted: Sequence[SaveLane]) -> list[Saved]:
    """Add or change lanes, all or none; one answer each, in order. What is already so is left alone.

    Raises everything that is wrong with any, at `[i].part`. Warehouses are the caller's to look up.
    """
    known = await store.lock_carriers(tx, [row.carrier_id for row in wanted])
    refuse_all([
        problem.at(f"[{i}]")
        for i, row in enumerate(wanted)
        for problem in (
            *rules.problems_of_lane(row, tx.actor), *rules.problems_with_carrier(row, known.get(row.carrier_id)),
        )
    ])  # fmt: skip
    refuse_all(list(rules.problems_of_repeats(wanted, await store.lanes_on_ways(tx, wanted))))
    by_key = {(row.merchant_id, row.code): row for row in wanted}
    before = await store.lanes_by_code(tx, by_key)
    refuse_all(
        [
            problem.at(f"[{i}]")
            for i, row in enumerate(wanted)
            for problem in rules.problems_of_new_lanes(
                row, known.get(row.carrier_id), is_new=(row.merchant_id, row.code) not in before
            )
        ]
    )
    changed = [row for key, row in by_key.items() if key not in before or not _is_lane(row, before[key])]
    touched = await store.save_lanes(tx, changed) if changed else {}
    tx.announce(*(
        LaneSaved(subject_id=lane_id, merchant_id=key[0], code=key[1]) for key, (lane_id, _) in touched.items()
    ))  # fmt: skip
    ids = {key: one.id for key, one in before.items()} | {key: lane_id for key, (lane_id, _) in touched.items()}
    return [
        Saved(ids[key], row.code, is_new=touched.get(key, (0, False))[1], is_changed=key in touched)
        for row in wanted
        for key in [(row.merchant_id, row.code)]
    ]


def _is_carrier(wanted: SaveCarrier, known: Carrier) -> bool:
    own = set(SaveCarrier.__struct_fields__) - {"licences", "is_first", "instead_of"}
    return all(getattr(wanted, name) == getattr(known, name) for name in own)


def _is_lane(wanted: SaveLane, known: Lane) -> bool:
    return all(getattr(wanted, name) == getattr(known, name) for name in SaveLane.__struct_fields__)
