"""Lists as files: what a spreadsheet gets is what stood there, digit by digit, and nothing in it runs."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.language import Tongue
from dingdan.surfaces.shared.pages.exporting import KINDS, LONGEST_CELL, Kind, Xlsx, batches, sent
from dingdan.surfaces.shared.pages.screens import Code, Column, Empty, Listing, Row

pytestmark = pytest.mark.requirement("issue 6: console")
COLUMNS = [Column("no", Text("Number", "单号")), Column("n", Text("Pieces", "件数"), is_number=True)]


def made(kind: Kind, rows: Sequence[Row], tongue: Tongue) -> bytes:
    """A file as it arrives."""
    writer = KINDS[kind][0](COLUMNS, tongue)
    whole = writer.add(rows) + b"".join(writer.end())
    writer.drop()
    return whole


def sheet(*cells: object) -> str:
    """The cells of a file as XML, with the strings where they stand."""
    book = zipfile.ZipFile(io.BytesIO(made("xlsx", [Row("r", None, {"no": cell, "n": 3}) for cell in cells], "zh")))
    assert not [name for name in book.namelist() if "vba" in name or "external" in name or "calcChain" in name]
    return book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("word", ["SF1234567890123456789", "1234567890123456789", "0012", "1E5", "2026-11-26"])
def test_numbers_of_many_digits_stay_text(word: str) -> None:
    xml = sheet(Code(word))
    assert re.search(rf'<c r="A2"[^>]*t="inlineStr"[^>]*><is><t[^>]*>{word}</t>', xml)
    assert re.search(r'<c r="B2"[^>]*><v>3</v>', xml)


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.test/", "{=1}"])
def test_nothing_is_a_formula_or_a_link(word: str) -> None:
    xml = sheet(word)
    assert "<f>" not in xml
    assert "hyperlink" not in xml.lower().replace("hyperlink(", "")
    assert 't="inlineStr"' in xml


def test_whatever_somebody_typed_makes_a_sound_file() -> None:
    xml = sheet('a\x00b\ud800c<&>"', "长" * (LONGEST_CELL + 10), None, Money(129900, "CNY"), 10**15)
    assert "a\ufffdb\ufffdc&lt;&amp;&gt;" in xml
    assert "长" * LONGEST_CELL + "<" in xml
    assert str(Money(129900, "CNY")) in xml
    assert re.search(r'<c r="A6"[^>]*t="inlineStr"[^>]*><is><t>1000000000000000</t>', xml)


def test_both_kinds_say_the_same() -> None:
    rows = [Row("r", None, {"no": Code("ord_0J4Q7W2M9X3KD"), "n": n}) for n in range(3)]
    assert made("csv", rows, "en").decode("utf-8-sig").splitlines() == [
        "Number,Pieces",
        *(f"ord_0J4Q7W2M9X3KD,{n}" for n in range(3)),
    ]
    assert made("xlsx", [], "en").startswith(b"PK")


def slice_of(numbers: range) -> Listing:
    """The beginning of a long list, and where it goes on."""
    rows = [Row("r", None, {"no": Code(f"no {n}"), "n": n}) for n in numbers[:3]]
    following = str(numbers[3]) if len(numbers) > 3 else None
    return Listing(title=COLUMNS[0].label, columns=COLUMNS, rows=rows, next=following, empty=Empty(COLUMNS[0].label))


@pytest.mark.parametrize("total", range(10))
@pytest.mark.parametrize("together", [1, 4, 100])
@pytest.mark.parametrize("most", [1, 3, 7, 8, 100])
async def test_a_long_list_is_all_there_or_says_what_is_not(total: int, together: int, most: int) -> None:
    noted: list[int] = []

    async def further(after: str) -> Listing:
        return slice_of(range(int(after), total))

    async def note(rows: int) -> None:
        noted.append(rows)

    said: list[object] = []
    async for rows in batches(slice_of(range(total)), further, note, most=most, together=together):
        said += [row.cells.get("n") for row in rows]
        # It is known that they go before they do.
        assert sum(noted) >= len([n for n in said if n is not None])
    cut = [None] if total > most else []
    assert (said, sum(noted)) == ([*range(min(total, most)), *cut], min(total, most))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_file_comes_in_pieces_of_bounded_size(kind: Kind) -> None:
    writer = KINDS[kind][0](COLUMNS, "en")
    rows = [Row("r", None, {"no": Code("x" * 30), "n": n}) for n in range(20_000)]

    async def further() -> AsyncIterator[Sequence[Row]]:
        for begin in range(5_000, 20_000, 5_000):
            yield rows[begin : begin + 5_000]

    pieces = [piece async for piece in sent(writer, further(), rows[:5_000])]

    assert max(map(len, pieces)) < 300_000
    whole = b"".join(pieces)
    if kind == "csv":
        assert whole.decode("utf-8-sig").splitlines()[-1] == "x" * 30 + ",19999"
    else:
        assert b"<v>19999</v>" in zipfile.ZipFile(io.BytesIO(whole)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("is_whole", [True, False])
async def test_a_file_that_was_sent_or_left_waiting_is_gone_from_the_disk(*, is_whole: bool) -> None:
    writer = Xlsx(COLUMNS, "en")

    async def further() -> AsyncIterator[Sequence[Row]]:
        yield [Row("r", None, {"n": 1})]

    sending = sent(writer, further(), [Row("r", None, {"n": 0})])
    await anext(sending)
    assert lies_there(writer)
    if is_whole:
        assert b"".join([piece async for piece in sending]).startswith(b"PK")
    else:
        await sending.aclose()
    assert not lies_there(writer)


def lies_there(writer: Xlsx) -> bool:
    """Whether anything of a file is on the disk."""
    return Path(writer.place.name).exists()
