"""Rows of bulk files, CSV or NDJSON, read from a stream piece by piece; nothing here knows the web or the database."""

import codecs
import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import msgspec

from dingdan.kernel.refusal import Kind, Refusal, Refusals, Text

Format = Literal["csv", "ndjson"]

MAX_LINE_CHARS = 64 * 1024
MAX_COLUMNS = 100


class RowUnreadable(Refusal):
    """A line of a file is not what its format says."""

    code = "import.row_unreadable"
    kind = Kind.INVALID
    message = Text("The line cannot be read: {why}.", "无法读取该行：{why_zh}。")
    remedy = Text("Mend the line and send the file again; lines that were taken in change nothing twice.",
                  "请修正该行后重新提交文件；已导入的行不会重复生效。")  # fmt: skip


class HeaderUnfit(Refusal):
    """The first line of a CSV file does not name the columns."""

    code = "import.header_unfit"
    kind = Kind.INVALID
    message = Text("The first line must name the columns: {why}.", "首行须为列名：{why_zh}。")
    remedy = Text("Columns are: {columns}.", "可用的列：{columns}。")


class Row(msgspec.Struct, frozen=True):
    """One row: the line it begins on, and its fields, or why it cannot be read."""

    line: int
    fields: dict[str, Any] | None
    problem: Refusal | None = None


class Columns(msgspec.Struct, frozen=True):
    """Which columns a CSV file may have: a test, and their names for people."""

    is_known: Callable[[str], bool]
    names: Sequence[str]


async def read_rows(chunks: AsyncIterable[bytes], form: Format, columns: Columns) -> AsyncIterator[Row]:
    """The rows of a file, however its bytes are cut. Holds one row and one piece in memory. Raises HeaderUnfit."""
    records = _records(_lines(_text(chunks)), form == "csv")
    if form == "ndjson":
        async for line, record in records:
            yield _json_row(line, record)
        return
    header: list[str] | None = None
    async for line, record in records:
        if header is None:
            header = _header(record, columns)
        else:
            yield _csv_row(line, record, header)
    if header is None:
        raise HeaderUnfit(why="the file is empty", why_zh="文件为空", columns=", ".join(columns.names))


async def _text(chunks: AsyncIterable[bytes]) -> AsyncIterator[str]:
    """UTF-8 as text, whatever a piece cuts through; a byte order mark is not text, wrong bytes become U+FFFD."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    async for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


async def _lines(pieces: AsyncIterable[str]) -> AsyncIterator[str | None]:
    """Lines without their ends (LF, CRLF or CR); None in place of one that is too long to be held."""
    rest, is_skipping = "", False
    async for piece in pieces:
        # A CR at the very end may be half of a CRLF: it waits for the next piece.
        text = rest + piece
        held = "\r" if text.endswith("\r") else ""
        *whole, rest = _split(text.removesuffix("\r") if held else text)
        rest += held
        for line in whole:
            yield None if is_skipping or len(line) > MAX_LINE_CHARS else line
            is_skipping = False
        if len(rest) > MAX_LINE_CHARS:
            rest, is_skipping = rest[-1:], True
    for line in _split(rest):
        if line or is_skipping:
            yield None if is_skipping else line
            is_skipping = False


def _split(text: str) -> list[str]:
    # Not splitlines(): it also breaks at characters that may stand inside a field.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


async def _records(lines: AsyncIterable[str | None], is_csv: bool) -> AsyncIterator[tuple[int, str | None]]:
    """Records with the number of the line they begin on: in CSV a quoted field may run over several lines."""
    number, began, size = 0, 0, 0
    held: list[str] = []
    async for line in lines:
        number += 1
        size += len(line or "")
        if line is None or size > MAX_LINE_CHARS:
            yield began or number, None
            began, size, held = 0, 0, []
            continue
        # An odd number of quotation marks opens a field, or closes the one that is open.
        if is_csv and (line.count('"') % 2 == 1) != bool(held):
            began = began or number
            held.append(line)
            continue
        text = "\n".join([*held, line])
        if text.strip():
            yield began or number, text
        began, size, held = 0, 0, []
    if held:
        yield began, None


def _header(record: str | None, columns: Columns) -> list[str]:
    names = [name.strip().lower() for name in next(csv.reader([record or ""]))]
    known = ", ".join(columns.names)
    unknown = [name for name in names if not columns.is_known(name)]
    if unknown:
        raise HeaderUnfit(why=f"there is no column {unknown[0]!r}", why_zh=f"没有列 {unknown[0]!r}", columns=known)
    if len(set(names)) < len(names):
        raise HeaderUnfit(why="a column is named twice", why_zh="列名重复", columns=known)
    return names


def _csv_row(line: int, record: str | None, header: list[str]) -> Row:
    if record is None:
        return _unreadable(line, "it is too long, or a quotation mark is missing", "该行过长，或缺少引号")
    try:
        cells = next(csv.reader(io.StringIO(record, newline=""), strict=True))
    except csv.Error as error:
        return _unreadable(line, f"quotation marks do not fit ({error})", "引号不匹配")
    if len(cells) != len(header):
        return _unreadable(
            line,
            f"{len(cells)} fields, the header names {len(header)}",
            f"有 {len(cells)} 列，而表头为 {len(header)} 列",
        )
    return _fit(line, {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()})


def _json_row(line: int, record: str | None) -> Row:
    if record is None:
        return _unreadable(line, "it is too long", "该行过长")
    try:
        found = msgspec.json.decode(record.encode())
    except (msgspec.DecodeError, RecursionError) as error:
        return _unreadable(line, f"it is no JSON ({error})", "不是有效的 JSON")
    if not isinstance(found, dict):
        return _unreadable(line, "it is no JSON object", "不是 JSON 对象")
    return _fit(line, found)


def _fit(line: int, fields: dict[str, Any]) -> Row:
    for name, value in fields.items():
        if isinstance(value, str) and ("\ufffd" in value or "\x00" in value):
            return _unreadable(line, f"{name} is not UTF-8 text", f"{name} 不是有效的 UTF-8 文本")
    return Row(line, fields)


def _unreadable(line: int, why: str, why_zh: str) -> Row:
    return Row(line, None, RowUnreadable(why=why, why_zh=why_zh))


def by_row(refusal: Refusal) -> dict[int, Refusal]:
    """What an area says about rows of a set (paths like `[3].sku`), told apart by row and without the number.

    A problem that names no row belongs to all of them: it stands under -1.
    """
    found: dict[int, list[Refusal]] = {}
    for problem in refusal.problems:
        head, bracket, rest = problem.path.partition("]")
        is_row = bracket and head.startswith("[") and head[1:].isdigit()
        place, path = (int(head[1:]), rest.removeprefix(".")) if is_row else (-1, problem.path)
        found.setdefault(place, []).append(type(problem)(path, **problem.params).with_solutions(*problem.solutions))
    return {place: problems[0] if len(problems) == 1 else Refusals(problems) for place, problems in found.items()}


def of_rows(told: Mapping[int, Refusal]) -> Refusal:
    """Problems of rows as an area says them, with each row's number in the path; the other way of `by_row`."""
    return Refusals([
        problem if i < 0 else problem.at(f"[{i}]") for i, found in sorted(told.items()) for problem in found.problems
    ])  # fmt: skip


def of_one(refusal: Refusal) -> Refusal:
    """What an area says about a set of one, as if there had been no set."""
    problems = [problem for found in by_row(refusal).values() for problem in found.problems]
    return problems[0] if len(problems) == 1 else Refusals(problems)


@contextmanager
def one_of_a_set() -> Iterator[None]:
    """Around a command that takes sets, called with a set of one: its refusals name no row."""
    try:
        yield
    except Refusal as refusal:
        raise of_one(refusal) from None


def without_path(refusal: Refusal, path: str) -> Refusal:
    """A refusal whose path means nothing to the caller, who named the thing in the address."""
    problems = [
        type(one)("" if one.path == path else one.path, **one.params).with_solutions(*one.solutions)
        for one in refusal.problems
    ]
    return problems[0] if len(problems) == 1 else Refusals(problems)
