"""Carriers and lanes as they should be."""

from collections.abc import Sequence

from dingdan.areas.carriers import store
from dingdan.areas.carriers.events import CarrierSaved, LaneSaved
from dingdan.areas.carriers.model import Carrier, Lane, SaveCarrier, Saved, SaveLane
from dingdan.areas.carriers.rules import saving as rules
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save_carriers(tx: Tx, wanted: Sequence[SaveCarrier]) -> list[Saved]:
    """Add or change carriers, all or none; one answer each, in order. What is already so is left alone.

    Raises everything that is wrong with any, at `[i].part`.
    """
    refuse_all([p.at(f"[{i}]") for i, row in enumerate(wanted) for p in rules.problems_of_carrier(row, tx.actor)])
    by_key = {(row.merchant_id, row.code): row for row in wanted}
    before = await store.lock_own_carriers(tx, by_key)
    lanes = await store.lanes_of_carriers(tx, [one.id for one in before.values()]) if before else []
    refuse_all([
        problem.at(f"[{i}]")
        for i, row in enumerate(wanted)
        if (known := before.get((row.merchant_id, row.code))) is not None
        for problem in rules.problems_of_taking_away(row, [lane for lane in lanes if lane.carrier_id == known.id])
    ])  # fmt: skip
    changed = [row for key, row in by_key.items() if key not in before or not _is_carrier(row, before[key])]
    touched = await store.save_carriers(tx, changed) if changed else {}
    tx.announce(*(
        CarrierSaved(subject_id=carrier_id, merchant_id=key[0], code=key[1]) for key, (carrier_id, _) in touched.items()
    ))  # fmt: skip
    ids = {key: one.id for key, one in before.items()} | {key: carrier_id for key, (carrier_id, _) in touched.items()}
    return [
        Saved(ids[key], row.code, is_new=touched.get(key, (0, False))[1], is_changed=key in touched)
        for row in wanted
        for key in [(row.merchant_id, row.code)]
    ]


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
    return all(getattr(wanted, name) == getattr(known, name) for name in SaveCarrier.__struct_fields__)


def _is_lane(wanted: SaveLane, known: Lane) -> bool:
    return all(getattr(wanted, name) == getattr(known, name) for name in SaveLane.__struct_fields__)
