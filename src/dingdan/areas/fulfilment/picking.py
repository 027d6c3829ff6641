"""Taking the next orders from the queue, putting them back, and packing what was picked."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dingdan.areas import inventory, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import WorkClaimed, WorkPacked, WorkPutBack
from dingdan.areas.fulfilment.lifecycle import IN_HAND, WORK, WorkState
from dingdan.areas.fulfilment.model import MAX_CLAIM, Pack, PackedLine, Work
from dingdan.areas.fulfilment.queueing import withdraw
from dingdan.areas.fulfilment.reading import contents, lock_works
from dingdan.areas.fulfilment.refusals import WorkStateForbids, WorkUnknown
from dingdan.areas.fulfilment.rules.packing import decide_packed
from dingdan.areas.fulfilment.rules.priority import AGEING, turn
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx


async def claim(
    tx: Tx, warehouse_id: int, *, limit: int, claimed_by: int | None, order_ids: Sequence[int] | None = None
) -> list[Work]:
    """Hand out the next works of a warehouse, best first; two claimers never get the same one.

    From here a cancellation of these orders is refused. With `order_ids` only those orders are taken, wherever they
    stand in the queue. May give fewer than there are when orders were cancelled meanwhile: ask again.
    """
    limit = min(limit, MAX_CLAIM)
    aged_before = tx.now - AGEING
    if order_ids is None:
        works = await store.next_aged(tx, warehouse_id, limit, aged_before)
        if len(works) < limit:
            works += await store.next_in_lanes(tx, warehouse_id, limit - len(works), aged_before)
    else:
        works = await store.queued_of(tx, warehouse_id, limit, order_ids)
    if not works:
        return []
    ours = await orders.lock_for_dispatch(tx, [work.order_id for work in works])
    served = await inventory.places_of(tx, ours)
    moved = await store.move_works(
        tx, "claim", [w.id for w in works if w.warehouse_id in served.get(w.order_id, ())], claimed_by=claimed_by,
        claimed_at=tx.now,
    )  # fmt: skip
    # A work may leave the queue while its order is waited for; its order must not stay locked then, unless it is
    # being picked elsewhere.
    claimed = {w.order_id for w in works if w.id in moved}
    missed = [w.order_id for w in works if ours.get(w.order_id) and w.order_id not in claimed]
    if missed:
        await orders.unlock_dispatch(tx, missed)
    # Orders that were held or cancelled, in whole or all that this warehouse gives of them, and whose reaction has not
    # run yet would block the head of the queue.
    gone = [work.order_id for work in works if work.warehouse_id not in served.get(work.order_id, ())]
    if gone:
        await withdraw(tx, gone)
    works.sort(key=lambda w: turn(lane=w.lane, paid_at=w.paid_at, order_id=w.order_id, now=tx.now))
    taken = {work.id: work for work in works if work.id in moved}
    tx.announce(*(
        WorkClaimed(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id],
                    warehouse_id=work.warehouse_id)
        for work in taken.values()
    ))  # fmt: skip
    return [
        replace(work, state=WorkState.PICKING, version=moved[work.id].version, claimed_by=claimed_by,
                claimed_at=tx.now)
        for work in taken.values()
    ]  # fmt: skip


async def put_back(tx: Tx, work_ids: Sequence[int], *, reason: str) -> None:
    """Give up picking: the orders go back to their places in the queue and may be cancelled again, unless another

    warehouse is picking its share of them or has sent it.

    Raises WorkUnknown or WorkStateForbids, all problems at once.
    """
    works = await lock_works(tx, work_ids)
    refuse_all(_standing_problems(works, {f"[{n}]": work_id for n, work_id in enumerate(work_ids)}, "put_back"))
    siblings = await store.works_of(tx, {work.order_id for work in works.values()})
    busy = {one.order_id for one in siblings if one.id not in works and one.state in IN_HAND}
    await orders.unlock_dispatch(tx, {work.order_id for work in works.values()} - busy)
    moved = await store.move_works(tx, "put_back", works, claimed_by=None, claimed_at=None, packed=None)
    tx.announce(*(
        WorkPutBack(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id],
                    reason=reason)
        for work in works.values()
    ))  # fmt: skip


async def pack(tx: Tx, work_id: int, lines: Sequence[PackedLine]) -> Work:
    """Close the box of one work. Raises as `pack_many`, with paths that begin at the lines."""
    return (await _close(tx, [Pack(work_id, tuple(lines))], [""]))[0]


async def pack_many(tx: Tx, packs: Sequence[Pack]) -> list[Work]:
    """Close the boxes of works whose scanned pieces are exactly what the orders get from this warehouse.

    The parts of a bundle are packed instead of it.

    Raises WorkUnknown, WorkStateForbids, NotInOrder or QuantityDiffers: every mismatch of every box at once.
    """
    return await _close(tx, packs, [f"[{place}]" for place in range(len(packs))])


async def _close(tx: Tx, packs: Sequence[Pack], paths: Sequence[str]) -> list[Work]:
    works = await lock_works(tx, [p.work_id for p in packs])
    refuse_all(_standing_problems(works, dict(zip(paths, [p.work_id for p in packs], strict=True)), "pack"))
    lines = await contents(tx, works.values())
    refuse_all([
        problem.at(path)
        for path, p in zip(paths, packs, strict=True)
        for problem in decide_packed(p.lines, lines[p.work_id])
    ])  # fmt: skip
    moved = await store.move_works(tx, "pack", works)
    packed = {i: [(line.line_no, line.quantity) for line in lines[i]] for i in works}
    await store.note_packed(tx, packed)
    tx.announce(*(
        WorkPacked(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id])
        for work in works.values()
    ))  # fmt: skip
    closed = {
        i: replace(w, state=WorkState.PACKED, version=moved[i].version, packed=packed[i]) for i, w in works.items()
    }
    return [closed[p.work_id] for p in packs]


def _standing_problems(works: Mapping[int, Work], wanted: Mapping[str, int], verb: str) -> list[Refusal]:
    """Who is missing or stands elsewhere; `wanted` is {path: work}."""
    problems: list[Refusal] = []
    for path, work_id in wanted.items():
        if work_id not in works:
            problems.append(WorkUnknown(f"{path}.work_id".lstrip(".")))
        elif works[work_id].state not in WORK.moves[verb].sources:
            problems.append(WorkStateForbids(path, state=str(works[work_id].state), verb=verb))
    return problems
