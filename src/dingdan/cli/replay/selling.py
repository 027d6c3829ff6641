"""Orders again: placed, paid, picked, packed, shipped and delivered, a day at a time."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from dingdan.areas import fulfilment, orders, payments, placement
from dingdan.cli.replay import countries
from dingdan.cli.replay.lines import Invoice
from dingdan.cli.replay.pacing import act
from dingdan.cli.replay.shop import CARRIER, CHANNEL, CODE, NOT_GIVEN, Shop, sku_of
from dingdan.cli.replay.store import Known
from dingdan.cli.replay.timing import Day
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database

# What one claim hands out at most.
CLAIM = 200
DELIVERED = "delivered"

Told = Counter[str]
T = TypeVar("T")


async def sell(db: Database, shop: Shop, day: Day, known: Mapping[str, Known]) -> Told:
    """Let a day happen: what exists is recognised by its number and only brought to its end; says what was refused."""
    told: Told = Counter()
    unfinished: dict[int, Invoice] = {}
    for batch in day.batches:
        fresh: list[Invoice] = []
        for invoice in batch.invoices:
            order = known.get(invoice.number)
            if order is None:
                fresh.append(invoice)
            elif order.total != invoice.total:
                told["differs_from_its_order"] += 1
            elif not order.is_delivered:
                unfinished[order.order_id] = invoice
        unfinished |= await _place(db, shop, batch.at, fresh, told) if fresh else {}
    if unfinished:
        await _deliver(db, shop, day.ends_at, unfinished)
    return told


async def _place(db: Database, shop: Shop, at: datetime, fresh: Sequence[Invoice], told: Told) -> dict[int, Invoice]:
    """Place what is new; an invoice that comes twice is refused the second time, by its number."""
    results = await act(db, at, placement.place, [basket_of(shop, invoice) for invoice in fresh])
    placed = {}
    for result, invoice in zip(results, fresh, strict=True):
        if isinstance(result, Refusal):
            codes = [problem.code for problem in result.problems]
            # What came twice was sold already: that nothing of it is left is no second problem.
            told.update([orders.ReferenceTaken.code] if orders.ReferenceTaken.code in codes else codes)
        else:
            placed[result.order_id] = invoice
    return placed


def basket_of(shop: Shop, invoice: Invoice) -> placement.Basket:
    """What the buyer submits; the line numbers of the order are the places of the invoice's lines.

    No `expected_total`: the guard against changed prices stays off, the file does not say what buyers were shown.
    """
    return placement.Basket(
        merchant_id=shop.merchant_id,
        channel=CHANNEL,
        buyer=placement.Buyer(ref=invoice.customer),
        ship_to=Address(name=f"Customer {invoice.customer}", phone=NOT_GIVEN,
                        country=countries.code_of(invoice.country), city=NOT_GIVEN, detail=NOT_GIVEN),
        items=tuple(placement.Item(sku_of(line.code, line.price), line.quantity) for line in invoice.lines),
        reference=invoice.number,
    )  # fmt: skip


async def _deliver(db: Database, shop: Shop, at: datetime, invoices: Mapping[int, Invoice]) -> None:
    """Bring orders from wherever they stand to the buyer's door; each step takes only those that wait for it."""
    order_ids = list(invoices)
    async with db.reading(SYSTEM) as tx:
        found = await orders.get(tx, order_ids)
    unpaid = [i for i, order in found.items() if order.state is orders.OrderState.AWAITING_PAYMENT]
    if unpaid:
        started = await act(db, at, payments.start, unpaid, provider="sandbox", method="instant")
        await payments.call_started(db, [payment.id for payment in started], at=at)
    await act(db, at, fulfilment.queue, order_ids)
    for part in _in_parts(order_ids):
        await act(db, at, fulfilment.claim, shop.warehouse_id, limit=CLAIM, claimed_by=None, order_ids=part)
    async with db.reading(SYSTEM) as tx:
        works = await fulfilment.works_of(tx, order_ids)
    picked = [work for work in works if work.state is fulfilment.WorkState.PICKING]
    if picked:
        await act(db, at, fulfilment.pack_many, [_pack(work, invoices[work.order_id]) for work in picked])
    leaving = [work for work in works if work in picked or work.state is fulfilment.WorkState.PACKED]
    if leaving:
        await act(db, at, fulfilment.ship, [
            fulfilment.Ship(work.id, CARRIER, _number(work.order_id)) for work in leaving
        ])  # fmt: skip
    await act(db, at, fulfilment.scan, [
        fulfilment.Scan(CARRIER, _number(order_id), DELIVERED, DELIVERED, at) for order_id in order_ids
    ])  # fmt: skip


def _pack(work: fulfilment.Work, invoice: Invoice) -> fulfilment.Pack:
    lines = enumerate(invoice.lines, start=1)
    return fulfilment.Pack(work.id, tuple(fulfilment.PackedLine(no, line.quantity) for no, line in lines))


def _number(order_id: int) -> str:
    return f"{CODE}-{order_id}".upper()


def _in_parts(whole: Sequence[T], size: int = CLAIM) -> Iterable[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))
