"""A picker does not find, or finds unfit, what the books promise: others give it, or the order waits (O3.9)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from dingdan.areas import catalog, inventory, merchants, orders
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import WorkShort
from dingdan.areas.fulfilment.lifecycle import IN_HAND, STILL_HERE, WorkState
from dingdan.areas.fulfilment.model import Content, ShortLine, Work
from dingdan.areas.fulfilment.picking import let_go, standing_problems, unlock
from dingdan.areas.fulfilment.promises import CLAIM
from dingdan.areas.fulfilment.queueing import queue
from dingdan.areas.fulfilment.reading import contents_and_goods, lock_works
from dingdan.areas.fulfilment.rules.packing import decide_short
from dingdan.kernel.event import Moved
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def report_short(tx: Tx, work_id: int, reported: Sequence[ShortLine]) -> Work:
    """Take pieces that are not there, or not fit, off a work that is being picked, and off the shelf.

    For what is damaged the same shelf gives another piece if it has any; a shelf where pieces are missing sells nothing
    more until it is counted. Other warehouses of the channel help where the merchant splits orders. What nobody has
    stops the order, unless the merchant lets the rest of it leave or another warehouse is sending its share already.
    The work goes on with what is left, goes back to its place, or ends where nothing is left. Raises WorkUnknown,
    WorkStateForbids or ShortUnfit, all problems at once.
    """
    works = await lock_works(tx, [work_id])
    refuse_all(standing_problems(works, {"": work_id}, "give_up"))
    work = works[work_id]
    lines, goods = await contents_and_goods(tx, [work])
    refuse_all(decide_short(reported, lines[work_id]))
    order = (await orders.get(tx, [work.order_id]))[work.order_id]
    settings = (await merchants.by_ids(tx, [work.merchant_id]))[work.merchant_id].settings
    losses = _losses(work, reported, lines[work_id], goods)
    lost = await orders.run_short(tx, order, losses, may_split=settings.split_orders)
    left = (await inventory.places_of(tx, [order.id], is_held=True)).get(order.id, [])
    is_sent = any(one.state in IN_HAND for one in await store.works_of(tx, [order.id]) if one.id != work_id)
    goes_on = not lost.waiting or is_sent or (settings.ship_the_rest and bool(left))
    now = await _leave(tx, work, is_left=work.warehouse_id in left, goes_on=goes_on)
    if not goes_on:
        await orders.stop_short(tx, order)
    elif any(place != work.warehouse_id for places in lost.moved.values() for place in places):
        await queue(tx, [order.id])
    _announce(tx, work, losses, lost, now)
    return (await store.works(tx, [work_id]))[0]


async def serve_short(tx: Tx, merchant_ids: Collection[int]) -> None:
    """Goods came: orders that wait for missing units get theirs; those that were not stopped are queued for them."""
    waiting = await orders.short(tx, merchant_ids)
    served = await orders.serve_short(tx, waiting) if waiting else set()
    await queue(tx, served)


async def finish(tx: Tx, order_ids: Iterable[int]) -> None:
    """Missing units were cancelled: an order whose other units have all left has left whole, and perhaps arrived."""
    ready = {
        i for i, order in (await orders.lock(tx, order_ids)).items()
        if order.state is orders.OrderState.CONFIRMED and order.shipped_at is None and order.short_since is None
    }  # fmt: skip
    works = await store.works_of(tx, ready)
    gone = {work.order_id for work in works if work.state is WorkState.HANDED_OVER}
    gone -= {work.order_id for work in works if work.state in STILL_HERE}
    if gone:
        await orders.note_shipped(tx, sorted(gone))
        await orders.note_delivered(tx, await store.fully_delivered(tx, gone))


async def _leave(tx: Tx, work: Work, *, is_left: bool, goes_on: bool) -> Moved | None:
    """Where the work goes: on, back to its place, or out of the queue. The step, where the report's fact tells it."""
    if goes_on and is_left:
        return None
    if is_left:
        await let_go(tx, {work.id: work}, reason="short")
        return None
    await unlock(tx, {work.id: work})
    cleared = {"claimed_by": None, "claimed_at": None, "wave_id": None}
    moved = await store.move_works(tx, "give_up", [work.id], **cleared)
    await deadlines.call_off(tx, CLAIM, [work.id])
    return moved[work.id]


def _losses(
    work: Work,
    reported: Sequence[ShortLine],
    lines: Sequence[Content],
    goods: Mapping[tuple[int, str], catalog.Offer],
) -> list[inventory.Loss]:
    """Whole units of each line for the pieces that were reported; a bundle that lacks one piece is missed whole."""
    found: list[inventory.Loss] = []
    for line in lines:
        gone: Counter[int] = Counter()
        damaged: Counter[int] = Counter()
        units = 0
        for sku, each in line.pieces:
            mine = [one for one in reported if one.line_no == line.line_no and sku == (one.sku or line.sku)]
            product_id = goods[work.merchant_id, sku].product_id
            gone[product_id] += sum(one.missing for one in mine)
            damaged[product_id] += sum(one.damaged for one in mine)
            units = max(units, -(-sum(one.missing + one.damaged for one in mine) // each))
        whole = [one for one in reported if one.line_no == line.line_no and (one.sku or line.sku) == line.sku]
        if line.sku not in dict(line.pieces) and whole:
            # The bundle itself was named: all that lies in it.
            units = max(units, sum(one.missing + one.damaged for one in whole))
            for sku, each in line.pieces:
                product_id = goods[work.merchant_id, sku].product_id
                gone[product_id] += each * sum(one.missing for one in whole)
                damaged[product_id] += each * sum(one.damaged for one in whole)
        if units:
            found.append(inventory.Loss(
                order_id=work.order_id, line_no=line.line_no, warehouse_id=work.warehouse_id,
                units=min(units, line.quantity), gone=dict(gone), damaged=dict(damaged),
            ))  # fmt: skip
    return found


def _announce(tx: Tx, work: Work, losses: Sequence[inventory.Loss], lost: inventory.Lost, moved: Moved | None) -> None:
    tx.announce(
        WorkShort(
            subject_id=work.id, merchant_id=work.merchant_id, order_id=work.order_id, move=moved,
            warehouse_id=work.warehouse_id,
            missing={str(one.line_no): sum(one.gone.values()) for one in losses if any(one.gone.values())},
            damaged={str(one.line_no): sum(one.damaged.values()) for one in losses if any(one.damaged.values())},
            moved=_elsewhere(work, lost),
            waiting={str(line_no): units for line_no, units in sorted(lost.waiting.items())},
        )
    )  # fmt: skip


def _elsewhere(work: Work, lost: inventory.Lost) -> dict[str, int]:
    counts = {
        line_no: sum(units for place, units in places.items() if place != work.warehouse_id)
        for line_no, places in sorted(lost.moved.items())
    }
    return {str(line_no): units for line_no, units in counts.items() if units}
