"""How merchants are named on their invoices, and how they issue them."""

from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import invoices, merchants
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import typed
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Link,
    Listing,
    Row,
    Sheet,
)
from dingdan.surfaces.shared.wire import MerchantRef, Short


class SellerForm(Form, frozen=True, kw_only=True):
    """How a merchant's invoices name it."""

    legal_name: Annotated[str, Meta(min_length=1, max_length=200)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "CN"
    tax_number: Annotated[str, Meta(max_length=40)] = ""
    address: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    bank: Annotated[str, Meta(max_length=200)] = ""
    bank_account: Annotated[str, Meta(max_length=40)] = ""
    issue_when: Annotated[str, Meta(pattern="^(paid|completed)$")] = "completed"
    issue_within_days: Annotated[int, Meta(ge=1, le=30)] = 3
    prefix: Short = ""
    rate: Annotated[str, Meta(max_length=10)] = ""


@screen("/invoices/sellers", permission="invoice.write")
async def sellers(tx: Tx, query: ListQuery) -> Listing:
    """How merchants' invoices name them."""
    own = tx.actor.merchant_id
    shops = (
        list((await merchants.by_ids(tx, [own])).values())
        if own is not None
        else await merchants.listed(tx, Page(limit=200))
    )
    known = {shop.id: await invoices.seller(tx, shop.id) for shop in shops}
    return Listing(
        title=Text("Seller details", "销售方信息"), rows=[_seller_row(shop, known[shop.id]) for shop in shops],
        columns=[
            Column("merchant", Text("Merchant", "商家")), Column("name", Text("Name on invoices", "发票销售方名称")), Column("tax", Text("Tax number", "纳税人识别号")),
            Column("when", Text("Issued", "开票时点")), Column("prefix", Text("Series", "号段前缀")),
        ],
        acts=[Act("invoices", Text("Invoices", "发票"), "/invoices", is_link=True)], empty=Empty(Text("No merchant yet.", "还没有商家。")),
    )  # fmt: skip


def _seller_row(shop: merchants.Merchant, known: invoices.Seller | None) -> Row:
    here = f"/invoices/sellers/{shop.code}"
    when = {"paid": Text("when paid", "付款后"), "completed": Text("when completed", "完成后")}
    return Row(shop.code, here, {
        "merchant": Link(here, naming.in_tongues(shop.name)), "name": known.legal_name if known else Text("not said: no invoices", "未填写，无法开票"),
        "tax": Code(known.tax_number) if known and known.tax_number else None,
        "when": [when[known.issue_when], Text(f"within {known.issue_within_days} days", f"{known.issue_within_days} 日内")] if known else None,
        "prefix": Code(known.prefix) if known and known.prefix else None,
    })  # fmt: skip


@screen("/invoices/sellers/{merchant}", permission="invoice.write")
async def seller(tx: Tx, merchant: MerchantRef) -> Sheet:
    """How one merchant's next invoices name it."""
    shop = await scope.merchant_meant(tx, merchant, "path.merchant")
    known = await invoices.seller(tx, shop.id)
    name = naming.in_tongues(shop.name)
    return Sheet(
        title=Text(f"Seller details of {name.en}", f"{name.zh}销售方信息"), kind=Text("How its invoices name it", "发票销售方信息"),
        acts=[
            Act("save", Text("Change", "修改"), f"/invoices/sellers/{shop.code}", "E", _seller_fields(known), tone="first",
                warns=Text("Holds for the next invoices; those that are issued stay as they are.", "对此后开具的发票生效，已开具的不变。")),
            Act("sellers", Text("All sellers", "全部销售方"), "/invoices/sellers", is_link=True),
        ],
        main=[Facts(Text("On the invoice", "票面信息"), [
            (Text("Name", "名称"), known.legal_name), (Text("Tax number", "纳税人识别号"), Code(known.tax_number)), (Text("Address", "地址"), known.address or None),
            (Text("Phone", "电话"), known.phone or None), (Text("Bank", "开户行"), [known.bank, Code(known.bank_account)] if known.bank else None),
            (Text("Own rates", "适用税率"), [f"{category} {rate / 100:g}%" for category, rate in known.rates.items()] or Text("the country's", "按所在国税率")),
        ] if known else [], note=None if known else Text("Nothing is said yet, so nothing can be issued.", "尚未填写，无法开票。"))],
    )  # fmt: skip


def _seller_fields(known: invoices.Seller | None) -> list[Field]:
    def now(name: str, default: Any = None) -> Any:
        return getattr(known, name) if known else default

    return [
        Field("legal_name", Text("Name", "名称"), value=now("legal_name"), longest=200), Field("tax_number", Text("Tax number", "纳税人识别号"), value=now("tax_number"), is_needed=False, longest=40),
        Field("country", Text("Country", "国家"), value=now("country", "CN"), longest=2), Field("address", Text("Address", "地址"), value=now("address"), is_needed=False, longest=200),
        Field("phone", Text("Phone", "电话"), value=now("phone"), is_needed=False, longest=40), Field("bank", Text("Bank", "开户行"), value=now("bank"), is_needed=False, longest=200),
        Field("bank_account", Text("Account number", "账号"), value=now("bank_account"), is_needed=False, longest=40),
        Field("issue_when", Text("Issued", "开票时点"), "choice", value=now("issue_when", "completed"),
              options=[("paid", Text("when paid", "付款后")), ("completed", Text("when completed", "完成后"))]),
        Field("issue_within_days", Text("Within days", "开票时限（天）"), "number", value=now("issue_within_days", 3)),
        Field("prefix", Text("Series begins with", "号段前缀"), value=now("prefix"), is_needed=False, longest=8),
        Field("rate", Text("Own rate for all goods, percent", "统一适用税率（%）"), is_needed=False, longest=10,
              value=typed.percent(known.rates.get("*")) if known else None, hint=Text("Empty: the country's rates.", "留空则按所在国税率。")),
    ]  # fmt: skip


@act("/invoices/sellers/{merchant}", permission="invoice.write", fresh=True)
async def save_seller(tx: Tx, merchant: MerchantRef, form: SellerForm) -> Done:
    """Say how a merchant's next invoices name it."""
    shop = await scope.merchant_meant(tx, merchant, "path.merchant")
    before = await invoices.seller(tx, shop.id)
    rates = {category: rate for category, rate in (before.rates if before else {}).items() if category != "*"}
    if form.rate:
        rates["*"] = typed.share_of(form.rate, "rate")
    await invoices.save_seller(tx, shop.id, typed.checked(invoices.Seller(
        legal_name=form.legal_name, country=form.country, tax_number=form.tax_number, address=form.address, phone=form.phone, bank=form.bank,
        bank_account=form.bank_account, issue_when="paid" if form.issue_when == "paid" else "completed", issue_within_days=form.issue_within_days,
        prefix=form.prefix, rates=rates, registrations=before.registrations if before else {},
    )))  # fmt: skip
    return Done(text=Text("Seller details saved", "销售方信息已保存"))


ROUTES = [sellers, seller, save_seller]
