"""Taking the next orders from the queue, one by one or in waves, and putting them back."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dingdan.areas import inventory, orders, packing
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import WorkClaimed, WorkPutBack
from dingdan.areas.fulfilment.lifecycle import IN_HAND, WORK, WorkState
from dingdan.areas.fulfilment.model import MAX_CLAIM, Wave, Work
from dingdan.areas.fulfilment.promises import CLAIM, CLAIM_FOR
from dingdan.areas.fulfilment.queueing import withdraw
from dingdan.areas.fulfilment.reading import lock_works
from dingdan.areas.fulfilment.refusals import WorkStateForbids, WorkUnknown
from dingdan.areas.fulfilment.rules.priority import AGEING, Lane, turn
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

ALL_LANES = (min(Lane), max(Lane))


async def claim(
    tx: Tx, warehouse_id: int, *, limit: int, claimed_by: int | None, order_ids: Sequence[int] | None = None,
    lane: Lane | None = None,
) -> list[Work]:  # fmt: skip
    """Hand out the next works of a warehouse, best first; two claimers never get the same one.

    From here a cancellation of these orders is refused. With `order_ids` only those orders are taken, wherever they
    stand in the queue, with `lane` only those of it. May give fewer than there are when orders were cancelled
    meanwhile: ask again. What is not packed in time goes back by itself.
    """
    works = await _next(tx, warehouse_id, min(limit, MAX_CLAIM), order_ids, lane)
    return await _take(tx, works, claimed_by, None) if works else []


async def claim_wave(
    tx: Tx, warehouse_id: int, *, size: int, claimed_by: int | None, lane: Lane | None = None
) -> tuple[Wave, list[Work]] | None:
    """Hand out the next works for one pass through a warehouse; None where nothing waits.

    The same promises as `claim`. The wave is as large as what could be claimed.
    """
    works = await _next(tx, warehouse_id, min(size, MAX_CLAIM), None, lane)
    wave_id = tx.mint()
    taken = await _take(tx, works, claimed_by, wave_id) if works else []
    if not taken:
        return None
    wave = Wave(
        id=wave_id, merchant_id=taken[0].merchant_id, warehouse_id=warehouse_id,
        lane=None if lane is None else int(lane), size=len(taken), claimed_by=claimed_by, claimed_at=tx.now,
    )  # fmt: skip
    await store.add_wave(tx, wave)
    return wave, taken


async def _next(
    tx: Tx, warehouse_id: int, limit: int, order_ids: Sequence[int] | None, lane: Lane | None
) -> list[Work]:
    if order_ids is not None:
        return await store.queued_of(tx, warehouse_id, limit, order_ids)
    urgent_until, lanes = tx.now + AGEING, ALL_LANES if lane is None else (lane, lane)
    works = await store.next_aged(tx, warehouse_id, limit, urgent_until, lanes)
    if len(works) < limit:
        works += await store.next_in_lanes(tx, warehouse_id, limit - len(works), urgent_until, lanes)
    return works


async def _take(tx: Tx, works: list[Work], claimed_by: int | None, wave_id: int | None) -> list[Work]:
    ours = await orders.lock_for_dispatch(tx, [work.order_id for work in works])
    served = await inventory.places_of(tx, ours, is_held=True)
    moved = await store.move_works(
        tx, "claim", [w.id for w in works if w.warehouse_id in served.get(w.order_id, ())], claimed_by=claimed_by,
        claimed_at=tx.now, wave_id=wave_id,
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
    works.sort(key=lambda w: turn(lane=w.lane, paid_at=w.paid_at, ship_by=w.ship_by, order_id=w.order_id, now=tx.now))
    taken = {work.id: work for work in works if work.id in moved}
    await deadlines.schedule(tx, CLAIM, [
        deadlines.Due(work.id, work.merchant_id, tx.now + CLAIM_FOR) for work in taken.values()
    ])  # fmt: skip
    tx.announce(*(
        WorkClaimed(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id],
                    warehouse_id=work.warehouse_id, wave_id=wave_id)
        for work in taken.values()
    ))  # fmt: skip
    return [
        replace(work, state=WorkState.PICKING, version=moved[work.id].version, claimed_by=claimed_by,
                claimed_at=tx.now, wave_id=wave_id)
        for work in taken.values()
    ]  # fmt: skip


async def put_back(tx: Tx, work_ids: Sequence[int], *, reason: str) -> None:
    """Give up picking: the orders go back to their places in the queue and may be cancelled again, unless another

    warehouse is picking its share of them or has sent it.

    Raises WorkUnknown or WorkStateForbids, all problems at once.
    """
    works = await lock_works(tx, work_ids)
    refuse_all(standing_problems(works, {f"[{n}]": work_id for n, work_id in enumerate(work_ids)}, "put_back"))
    await let_go(tx, works, reason=reason)


async def put_back_forgotten(tx: Tx, work_ids: Sequence[int]) -> None:
    """Claims that nobody packed in time end; works that were packed, put back or claimed anew meanwhile are left alone."""
    late = {
        i: work
        for i, work in (await lock_works(tx, work_ids)).items()
        if work.state is WorkState.PICKING and work.claimed_at is not None and work.claimed_at + CLAIM_FOR <= tx.now
    }
    await let_go(tx, late, reason="claim_expired")


async def let_go(tx: Tx, works: Mapping[int, Work], *, reason: str) -> None:
    """Works of locked orders wait again, in their old places; what was packed is taken out of its box."""
    if not works:
        return
    await unlock(tx, works)
    moved = await store.move_works(tx, "put_back", works, claimed_by=None, claimed_at=None, packed=None, wave_id=None)
    await packing.open_again(tx, works)
    await deadlines.call_off(tx, CLAIM, works)
    tx.announce(*(
        WorkPutBack(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id],
                    reason=reason)
        for work in works.values()
    ))  # fmt: skip


async def unlock(tx: Tx, works: Mapping[int, Work]) -> None:
    """The orders of works may be cancelled again, where no other work of theirs is in hand or has left."""
    siblings = await store.works_of(tx, {work.order_id for work in works.values()})
    busy = {one.order_id for one in siblings if one.id not in works and one.state in IN_HAND}
    await orders.unlock_dispatch(tx, {work.order_id for work in works.values()} - busy)


def standing_problems(works: Mapping[int, Work], wanted: Mapping[str, int], verb: str) -> list[Refusal]:
    """Who is missing or stands elsewhere; `wanted` is {path: work}."""
    problems: list[Refusal] = []
    for path, work_id in wanted.items():
        if work_id not in works:
            problems.append(WorkUnknown(f"{path}.work_id".lstrip(".")))
        elif works[work_id].state not in WORK.moves[verb].sources:
            problems.append(WorkStateForbids(path, state=str(works[work_id].state), verb=verb))
    return problems
