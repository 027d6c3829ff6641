"""What happened here is told back: queued by the facts, handed out until the channel says that it has it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dingdan.areas import fulfilment, inventory, orders, refunds
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.advancing import CANCELLED_THERE
from dingdan.areas.channel_orders.model import ChannelOrder, UpdateKind
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx

# An update that a channel has not acknowledged by then is late.
TARGET = timedelta(seconds=60)

KINDS: Mapping[type[Event], UpdateKind] = {
    fulfilment.ParcelDispatched: UpdateKind.PARCEL_DISPATCHED,
    orders.OrderShipped: UpdateKind.SHIPPED,
    orders.OrderDelivered: UpdateKind.DELIVERED,
    orders.OrderCancelled: UpdateKind.CANCELLED,
    refunds.RefundSettled: UpdateKind.REFUNDED,
}


# What of these a channel did itself where it sends its orders.
BY_US = (fulfilment.ParcelDispatched, orders.OrderShipped)


async def tell(tx: Tx, facts: Sequence[Event]) -> int:
    """Queue what has to be told back about orders that were made elsewhere, each once; says how much was new.

    What the channel did itself it is not told.
    """
    parcels = await fulfilment.parcels(tx, [f.subject_id for f in facts if isinstance(f, fulfilment.ParcelDispatched)])
    concerned = {fact.order_id for fact in facts if fact.order_id is not None}
    concerned |= {line.order_id for parcel in parcels.values() for line in parcel.lines}
    sources = await store.of_orders(tx, concerned) if concerned else {}
    if not sources:
        return 0
    theirs = {part.channel_order_id for part in await store.booked_shipments(tx, [s.id for s in sources.values()])}
    ours = {i: source for i, source in sources.items() if source.id not in theirs}
    rows = [
        row for fact in facts
        for row in _rows(tx, fact, ours if isinstance(fact, BY_US) else sources, parcels)
    ]  # fmt: skip
    return await store.add_updates(tx, rows)


def _rows(
    tx: Tx, fact: Event, sources: Mapping[int, ChannelOrder], parcels: Mapping[int, fulfilment.Parcel]
) -> Iterable[tuple[Any, ...]]:
    if isinstance(fact, fulfilment.ParcelDispatched):
        parcel = parcels[fact.subject_id]
        for order_id in sorted({line.order_id for line in parcel.lines} & sources.keys()):
            source = sources[order_id]
            lines = [
                {"ref": source.deal.lines[line.line_no - 1].ref, "quantity": line.quantity}
                for line in parcel.lines if line.order_id == order_id
            ]  # fmt: skip
            document = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number, "lines": lines}
            yield _row(tx, source, fact, document)
    elif fact.order_id is not None and fact.order_id in sources and not _is_theirs(fact):
        yield _row(tx, sources[fact.order_id], fact, _document(fact))


def _is_theirs(fact: Event) -> bool:
    if isinstance(fact, orders.OrderCancelled):
        return fact.reason == CANCELLED_THERE
    is_told = isinstance(fact, refunds.RefundSettled) and fact.cause in (refunds.Cause.CHANNEL, refunds.Cause.EXCESS)
    return is_told or (isinstance(fact, refunds.RefundSettled) and not fact.amount)


def _document(fact: Event) -> dict[str, Any]:
    if isinstance(fact, orders.OrderCancelled):
        return {"reason": fact.reason}
    if isinstance(fact, refunds.RefundSettled):
        return {"amount": fact.amount, "currency": fact.currency, "cause": fact.cause}
    return {}


def _row(tx: Tx, source: ChannelOrder, fact: Event, document: dict[str, Any]) -> tuple[Any, ...]:
    return (tx.mint(), source.merchant_id, source.channel_id, source.id, source.order_id, str(KINDS[type(fact)]),
            fact.subject_id, document)  # fmt: skip


async def acknowledge(tx: Tx, channel: inventory.Channel, ids: Iterable[int]) -> int:
    """Note that a channel has these updates; said again it changes nothing. Says how many were new."""
    return await store.acknowledge(tx, channel.id, ids)
