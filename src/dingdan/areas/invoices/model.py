"""Who sells and who buys as an invoice names them, what stands on it, and what the tax office's system says."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas.invoices.lifecycle import InvoiceRequestState, InvoiceState

Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
Seen = Annotated[str, Meta(max_length=200)]
BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
# What a series' name begins with.
Prefix = Annotated[str, Meta(max_length=8, pattern=r"^[A-Z0-9]*$")]
Rates = Annotated[dict[Annotated[str, Meta(min_length=1, max_length=200)], BasisPoints], Meta(max_length=500)]

# Of every category that has no rate of its own.
EVERY = "*"


class TitleKind(StrEnum):
    """For whom an invoice is."""

    PERSONAL = "personal"
    COMPANY = "company"


class InvoiceKind(StrEnum):
    """An invoice, or what takes it back: a red invoice (红字发票), a credit note."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Reason(StrEnum):
    """Why it is made: something was sold, was paid back, or stood on it wrongly."""

    SALE = "sale"
    REFUND = "refund"
    CORRECTION = "correction"


class Title(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom an invoice is made out (发票抬头): personal data, sealed wherever it is kept."""

    kind: TitleKind
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    country: Country = "CN"
    tax_number: Annotated[str, Meta(max_length=40)] = ""
    address: Seen = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    bank: Seen = ""
    bank_account: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=200)] = ""


class Seller(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A merchant as its invoices name it, and how it issues them.

    `rates` by category replace those of its country, such as a small firm's ("*" for all others). `registrations` are
    its tax numbers in other countries, whose rates hold for what goes there.
    """

    legal_name: Annotated[str, Meta(min_length=1, max_length=200)]
    country: Country = "CN"
    tax_number: Annotated[str, Meta(max_length=40)] = ""
    address: Seen = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    bank: Seen = ""
    bank_account: Annotated[str, Meta(max_length=40)] = ""
    issue_when: Literal["paid", "completed"] = "completed"
    issue_within_days: Annotated[int, Meta(ge=1, le=30)] = 3
    prefix: Prefix = ""
    rates: Rates = {}
    registrations: Annotated[dict[Country, Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=50)] = {}
    provider: Literal["sandbox"] = "sandbox"


class CountryRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country's rates since a day, in hundredths of a percent; `reduced` by category."""

    since: date
    standard: int
    reduced: dict[str, int] = {}


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what the buyer paid for it, and the tax in that; line 0 is carriage. Of a credit note what is taken back."""

    line_no: int
    title: dict[str, str]
    sku: str
    quantity: int
    gross: int
    tax: int
    rate: int

    @property
    def net(self) -> int:
        """Without the tax."""
        return self.gross - self.tax


class InvoiceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer's wish; `corrects` is the invoice whose title was wrong."""

    id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    kind: TitleKind
    country: str
    sealed: bytes | None
    corrects: int | None
    state: InvoiceRequestState
    version: int
    asked_at: datetime


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice, or with `invoice_id` the credit note to it; amounts are positive on both."""

    id: int
    order_id: int
    merchant_id: int
    invoice_request_id: int
    kind: InvoiceKind
    reason: Reason
    invoice_id: int | None
    refund_id: int | None
    state: InvoiceState
    version: int
    country: str
    currency: str
    net: int
    tax: int
    total: int
    is_tax_on_top: bool
    lines: tuple[InvoiceLine, ...]
    seller: Seller
    provider_ref: str | None
    series: str | None
    number: int | None
    failure: str | None
    drafted_at: datetime
    issued_at: datetime | None

    @property
    def written_number(self) -> str | None:
        """The number as people write it."""
        return None if self.number is None else f"{self.series}-{self.number:06d}"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A paper to be made, and which refunds it has dealt with."""

    kind: InvoiceKind
    reason: Reason
    request_id: int
    lines: tuple[InvoiceLine, ...]
    invoice_id: int | None = None
    refund_id: int | None = None
    covers: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """What it comes to."""
        return sum(line.gross for line in self.lines)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What the tax office's system is told. It knows our ids: the same one again is the same paper."""

    invoice_id: int
    kind: InvoiceKind
    # What the paper that it takes back is called there.
    corrects_ref: str | None
    title: Title | None
    seller: Seller
    currency: str
    net: int
    tax: int
    total: int
    lines: tuple[InvoiceLine, ...]


class IssueOutcome(StrEnum):
    """What became of it there."""

    ISSUED = "issued"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class IssueAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The word of the tax office's system on one paper; `failure` is a code."""

    invoice_id: int
    outcome: IssueOutcome
    provider_ref: str | None = None
    failure: str = ""
