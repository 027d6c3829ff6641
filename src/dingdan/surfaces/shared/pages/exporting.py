"""Lists as files that spreadsheets neither corrupt nor execute: CSV with a byte order mark, and XLSX of plain cells."""

import asyncio
import csv
import io
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import xlsxwriter
from litestar.response import Stream

from dingdan.areas import access
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Text
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages import plain
from dingdan.surfaces.shared.pages.screens import Column, Listing, Row

Kind = Literal["csv", "xlsx"]
# So many rows at most in a file, and so many are read before the next of it is sent.
MOST_EXPORTED, TOGETHER = 100_000, 5_000
PIECE = 256 * 1024
# What XML cannot hold, and the most that a cell may.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767
# Nothing is taken for a formula, a number or an address by how it looks; rows go out one by one.
PLAIN = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}  # fmt: skip
LEAST_WIDTH, MOST_WIDTH, LOOKED_AT = 8, 60, 100


class Writer(Protocol):
    """A file in the making: rows go in as they are read, and its bytes come out as soon as they are known."""

    def add(self, rows: Sequence[Row]) -> bytes:
        """What can be sent after these rows; nothing where the file is known at its end only."""

    def end(self) -> Iterator[bytes]:
        """What is left to send."""

    def drop(self) -> None:
        """Keep nothing of a file that nobody waits for any more, nor of one that was sent."""


class Csv:
    """Rows as CSV; no cell begins a formula, and long numbers stay words."""

    def __init__(self, columns: Sequence[Column], tongue: language.Tongue) -> None:
        self._columns, self._tongue = columns, tongue
        self._out = io.StringIO()
        self._writer = csv.writer(self._out)
        self._out.write("\ufeff")
        self._writer.writerow([language.pick(column.label, tongue) for column in columns])

    def add(self, rows: Sequence[Row]) -> bytes:
        """The lines of these rows; before the first of all stands the head."""
        keys = [column.key for column in self._columns]
        self._writer.writerows([plain.cell(row.cells.get(key), self._tongue) for key in keys] for row in rows)
        made = self._out.getvalue().encode()
        self._out.seek(0)
        self._out.truncate()
        return made

    def end(self) -> Iterator[bytes]:
        """Nothing: every line was sent."""
        return iter(())

    def drop(self) -> None:
        """Nothing is kept."""


class Xlsx:
    """The same as XLSX: counts are numbers, everything else is text and stays what it is, digit by digit."""

    def __init__(self, columns: Sequence[Column], tongue: language.Tongue) -> None:
        self._columns, self._tongue = columns, tongue
        # Rows and the file itself lie on the disk, however many they are.
        self.place = tempfile.TemporaryDirectory()
        self._out = Path(self.place.name) / "list.xlsx"
        self._book = xlsxwriter.Workbook(self._out, {**PLAIN, "tmpdir": self.place.name})
        self._sheet, self._line = self._book.add_worksheet(), 0

    def add(self, rows: Sequence[Row]) -> bytes:
        """Nothing yet."""
        if self._line == 0:
            self._begin(rows)
        for line, row in enumerate(rows, start=self._line + 1):
            for n, column in enumerate(self._columns):
                value = row.cells.get(column.key)
                if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**plain.LONGEST_NUMBER:
                    self._sheet.write_number(line, n, value)
                else:
                    self._sheet.write_string(line, n, _text(plain.words(value, self._tongue)))
        self._line += len(rows)
        return b""

    def _begin(self, rows: Sequence[Row]) -> None:
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        for n, column in enumerate(self._columns):
            self._sheet.set_column(n, n, _width(column, rows, self._tongue))
        for n, column in enumerate(self._columns):
            self._sheet.write_string(0, n, _text(language.pick(column.label, self._tongue)), bold)

    def end(self) -> Iterator[bytes]:
        """The whole file, piece by piece."""
        self._book.close()
        with self._out.open("rb") as made:
            while piece := made.read(PIECE):
                yield piece

    def drop(self) -> None:
        """Nothing is left on the disk."""
        self.place.cleanup()


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


KINDS: Mapping[Kind, tuple[Callable[[Sequence[Column], language.Tongue], Writer], str]] = {
    "csv": (Csv, "text/csv; charset=utf-8"),
    "xlsx": (Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def cut(most: int) -> Text:
    """The last line of a file that does not hold all of its list, that nobody takes it for all."""
    return Text(
        f"Only the first {most:,} rows are here. Narrow the list and take the others by themselves.",
        f"仅含前 {most:,} 行，请缩小筛选范围后分批导出。",
    )


async def batches(
    first: Listing,
    further: Callable[[str], Awaitable[Listing]],
    note: Callable[[int], Awaitable[None]],
    *,
    most: int = MOST_EXPORTED,
    together: int = TOGETHER,
) -> AsyncIterator[Sequence[Row]]:
    """All rows of a list from its first slice on, many at a time; `further` reads the slice behind a cursor.

    They are at most `most`; where there are more, a last row says so. `note` is told how many they are before anybody gets
    them, and nothing is read before it is asked for.
    """
    rows, following, given = list(first.rows), first.next, 0
    while True:
        while following and len(rows) < min(together, most - given + 1):
            slice_ = await further(following)
            rows.extend(slice_.rows)
            following = slice_.next
        own, rows = rows[: most - given], rows[most - given :]
        given += len(own)
        await note(len(own))
        yield own
        if given == most and (rows or following):
            yield [Row("", None, {first.columns[0].key: cut(most)})]
        if given == most or not following:
            return


async def sent(writer: Writer, rows: AsyncIterator[Sequence[Row]], begun: Sequence[Row]) -> AsyncIterator[bytes]:
    """A file while it is read, made beside the loop: thousands of cells take a while."""
    try:
        yield await asyncio.to_thread(writer.add, begun)
        async for more in rows:
            yield await asyncio.to_thread(writer.add, more)
        left = writer.end()
        while piece := await asyncio.to_thread(next, left, b""):
            yield piece
    finally:
        writer.drop()


class Taker(NamedTuple):
    """Who takes a list away as a file: through which door, at which address, and in which language."""

    db: Database
    actor: Actor
    door: str
    path: str
    tongue: language.Tongue

    async def note(self, rows: int) -> None:
        """That they took so many rows is a fact."""

        async def note(tx: Tx) -> None:
            access.note_export(tx, self.door, rows)

        await within(self.db, self.actor, note, name="pages.note_export")


async def answered(
    taker: Taker, kind: Kind, made: Listing, further: Callable[[str], Awaitable[Listing]]
) -> Stream:  # fmt: skip
    """A list as a file. Its first rows are read before anything is said, so that what cannot be read is no torn file."""
    begin, media_type = KINDS[kind]
    rows = batches(made, further, taker.note)
    begun = await anext(rows)
    # A word of the path may be anything, and a header is ASCII.
    name = re.sub(r"[^A-Za-z0-9_]+", "-", taker.path).strip("-") or "list"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Stream(sent(begin(made.columns, taker.tongue), rows, begun), media_type=media_type, headers=headers)
