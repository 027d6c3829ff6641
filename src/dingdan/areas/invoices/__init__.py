"""invoices: the paper for what was paid. Numbers without gaps, and what goes back is taken back in red, to the cent."""

from dingdan.areas.invoices.asking import ask, correct, withdraw
from dingdan.areas.invoices.describing import save_seller
from dingdan.areas.invoices.events import (
    InvoiceDrafted,
    InvoiceDropped,
    InvoiceIssued,
    InvoiceLostTrack,
    InvoiceOverdue,
    InvoiceRefused,
    InvoiceRequestAnswered,
    InvoiceRequested,
    InvoiceRequestWithdrawn,
    InvoiceRetried,
    SellerSaved,
)
from dingdan.areas.invoices.issuing import follow, note_overdue, record, retry, try_again
from dingdan.areas.invoices.jobs import InvoiceFault, issue, issued_papers, order_invoice_fault
from dingdan.areas.invoices.lifecycle import InvoiceRequestState, InvoiceState
from dingdan.areas.invoices.model import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceRequest,
    IssueAnswer,
    IssueOutcome,
    Reason,
    Seller,
    Title,
    TitleKind,
)
from dingdan.areas.invoices.promises import ISSUE_BY, RETRY
from dingdan.areas.invoices.reading import (
    drop_words,
    get_one,
    get_request,
    listed,
    of_order,
    seller,
    titles,
)
from dingdan.areas.invoices.refusals import (
    InvoicedAlready,
    InvoiceRequestUnknown,
    InvoiceStateForbids,
    InvoiceUnknown,
    NothingToInvoice,
    NotPaidYet,
    SellerMissing,
    SellerUnfit,
    TaxNumberUnfit,
    TitleUnfit,
)

__all__ = [
    "ISSUE_BY", "RETRY", "Invoice", "InvoiceDrafted", "InvoiceDropped", "InvoiceFault", "InvoiceIssued",
    "InvoiceKind", "InvoiceLine", "InvoiceLostTrack", "InvoiceOverdue", "InvoiceRefused", "InvoiceRequest",
    "InvoiceRequestAnswered", "InvoiceRequestState", "InvoiceRequestUnknown", "InvoiceRequestWithdrawn",
    "InvoiceRequested", "InvoiceRetried", "InvoiceState", "InvoiceStateForbids", "InvoiceUnknown", "InvoicedAlready",
    "IssueAnswer", "IssueOutcome", "NotPaidYet", "NothingToInvoice", "Reason", "Seller", "SellerMissing",
    "SellerSaved", "SellerUnfit", "TaxNumberUnfit", "Title", "TitleKind", "TitleUnfit", "ask", "correct",
    "drop_words", "follow", "get_one", "get_request", "issue", "issued_papers", "listed", "note_overdue", "of_order",
    "order_invoice_fault", "record", "retry", "save_seller", "seller", "titles", "try_again", "withdraw",
]  # fmt: skip
