"""Tracking numbers as spreadsheets give them, whatever the spreadsheet did to them."""

import pytest

from dingdan.surfaces.shared import tracking_rows
from dingdan.surfaces.shared.tracking_rows import SheetUnreadable, read, tidy

pytestmark = pytest.mark.requirement("O4.3")

PLAIN = "order,carrier,tracking_number,lines\nR1,sf,SF1234567890123,1*2; 3*1\nR2,sf,SF1234567890124,\n"


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [(row.cells["order"], row.cells["carrier"], row.cells["tracking_number"]) for row in read(content)]


def test_a_plain_file_is_read_with_its_lines() -> None:
    first, second = read(PLAIN.encode())

    assert (first.line, second.line) == (2, 3)
    assert (first.lines, second.lines) == (((1, 2), (3, 1)), ())
    assert first.problems == second.problems == ()


CHINESE = "订单号,快递公司,运单号\r\nR1,顺丰速运,SF1234567890123\r\n"


@pytest.mark.parametrize(
    "content",
    [
        CHINESE.encode(), CHINESE.encode("utf-8-sig"), CHINESE.encode("gbk"), CHINESE.encode("gb18030"),
        CHINESE.replace(",", "\t").encode("utf-16"), CHINESE.replace(",", ";").encode(),
    ],
)  # fmt: skip
def test_files_of_chinese_spreadsheets_are_read(content: bytes) -> None:
    assert cells(content) == [("R1", "顺丰速运", "SF1234567890123")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'012345678901", "012345678901"), ('="012345678901"', "012345678901"), ("ＳＦ１２３４", "SF1234"),
        (" SF1 \u200b", "SF1"), ("\u3000R1\u3000", "R1"), ("", ""),
    ],
)  # fmt: skip
def test_what_spreadsheets_put_around_a_cell_is_taken_off_and_leading_zeros_stay(cell: str, text: str) -> None:
    assert tidy(cell) == text


@pytest.mark.parametrize("number", ["7.73123E+14", "1,2E+11", "1.2e+11", "１.2E+11"])
def test_a_number_that_was_rounded_is_refused_with_the_way_to_keep_it(number: str) -> None:
    (row,) = read(f'order,carrier,tracking_number\nR1,sf,"{number}"\n'.encode())

    assert [(p.code, p.path) for p in row.problems] == [("sheet.number_rounded", "tracking_number")]
    assert "text" in row.problems[0].remedy.en
    assert "文本" in row.problems[0].remedy.zh


def test_what_is_wrong_with_cells_stands_with_their_row() -> None:
    (row,) = read(f"order,carrier,tracking_number,lines\n,{'x' * 201},A,two\n".encode())

    assert [(p.code, p.path) for p in row.problems] == [
        ("sheet.cell_unfit", "order"), ("sheet.cell_unfit", "carrier"), ("sheet.cell_unfit", "lines"),
    ]  # fmt: skip
    (long,) = read(b"order,carrier,tracking_number\nR1,sf,A,B\n")
    assert [p.code for p in long.problems] == ["sheet.cell_unfit"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xff\xff", b"order,carrier\nR1,sf\n", b"order,carrier,tracking_number,colour\n",
        b"order,order,carrier,tracking_number\n", b'order,carrier,tracking_number\n"R1,sf', b"\x00" * 9,
        PLAIN.encode() + b"R,sf,X,\n" * tracking_rows.MAX_ROWS,
    ],
)  # fmt: skip
def test_what_is_no_table_of_numbers_is_refused(content: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        read(content)
