"""Goods come, go, are held back and are put to a use: every change is a movement."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dingdan.areas.inventory import freezing, store
from dingdan.areas.inventory.events import BinSet, SafetySet, StockCounted, StockMoved, StockReturned
from dingdan.areas.inventory.model import Count, Counted, Disposal, Incoming, Move, SetSafety
from dingdan.areas.inventory.refusals import (
    BelowReserved,
    CountedMeanwhile,
    FieldUnfit,
    NotInQuarantine,
    TooFewUnits,
    WarehouseUnknown,
)
from dingdan.areas.inventory.rules.shelf import tidy_bin
from dingdan.areas.inventory.store import Change, Movement
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

MAX_UNITS = 1_000_000_000
OUT_OF_QUARANTINE = {"restock": "restock", "scrap": "write_off", "send_back": "send_back"}

Key = tuple[int, int]


async def count(tx: Tx, counts: Sequence[Count]) -> list[Counted]:
    """Set what is on hand to what was counted; the difference is a movement, none is no movement.

    Raises BelowReserved, CountedMeanwhile or FieldUnfit, all problems at once, with the path of each.
    """
    _refuse_strangers(tx, [c.merchant_id for c in counts])
    await store.add_rows(tx, [(c.warehouse_id, c.product_id, c.merchant_id) for c in counts])
    levels = await store.lock_levels(tx, [(c.warehouse_id, c.product_id) for c in counts])
    problems: list[Refusal] = []
    found: list[Counted] = []
    for place, c in enumerate(counts):
        row = levels[c.warehouse_id, c.product_id]
        promised = row["reserved"] + row["held"]
        if not 0 <= c.on_hand <= MAX_UNITS:
            problems.append(_too_many(f"[{place}].on_hand", "on_hand"))
        elif c.if_on_hand is not None and row["on_hand"] != c.if_on_hand:
            problems.append(CountedMeanwhile(f"[{place}].if_on_hand", actual=row["on_hand"], expected=c.if_on_hand))
        elif c.on_hand < promised:
            problems.append(BelowReserved(f"[{place}].on_hand", on_hand=c.on_hand, reserved=promised))
        found.append(Counted(c.warehouse_id, c.product_id, c.on_hand, c.on_hand - row["on_hand"]))
    refuse_all(problems)
    changed = [(c, f) for c, f in zip(counts, found, strict=True) if f.difference]
    await store.change_stock(tx, [
        Change(warehouse_id=f.warehouse_id, product_id=f.product_id, on_hand=f.difference) for _, f in changed
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=c.merchant_id, warehouse_id=f.warehouse_id, product_id=f.product_id, bucket="on_hand",
                 quantity=f.difference, reason="count")
        for c, f in changed
    ])  # fmt: skip
    tx.announce(*(
        StockCounted(subject_id=f.product_id, merchant_id=c.merchant_id, warehouse_id=f.warehouse_id,
                     on_hand=f.on_hand, difference=f.difference)
        for c, f in changed
    ))  # fmt: skip
    return found


async def move(tx: Tx, moves: Sequence[Move]) -> None:
    """Receive, adjust, write off, hold back and let go, many at once, all or none.

    Where less is left than orders hold, the product is frozen there and `stock.short` names the orders. Raises
    WarehouseUnknown, FieldUnfit or TooFewUnits, all at once, with the path of each.
    """
    _refuse_strangers(tx, [m.merchant_id for m in moves])
    await store.add_rows(tx, [(m.warehouse_id, m.product_id, m.merchant_id) for m in moves])
    levels = await store.lock_levels(tx, [(m.warehouse_id, m.product_id) for m in moves])
    refuse_all(_problems_of_moves(moves, levels))
    changes = [
        Change(warehouse_id=m.warehouse_id, product_id=m.product_id, **_amounts(m)) for m in moves
    ]  # fmt: skip
    await freezing.change(tx, levels, changes)
    await store.add_movements(tx, [
        Movement(merchant_id=m.merchant_id, warehouse_id=m.warehouse_id, product_id=m.product_id, bucket=bucket,
                 quantity=quantity, reason=m.verb, why=m.why)
        for m in moves
        for bucket, quantity in _amounts(m).items()
    ])  # fmt: skip
    tx.announce(*(
        StockMoved(subject_id=m.product_id, merchant_id=m.merchant_id, warehouse_id=m.warehouse_id, verb=m.verb,
                   quantity=m.quantity, why=m.why)
        for m in moves
    ))  # fmt: skip


async def set_safety(tx: Tx, wanted: Sequence[SetSafety]) -> None:
    """Keep units back for nobody; what is already so is left alone. Raises WarehouseUnknown or FieldUnfit."""
    _refuse_strangers(tx, [w.merchant_id for w in wanted])
    refuse_all([
        _too_many(f"[{place}].safety", "safety")
        for place, w in enumerate(wanted) if not 0 <= w.safety <= MAX_UNITS
    ])  # fmt: skip
    await store.add_rows(tx, [(w.warehouse_id, w.product_id, w.merchant_id) for w in wanted])
    target = {(w.warehouse_id, w.product_id): w for w in wanted}
    await store.lock_levels(tx, target)
    changed = await store.set_safety(tx, {key: w.safety for key, w in target.items()})
    tx.announce(*(
        SafetySet(subject_id=key[1], merchant_id=target[key].merchant_id, warehouse_id=key[0],
                  safety=target[key].safety)
        for key in sorted(changed)
    ))  # fmt: skip


async def set_bins(tx: Tx, merchant_id: int, bins: Mapping[Key, str | None]) -> None:
    """Say on which shelf of a warehouse products {(warehouse, product): shelf} lie, or (None) that nobody knows.

    What is already so is left alone. Raises WarehouseUnknown or FieldUnfit.
    """
    _refuse_strangers(tx, [merchant_id])
    places = {key: tidy_bin(said) if said is not None else None for key, said in bins.items()}
    refuse_all([
        FieldUnfit("bin", field="bin", why="zone-aisle-shelf, as in A-02-10", why_zh="格式为 区-巷道-货架，如 A-02-10")
        for place in places.values() if place == ""
    ])  # fmt: skip
    await store.add_rows(tx, [(*key, merchant_id) for key in places])
    await store.lock_levels(tx, places)
    changed = await store.set_bins(tx, places)
    tx.announce(*(
        BinSet(subject_id=key[1], merchant_id=merchant_id, warehouse_id=key[0], bin=places[key]) for key in sorted(changed)
    ))  # fmt: skip


async def take_in(tx: Tx, incoming: Sequence[Incoming]) -> None:
    """Units that came back go to quarantine; they are not for sale before somebody decided.

    Lines of bundles are given in bundles and kept as what lies in them.
    """
    inside = await _contents(tx, incoming)
    pieces = [(i, product_id, each * i.quantity) for i, held in zip(incoming, inside, strict=True)
              for product_id, each in held]  # fmt: skip
    await store.add_rows(tx, [(i.warehouse_id, product_id, i.merchant_id) for i, product_id, _ in pieces])
    await store.change_stock(tx, [
        Change(warehouse_id=i.warehouse_id, product_id=product_id, quarantine=units) for i, product_id, units in pieces
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=i.merchant_id, warehouse_id=i.warehouse_id, product_id=product_id, bucket="quarantine",
                 quantity=units, reason="return_in", order_id=i.order_id, line_no=i.line_no, cause_id=i.cause_id)
        for i, product_id, units in pieces
    ])  # fmt: skip


async def dispose(tx: Tx, disposals: Sequence[Disposal]) -> None:
    """Put units in quarantine to a use; restocked ones are for sale again. Raises NotInQuarantine."""
    inside = await _contents(tx, disposals)
    leaving = [(d, product_id, each * d.quantity) for d, held in zip(disposals, inside, strict=True)
               if d.disposition in OUT_OF_QUARANTINE for product_id, each in held]  # fmt: skip
    levels = await store.lock_levels(tx, [(d.warehouse_id, product_id) for d, product_id, _ in leaving])
    wanted: Counter[Key] = Counter()
    for d, product_id, units in leaving:
        wanted[d.warehouse_id, product_id] += units
    there = {key: levels[key]["quarantine"] if key in levels else 0 for key in wanted}
    refuse_all([
        NotInQuarantine(there=there[key], wanted=units) for key, units in wanted.items() if there[key] < units
    ])  # fmt: skip
    await store.change_stock(tx, [
        Change(warehouse_id=d.warehouse_id, product_id=product_id, quarantine=-units,
               on_hand=units if d.disposition == "restock" else 0)
        for d, product_id, units in leaving
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=d.merchant_id, warehouse_id=d.warehouse_id, product_id=product_id, bucket=bucket,
                 quantity=sign * units, reason=OUT_OF_QUARANTINE[d.disposition], order_id=d.order_id,
                 line_no=d.line_no, cause_id=d.cause_id)
        for d, product_id, units in leaving
        for bucket, sign in (("quarantine", -1), *((("on_hand", 1),) if d.disposition == "restock" else ()))
    ])  # fmt: skip
    tx.announce(*(
        StockReturned(subject_id=d.product_id, merchant_id=d.merchant_id, order_id=d.order_id,
                      warehouse_id=d.warehouse_id, quantity=d.quantity, disposition=d.disposition)
        for d in disposals
    ))  # fmt: skip


async def _contents(tx: Tx, lines: Sequence[Incoming] | Sequence[Disposal]) -> list[list[tuple[int, int]]]:
    """What lies in one unit of each line, as it was sent: pairs of product and units."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for part in await store.reservations(tx, {line.order_id for line in lines}, ["consumed"]):
        found.setdefault((part.order_id, part.line_no), {})[part.product_id] = part.each
    return [
        sorted(found.get((line.order_id, line.line_no), {line.product_id: 1}).items()) for line in lines
    ]  # fmt: skip


def _amounts(m: Move) -> dict[str, int]:
    """What a move adds to which bucket."""
    held = {"held": -m.quantity} if m.is_held else {}
    return {
        "receive": {"on_hand": m.quantity} | ({"held": m.quantity} if m.is_held else {}),
        "adjust": {"on_hand": m.quantity},
        "write_off": {"on_hand": -m.quantity} | held,
        "hold": {"held": m.quantity},
        "release": {"held": -m.quantity},
    }[m.verb]


def _problems_of_moves(moves: Sequence[Move], levels: Mapping[Key, Any]) -> list[Refusal]:
    """What cannot be moved, each move seen after those before it."""
    on_hand = {key: row["on_hand"] for key, row in levels.items()}
    held = {key: row["held"] for key, row in levels.items()}
    problems: list[Refusal] = []
    for place, m in enumerate(moves):
        key, amounts = (m.warehouse_id, m.product_id), _amounts(m)
        if m.quantity == 0 or abs(m.quantity) > MAX_UNITS or (m.quantity < 0 and m.verb != "adjust"):
            problems.append(_too_many(f"[{place}].quantity", "quantity"))
            continue
        on_hand_after = on_hand[key] + amounts.get("on_hand", 0)
        held_after = held[key] + amounts.get("held", 0)
        if on_hand_after > MAX_UNITS:
            problems.append(_too_many(f"[{place}].quantity", "quantity"))
        elif not 0 <= held_after <= on_hand_after:
            there = held[key] if "held" in amounts and amounts["held"] < 0 else on_hand[key] - held[key]
            problems.append(TooFewUnits(f"[{place}].quantity", there=there, wanted=abs(m.quantity)))
        else:
            on_hand[key], held[key] = on_hand_after, held_after
    return problems


def _refuse_strangers(tx: Tx, merchant_ids: Sequence[int]) -> None:
    refuse_all([
        WarehouseUnknown(f"[{i}]", code="-") for i, merchant_id in enumerate(merchant_ids)
        if not tx.actor.reaches(merchant_id)
    ])  # fmt: skip


def _too_many(path: str, field: str) -> Refusal:
    return FieldUnfit(path, field=field, why=f"0 to {MAX_UNITS} units", why_zh=f"须在 0 至 {MAX_UNITS} 之间")
