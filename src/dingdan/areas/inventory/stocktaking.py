"""A warehouse's own count against the books: differences become movements once somebody has signed for them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dingdan.areas.inventory import freezing, store
from dingdan.areas.inventory.events import StocktakeApproved, StocktakeRefused, StocktakeRequested
from dingdan.areas.inventory.lifecycle import STOCKTAKE, StocktakeState
from dingdan.areas.inventory.model import Stocktake, StocktakeLine, TakeStock
from dingdan.areas.inventory.moving import MAX_UNITS
from dingdan.areas.inventory.refusals import (
    FieldUnfit,
    SecondPersonNeeded,
    StocktakeDecided,
    StocktakeUnknown,
    TooFewUnits,
    WarehouseUnknown,
)
from dingdan.areas.inventory.store import Change, Movement
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

Key = tuple[int, int]


async def take_stock(tx: Tx, wanted: TakeStock) -> Stocktake:
    """Compare a count with the books. Small differences are booked at once, larger ones wait for a second person.

    The difference is what counts, not the number: what is sold between count and signature stays right. Raises
    WarehouseUnknown or FieldUnfit, all at once.
    """
    if not tx.actor.reaches(wanted.merchant_id):
        raise WarehouseUnknown("warehouse", code="-")
    problems: list[Refusal] = []
    seen: set[int] = set()
    for place, (product_id, units) in enumerate(wanted.counts):
        if product_id in seen:
            problems.append(FieldUnfit(f"lines[{place}].sku", field="sku", why="named twice", why_zh="重复出现"))
        if not 0 <= units <= MAX_UNITS:
            problems.append(FieldUnfit(f"lines[{place}].counted", field="counted", why=f"0 to {MAX_UNITS} units",
                                       why_zh=f"须在 0 至 {MAX_UNITS} 之间"))  # fmt: skip
        seen.add(product_id)
    if not wanted.counts:
        problems.append(FieldUnfit("lines", field="lines", why="at least one", why_zh="至少一项"))
    refuse_all(problems)
    keys = [(wanted.warehouse_id, product_id) for product_id, _ in wanted.counts]
    await store.add_rows(tx, [(*key, wanted.merchant_id) for key in keys])
    levels = await store.lock_levels(tx, keys)
    lines = tuple(StocktakeLine(p, n, levels[wanted.warehouse_id, p]["on_hand"]) for p, n in sorted(wanted.counts))
    take = Stocktake(
        id=tx.mint(), merchant_id=wanted.merchant_id, warehouse_id=wanted.warehouse_id, state=StocktakeState.REQUESTED,
        version=1, why=wanted.why, differing=sum(abs(line.difference) for line in lines),
        alone_up_to=wanted.alone_up_to, counted_by_kind=str(tx.actor.kind), counted_by=tx.actor.id,
        decided_by_kind=None, decided_by=None, counted_at=tx.now, decided_at=None, lines=lines,
    )  # fmt: skip
    await store.add_stocktake(tx, take)
    tx.announce(StocktakeRequested(subject_id=take.id, merchant_id=take.merchant_id, differing=take.differing,
                                   warehouse_id=take.warehouse_id, move=born(STOCKTAKE, take.id)))  # fmt: skip
    if take.differing <= take.alone_up_to:
        await _book(tx, take, levels)
    (after,) = await store.stocktakes(tx, [take.id])
    return after


async def approve_stocktake(tx: Tx, stocktake_id: int) -> Stocktake:
    """Put the differences into the books; where less is left than is promised, the product is frozen.

    Raises StocktakeUnknown, StocktakeDecided, SecondPersonNeeded, or TooFewUnits where so much was sold since that
    the difference cannot be right.
    """
    take = await _open(tx, stocktake_id)
    if take.differing > take.alone_up_to and (take.counted_by_kind, take.counted_by) == (tx.actor.kind, tx.actor.id):
        raise SecondPersonNeeded()
    levels = await store.lock_levels(tx, [(take.warehouse_id, line.product_id) for line in take.lines])
    await _book(tx, take, levels)
    (after,) = await store.stocktakes(tx, [take.id])
    return after


async def refuse_stocktake(tx: Tx, stocktake_id: int, *, reason: str) -> Stocktake:
    """Leave the books as they are. Raises StocktakeUnknown or StocktakeDecided."""
    take = await _open(tx, stocktake_id)
    moved = await store.move_stocktakes(tx, "refuse", [take.id], **_decided(tx))
    tx.announce(StocktakeRefused(subject_id=take.id, merchant_id=take.merchant_id, reason=reason, move=moved[take.id]))
    return msgspec.structs.replace(take, state=StocktakeState.REFUSED, version=moved[take.id].version, **_decided(tx))


async def _open(tx: Tx, stocktake_id: int) -> Stocktake:
    take = await store.lock_stocktake(tx, stocktake_id)
    if take is None or not tx.actor.reaches(take.merchant_id):
        raise StocktakeUnknown("path.stocktake_id")
    if take.state is not StocktakeState.REQUESTED:
        raise StocktakeDecided(state=str(take.state))
    return take


async def _book(tx: Tx, take: Stocktake, levels: Mapping[Key, Any]) -> None:
    differing = [line for line in take.lines if line.difference]
    refuse_all([
        TooFewUnits(there=row["on_hand"] - row["held"], wanted=-line.difference)
        for line in differing
        for row in [levels[take.warehouse_id, line.product_id]]
        if row["on_hand"] + line.difference < row["held"]
    ])  # fmt: skip
    await freezing.change(tx, levels, [
        Change(warehouse_id=take.warehouse_id, product_id=line.product_id, on_hand=line.difference)
        for line in differing
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=take.merchant_id, warehouse_id=take.warehouse_id, product_id=line.product_id,
                 bucket="on_hand", quantity=line.difference, reason="adjust", cause_id=take.id, why=take.why)
        for line in differing
    ])  # fmt: skip
    moved = await store.move_stocktakes(tx, "approve", [take.id], **_decided(tx))
    tx.announce(StocktakeApproved(subject_id=take.id, merchant_id=take.merchant_id, warehouse_id=take.warehouse_id,
                                  move=moved[take.id]))  # fmt: skip


def _decided(tx: Tx) -> dict[str, Any]:
    return {"decided_by_kind": str(tx.actor.kind), "decided_by": tx.actor.id, "decided_at": tx.now}
