"""Rows of files, however badly they are cut or written."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.refusal import Refusals
from dingdan.surfaces.shared import rows
from dingdan.surfaces.shared.problems import Malformed

COLUMNS = rows.Columns(lambda name: name in ("sku", "title_zh", "note"), ["sku", "title_zh", "note"])


async def pieces(raw: bytes, size: int) -> AsyncIterator[bytes]:
    """The same bytes in pieces of a size."""
    for start in range(0, len(raw), size):
        yield raw[start : start + size]


async def read(raw: bytes, form: rows.Format = "csv", size: int = 7) -> list[rows.Row]:
    """All rows of a file."""
    return [row async for row in rows.read_rows(pieces(raw, size), form, COLUMNS)]


def fields(found: list[rows.Row]) -> list[tuple[int, Any]]:
    """What was read, by line."""
    return [(row.line, row.fields) for row in found]


async def test_a_mark_crlf_and_quoted_newlines_are_read() -> None:
    raw = '\ufeffsku,note\r\nA,"one\r\ntwo"\r\n"B ""x""",\r\n\r\nC,"a,b"\r\n'.encode()
    for size in range(1, 30):
        assert fields(await read(raw, size=size)) == [
            (2, {"sku": "A", "note": "one\ntwo"}), (4, {"sku": 'B "x"'}), (6, {"sku": "C", "note": "a,b"}),
        ]  # fmt: skip


async def test_lines_may_end_in_any_way() -> None:
    for end in ("\n", "\r\n", "\r"):
        raw = end.join(["sku,note", "A,1", "B,2"]).encode()
        assert fields(await read(raw)) == [(2, {"sku": "A", "note": "1"}), (3, {"sku": "B", "note": "2"})]


async def test_a_bad_line_says_so_and_the_next_is_read() -> None:
    raw = 'sku,note\nA,1,2\nB\nC,"x"y\nD,\xff\nE,ok\n'.encode("latin-1")
    found = await read(raw)
    assert [(row.line, row.problem.code if row.problem else None) for row in found] == [
        (2, "import.row_unreadable"), (3, "import.row_unreadable"), (4, "import.row_unreadable"),
        (5, "import.row_unreadable"), (6, None),
    ]  # fmt: skip


async def test_a_quotation_mark_without_an_end_does_not_eat_the_memory() -> None:
    raw = b'sku,note\nA,"never closed\n' + b"B,2\n" * 200_000
    found = await read(raw, size=65_536)
    assert found[0].problem is not None
    assert found[0].line == 2


async def test_a_line_without_an_end_does_not_eat_the_memory() -> None:
    raw = b"sku,note\nA," + b"x" * 5_000_000 + b"\nB,2\n"
    found = await read(raw, size=65_536)
    assert [(row.line, row.problem is None) for row in found] == [(2, False), (3, True)]


async def test_a_header_must_name_columns() -> None:
    for raw in (b"", b"\n\n", b"sku,price\nA,1\n", b"sku,sku\nA,1\n", b'"sku\n' * 3):
        with pytest.raises(rows.HeaderUnfit) as refusal:
            await read(raw)
        assert "sku" in refusal.value.remedy.filled(refusal.value.params).zh


async def test_ndjson_is_read_line_by_line() -> None:
    raw = b'\xef\xbb\xbf{"sku": "A"}\r\n\r\n[1]\n{"sku": \n{"sku": "\\u0000"}\n{"sku":"B"}'
    found = await read(raw, "ndjson")
    assert [(row.line, row.fields) for row in found] == [
        (1, {"sku": "A"}), (3, None), (4, None), (5, None), (6, {"sku": "B"}),
    ]  # fmt: skip


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufffd\r"), max_size=20).map(str.strip)


@given(st.lists(st.tuples(CELLS.filter(bool), CELLS), max_size=20), st.integers(1, 50))
async def test_what_was_written_is_what_is_read(wanted: list[tuple[str, str]], size: int) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([("sku", "note"), *wanted])
    found = await read(file.getvalue().encode(), size=size)
    assert [row.fields for row in found] == [
        {"sku": sku} | ({"note": note} if note else {}) for sku, note in wanted
    ]  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from(["sku", "note"]), CELLS), max_size=20), st.integers(1, 50))
async def test_objects_come_back_as_they_were(wanted: list[dict[str, str]], size: int) -> None:
    raw = b"\n".join(msgspec.json.encode(one) for one in wanted)
    assert [row.fields for row in await read(raw, "ndjson", size)] == wanted


def test_problems_of_a_set_are_told_apart_by_row() -> None:
    told = rows.by_row(Refusals([wrong("[1].sku"), wrong("[0].x[2]"), wrong("[1]")]))
    assert {row: [p.path for p in problem.problems] for row, problem in told.items()} == {1: ["sku", ""], 0: ["x[2]"]}
    assert rows.by_row(wrong("merchant")).keys() == {-1}
    assert rows.of_one(wrong("[0].sku")).path == "sku"


def wrong(path: str) -> Malformed:
    """Something wrong at a place."""
    return Malformed(path, what="wrong", what_zh="不对")
