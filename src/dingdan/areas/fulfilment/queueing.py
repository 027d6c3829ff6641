"""Orders come into the queue when they may be picked, and leave it when they may not."""

from collections.abc import Collection, Iterable

from dingdan.areas import inventory, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import WorkQueued, WorkWithdrawn
from dingdan.areas.fulfilment.lifecycle import WORK, WorkState
from dingdan.areas.fulfilment.rules.priority import Lane, lane_of
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def queue(tx: Tx, order_ids: Iterable[int], *, vip: Collection[int] = ()) -> None:
    """Queue confirmed orders for picking by the time they were paid; `vip` names those of preferred buyers.

    An order that is served from several warehouses is a work in each. Decides by where the order stands now, so it
    may be called late, twice, and before or after `withdraw`. An order that comes back (released) gets its old place.
    """
    ready = {
        order.id: order
        for order in (await orders.lock(tx, order_ids)).values()
        if order.state is orders.OrderState.CONFIRMED and order.shipped_at is None
    }
    known = {(work.order_id, work.warehouse_id): work for work in await store.works_of(tx, ready)}
    served = await inventory.places_of(tx, ready)
    wanted = [(i, place) for i in ready for place in served.get(i, [ready[i].warehouse_id]) if (i, place) not in known]
    lines = await orders.lines(tx, {order_id for order_id, _ in wanted})
    lanes = {
        order_id: lane_of({flag for line in held for flag in line.flags}, is_vip=order_id in vip)
        for order_id, held in lines.items()
    }
    rows = [
        (work_id, order_id, ready[order_id].merchant_id, place, int(lanes[order_id]), ready[order_id].paid_at or tx.now)
        for work_id, (order_id, place) in zip(tx.mint_many(len(wanted)), wanted, strict=True)
    ]  # fmt: skip
    await store.add_works(tx, rows)
    back = {
        work.id: work
        for (order_id, place), work in known.items()
        if work.state is WorkState.WITHDRAWN and place in served.get(order_id, [place])
    }
    moved = await store.move_works(tx, "requeue", back) if back else {}
    tx.announce(*(
        WorkQueued(subject_id=work_id, merchant_id=merchant_id, order_id=order_id, move=born(WORK, work_id),
                   rule=Lane(lane).rule, warehouse_id=warehouse_id, lane=lane)
        for work_id, order_id, merchant_id, warehouse_id, lane, _ in rows
    ))  # fmt: skip
    tx.announce(*(
        WorkQueued(subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved[work.id],
                   rule=Lane(work.lane).rule, warehouse_id=work.warehouse_id, lane=work.lane)
        for work in back.values() if work.id in moved
    ))  # fmt: skip


async def follow_stock(tx: Tx, order_ids: Iterable[int]) -> None:
    """The units of orders may be kept elsewhere now: what waits to be picked there waits here no more.

    Orders that were not let into the queue yet come there in their own time.
    """
    known = {work.order_id for work in await store.works_of(tx, order_ids)}
    if known:
        await withdraw(tx, known)
        await queue(tx, known)


async def withdraw(tx: Tx, order_ids: Iterable[int]) -> None:
    """Take orders that were held or cancelled out of the queue, and from others what a warehouse no longer gives;

    what is being picked stays where it is. Decides by where the order stands now: one that was released meanwhile
    keeps its place.
    """
    found = await orders.lock(tx, order_ids)
    going_on = {i for i, order in found.items() if order.state is orders.OrderState.CONFIRMED}
    served = await inventory.places_of(tx, going_on) if going_on else {}
    queued = {
        work.id: work
        for work in await store.works_of(tx, found)
        if work.state is WorkState.QUEUED
        and (work.order_id not in going_on or work.warehouse_id not in served.get(work.order_id, []))
    }
    moved = await store.move_works(tx, "withdraw", queued) if queued else {}
    tx.announce(*(
        WorkWithdrawn(subject_id=work_id, merchant_id=queued[work_id].merchant_id,
                      order_id=queued[work_id].order_id, move=step)
        for work_id, step in sorted(moved.items())
    ))  # fmt: skip
