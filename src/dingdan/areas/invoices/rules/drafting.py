"""Which papers an order needs next: a wished invoice, a credit note for each refund, red and new where a title was wrong."""

from collections.abc import Callable, Collection, Sequence

import msgspec

from dingdan.areas.invoices.lifecycle import InvoiceRequestState, InvoiceState
from dingdan.areas.invoices.model import Draft, Invoice, InvoiceKind, InvoiceLine, InvoiceRequest, Reason
from dingdan.areas.invoices.rules import amounts


class Affairs(msgspec.Struct, frozen=True, kw_only=True):
    """All about one order that decides about its papers. `given` are the refunds that have arrived, oldest first.

    `is_ready`: the order has come so far that its merchant invoices it. `covered`: refunds that a paper dealt with.
    """

    is_ready: bool
    requests: Sequence[InvoiceRequest]
    invoices: Sequence[Invoice]
    given: Sequence[amounts.Given]
    covered: Collection[int]


LinesOf = Callable[[Sequence[amounts.Given]], tuple[InvoiceLine, ...]]


def next_papers(about: Affairs, lines_of: LinesOf) -> list[Draft]:
    """What is to be drafted now; nothing where everything is done or something has to be issued first."""
    live = live_invoice(about.invoices)
    drafts = _credit_notes(about, live) if live is not None else []
    asked = next((one for one in about.requests if one.state is InvoiceRequestState.ASKED), None)
    if asked is None:
        return drafts
    if asked.corrects is not None and live is not None and live.id == asked.corrects:
        red = _correction(about, live, asked, drafts)
        return [*drafts, red] if red is not None else drafts
    if about.is_ready and live is None and not _is_waiting(about.invoices):
        lines = lines_of(about.given)
        if lines:
            drafts.append(Draft(
                kind=InvoiceKind.INVOICE, reason=Reason.SALE, request_id=asked.id, lines=lines,
                covers=tuple(one.refund_id for one in about.given if one.refund_id and one.refund_id not in about.covered),
            ))  # fmt: skip
    return drafts


def empty_wish(about: Affairs, lines_of: LinesOf) -> int | None:
    """The open wish of an order of which nothing is left to invoice, so that it is not waited for for ever."""
    asked = next((one for one in about.requests if one.state is InvoiceRequestState.ASKED), None)
    is_idle = live_invoice(about.invoices) is None and not _is_waiting(about.invoices)
    return asked.id if asked is not None and about.is_ready and is_idle and not lines_of(about.given) else None


def live_invoice(invoices: Sequence[Invoice]) -> Invoice | None:
    """The invoice that stands: issued, and not taken back because something on it was wrong."""
    corrected = {one.invoice_id for one in invoices if one.reason is Reason.CORRECTION}
    standing = [
        one for one in invoices
        if one.kind is InvoiceKind.INVOICE and one.state is InvoiceState.ISSUED and one.id not in corrected
    ]  # fmt: skip
    return standing[-1] if standing else None


def left(invoice: Invoice, invoices: Sequence[Invoice]) -> tuple[InvoiceLine, ...]:
    """What is left of an invoice after its credit notes, those on their way counted."""
    return amounts.left_of(invoice.lines, [one.lines for one in _notes(invoice, invoices)])


def _notes(invoice: Invoice, invoices: Sequence[Invoice]) -> list[Invoice]:
    return [one for one in invoices if one.invoice_id == invoice.id and one.state is not InvoiceState.DROPPED]


def _is_waiting(invoices: Sequence[Invoice]) -> bool:
    """Whether a paper is still on its way: the next invoice waits for it."""
    ended = (InvoiceState.ISSUED, InvoiceState.DROPPED)
    return any(one.state not in ended for one in invoices)


def _credit_notes(about: Affairs, live: Invoice) -> list[Draft]:
    notes = [one.lines for one in _notes(live, about.invoices)]
    drafts: list[Draft] = []
    for one in about.given:
        if one.refund_id in about.covered or not one.refund_id:
            continue
        lines = amounts.credit_lines(live.lines, notes, one, is_tax_on_top=live.is_tax_on_top)
        if lines:
            notes.append(lines)
            drafts.append(Draft(
                kind=InvoiceKind.CREDIT_NOTE, reason=Reason.REFUND, request_id=live.invoice_request_id, lines=lines,
                invoice_id=live.id, refund_id=one.refund_id, covers=(one.refund_id,),
            ))  # fmt: skip
    return drafts


def _correction(about: Affairs, live: Invoice, asked: InvoiceRequest, drafts: Sequence[Draft]) -> Draft | None:
    notes = [one.lines for one in _notes(live, about.invoices)]
    lines = amounts.left_of(live.lines, [*notes, *(one.lines for one in drafts)])
    if not lines:
        return None
    return Draft(kind=InvoiceKind.CREDIT_NOTE, reason=Reason.CORRECTION, request_id=asked.id, lines=lines,
                 invoice_id=live.id)  # fmt: skip


def is_invoiced(invoices: Sequence[Invoice]) -> bool:
    """Whether an order has an invoice that stands, or one that is being made."""
    making = (InvoiceState.DRAFTED, InvoiceState.UNKNOWN, InvoiceState.REFUSED)
    return live_invoice(invoices) is not None or any(
        one.kind is InvoiceKind.INVOICE and one.state in making for one in invoices
    )
