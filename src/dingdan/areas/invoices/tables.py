"""Who sells, wishes for invoices, the papers themselves, their series, and which refunds they have dealt with."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.invoices.lifecycle import INVOICE, INVOICE_REQUEST
from dingdan.areas.invoices.model import InvoiceKind, Reason, TitleKind
from dingdan.plumbing.schema import amount, count, document, key, metadata, moment, one_of, ref, state, version, word

invoice_sellers = Table(
    "invoice_sellers", metadata,
    ref("merchant_id", primary_key=True),
    document("document"),
    moment("at"),
)  # fmt: skip

# A buyer's wish, with the title in their seal.
invoice_requests = Table(
    "invoice_requests", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("buyer_id"),
    word("kind"),
    word("country"),
    Column("sealed", LargeBinary),
    # The invoice whose title was wrong.
    ref("corrects", nullable=True),
    *state(INVOICE_REQUEST),
    version(),
    moment("asked_at"),
    one_of("kind", TitleKind),
    Index("uq_invoice_requests_open", "order_id", unique=True, postgresql_where=text("state = 'asked'")),
    Index("ix_invoice_requests_order_id", "order_id", "id"),
)  # fmt: skip

# Invoices and credit notes. One that is issued is never changed: a trigger refuses it.
invoices = Table(
    "invoices", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    ref("invoice_request_id", ForeignKey("invoice_requests.id")),
    word("kind"),
    word("reason"),
    # Of a credit note: what it takes back.
    ref("invoice_id", ForeignKey("invoices.id"), nullable=True),
    ref("refund_id", nullable=True),
    *state(INVOICE),
    version(),
    word("country"),
    word("currency"),
    amount("net"),
    amount("tax"),
    amount("total"),
    # Whether tax was added to the prices, or stood in them.
    Column("is_tax_on_top", Boolean, nullable=False),
    document("lines"),
    document("seller"),
    word("provider_ref", nullable=True),
    word("series", nullable=True),
    count("number", nullable=True),
    word("failure", nullable=True),
    moment("drafted_at"),
    moment("issued_at", nullable=True),
    one_of("kind", InvoiceKind),
    one_of("reason", Reason),
    CheckConstraint("total = net + tax AND total > 0 AND tax >= 0 AND net >= 0", name="adds_up"),
    CheckConstraint("(kind = 'credit_note') = (invoice_id IS NOT NULL)", name="takes_something_back"),
    CheckConstraint("(reason = 'refund') = (refund_id IS NOT NULL) AND (kind = 'invoice') = (reason = 'sale')",
                    name="reason_fits"),
    CheckConstraint("(state = 'issued') = (number IS NOT NULL AND series IS NOT NULL AND issued_at IS NOT NULL "
                    "AND provider_ref IS NOT NULL)", name="issued_is_numbered"),
    UniqueConstraint("merchant_id", "series", "number"),
    Index("uq_invoices_refund", "refund_id", unique=True, postgresql_where=text("refund_id IS NOT NULL")),
    Index("uq_invoices_correction", "invoice_id", unique=True, postgresql_where=text("reason = 'correction'")),
    Index("uq_invoices_request", "invoice_request_id", unique=True, postgresql_where=text("kind = 'invoice'")),
    Index("ix_invoices_order_id", "order_id", "id"),
    Index("ix_invoices_merchant_id", "merchant_id", "id"),
    Index("ix_invoices_invoice_id", "invoice_id", postgresql_where=text("invoice_id IS NOT NULL")),
)  # fmt: skip

# The last number of each series. It rises in the transaction that issues, so none is ever missing.
invoice_series = Table(
    "invoice_series", metadata,
    ref("merchant_id", primary_key=True),
    word("series", primary_key=True),
    count("last"),
    CheckConstraint("last > 0", name="last_positive"),
)  # fmt: skip

# Each refund is dealt with by one paper: an invoice that was made after it, or a credit note of its own.
invoice_refunds = Table(
    "invoice_refunds", metadata,
    ref("refund_id", primary_key=True),
    ref("order_id"),
    ref("merchant_id"),
    ref("invoice_id", ForeignKey("invoices.id")),
    Index("ix_invoice_refunds_order_id", "order_id"),
)  # fmt: skip
