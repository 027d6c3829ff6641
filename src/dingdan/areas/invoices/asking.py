"""Wishing for an invoice, having its title corrected, and wanting none after all."""

import msgspec

from dingdan.areas import identity, orders
from dingdan.areas.invoices import issuing, reading, store
from dingdan.areas.invoices.events import InvoiceDropped, InvoiceRequested, InvoiceRequestWithdrawn
from dingdan.areas.invoices.lifecycle import INVOICE_REQUEST, InvoiceRequestState, InvoiceState
from dingdan.areas.invoices.model import InvoiceKind, InvoiceRequest, Title
from dingdan.areas.invoices.refusals import (
    InvoicedAlready,
    InvoiceStateForbids,
    NothingToInvoice,
    NotPaidYet,
    SellerMissing,
)
from dingdan.areas.invoices.rules import drafting
from dingdan.areas.invoices.rules.tax_numbers import problems_of_title
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def ask(tx: Tx, order_id: int, title: Title) -> InvoiceRequest:
    """Wish for an invoice over an order; it is made at once, or when the order has come so far.

    Raises orders.OrderUnknown, NotPaidYet, SellerMissing, InvoicedAlready, NothingToInvoice, or everything that is
    wrong with the title.
    """
    order = await orders.lock_one(tx, order_id)
    if order.paid_at is None:
        raise NotPaidYet
    if order.merchant_id not in await store.sellers(tx, [order.merchant_id]):
        raise SellerMissing
    if await _is_open(tx, order_id) or drafting.is_invoiced(await store.get(tx, order_ids=[order_id])):
        raise InvoicedAlready
    if order.total <= order.refunded:
        raise NothingToInvoice
    refuse_all(problems_of_title(title))
    return await _write(tx, order, title, corrects=None)


async def correct(tx: Tx, invoice_id: int, title: Title) -> InvoiceRequest:
    """Have an invoice made out to somebody else: what stands is taken back in red, and a new one is made.

    One that was refused was never issued: it is dropped, and the new one takes its place. Raises InvoiceUnknown,
    InvoiceStateForbids, InvoicedAlready, NothingToInvoice, or everything that is wrong with the title.
    """
    known = await reading.get_one(tx, invoice_id)
    order = await orders.lock_one(tx, known.order_id)
    papers = await store.get(tx, order_ids=[order.id], lock=True)
    wrong = next(one for one in papers if one.id == invoice_id)
    live = drafting.live_invoice(papers)
    is_refused = wrong.kind is InvoiceKind.INVOICE and wrong.state is InvoiceState.REFUSED
    if not is_refused and (live is None or live.id != invoice_id):
        raise InvoiceStateForbids(state=str(wrong.state), verb="correct")
    if await _is_open(tx, order.id):
        raise InvoicedAlready
    if not is_refused and not drafting.left(wrong, papers):
        raise NothingToInvoice
    refuse_all(problems_of_title(title))
    if is_refused:
        moved = await store.move(tx, "drop", [invoice_id])
        await store.uncover(tx, [invoice_id])
        tx.announce(InvoiceDropped(subject_id=invoice_id, merchant_id=order.merchant_id, order_id=order.id,
                                   move=moved[invoice_id]))  # fmt: skip
    return await _write(tx, order, title, corrects=None if is_refused else invoice_id)


async def withdraw(tx: Tx, request_id: int) -> InvoiceRequest:
    """Want no invoice after all, while none is being made. Raises InvoiceRequestUnknown or InvoiceStateForbids."""
    known = await reading.get_request(tx, request_id)
    await orders.lock(tx, [known.order_id])
    moved = await store.move_requests(tx, "withdraw", [request_id])
    if request_id not in moved:
        raise InvoiceStateForbids(state=str(known.state), verb="withdraw")
    tx.announce(InvoiceRequestWithdrawn(subject_id=request_id, merchant_id=known.merchant_id, order_id=known.order_id,
                                        move=moved[request_id]))  # fmt: skip
    return await reading.get_request(tx, request_id)


async def _is_open(tx: Tx, order_id: int) -> bool:
    return any(one.state is InvoiceRequestState.ASKED for one in await store.requests(tx, order_ids=[order_id]))


async def _write(tx: Tx, order: orders.Order, title: Title, *, corrects: int | None) -> InvoiceRequest:
    (sealed,) = await identity.seal(tx, [(order.buyer_id, msgspec.json.encode(title))])
    made = InvoiceRequest(
        id=tx.mint(), order_id=order.id, merchant_id=order.merchant_id, buyer_id=order.buyer_id, kind=title.kind,
        country=title.country, sealed=sealed, corrects=corrects, state=InvoiceRequestState.ASKED, version=1,
        asked_at=tx.now,
    )  # fmt: skip
    await store.add_request(tx, made)
    tx.announce(InvoiceRequested(subject_id=made.id, merchant_id=order.merchant_id, order_id=order.id,
                                 move=born(INVOICE_REQUEST, made.id), kind=str(title.kind),
                                 is_correction=corrects is not None))  # fmt: skip
    await issuing.follow(tx, [order.id])
    return await reading.get_request(tx, made.id)
