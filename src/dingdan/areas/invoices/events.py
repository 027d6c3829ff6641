"""Facts about invoices."""

from dingdan.kernel.event import Event


class SellerSaved(Event, frozen=True, kw_only=True):
    """How a merchant's invoices name it was changed."""

    wire = "seller.saved"
    subject = "merchant"

    country: str


class InvoiceRequested(Event, frozen=True, kw_only=True):
    """A buyer wants an invoice."""

    wire = "invoice_request.asked"
    subject = "invoice_request"

    kind: str
    is_correction: bool


class InvoiceRequestAnswered(Event, frozen=True, kw_only=True):
    """The invoice that was wished for is being made."""

    wire = "invoice_request.answered"
    subject = "invoice_request"


class InvoiceRequestWithdrawn(Event, frozen=True, kw_only=True):
    """The buyer wants it no more."""

    wire = "invoice_request.withdrawn"
    subject = "invoice_request"


class InvoiceDrafted(Event, frozen=True, kw_only=True):
    """An invoice or credit note is to be made."""

    wire = "invoice.drafted"
    subject = "invoice"

    kind: str
    reason: str
    total: int
    currency: str


class InvoiceIssued(Event, frozen=True, kw_only=True):
    """It is issued and has its number."""

    wire = "invoice.issued"
    subject = "invoice"

    kind: str
    number: str
    total: int
    currency: str


class InvoiceLostTrack(Event, frozen=True, kw_only=True):
    """Nobody knows whether it was issued; it is asked again under the same number."""

    wire = "invoice.lost_track"
    subject = "invoice"


class InvoiceRefused(Event, frozen=True, kw_only=True):
    """The tax office's system said no; somebody must look."""

    wire = "invoice.refused"
    subject = "invoice"

    failure: str


class InvoiceRetried(Event, frozen=True, kw_only=True):
    """It goes there once more."""

    wire = "invoice.retried"
    subject = "invoice"


class InvoiceDropped(Event, frozen=True, kw_only=True):
    """It was never issued, and another one takes its place."""

    wire = "invoice.dropped"
    subject = "invoice"


class InvoiceOverdue(Event, frozen=True, kw_only=True):
    """It was not issued in the promised time."""

    wire = "invoice.overdue"
    subject = "invoice"
