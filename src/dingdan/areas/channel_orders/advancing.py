"""Bringing our books to where a channel says that its orders are; called again it does what is left and nothing twice."""

from collections.abc import Iterable

import msgspec

from dingdan.areas import inventory, orders, payments, refunds
from dingdan.areas.channel_orders import dispatching, receiving, snagging, store, writing
from dingdan.areas.channel_orders.model import ChannelOrder, Finding, Part, PartKind, ProblemKind
from dingdan.areas.channel_orders.rules import finding
from dingdan.plumbing.tx import Tx

CANCELLED_THERE = "cancelled_on_channel"

Ours = dict[int, orders.Order]


class Stand(msgspec.Struct):
    """Where some orders of channels stand, theirs and ours, and what was found not to fit."""

    sources: dict[int, ChannelOrder]
    parts: dict[int, list[Part]]
    ours: Ours
    found: dict[int, list[Finding]]
    written: set[int]

    @property
    def pairs(self) -> list[tuple[ChannelOrder, orders.Order]]:
        """Theirs with ours, where there is one."""
        return [(s, self.ours[s.order_id]) for s in self.sources.values() if s.order_id in self.ours]

    def note(self, source: ChannelOrder, kind: ProblemKind, **details: object) -> None:
        """Something does not fit."""
        self.found[source.id].append(Finding(kind, details))


async def advance(tx: Tx, ids: Iterable[int]) -> None:
    """Write what is not written, book what is not booked, end what was called off, and say what does not fit."""
    stand = await _stand(tx, ids)
    if not stand.sources:
        return
    await _pay(tx, stand)
    await receiving.readdress(tx, stand)
    await _take_stock(tx, stand)
    await _cancel(tx, stand)
    await _refund(tx, stand)
    _note_ended_here(stand)
    sent = await dispatching.look(tx, stand)
    for source in stand.sources.values():
        stand.found[source.id] += finding.of_word(source, stand.parts[source.id])
    await snagging.settle(tx, stand.sources, stand.ours, stand.found)
    await dispatching.dispatch(tx, stand, sent)


async def _stand(tx: Tx, ids: Iterable[int]) -> Stand:
    """Lock the orders of channels, then ours; write those that can be written now."""
    sources = await store.lock(tx, ids)
    unwritten = [source for source in sources.values() if source.order_id is None]
    failed = await writing.write(tx, unwritten)
    if len(failed) < len(unwritten):
        sources = await store.lock(tx, sources)
    ours = await orders.lock(tx, [s.order_id for s in sources.values() if s.order_id is not None])
    written = {source.id for source in unwritten} - failed.keys()
    return Stand(sources, await store.parts(tx, sources), ours, {i: failed.get(i, []) for i in sources}, written)


async def _pay(tx: Tx, stand: Stand) -> None:
    """Book the money that channels hold, up to what our orders come to."""
    paid, booked = [], {}
    channels = await _codes(tx, stand)
    for source, order in stand.pairs:
        if not _takes_money(source, order):
            continue
        room = order.total - sum(part.booked or 0 for part in stand.parts[source.id])
        for part in _unbooked(stand, source, PartKind.PAYMENT):
            booked[part.id] = min(part.amount, room)
            room -= booked[part.id]
            if booked[part.id]:
                paid.append(payments.PaidElsewhere(
                    order_id=order.id, merchant_id=order.merchant_id, checkout_id=order.checkout_id,
                    channel=channels[source.channel_id], provider_ref=f"{source.id}:{part.ref}",
                    currency=order.currency, amount=booked[part.id],
                ))  # fmt: skip
    await payments.record_elsewhere(tx, paid)
    await payments.confirm_paid(tx, {order.id for _, order in stand.pairs if order.total == 0})
    if booked:
        await store.set_booked(tx, booked)
        stand.parts = await store.parts(tx, stand.sources)
    await _look_again(tx, stand)


def _takes_money(source: ChannelOrder, order: orders.Order) -> bool:
    """An order takes its money while it waits; where both sides called it off it is booked, to be given back."""
    is_off = order.state is orders.OrderState.CANCELLED and source.cancelled_at is not None
    return order.state is orders.OrderState.AWAITING_PAYMENT or is_off


def _unbooked(stand: Stand, source: ChannelOrder, kind: PartKind) -> list[Part]:
    return [part for part in stand.parts[source.id] if part.kind is kind and part.booked is None]


async def _codes(tx: Tx, stand: Stand) -> dict[int, str]:
    owners = {source.merchant_id for source in stand.sources.values()}
    return {one.id: one.code for owner in sorted(owners) for one in await inventory.channels_of(tx, owner)}


async def _look_again(tx: Tx, stand: Stand) -> None:
    stand.ours = await orders.get(tx, stand.ours)


async def _take_stock(tx: Tx, stand: Stand) -> None:
    """Take units for orders that wait for them; those that still get none are held."""
    going = {order.id: source for source, order in stand.pairs
             if source.cancelled_at is None and _is_open(order)}  # fmt: skip
    if not going:
        return
    waiting = going.keys() - (await inventory.parts_of(tx, going)).keys()
    if not waiting:
        return
    old = [order_id for order_id in waiting if going[order_id].id not in stand.written]
    short = waiting - (await inventory.hold_again(tx, old) if old else set())
    for order_id, lines in (await orders.lines(tx, sorted(short))).items():
        wanted: dict[str, int] = {}
        for line in lines:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
        stand.note(going[order_id], ProblemKind.NO_STOCK, wanted=wanted)


def _is_open(order: orders.Order) -> bool:
    states = (orders.OrderState.AWAITING_PAYMENT, orders.OrderState.CONFIRMED, orders.OrderState.HELD)
    return order.state in states and order.shipped_at is None


async def _cancel(tx: Tx, stand: Stand) -> None:
    """End our orders where the channel ended its; what is being picked or has left is a problem for people."""
    for source, order in stand.pairs:
        if source.cancelled_at is None or order.state in (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED):
            continue
        if _is_open(order) and order.dispatch_locked_at is None:
            await orders.cancel(tx, order.id, reason=CANCELLED_THERE)
        else:
            stand.note(source, ProblemKind.CANCELLED_TOO_LATE, shipped=order.shipped_at is not None)
    await _look_again(tx, stand)


async def _refund(tx: Tx, stand: Stand) -> None:
    """Follow what channels gave back; of an order that both sides called off, everything."""
    told = []
    for source, order in stand.pairs:
        back = finding.total_of(stand.parts[source.id], PartKind.REFUND)
        paid = sum(part.booked or 0 for part in stand.parts[source.id])
        if order.state is orders.OrderState.CANCELLED and source.cancelled_at is not None:
            told.append(refunds.RefundedElsewhere(order.id, tx.mint(), order.total))
        elif back:
            told.append(refunds.RefundedElsewhere(order.id, tx.mint(), back))
        if back > paid:
            stand.note(source, ProblemKind.REFUND_EXCEEDS, refunds=back, paid=paid)
    if told:
        await refunds.record_elsewhere(tx, told)


def _note_ended_here(stand: Stand) -> None:
    """The channel goes on with an order that ended here."""
    ended = (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED)
    for source, order in stand.pairs:
        goes_on = any(part.booked is None and part.kind is not PartKind.REFUND for part in stand.parts[source.id])
        if order.state in ended and source.cancelled_at is None and goes_on:
            stand.note(source, ProblemKind.ENDED_HERE, state=str(order.state))
