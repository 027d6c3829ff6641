"""Reading the plan of returns: which purchases each line of a cancellation gives back, and nothing else of it."""

import csv
import lzma
from collections import Counter
from datetime import datetime
from pathlib import Path

import msgspec

from dingdan.cli.replay.lines import FileUnfit, Note, folded, moment, opened
from dingdan.cli.replay.shop import CURRENCY
from dingdan.kernel.money import from_decimal_string

# The plan has a column more, `class`, with its author's verdict on each line. The verdict here is the system's.
COLUMNS = ("ref", "Invoice", "StockCode", "Quantity", "Price", "CustomerID", "InvoiceDate", "allocations")

REASONS: dict[str, str] = {
    "unreadable": "a part of the line cannot be read",
    "not_a_product": "carriage, fees, vouchers and the like: the stock code is no product's",
    "no_customer": "nobody is named as the buyer",
    "quantity_not_negative": "a cancellation that takes nothing back",
}


class Claim(msgspec.Struct, frozen=True):
    """One line of a cancellation: so many of a code at a price, and of which lines (ref, quantity) the plan says."""

    at: datetime
    ref: str
    customer: str
    code: str
    quantity: int
    price: int
    allocations: tuple[tuple[str, int], ...]


class Plan(msgspec.Struct, frozen=True):
    """All claims by time, and what else was found."""

    claims: list[Claim]
    left_out: Counter[str]


def read(path: Path, *, note: Note | None = None) -> Plan:
    """Read the plan; `note` hears of every line that is left out, with the reason. Raises FileUnfit."""
    claims: list[Claim] = []
    left_out: Counter[str] = Counter()
    try:
        with opened(path) as file:
            rows = csv.reader(file)
            head = next(rows, [])
            if missing := sorted(set(COLUMNS) - set(head)):
                raise FileUnfit(f"{path.name} has no column {', '.join(missing)}")
            places = [head.index(column) for column in COLUMNS]
            for row in rows:
                claim = _claim([row[place] for place in places]) if len(row) == len(head) else "unreadable"
                if isinstance(claim, Claim):
                    claims.append(claim)
                    continue
                left_out[claim] += 1
                if note:
                    note(_as_line(dict(zip(head, row, strict=False))), claim)
    except (lzma.LZMAError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise FileUnfit(f"{path.name} cannot be read: {error}") from error
    claims.sort(key=lambda claim: claim.at)
    return Plan(claims, left_out)


def _claim(row: list[str]) -> Claim | str:
    """A claim, or why a line is none."""
    ref, _, raw_code, raw_quantity, raw_price, customer, when, raw_allocations = row
    at = moment(when)
    try:
        quantity = -int(raw_quantity)
        if at is None:
            return "unreadable"
        code = folded(raw_code)
        if code is None:
            return "not_a_product"
        if not customer:
            return "no_customer"
        if quantity < 1:
            return "quantity_not_negative"
        price = from_decimal_string(raw_price, CURRENCY)
        return Claim(at, ref, customer, code, quantity, price, _allocations(raw_allocations))
    except ValueError:
        return "unreadable"


def _as_line(row: dict[str, str]) -> list[str]:
    """A line of the plan in the columns of the shop's lines, so that all that is left out stands in one list."""
    sheet, _, source_row = row.get("ref", "").partition(":")
    names = ("Invoice", "StockCode", "", "Quantity", "InvoiceDate", "Price", "CustomerID", "")
    return [*(row.get(name, "") for name in names), f"plan, sheet {sheet}", source_row]


def _allocations(text: str) -> tuple[tuple[str, int], ...]:
    """`2:287244x10|1:332558x4` names 10 units of one line and 4 of another. Raises ValueError."""
    found = []
    for part in filter(None, text.split("|")):
        ref, cross, units = part.rpartition("x")
        if not cross or int(units) < 1:
            raise ValueError(text)
        found.append((ref, int(units)))
    return tuple(found)
