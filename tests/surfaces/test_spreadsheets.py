"""Lists as files: what a spreadsheet gets is what stood there, digit by digit, and nothing in it runs."""

import io
import re
import zipfile

import pytest

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages.exporting import LONGEST_CELL, as_csv, as_xlsx
from dingdan.surfaces.shared.pages.screens import Code, Column, Row

pytestmark = pytest.mark.requirement("issue 6: console")
COLUMNS = [Column("no", Text("Number", "单号")), Column("n", Text("Pieces", "件数"), is_number=True)]


def sheet(*cells: object) -> str:
    """The cells of a file as XML, with the strings where they stand."""
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(COLUMNS, [Row("r", None, {"no": cell, "n": 3}) for cell in cells], "zh")))
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
    assert as_csv(COLUMNS, rows, "en").decode("utf-8-sig").splitlines() == [
        "Number,Pieces",
        *(f"ord_0J4Q7W2M9X3KD,{n}" for n in range(3)),
    ]
    assert as_xlsx(COLUMNS, [], "en").startswith(b"PK")
