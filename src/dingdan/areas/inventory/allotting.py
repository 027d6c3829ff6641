"""What channels may count on and may not exceed, so that none is starved by another."""

from collections import defaultdict
from collections.abc import Sequence

from dingdan.areas.inventory import store
from dingdan.areas.inventory.events import PoolSet
from dingdan.areas.inventory.model import PoolLevel, SetPool
from dingdan.areas.inventory.moving import MAX_UNITS
from dingdan.areas.inventory.refusals import FieldUnfit, GuaranteeTooLarge, WarehouseUnknown
from dingdan.areas.inventory.rules.shelf import shelf_of
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx

Key = tuple[int, int]


async def set_pools(tx: Tx, wanted: Sequence[SetPool]) -> None:
    """Set, change or end channels' allotments, all or none; what is already so is left alone.

    Raises WarehouseUnknown, FieldUnfit, or GuaranteeTooLarge where more would be promised than is free.
    """
    refuse_all(_problems(tx, wanted))
    target = {(w.warehouse_id, w.product_id, w.channel_id): w for w in wanted}
    keys = {key[:2] for key in target}
    await store.add_rows(tx, [(w.warehouse_id, w.product_id, w.merchant_id) for w in wanted])
    levels = await store.lock_levels(tx, keys)
    open_ = {(p["warehouse_id"], p["product_id"], p["channel_id"]): p for p in await store.pools(tx, keys)}
    changed = {
        key: w for key, w in target.items()
        if (key in open_ or not w.is_end)
        and (w.renew or key not in open_ or _amounts(w) != tuple(open_[key][n] for n in ("guaranteed", "most", "buffer")))
    }  # fmt: skip
    ended = [key for key, w in changed.items() if key in open_ and (w.renew or w.is_end)]
    fresh = [key for key, w in changed.items() if not w.is_end and (w.renew or key not in open_)]
    going_on = [key for key, w in changed.items() if key in open_ and not w.renew and not w.is_end]
    promised: dict[Key, int] = defaultdict(int)
    for key, pool in open_.items():
        if key not in ended:
            guaranteed = changed[key].guaranteed if key in going_on else pool["guaranteed"]
            promised[key[:2]] += max(0, guaranteed - pool["taken"])
    for key in fresh:
        promised[key[:2]] += changed[key].guaranteed
    free = {key: max(0, shelf_of(row).free) for key, row in levels.items()}
    refuse_all([
        GuaranteeTooLarge(f"[{place}].guaranteed", free=free[w.warehouse_id, w.product_id],
                          promised=promised[w.warehouse_id, w.product_id])
        for place, w in enumerate(wanted)
        if w.guaranteed and promised[w.warehouse_id, w.product_id] > free[w.warehouse_id, w.product_id]
    ])  # fmt: skip
    ids = dict(zip(fresh, tx.mint_many(len(fresh)), strict=True))
    await store.end_pools(tx, [open_[key]["id"] for key in ended])
    await store.add_pools(tx, [(ids[key], changed[key].merchant_id, *key, *_amounts(changed[key])) for key in fresh])
    await store.change_pools(tx, [(open_[key]["id"], *_amounts(changed[key])) for key in going_on])
    left = {key[:2] for key in {*open_, *fresh} if key in fresh or key not in ended}
    await store.mark_pooled(tx, left, pooled=True)
    await store.mark_pooled(tx, keys - left, pooled=False)
    tx.announce(*(
        PoolSet(subject_id=ids[key] if key in ids else open_[key]["id"], merchant_id=w.merchant_id,
                channel_id=w.channel_id, product_id=w.product_id, warehouse_id=w.warehouse_id,
                guaranteed=w.guaranteed, most=w.most, buffer=w.buffer)
        for key, w in changed.items()
    ))  # fmt: skip


async def pools_of(
    tx: Tx, channel_id: int, *, product_id: int | None = None, after: int = 0, limit: int = 200
) -> list[PoolLevel]:
    """A channel's open allotments (of one product, if it is named), oldest first."""
    return [PoolLevel(**dict(row)) for row in await store.pools_of(tx, channel_id, product_id, after, limit)]


def _amounts(w: SetPool) -> tuple[int, int | None, int]:
    return w.guaranteed, w.most, w.buffer


def _problems(tx: Tx, wanted: Sequence[SetPool]) -> list[Refusal]:
    problems: list[Refusal] = []
    for place, w in enumerate(wanted):
        if not tx.actor.reaches(w.merchant_id):
            problems.append(WarehouseUnknown(f"[{place}].warehouse", code="-"))
        for name, units in (("guaranteed", w.guaranteed), ("most", w.most or 0), ("buffer", w.buffer)):
            if not 0 <= units <= MAX_UNITS:
                problems.append(FieldUnfit(f"[{place}].{name}", field=name, why=f"0 to {MAX_UNITS} units",
                                           why_zh=f"须在 0 至 {MAX_UNITS} 之间"))  # fmt: skip
        if w.most is not None and w.most < w.guaranteed:
            problems.append(FieldUnfit(f"[{place}].most", field="most", why="no less than what is guaranteed",
                                       why_zh="不得少于保底数量"))  # fmt: skip
    return problems
