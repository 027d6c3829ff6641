"""What a tax number is, country by country: check digits where the country has them."""

import re

from stdnum import get_cc_module

from dingdan.areas.invoices.model import Seller, Title, TitleKind
from dingdan.areas.invoices.refusals import SellerUnfit, TaxNumberUnfit, TitleUnfit
from dingdan.kernel.refusal import Refusal

# Greece writes its numbers with EL.
_OTHER_CODES = {"GR": "EL"}
_PLAIN = re.compile(r"[0-9A-Z]{4,20}")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


def is_tax_number(country: str, number: str) -> bool:
    """Whether it can be one. China: 统一社会信用代码 with its check digit (GB 32100-2015)."""
    if not number.isascii():
        return False
    module = get_cc_module(_OTHER_CODES.get(country, country).lower(), "vat")
    return bool(module.is_valid(number)) if module is not None else _PLAIN.fullmatch(number) is not None


def problems_of_title(title: Title) -> list[Refusal]:
    """Everything that keeps a title off an invoice."""
    found: list[Refusal] = []
    for name in ("name", "address", "phone", "bank", "bank_account"):
        text: str = getattr(title, name)
        if (text or name == "name") and (not text.strip() or not text.isprintable()):
            found.append(TitleUnfit(f"title.{name}", why="it cannot be printed", why_zh="内容为空或含不可打印字符"))
    if title.email and _MAIL.fullmatch(title.email) is None:
        found.append(TitleUnfit("title.email", why="this is no address of mail", why_zh="邮箱格式不正确"))
    if title.kind is TitleKind.PERSONAL and title.tax_number:
        found.append(TitleUnfit("title.tax_number", why="a person's invoice names none", why_zh="个人发票无需税号"))
    if title.kind is TitleKind.COMPANY and not is_tax_number(title.country, title.tax_number):
        found.append(TaxNumberUnfit("title.tax_number", country=title.country))
    return found


def problems_of_seller(seller: Seller) -> list[Refusal]:
    """Everything that keeps a seller off an invoice."""
    found: list[Refusal] = []
    for name in ("legal_name", "address", "phone", "bank", "bank_account"):
        text: str = getattr(seller, name)
        if (text or name == "legal_name") and (not text.strip() or not text.isprintable()):
            found.append(SellerUnfit(name, why="it cannot be printed", why_zh="内容为空或含不可打印字符"))
    if not is_tax_number(seller.country, seller.tax_number):
        found.append(TaxNumberUnfit("tax_number", country=seller.country))
    for country, number in seller.registrations.items():
        if not is_tax_number(country, number):
            found.append(TaxNumberUnfit("registrations", country=country))
    if any(category != category.strip() or not category.isprintable() for category in seller.rates):
        found.append(SellerUnfit("rates", why="a category is no name", why_zh="类目名称不合法"))
    return found
