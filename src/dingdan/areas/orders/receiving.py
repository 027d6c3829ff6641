"""The clock of automatic receipt: it starts at delivery, stands still while something is said against the order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from dingdan.areas import merchants
from dingdan.areas.orders import rules, store
from dingdan.areas.orders.events import OrderReceiptAnnounced, OrderReceiptDueSoon
from dingdan.areas.orders.model import Order, OrderLine
from dingdan.areas.orders.promises import ANNOUNCED, AT_LEAST, AUTO_RECEIVE
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def start(tx: Tx, delivered: Sequence[Order], signed_at: Mapping[int, datetime]) -> None:
    """Set the clocks of orders that have arrived; where something is said against one already it stands still at once."""
    owners = await merchants.by_ids(tx, {order.merchant_id for order in delivered})
    lines: dict[int, list[OrderLine]] = {}
    for line in await store.lines(tx, [order.id for order in delivered]):
        lines.setdefault(line.order_id, []).append(line)
    dues = [
        deadlines.Due(order.id, order.merchant_id, rules.receive_at(
            lines[order.id], owners[order.merchant_id].settings,
            shipped_at=order.shipped_at or tx.now, signed_at=signed_at[order.id],
        ))
        for order in delivered
    ]  # fmt: skip
    await deadlines.schedule(tx, AUTO_RECEIVE, dues)
    against = await store.objections(tx, [order.id for order in delivered], open_only=True)
    await stop(tx, {one.order_id: one.cause for one in against})


async def stop(tx: Tx, causes: Mapping[int, str]) -> None:
    """Something is said against these orders {order: by what}: the rest of their time is kept, and nobody is reminded."""
    if not causes:
        return
    for cause in sorted(set(causes.values())):
        await deadlines.pause(tx, AUTO_RECEIVE, [i for i in causes if causes[i] == cause], waiting_for=cause)


async def go_on(tx: Tx, order_ids: Iterable[int]) -> None:
    """Nothing is said against them any more: the rest of the time runs, a day at least, with the reminders still to come."""
    await deadlines.resume(tx, AUTO_RECEIVE, order_ids, at_least=AT_LEAST)


async def end(tx: Tx, order_ids: Iterable[int]) -> None:
    """They were received: no clock is left."""
    await deadlines.call_off(tx, AUTO_RECEIVE, order_ids)


async def due(tx: Tx, order_ids: Iterable[int]) -> dict[int, datetime]:
    """When these orders count as received by themselves; none where the clock stands still or does not run."""
    clocks = await deadlines.of_subjects(tx, order_ids)
    return {one.subject_id: one.at for one in clocks if one.kind == AUTO_RECEIVE.name and one.at is not None}


async def remind_of_receipt(tx: Tx, rung: deadlines.Rung, order_ids: Sequence[int]) -> None:
    """Three days and one day before: say that these orders will count as received."""
    locked = await store.lock(tx, order_ids)
    running = await due(tx, order_ids)
    said = OrderReceiptAnnounced if rung == ANNOUNCED else OrderReceiptDueSoon
    tx.announce(*(
        said(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id)
        for order in locked if running.get(order.id, tx.now) > tx.now
    ))  # fmt: skip
