"""What stands on an invoice, or on the credit note that takes one back."""

from typing import Any, Literal

import msgspec

from dingdan.areas import invoices
from dingdan.kernel import ids
from dingdan.kernel.money import decimal_string
from dingdan.kernel.times import local_date

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "invoice": "发票", "credit_note": "红字发票", "number": "发票号码", "date": "开票日期", "order": "订单",
        "corrects": "对应蓝字发票号码", "seller": "销售方", "buyer": "购买方", "tax_number": "统一社会信用代码/纳税人识别号",
        "address": "地址、电话", "bank": "开户行及账号", "item": "项目名称", "units": "数量", "net": "金额", "rate": "税率",
        "tax": "税额", "gross": "价税合计", "total": "合计", "provider_ref": "税务系统编号", "erased": "（已删除）",
        "export": "免税",
    },
    "en": {
        "invoice": "Invoice", "credit_note": "Credit note", "number": "Number", "date": "Date of issue", "order": "Order",
        "corrects": "Corrects invoice", "seller": "Seller", "buyer": "Buyer", "tax_number": "Tax number",
        "address": "Address, telephone", "bank": "Bank and account", "item": "Item", "units": "Units", "net": "Net",
        "rate": "Tax rate", "tax": "Tax", "gross": "Total with tax", "total": "Total",
        "provider_ref": "Tax office's number", "erased": "(erased)", "export": "no tax",
    },
}  # fmt: skip


class InvoicePaper(msgspec.Struct, frozen=True, kw_only=True):
    """An issued paper, to whom it is made out (None: forgotten), where its days begin, and the number of what it takes back."""

    invoice: invoices.Invoice
    title: invoices.Title | None
    zone: str
    corrects: str | None = None


def invoice_data(said: InvoicePaper, tongue: Literal["en", "zh"]) -> dict[str, Any]:
    """What the template is filled with; on a credit note amounts are negative."""
    one, words = said.invoice, WORDS[tongue]
    sign = -1 if one.kind is invoices.InvoiceKind.CREDIT_NOTE else 1

    def amount(minor: int) -> str:
        return decimal_string(sign * minor, one.currency)

    return {
        "words": words, "language": tongue, "title": words[str(one.kind)], "is_red": sign < 0,
        "number": one.written_number or "", "date": local_date(one.issued_at, said.zone).isoformat() if one.issued_at else "",
        "order": ids.encode("order", one.order_id), "corrects": said.corrects or "", "currency": one.currency,
        "provider_ref": one.provider_ref or "",
        "seller": _party(one.seller.legal_name, one.seller, _tax_number(one), words),
        "buyer": [words["erased"]] if said.title is None else _party(said.title.name, said.title, said.title.tax_number, words),
        "items": [
            {
                "title": line.title.get(tongue) or next(iter(line.title.values()), ""), "units": str(sign * line.quantity),
                "net": amount(line.net), "rate": _percent(line.rate) if line.rate else words["export"],
                "tax": amount(line.tax), "gross": amount(line.gross),
            }
            for line in one.lines
        ],
        "net": amount(one.net), "tax": amount(one.tax), "total": amount(one.total),
    }  # fmt: skip


def _tax_number(one: invoices.Invoice) -> str:
    """The seller's number in the country whose tax it is."""
    return one.seller.registrations.get(one.country, one.seller.tax_number)


def _party(name: str, party: invoices.Seller | invoices.Title, tax_number: str, words: dict[str, str]) -> list[str]:
    """Name, then whatever else is known, each behind what it is."""
    known = {
        "tax_number": tax_number, "address": f"{party.address} {party.phone}", "bank": f"{party.bank} {party.bank_account}",
    }  # fmt: skip
    return [name, *(f"{words[word]} {text.strip()}" for word, text in known.items() if text.strip())]


def _percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"
