"""Goods come in, come back and are put to a use: every change is a movement."""

from collections.abc import Sequence

from dingdan.areas.inventory import store
from dingdan.areas.inventory.events import StockCounted, StockReturned
from dingdan.areas.inventory.model import Count, Counted, Disposal, Incoming
from dingdan.areas.inventory.refusals import (
    BelowReserved,
    CountedMeanwhile,
    FieldUnfit,
    NotInQuarantine,
    WarehouseUnknown,
)
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

MAX_UNITS = 1_000_000_000
OUT_OF_QUARANTINE = {"restock": "restock", "scrap": "write_off", "send_back": "send_back"}


async def count(tx: Tx, counts: Sequence[Count]) -> list[Counted]:
    """Set what is on hand to what was counted; the difference is a movement, none is no movement.

    Raises BelowReserved, CountedMeanwhile or FieldUnfit, all problems at once, with the path of each.
    """
    refuse_all(
        [WarehouseUnknown(f"[{i}]", code="-") for i, c in enumerate(counts) if not tx.actor.reaches(c.merchant_id)]
    )
    await store.add_rows(tx, [(c.warehouse_id, c.product_id, c.merchant_id) for c in counts])
    levels = await store.lock_levels(tx, [(c.warehouse_id, c.product_id) for c in counts])
    problems: list[Refusal] = []
    found: list[Counted] = []
    for place, c in enumerate(counts):
        row = levels[c.warehouse_id, c.product_id]
        if not 0 <= c.on_hand <= MAX_UNITS:
            problems.append(FieldUnfit(f"[{place}].on_hand", field="on_hand", why=f"0 to {MAX_UNITS} units",
                                       why_zh=f"须在 0 至 {MAX_UNITS} 之间"))  # fmt: skip
        elif c.if_on_hand is not None and row["on_hand"] != c.if_on_hand:
            problems.append(CountedMeanwhile(f"[{place}].if_on_hand", actual=row["on_hand"], expected=c.if_on_hand))
        elif c.on_hand < row["reserved"]:
            problems.append(BelowReserved(f"[{place}].on_hand", on_hand=c.on_hand, reserved=row["reserved"]))
        found.append(Counted(c.warehouse_id, c.product_id, c.on_hand, c.on_hand - row["on_hand"]))
    refuse_all(problems)
    changed = [(c, f) for c, f in zip(counts, found, strict=True) if f.difference]
    await store.change_stock(tx, [(f.warehouse_id, f.product_id, f.difference, 0, 0) for _, f in changed])
    await store.add_movements(tx, [
        (c.merchant_id, f.warehouse_id, f.product_id, "on_hand", f.difference, "count", None, 0, None)
        for c, f in changed
    ])  # fmt: skip
    tx.announce(*(
        StockCounted(subject_id=f.product_id, merchant_id=c.merchant_id, warehouse_id=f.warehouse_id,
                     on_hand=f.on_hand, difference=f.difference)
        for c, f in changed
    ))  # fmt: skip
    return found


async def take_in(tx: Tx, incoming: Sequence[Incoming]) -> None:
    """Units that came back go to quarantine; they are not for sale before somebody decided."""
    await store.add_rows(tx, [(i.warehouse_id, i.product_id, i.merchant_id) for i in incoming])
    await store.change_stock(tx, [(i.warehouse_id, i.product_id, 0, 0, i.quantity) for i in incoming])
    await store.add_movements(tx, [
        (i.merchant_id, i.warehouse_id, i.product_id, "quarantine", i.quantity, "return_in", i.order_id, i.line_no,
         i.cause_id)
        for i in incoming
    ])  # fmt: skip


async def dispose(tx: Tx, disposals: Sequence[Disposal]) -> None:
    """Put units in quarantine to a use; restocked ones are for sale again. Raises NotInQuarantine."""
    leaving = [d for d in disposals if d.disposition in OUT_OF_QUARANTINE]
    levels = await store.lock_levels(tx, [(d.warehouse_id, d.product_id) for d in leaving])
    wanted: dict[tuple[int, int], int] = {}
    for d in leaving:
        wanted[d.warehouse_id, d.product_id] = wanted.get((d.warehouse_id, d.product_id), 0) + d.quantity
    refuse_all([
        NotInQuarantine(there=levels[key]["quarantine"], wanted=quantity)
        for key, quantity in wanted.items()
        if levels[key]["quarantine"] < quantity
    ])  # fmt: skip
    await store.change_stock(tx, [
        (d.warehouse_id, d.product_id, d.quantity if d.disposition == "restock" else 0, 0, -d.quantity)
        for d in leaving
    ])  # fmt: skip
    await store.add_movements(tx, [
        (d.merchant_id, d.warehouse_id, d.product_id, bucket, sign * d.quantity, OUT_OF_QUARANTINE[d.disposition],
         d.order_id, d.line_no, d.cause_id)
        for d in leaving
        for bucket, sign in (("quarantine", -1), *((("on_hand", 1),) if d.disposition == "restock" else ()))
    ])  # fmt: skip
    tx.announce(*(
        StockReturned(subject_id=d.product_id, merchant_id=d.merchant_id, order_id=d.order_id,
                      warehouse_id=d.warehouse_id, quantity=d.quantity, disposition=d.disposition)
        for d in disposals
    ))  # fmt: skip
