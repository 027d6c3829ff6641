"""Small files in the shape of the shop's, and what a file comes to, counted without any of the program."""

import csv
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

HEAD = (
    "Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country", "sheet",
    "source_row",
)  # fmt: skip
PLAN_HEAD = (
    "ref", "Invoice", "StockCode", "Quantity", "Price", "CustomerID", "InvoiceDate", "class", "allocations",
)  # fmt: skip
FIRST, SECOND = "Year 2009-2010", "Year 2010-2011"
# Columns.
INVOICE, CODE, _, QUANTITY, AT, PRICE, CUSTOMER, _, SHEET, ROW = range(10)

Row = Sequence[str]


class Expected(NamedTuple):
    """What a replay should come to; money in pence."""

    orders: int
    lines: int
    gross: Decimal
    accepted: int
    refunds: Decimal
    at_another_price: int
    over_return: int
    before_purchase: int
    no_order: int


def row(
    invoice: str = "489434",
    code: str = "85048",
    quantity: object = 12,
    price: str = "6.95",
    *,
    at: str = "2009-12-01 07:45:00",
    customer: str = "13085",
    description: str = "GLASS BALL",
    country: str = "United Kingdom",
    sheet: str = FIRST,
    source_row: object = 2,
) -> list[str]:
    """One line of the shop; what is not said is sound."""
    return [invoice, code, description, str(quantity), at, price, customer, country, sheet, str(source_row)]


def claim(
    ref: str,
    code: str = "85048",
    quantity: int = -1,
    price: str = "6.95",
    *,
    at: str = "2009-12-01 09:00:00",
    customer: str = "13085",
    allocations: str = "",
) -> list[str]:
    """One line of the plan; its class is nobody's business."""
    return [ref, "C489500", code, str(quantity), price, customer, at, "never read", allocations]


def write(path: Path, head: Row, rows: Iterable[Row]) -> Path:
    """A packed file of these rows."""
    with lzma.open(path, "wt", encoding="utf-8", newline="", preset=0) as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(rows)
    return path


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a packed file, without its head."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def sold(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The order lines by invoice; an invoice that stands in both sheets counts in the second."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for line in rows:
        is_sale = line[INVOICE].isdigit() and line[CUSTOMER] and int(line[QUANTITY]) > 0 and Decimal(line[PRICE]) > 0
        if is_sale and re.fullmatch(r"\d{5}[A-Za-z]{0,2}", line[CODE]):
            found[line[INVOICE]][line[SHEET]].append(line)
    return {invoice: sheets[max(sheets)] for invoice, sheets in found.items()}


def expected(rows: Iterable[Row], plan: Iterable[Row]) -> Expected:
    """What these files come to; the verdicts are those of the plan's author, in the column that the program ignores."""
    orders = sold(rows)
    lines = [line for held in orders.values() for line in held]
    classes: Counter[str] = Counter()
    refunds = Decimal()
    bought = {(line[CUSTOMER], line[CODE].upper()) for line in lines}
    for _, _, code, quantity, price, customer, _, verdict, _ in plan:
        # What is bought only after the end of the file has never been bought.
        kind = "7" if verdict[0] == "6" and (customer, code.upper()) not in bought else verdict[0]
        classes[kind] += 1
        if kind in "123":
            refunds += -int(quantity) * Decimal(price)
    return Expected(
        orders=len(orders),
        lines=len(lines),
        gross=sum((int(line[QUANTITY]) * Decimal(line[PRICE]) for line in lines), Decimal()),
        accepted=classes["1"] + classes["2"] + classes["3"],
        refunds=refunds,
        at_another_price=classes["4"],
        over_return=classes["5"],
        before_purchase=classes["6"],
        no_order=classes["7"],
    )
