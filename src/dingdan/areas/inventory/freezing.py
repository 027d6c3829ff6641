"""When the books say less than is promised, selling stops until somebody has looked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dingdan.areas.inventory import store
from dingdan.areas.inventory.events import StockFrozen, StockShort, StockThawed
from dingdan.areas.inventory.model import Part
from dingdan.areas.inventory.refusals import NotFrozen, StillShort
from dingdan.areas.inventory.rules.shortage import unserved
from dingdan.areas.inventory.store import Change
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

Key = tuple[int, int]


async def change(tx: Tx, levels: Mapping[Key, Any], changes: Sequence[Change]) -> None:
    """Change rows that are locked; where less is left than is promised, selling stops and the orders are named."""
    after = {key: row["on_hand"] - row["reserved"] - row["held"] for key, row in levels.items()}
    touched: dict[Key, int] = defaultdict(int)
    for one in changes:
        touched[one.warehouse_id, one.product_id] += one.on_hand - one.reserved - one.held
    sinking = {key: -(after[key] + by) for key, by in touched.items() if by < 0 and after[key] + by < 0}
    held: dict[Key, list[Part]] = defaultdict(list)
    for part in await store.held_at(tx, sinking) if sinking else ():
        held[part.warehouse_id, part.product_id].append(part)
    fresh = [key for key in sinking if levels[key]["frozen_at"] is None]
    if fresh:
        await store.freeze(tx, fresh)
    await store.change_stock(tx, changes)
    tx.announce(*(
        StockFrozen(subject_id=key[1], merchant_id=levels[key]["merchant_id"], warehouse_id=key[0]) for key in fresh
    ))  # fmt: skip
    tx.announce(*(
        StockShort(subject_id=key[1], merchant_id=levels[key]["merchant_id"], warehouse_id=key[0], missing=missing,
                   order_ids=unserved(held[key], missing))
        for key, missing in sinking.items()
    ))  # fmt: skip


async def stop(tx: Tx, levels: Mapping[Key, Any]) -> None:
    """Sell nothing more from locked rows, because what the books say there was not found."""
    fresh = [key for key, row in levels.items() if row["frozen_at"] is None]
    if fresh:
        await store.freeze(tx, fresh)
    tx.announce(*(
        StockFrozen(subject_id=key[1], merchant_id=levels[key]["merchant_id"], warehouse_id=key[0]) for key in fresh
    ))  # fmt: skip


async def thaw(tx: Tx, keys: Sequence[Key]) -> None:
    """Sell again what was frozen (warehouse, product). Raises NotFrozen or StillShort, all at once."""
    levels = await store.lock_levels(tx, keys)
    mine = [levels.get(key) if key in levels and tx.actor.reaches(levels[key]["merchant_id"]) else None for key in keys]
    refuse_all([
        NotFrozen(f"[{place}]")
        for place, row in enumerate(mine) if row is None or row["frozen_at"] is None
    ] + [
        StillShort(f"[{place}]", on_hand=row["on_hand"], promised=row["reserved"] + row["held"])
        for place, row in enumerate(mine)
        if row is not None and row["frozen_at"] is not None and row["reserved"] + row["held"] > row["on_hand"]
    ])  # fmt: skip
    await store.thaw(tx, keys)
    tx.announce(*(
        StockThawed(subject_id=product_id, merchant_id=levels[warehouse_id, product_id]["merchant_id"],
                    warehouse_id=warehouse_id)
        for warehouse_id, product_id in dict.fromkeys(keys)
    ))  # fmt: skip
