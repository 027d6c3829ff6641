"""Reading the shop's lines: what is an order line, what is not and why, and which invoices they make up."""

import csv
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from dingdan.cli.replay.shop import CURRENCY, LONDON
from dingdan.kernel.money import from_decimal_string

COLUMNS = (
    "Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country", "sheet",
    "source_row",
)  # fmt: skip
# How the plan of returns names the two sheets of the workbook that the file was made from.
SHEETS = {"Year 2009-2010": "1", "Year 2010-2011": "2"}

_SALE = re.compile(r"\d+")
_CANCELLATION = re.compile(r"C\d+")
PRODUCT = re.compile(r"\d{5}[A-Za-z]{0,2}")

# Why a line is no order line, in the order in which it is asked.
REASONS: dict[str, str] = {
    "unreadable": "a part of the line cannot be read",
    "not_an_order": "an invoice that sells nothing (adjustments of bad debt)",
    "not_a_product": "carriage, fees, vouchers and the like: the stock code is no product's",
    "no_customer": "nobody is named as the buyer",
    "quantity_not_positive": "a write-off",
    "price_not_positive": "given away or written off at no price",
    "price_below_a_penny": "no coin can pay it",
    "delivered_again": "its invoice stands in the other sheet too, and its order exists",
}
# Lines of cancellations are returns: the plan says of which purchases, and answers for them.
CANCELLATION = "cancellation"

Note = Callable[[list[str], str], None]


class FileUnfit(Exception):
    """A file is not what its name promises."""


class Line(NamedTuple):
    """One line of an invoice, its price in pence; lines sort by what was sold, so both sheets give them one order."""

    code: str
    price: int
    quantity: int
    source_row: int


class Invoice(msgspec.Struct, frozen=True):
    """One order of the shop as one sheet delivers it; a line's number is its place here, counted from 1."""

    at: datetime
    number: str
    sheet: str
    customer: str
    country: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """What it comes to, in pence."""
        return sum(line.price * line.quantity for line in self.lines)


class Cancelled(NamedTuple):
    """A customer gave something of this code back then."""

    customer: str
    code: str
    at: datetime


class History(msgspec.Struct, frozen=True):
    """Two years of a shop: invoices by time (one that came twice stands here twice), and what else was found."""

    invoices: list[Invoice]
    titles: dict[str, str]
    cancelled: list[Cancelled]
    left_out: Counter[str]
    rows: int

    def sold(self) -> dict[tuple[str, int], int]:
        """How many units were sold of each code at each price; an invoice that came twice was sold once."""
        units: dict[tuple[str, int], int] = {}
        for invoice in {invoice.number: invoice for invoice in reversed(self.invoices)}.values():
            for line in invoice.lines:
                key = (line.code, line.price)
                units[key] = units.get(key, 0) + line.quantity
        return units


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """A CSV file, packed with xz or plain."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file


def read(path: Path, *, note: Note | None = None) -> History:
    """Read the whole file; `note` hears of every line that is left out, with the reason. Raises FileUnfit."""
    reader = _Reader(note)
    try:
        with opened(path) as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) != COLUMNS:
                raise FileUnfit(f"{path.name} does not begin with the columns {', '.join(COLUMNS)}")
            for row in rows:
                reader.take(row)
    except (lzma.LZMAError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise FileUnfit(f"{path.name} cannot be read: {error}") from error
    return reader.history()


class _Draft(NamedTuple):
    at: datetime
    customer: str
    country: str
    lines: list[Line]


class _Reader:
    """Sorts lines into invoices; moments and prices repeat a lot and are worked out once each."""

    def __init__(self, note: Note | None) -> None:
        self._note = note
        self._drafts: dict[tuple[str, str], _Draft] = {}
        self._sheet_of: dict[str, str] = {}
        self._moments: dict[str, datetime | None] = {}
        self._prices: dict[str, int | None] = {}
        self._codes: dict[str, str | None] = {}
        self._titles: dict[str, str] = {}
        self._cancelled: list[Cancelled] = []
        self._left_out: Counter[str] = Counter()
        self._rows = 0

    def take(self, row: list[str]) -> None:
        """Put one row where it belongs."""
        self._rows += 1
        reason = self._place(row)
        if reason:
            self._left_out[reason] += 1
            if self._note and reason != CANCELLATION:
                self._note(row, reason)

    def history(self) -> History:
        """All that was read."""
        invoices = [
            Invoice(draft.at, number, sheet, draft.customer, draft.country, tuple(sorted(draft.lines)))
            for (number, sheet), draft in self._drafts.items()
        ]
        invoices.sort(key=lambda invoice: (invoice.at, invoice.number, invoice.sheet))
        return History(invoices, self._titles, self._cancelled, self._left_out, self._rows)

    def _place(self, row: list[str]) -> str:
        """Keep a row as an order line, or say why it is none."""
        if len(row) != len(COLUMNS):
            return "unreadable"
        (
            number,
            raw_code,
            description,
            raw_quantity,
            when,
            raw_price,
            customer,
            country,
            sheet_name,
            source_row,
        ) = row
        at, sheet = self._moment(when), SHEETS.get(sheet_name)
        if at is None or sheet is None or not source_row.isdecimal():
            return "unreadable"
        code = self._code(raw_code)
        if _CANCELLATION.fullmatch(number):
            if code and customer:
                self._cancelled.append(Cancelled(customer, code, at))
            return CANCELLATION
        quantity = _whole(raw_quantity)
        if quantity is None:
            return "unreadable"
        reason = _why_not(number, customer, code, quantity) or self._why_not_at(raw_price)
        is_again = self._sheet_of.setdefault(number, sheet) != sheet
        if reason or code is None:
            return "delivered_again" if is_again else reason
        line = Line(code, self._pence(raw_price) or 0, quantity, int(source_row))
        self._add(number, sheet, _Draft(at, customer, country, [line]))
        if not self._titles.get(code):
            self._titles[code] = description.strip()
        return "delivered_again" if is_again else ""

    def _add(self, number: str, sheet: str, one: _Draft) -> None:
        draft = self._drafts.setdefault((number, sheet), one)
        if draft is one:
            return
        draft.lines.extend(one.lines)
        if one.at < draft.at:
            # Invoices that took two minutes: the first counts.
            self._drafts[number, sheet] = draft._replace(at=one.at)

    def _why_not_at(self, raw_price: str) -> str:
        pence = self._pence(raw_price)
        if pence is not None:
            return "" if pence > 0 else "price_not_positive"
        try:
            return "price_below_a_penny" if Decimal(raw_price) > 0 else "price_not_positive"
        except InvalidOperation:
            return "unreadable"

    def _pence(self, text: str) -> int | None:
        if text not in self._prices:
            self._prices[text] = _pence(text)
        return self._prices[text]

    def _moment(self, text: str) -> datetime | None:
        if text not in self._moments:
            self._moments[text] = moment(text)
        return self._moments[text]

    def _code(self, text: str) -> str | None:
        if text not in self._codes:
            self._codes[text] = folded(text)
        return self._codes[text]


def _why_not(number: str, customer: str, code: str | None, quantity: int) -> str:
    if not _SALE.fullmatch(number):
        return "not_an_order"
    if code is None:
        return "not_a_product"
    if not customer:
        return "no_customer"
    return "" if quantity > 0 else "quantity_not_positive"


def folded(code: str) -> str | None:
    """A product's stock code in capitals (the shop wrote 85123A and 85123a); None where it is no product's."""
    return code.upper() if PRODUCT.fullmatch(code) else None


def moment(text: str) -> datetime | None:
    """A moment as the shop's clock in London showed it, in UTC."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _pence(text: str) -> int | None:
    try:
        return from_decimal_string(text, CURRENCY)
    except ValueError:
        return None
