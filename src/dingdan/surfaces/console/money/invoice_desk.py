"""Invoices and credit notes: what was made, what waits, what the tax office refused, and how sellers are named."""

import asyncio
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import invoices, merchants
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import invoice_requests
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import papers, scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen, tongue_of
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Fuse,
    Link,
    Listing,
    Row,
    Sheet,
    Sums,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import MerchantRef

KINDS: dict[str, Text] = {"invoice": Text("Invoice", "蓝字发票"), "credit_note": Text("Credit note", "红字发票")}
WHY: dict[str, Text] = {
    "sale": Text("sale", "销售"),
    "refund": Text("refund", "退款冲红"),
    "correction": Text("correction", "换开冲红"),
}
FOR_WHOM: dict[str, Text] = {"personal": Text("A person", "个人"), "company": Text("A company", "企业")}
ISSUED, REFUSED = invoices.InvoiceState.ISSUED, invoices.InvoiceState.REFUSED


class InvoicesQuery(ListQuery, frozen=True, kw_only=True):
    """Which invoices."""

    merchant: MerchantRef | None = None
    state: invoices.InvoiceState | None = None


class WishesQuery(ListQuery, frozen=True, kw_only=True):
    """Which wishes for an invoice."""

    merchant: MerchantRef | None = None
    state: invoices.InvoiceRequestState | None = None


class TitleForm(Form, frozen=True, kw_only=True):
    """To whom it is made out."""

    kind: invoices.TitleKind
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "CN"
    tax_number: Annotated[str, Meta(max_length=40)] = ""
    address: Annotated[str, Meta(max_length=200)] = ""
    email: Annotated[str, Meta(max_length=200)] = ""


@screen("/invoices", permission="invoice.read")
async def listed(tx: Tx, query: InvoicesQuery) -> Listing:
    """Invoices and credit notes, newest first."""
    slice_ = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await invoices.listed(tx, merchant_id, Page(slice_.limit + 1, slice_.after), state=query.state)
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    clocks = {one.subject_id: one.at for one in await deadlines.of_subjects(tx, [one.id for one in found])}
    acts = [Act("requests", Text("Requests", "开票申请"), "/invoices/requests", is_link=True)]
    if tx.actor.may("invoice.write"):
        acts.append(Act("sellers", Text("Seller details", "销售方信息"), "/invoices/sellers", is_link=True))
    return listing(
        found, lambda one: Row(naming.ref("invoice", one.id), naming.place("invoice", one.id), {
            "number": Two(Code(one.written_number or naming.spoken(one.id)), KINDS[one.kind]), "merchant": names.get(one.merchant_id),
            "order": naming.link("order", one.order_id), "why": WHY[one.reason], "stands": vocabulary.chip("invoice", one.state),
            "due": Fuse(clocks.get(one.id), tx.now) if clocks.get(one.id) else one.issued_at, "net": Money(one.net, one.currency),
            "tax": Money(one.tax, one.currency), "total": Money(one.total if one.kind is invoices.InvoiceKind.INVOICE else -one.total, one.currency),
        }, Money(one.total, one.currency)),
        title=Text("Invoices", "发票"), live=["invoice"], acts=acts,
        columns=[
            Column("number", Text("Number", "发票号码")), Column("merchant", Text("Seller", "销售方")), Column("order", Text("Order", "订单")),
            Column("why", Text("For", "事由")), Column("stands", Text("Stands", "状态")), Column("due", Text("Due or issued", "期限／开票时间")),
            Column("net", Text("Net", "不含税"), is_number=True), Column("tax", Text("Tax", "税额"), is_number=True),
            Column("total", Text("Total", "价税合计"), is_number=True),
        ],
        views=[View(Text("All", "全部")), *(View(words, {"state": state}) for state, words in vocabulary.options("invoice"))],
        filters=[*await choosing.by_merchant(tx)],
        empty=Empty(Text("No invoice was made yet.", "还没有发票。"), Text("Buyers ask for them on their order's page.", "买家可在订单页申请开票。")),
    )  # fmt: skip


@screen("/invoices/requests", permission="invoice.read")
async def requests(tx: Tx, query: WishesQuery) -> Listing:
    """What buyers want invoices for."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await invoice_requests.page(tx, merchant_id, query.state, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("invoice_request", one.id), f"/orders/{naming.ref('order', one.order_id)}/invoices", {
            "number": Code(naming.spoken(one.id)), "order": naming.link("order", one.order_id), "merchant": names.get(one.merchant_id),
            "whom": FOR_WHOM[one.kind], "corrects": naming.link("invoice", one.corrects), "stands": vocabulary.chip("invoice_request", one.state),
            "asked": one.asked_at,
        }),
        title=Text("Invoice requests", "开票申请"), live=["invoice_request"],
        acts=[Act("invoices", Text("Invoices", "发票"), "/invoices", is_link=True)],
        columns=[
            Column("number", Text("Request", "申请单")), Column("order", Text("Order", "订单")), Column("merchant", Text("Seller", "销售方")),
            Column("whom", Text("Made out to", "抬头类型")), Column("corrects", Text("Corrects", "换开")), Column("stands", Text("Stands", "状态")),
            Column("asked", Text("Asked", "申请时间")),
        ],
        views=[View(Text("All", "全部")), *(View(words, {"state": state}) for state, words in vocabulary.options("invoice_request"))],
        filters=[*await choosing.by_merchant(tx)],
        empty=Empty(Text("Nobody asked for an invoice yet.", "还没有开票申请。")),
    )  # fmt: skip


@screen("/invoices/{invoice_id}", permission="invoice.read")
async def show(tx: Tx, invoice_id: int) -> Sheet:
    """One invoice or credit note: its lines, to whom it is made out, and what became of it."""
    one = await invoices.get_one(tx, invoice_id)
    title = (await invoices.titles(tx, [one]))[invoice_id]
    here = naming.place("invoice", invoice_id)
    due = [clock for clock in await deadlines.of_subjects(tx, [invoice_id]) if clock.at is not None]
    return Sheet(
        title=KINDS[one.kind], kind=Text(f"{KINDS[one.kind].en}, {one.seller.legal_name}", f"{KINDS[one.kind].zh} · {one.seller.legal_name}"),
        number=one.written_number or naming.spoken(invoice_id), key=naming.ref("invoice", invoice_id), full=here,
        chips=[vocabulary.chip("invoice", one.state), WHY[one.reason]], lead=one.drafted_at,
        stamp=vocabulary.chip("invoice", "issued") if one.state is ISSUED else None, acts=_acts(tx, one, here),
        main=[
            *([Facts(Text("Refused by the tax office's system", "税务系统拒绝"), [(Text("Reason", "原因"), Code(one.failure))])] if one.failure else []),
            _lines(one),
        ],
        side=[
            Sums(Text("Amounts", "金额"), [(Text("Net", "不含税金额"), Money(one.net, one.currency), False),
                                         (Text("Tax", "税额"), Money(one.tax, one.currency), False), (Text("Total", "价税合计"), Money(one.total, one.currency), True)]),
            _title(title),
            Facts(Text("Where it belongs", "关联单据"), [
                (Text("Order", "订单"), naming.link("order", one.order_id)), (Text("Takes back", "冲红原票"), naming.link("invoice", one.invoice_id)),
                (Text("Refund", "退款单"), naming.link("refund", one.refund_id)), (Text("Tax office's number", "税务系统编号"), Code(one.provider_ref) if one.provider_ref else None),
            ]),
            Facts(Text("Clocks", "时限"), [(Text("To be issued by", "最晚开票"), Fuse(clock.at, tx.now)) for clock in due]
                  or [(Text("Issued", "开票时间"), one.issued_at)]),
        ],
        live=["invoice"],
    )  # fmt: skip


def _acts(tx: Tx, one: invoices.Invoice, here: str) -> list[Act]:
    found: list[Act] = []
    if one.state is REFUSED and tx.actor.may("invoice.write"):
        found.append(Act("retry", Text("Send it again", "重新提交"), f"{here}/retry", "T", tone="first"))
    if one.state is ISSUED:
        found.append(Act("paper", Text("PDF", "PDF"), f"{here}/invoice.pdf", "P", is_link=True))
    if one.kind is invoices.InvoiceKind.INVOICE and one.state in (ISSUED, REFUSED) and tx.actor.may("invoice.request"):
        found.append(Act("correct", Text("Make it out to somebody else", "换开"), f"{here}/correct", "C", fields=title_fields(),
                         warns=Text("This one is taken back in red, then a new one is made.", "原票将开具红字发票冲红，再开具新票。")))  # fmt: skip
    return found


def title_fields() -> list[Field]:
    """What has to be known about whom an invoice is made out to."""
    return [
        Field("kind", Text("For whom", "抬头类型"), "choice", options=list(FOR_WHOM.items()), value="company"),
        Field("name", Text("Name", "抬头名称"), longest=200), Field("tax_number", Text("Tax number", "纳税人识别号"), is_needed=False, longest=40),
        Field("country", Text("Country", "国家"), value="CN", longest=2), Field("address", Text("Address", "地址"), is_needed=False, longest=200),
        Field("email", Text("E-mail", "邮箱"), is_needed=False, longest=200),
    ]  # fmt: skip


def _lines(one: invoices.Invoice) -> Table:
    return Table(Text("Lines", "明细"), [
        Column("item", Text("Item", "项目")), Column("units", Text("Units", "数量"), is_number=True), Column("net", Text("Net", "不含税"), is_number=True),
        Column("rate", Text("Rate", "税率"), is_number=True), Column("tax", Text("Tax", "税额"), is_number=True), Column("gross", Text("Gross", "价税合计"), is_number=True),
    ], [Row(str(line.line_no), None, {
        "item": Two(naming.in_tongues(line.title), Code(line.sku) if line.sku else None), "units": line.quantity, "net": Money(line.net, one.currency),
        "rate": f"{line.rate / 100:g}%", "tax": Money(line.tax, one.currency), "gross": Money(line.gross, one.currency),
    }) for line in one.lines])  # fmt: skip


def _title(title: invoices.Title | None) -> Facts:
    """To whom: a person's name is not for everybody's eyes, a firm's stands in public registers."""
    if title is None:
        return Facts(Text("Made out to", "抬头"), [(Text("Name", "名称"), Text("erased", "已删除"))])
    is_person = title.kind is invoices.TitleKind.PERSONAL
    name = title.name[:1] + "*" * min(3, len(title.name) - 1) if is_person else title.name
    return Facts(Text("Made out to", "抬头"), [
        (Text("For", "类型"), FOR_WHOM[title.kind]), (Text("Name", "名称"), name),
        (Text("Tax number", "纳税人识别号"), Code(title.tax_number) if title.tax_number and not is_person else None), (Text("Country", "国家"), title.country),
    ])  # fmt: skip


@itself("GET", "/invoices/{invoice_id}/invoice.pdf", permission="invoice.read")
async def paper(ask: Ask, invoice_id: int) -> Response[bytes]:
    """The paper itself, in the language of whoever looks."""
    async with ask.db.reading(ask.actor) as tx:
        await scope.demand_reach(tx, "invoice", invoice_id)
        found = await invoices.get_one(tx, invoice_id)
        title = (await invoices.titles(tx, [found]))[invoice_id]
        original = await invoices.get_one(tx, found.invoice_id) if found.invoice_id is not None else None
        seller_of = (await merchants.by_ids(tx, [found.merchant_id]))[found.merchant_id]
    if found.state is not ISSUED:
        raise invoices.InvoiceStateForbids(state=str(found.state), verb="print")
    said = papers.InvoicePaper(
        invoice=found, title=title, zone=seller_of.zone, corrects=original.written_number if original else None
    )
    tongue = tongue_of(ask.request)
    content = await asyncio.to_thread(papers.invoice, said, tongue)
    return Response(
        content,
        media_type="application/pdf",
        headers={"Cache-Control": "private, no-store", "Content-Language": tongue},
    )


@act("/invoices/{invoice_id}/retry", permission="invoice.write")
async def retry(tx: Tx, invoice_id: int) -> Done:
    """Send a paper to the tax office's system once more."""
    await invoices.retry(tx, invoice_id)
    return Done(text=Text("Sent again", "已重新提交"))


@act("/invoices/{invoice_id}/correct", permission="invoice.request")
async def correct(tx: Tx, invoice_id: int, form: TitleForm) -> Done:
    """Have an invoice made out to somebody else."""
    await invoices.correct(tx, invoice_id, _as_title(form))
    return Done(text=Text("A new one is being made", "换开处理中"))


@screen("/orders/{order_id}/invoices", permission="invoice.read")
async def of_order(tx: Tx, order_id: int) -> Sheet:
    """What was asked for and made for an order."""
    wishes, found = await invoices.of_order(tx, order_id)
    here = f"/orders/{naming.ref('order', order_id)}/invoices"
    asked = next((one for one in wishes if one.state is invoices.InvoiceRequestState.ASKED), None)
    acts = [Act("order", Text("The order", "查看订单"), naming.place("order", order_id), is_link=True)]
    if tx.actor.may("invoice.request"):
        acts = [Act("withdraw", Text("Withdraw the request", "撤销申请"), f"{here}/{naming.ref('invoice_request', asked.id)}/withdraw", tone="danger")
                if asked else Act("ask", Text("Ask for an invoice", "申请开票"), f"{here}/ask", "N", title_fields(), tone="first"), *acts]  # fmt: skip
    return Sheet(
        title=Text("Invoices of an order", "订单发票"), kind=Text("Invoices of an order", "订单发票"), number=naming.spoken(order_id),
        key=naming.ref("order", order_id), acts=acts, live=["invoice", "invoice_request"],
        main=[
            Table(Text("Papers", "发票"), [
                Column("number", Text("Number", "发票号码")), Column("kind", Text("Kind", "类型")), Column("stands", Text("Stands", "状态")),
                Column("total", Text("Total", "价税合计"), is_number=True),
            ], [Row(str(one.id), naming.place("invoice", one.id), {
                "number": Link(naming.place("invoice", one.id), one.written_number or naming.spoken(one.id), is_code=True), "kind": KINDS[one.kind],
                "stands": vocabulary.chip("invoice", one.state), "total": Money(one.total, one.currency),
            }) for one in found]),
            Table(Text("Requests", "开票申请"), [
                Column("asked", Text("Asked", "申请时间")), Column("whom", Text("Made out to", "抬头类型")), Column("stands", Text("Stands", "状态")),
            ], [Row(str(one.id), None, {
                "asked": one.asked_at, "whom": FOR_WHOM[one.kind], "stands": vocabulary.chip("invoice_request", one.state),
            }) for one in wishes]),
        ],
    )  # fmt: skip


@act("/orders/{order_id}/invoices/ask", permission="invoice.request")
async def ask_for(tx: Tx, order_id: int, form: TitleForm) -> Done:
    """Ask for an invoice over an order that was paid."""
    await invoices.ask(tx, order_id, _as_title(form))
    return Done(text=Text("Invoice asked for", "已申请开票"))


@act("/orders/{order_id}/invoices/{invoice_request_id}/withdraw", permission="invoice.request")
async def withdraw(tx: Tx, order_id: int, invoice_request_id: int) -> Done:
    """Want no invoice after all."""
    if (await invoices.get_request(tx, invoice_request_id)).order_id != order_id:
        raise invoices.InvoiceRequestUnknown
    await invoices.withdraw(tx, invoice_request_id)
    return Done(text=Text("Request withdrawn", "申请已撤销"))


def _as_title(form: TitleForm) -> invoices.Title:
    return invoices.Title(
        kind=form.kind,
        name=form.name,
        country=form.country,
        tax_number=form.tax_number,
        address=form.address,
        email=form.email,
    )


ROUTES = [
    listed, requests, show, paper, retry, correct, of_order, ask_for, withdraw,
]  # fmt: skip
