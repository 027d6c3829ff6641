"""Packing slips, labels and invoices, in Chinese or English: what stands on them, and the templates that say where."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from dingdan.kernel.address import Address
from dingdan.plumbing import printing
from dingdan.surfaces.shared.papers.invoice import InvoicePaper as InvoicePaper
from dingdan.surfaces.shared.papers.invoice import invoice_data

Tongue = Literal["en", "zh"]

FOLDER = Path(__file__).parent

SLIP_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "装箱单", "order": "订单", "reference": "店铺单号", "to": "收件人", "from": "发货仓库", "item": "商品",
        "sku": "编码", "units": "数量", "total": "合计", "pieces": "件", "inside": "含",
        "note": "请核对商品；如有错发、漏发，请保留本单和包装并联系我们。", "erased": "（已删除）",
    },
    "en": {
        "title": "Packing slip", "order": "Order", "reference": "Shop's number", "to": "To", "from": "From",
        "item": "Item", "sku": "SKU", "units": "Units", "total": "Total", "pieces": "pieces", "inside": "with",
        "note": "Please check the goods. If anything is wrong or missing, keep this slip and the wrapping and tell us.",
        "erased": "(erased)",
    },
}  # fmt: skip
LABEL_WORDS: dict[str, dict[str, str]] = {
    "zh": {"to": "收", "from": "寄", "orders": "订单", "units": "件数", "erased": "（已删除）"},
    "en": {"to": "To", "from": "From", "orders": "Orders", "units": "Units", "erased": "(erased)"},
}


class SlipItem(msgspec.Struct, frozen=True):
    """One line: what it is called by language, its SKU, units, and for a bundle what lies in it."""

    title: dict[str, str]
    sku: str
    quantity: int
    inside: tuple[tuple[str, int], ...] = ()


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """What a packing slip says: no prices. `link` is where the order is seen."""

    order: str
    reference: str | None
    link: str
    to: Address | None
    sender: dict[str, str]
    items: Sequence[SlipItem]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a label says. `carrier` is a name by language."""

    carrier: dict[str, str]
    number: str
    link: str
    to: Address | None
    sender: dict[str, str]
    sent_from: Address
    orders: Sequence[str]
    units: int


def slip(said: Slip, tongue: Tongue) -> bytes:
    """A packing slip as PDF."""
    return slips([said], tongue)


def slips(said: Sequence[Slip], tongue: Tongue) -> bytes:
    """Packing slips as one PDF, a page each."""
    return printing.draw(FOLDER / "slip.typ", {"slips": [slip_data(one, tongue) for one in said], "language": tongue})


def label(said: Label, tongue: Tongue) -> bytes:
    """A label as PDF, 100 by 150 millimetres, as carriers' own labels are."""
    return printing.draw(FOLDER / "label.typ", label_data(said, tongue))


def invoice(said: InvoicePaper, tongue: Tongue) -> bytes:
    """An invoice or a credit note as PDF, on A4."""
    return printing.draw(FOLDER / "invoice.typ", invoice_data(said, tongue))


def slip_data(said: Slip, tongue: Tongue) -> dict[str, Any]:
    """What the template of a slip is filled with."""
    words = SLIP_WORDS[tongue]
    items = [
        {
            "title": _in(one.title, tongue), "sku": one.sku, "quantity": str(one.quantity),
            "inside": ", ".join(f"{sku} × {count}" for sku, count in one.inside),
        }
        for one in said.items
    ]  # fmt: skip
    return {
        "words": words, "language": tongue, "order": said.order, "reference": said.reference or "",
        "to": _lines(said.to, words), "from": _in(said.sender, tongue), "items": items,
        "total": str(sum(one.quantity for one in said.items)), "bars": printing.bars(said.order),
        "square": printing.square(said.link),
    }  # fmt: skip


def label_data(said: Label, tongue: Tongue) -> dict[str, Any]:
    """What the template of a label is filled with."""
    words = LABEL_WORDS[tongue]
    return {
        "words": words, "language": tongue, "carrier": _in(said.carrier, tongue), "number": said.number,
        "to": _lines(said.to, words), "from": [_in(said.sender, tongue), *_lines(said.sent_from, words)[1:]],
        "orders": list(said.orders), "units": str(said.units), "bars": printing.bars(said.number),
        "square": printing.square(said.link),
    }  # fmt: skip


def _in(text: dict[str, str], tongue: Tongue) -> str:
    return text.get(tongue) or next(iter(text.values()), "")


def _lines(at: Address | None, words: dict[str, str]) -> list[str]:
    """Name and phone, then the place as people of that country write it."""
    if at is None:
        return [words["erased"]]
    if at.country in ("CN", "HK", "MO", "TW"):
        return [f"{at.name}  {at.phone}".strip(), f"{at.province}{at.city}{at.district}", at.detail, at.postcode]
    place = " ".join(part for part in (at.postcode, at.city, at.province, at.country) if part)
    return [f"{at.name}  {at.phone}".strip(), at.detail, at.district, place]
