"""Lists as files that spreadsheets neither corrupt nor execute: CSV with a byte order mark, and XLSX of plain cells."""

import asyncio
import csv
import io
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, NamedTuple

import xlsxwriter
from litestar import Response

from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages import plain
from dingdan.surfaces.shared.pages.screens import Column, Listing, Row

Kind = Literal["csv", "xlsx"]
MOST_EXPORTED = 5_000
CUT = Text(
    f"Only the first {MOST_EXPORTED:,} rows are here. Narrow the list and take the others by themselves.",
    f"仅含前 {MOST_EXPORTED:,} 行，请缩小筛选范围后分批导出。",
)
# What XML cannot hold, and the most that a cell may.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767
# Nothing is taken for a formula, a number or an address by how it looks; rows go out one by one.
PLAIN = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}  # fmt: skip
LEAST_WIDTH, MOST_WIDTH, LOOKED_AT = 8, 60, 100


def as_csv(columns: Sequence[Column], rows: Sequence[Row], tongue: language.Tongue) -> bytes:
    """Rows as CSV; no cell begins a formula, and long numbers stay words."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([language.pick(column.label, tongue) for column in columns])
    writer.writerows([plain.cell(row.cells.get(column.key), tongue) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[Column], rows: Sequence[Row], tongue: language.Tongue) -> bytes:
    """The same as XLSX: counts are numbers, everything else is text and stays what it is, digit by digit."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for n, column in enumerate(columns):
            sheet.set_column(n, n, _width(column, rows, tongue))
        for n, column in enumerate(columns):
            sheet.write_string(0, n, _text(language.pick(column.label, tongue)), bold)
        for line, row in enumerate(rows, start=1):
            for n, column in enumerate(columns):
                value = row.cells.get(column.key)
                if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**plain.LONGEST_NUMBER:
                    sheet.write_number(line, n, value)
                else:
                    sheet.write_string(line, n, _text(plain.words(value, tongue)))
    return out.getvalue()


def _text(words: str) -> str:
    return _NO_XML.sub("\ufffd", words)[:LONGEST_CELL]


def _width(column: Column, rows: Sequence[Row], tongue: language.Tongue) -> int:
    """As wide as the longest of the first cells; a Chinese character is two of the others."""
    said = [
        language.pick(column.label, tongue),
        *(plain.words(row.cells.get(column.key), tongue) for row in rows[:LOOKED_AT]),
    ]
    longest = max(sum(1 + (letter > "\u2e7f") for letter in words[:MOST_WIDTH]) for words in said)
    return min(MOST_WIDTH, max(LEAST_WIDTH, longest + 2))


KINDS: dict[Kind, tuple[Callable[[Sequence[Column], Sequence[Row], language.Tongue], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def file_of(kind: Kind, columns: Sequence[Column], rows: Sequence[Any], tongue: language.Tongue) -> tuple[bytes, str]:
    """Rows as a file of a kind, and what browsers call that."""
    made, media_type = KINDS[kind]
    return made(columns, rows, tongue), media_type


class Exported(NamedTuple):
    """The rows of a file, and whether the list has more than these."""

    rows: Sequence[Row]
    is_cut: bool


async def every_row(first: Listing, further: Callable[[str], Awaitable[Listing]]) -> Exported:
    """All rows behind the first slice as well, up to what a file may hold; `further` reads the slice behind a cursor."""
    rows, following = list(first.rows), first.next
    while following and len(rows) < MOST_EXPORTED:
        slice_ = await further(following)
        rows, following = rows + list(slice_.rows), slice_.next
    return Exported(rows[:MOST_EXPORTED], len(rows) > MOST_EXPORTED or following is not None)


async def answered(kind: Kind, made: Listing, found: Exported, path: str, tongue: language.Tongue) -> Response[bytes]:
    """A list as a file, made beside the loop: thousands of cells take a while.

    Where there is more than a file holds its last line says so, that nobody takes it for all.
    """
    rows = [*found.rows, *([Row("", None, {made.columns[0].key: CUT})] if found.is_cut else [])]
    body, media_type = await asyncio.to_thread(file_of, kind, made.columns, rows, tongue)
    # A word of the path may be anything, and a header is ASCII.
    name = re.sub(r"[^A-Za-z0-9_]+", "-", path).strip("-") or "list"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)
