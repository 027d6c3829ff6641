"""Packing slips and labels: what stands on them, in both languages, and that scanners read their codes."""

import io

import pypdf
import pytest
import zxingcpp
from PIL import Image

from dingdan.kernel.address import Address
from dingdan.plumbing import printing
from dingdan.surfaces.shared import papers
from tests import given

pytestmark = pytest.mark.requirement("O4.3")

LINK = "https://shop.test/orders/ord_0J4Q7W2M9X3KD"
SLIP = papers.Slip(
    order="ord_0J4Q7W2M9X3KD", reference="R-2026 #1 *x* $y$", link=LINK, to=given.ADDRESS,
    sender={"zh": "杭州仓", "en": "Hangzhou"},
    items=[
        papers.SlipItem({"zh": "马克杯", "en": "Mug"}, "MUG", 2),
        papers.SlipItem({"zh": "礼盒", "en": "Gift"}, "GIFT", 1, (("MUG", 1), ("SOCK", 2))),
    ],
)  # fmt: skip
LABEL = papers.Label(
    carrier={"zh": "顺丰速运", "en": "SF Express"}, number="SF1234567890123", link=LINK, to=given.ADDRESS,
    sender={"zh": "杭州仓", "en": "Hangzhou"}, sent_from=given.ADDRESS, orders=["ord_0J4Q7W2M9X3KD"], units=3,
)  # fmt: skip


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def codes_on(template: str, data: dict[str, object]) -> set[tuple[str, str]]:
    """What a scanner reads from the sheet as a label printer would draw it."""
    drawn = Image.open(io.BytesIO(printing.draw(papers.FOLDER / template, data, form="png")))
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(drawn)}


def test_a_slip_says_in_chinese_what_lies_in_the_box() -> None:
    said = text_of(papers.slip(SLIP, "zh"))

    for words in ("装箱单", "ord_0J4Q7W2M9X3KD", "R-2026 #1 *x* $y$", "王小明", "浙江省杭州市西湖区", "文三路 1 号", "马克杯",
                  "MUG", "礼盒", "MUG × 1, SOCK × 2", "合计 3 件", "杭州仓"):  # fmt: skip
        assert words in said
    assert "¥" not in said


def test_and_in_english() -> None:
    said = text_of(papers.slip(SLIP, "en"))

    for words in ("Packing slip", "Mug", "Gift", "with MUG × 1, SOCK × 2", "Total 3 pieces", "Hangzhou"):
        assert words in said


@pytest.mark.parametrize(
    ("tongue", "words"), [("zh", ("顺丰速运", "收", "件数 3")), ("en", ("SF Express", "To", "Units 3"))]
)
def test_a_label_says_where_the_parcel_goes(tongue: papers.Tongue, words: tuple[str, ...]) -> None:
    said = text_of(papers.label(LABEL, tongue))

    for one in (*words, "SF1234567890123", "王小明", "13812345678", "ord_0J4Q7W2M9X3KD"):
        assert one in said


def test_of_an_erased_person_nothing_stands_there() -> None:
    assert "（已删除）" in text_of(papers.label(papers.Label(**{**fields(LABEL), "to": None}), "zh"))


def fields(label: papers.Label) -> dict[str, object]:
    return {name: getattr(label, name) for name in label.__struct_fields__}


def test_scanners_read_the_codes_of_slip_and_label() -> None:
    told = papers.slip_data(SLIP, "zh"), papers.label_data(LABEL, "en")

    assert codes_on("slip.typ", {"slips": [told[0]], "language": "zh"}) == {("Code128", SLIP.order), ("QRCode", LINK)}
    assert codes_on("label.typ", told[1]) == {("Code128", LABEL.number), ("QRCode", LINK)}


def test_an_address_abroad_is_written_the_other_way_round() -> None:
    abroad = Address(name="Jo", phone="+44 20", country="GB", city="London", detail="1 High St", postcode="N1 1AA")
    said = text_of(papers.label(papers.Label(**{**fields(LABEL), "to": abroad}), "en"))

    assert said.index("1 High St") < said.index("N1 1AA London GB")


def test_a_long_slip_goes_on_over_pages() -> None:
    many = [papers.SlipItem({"en": f"Thing {n}"}, f"S{n}", 1) for n in range(120)]
    content = papers.slip(
        papers.Slip(**{name: getattr(SLIP, name) for name in SLIP.__struct_fields__} | {"items": many}), "en"
    )

    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 1
    assert "Thing 119" in text_of(content)
