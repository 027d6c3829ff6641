"""Invoices: asked for by buyers, made by the house, taken back in red; and how merchants are named on them."""

import asyncio
from datetime import datetime
from typing import Literal

from litestar import Response

from dingdan.areas import invoices, merchants
from dingdan.kernel.money import Money
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import language, papers, scope
from dingdan.surfaces.shared.doors import Ask, get, post, put
from dingdan.surfaces.shared.wire import (
    DeadlineView,
    Input,
    MerchantRef,
    OfMerchant,
    Page,
    PageQuery,
    View,
    allowed,
    deadline_views,
    money,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

PDF = "application/pdf"


class InvoiceRequestInput(Input, frozen=True, kw_only=True):
    """To whom the invoice is made out."""

    title: invoices.Title


class SellerInput(Input, frozen=True, kw_only=True):
    """How a merchant's invoices name it."""

    merchant: MerchantRef | None = None
    seller: invoices.Seller


class InvoiceQuery(PageQuery, frozen=True, kw_only=True):
    """Which invoices."""

    merchant: MerchantRef | None = None
    state: invoices.InvoiceState | None = None


class InvoicePaperQuery(Input, frozen=True, kw_only=True):
    """In which language; without, the one that the request prefers."""

    language: Literal["zh", "en"] | None = None


class SellerView(View, frozen=True, kw_only=True):
    """How a merchant's invoices name it; null where it has not said."""

    merchant: str
    seller: invoices.Seller | None


class InvoiceRequestView(View, frozen=True, kw_only=True):
    """A buyer's wish for an invoice, without the title: answers are kept for repeats, and titles are sealed."""

    id: str
    order: str
    kind: invoices.TitleKind
    corrects: str | None
    state: invoices.InvoiceRequestState
    asked_at: datetime
    available_actions: list[str]


class InvoiceLineView(View, frozen=True, kw_only=True):
    """One line; `rate` in hundredths of a percent. Line 0 is carriage."""

    line_no: int
    title: dict[str, str]
    sku: str
    quantity: int
    net: Money
    tax: Money
    rate: int
    gross: Money


class InvoiceView(View, frozen=True, kw_only=True):
    """An invoice, or the credit note (红字发票) to `corrects`; amounts are positive on both."""

    id: str
    order: str
    merchant: str
    kind: invoices.InvoiceKind
    reason: invoices.Reason
    corrects: str | None
    refund: str | None
    state: invoices.InvoiceState
    number: str | None
    country: str
    net: Money
    tax: Money
    total: Money
    lines: list[InvoiceLineView]
    provider_ref: str | None
    failure: str | None
    drafted_at: datetime
    issued_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class OrderInvoicesView(View, frozen=True, kw_only=True):
    """What was wished for and made for an order, oldest first."""

    requests: list[InvoiceRequestView]
    invoices: list[InvoiceView]


ACTIONS = {"correct": "invoice.request", "retry": "invoice.write"}


@post("/v1/orders/{order_id}/invoice-requests", permission="invoice.request", status=201)
async def ask(tx: Tx, order_id: int, body: InvoiceRequestInput) -> InvoiceRequestView:
    """Ask for an invoice over an order that was paid. It is made when the order has come as far as its merchant says."""
    return _request(tx, await invoices.ask(tx, order_id, body.title))


@get("/v1/orders/{order_id}/invoices", permission="invoice.read")
async def of_order(tx: Tx, order_id: int) -> OrderInvoicesView:
    """What was asked for and made for an order."""
    requests, found = await invoices.of_order(tx, order_id)
    return OrderInvoicesView(requests=[_request(tx, one) for one in requests], invoices=await _invoices(tx, found))


@post("/v1/invoice-requests/{invoice_request_id}/withdraw", permission="invoice.request")
async def withdraw(tx: Tx, invoice_request_id: int) -> InvoiceRequestView:
    """Want no invoice after all, while none is being made."""
    return _request(tx, await invoices.withdraw(tx, invoice_request_id))


@get("/v1/invoices", permission="invoice.read")
async def listed(tx: Tx, query: InvoiceQuery) -> Page[InvoiceView]:
    """Invoices and credit notes, newest first."""
    asked = slice_of(query)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await invoices.listed(tx, merchant_id, asked.with_one_more, state=query.state)
    shown = {one.id: view for one, view in zip(found, await _invoices(tx, found), strict=True)}
    return page_of(asked, found, lambda one: shown[one.id])


@get("/v1/invoices/{invoice_id}", permission="invoice.read")
async def show(tx: Tx, invoice_id: int) -> InvoiceView:
    """One invoice or credit note."""
    return await _one(tx, invoice_id)


@get("/v1/invoices/{invoice_id}/invoice.pdf", permission="invoice.read", gives=PDF)
async def paper(ask: Ask, invoice_id: int, query: InvoicePaperQuery) -> Response[bytes]:
    """The paper itself, in Chinese or English, with the buyer's title."""
    async with ask.db.reading(ask.actor) as tx:
        found = await invoices.get_one(tx, invoice_id)
        title = (await invoices.titles(tx, [found]))[invoice_id]
        original = await invoices.get_one(tx, found.invoice_id) if found.invoice_id is not None else None
        seller_of = (await merchants.by_ids(tx, [found.merchant_id]))[found.merchant_id]
    if found.state is not invoices.InvoiceState.ISSUED:
        raise invoices.InvoiceStateForbids(state=str(found.state), verb="print")
    said = papers.InvoicePaper(invoice=found, title=title, zone=seller_of.zone,
                               corrects=original.written_number if original else None)  # fmt: skip
    tongue = query.language or language.asked(ask.request.headers.get("accept-language", ""))
    content = await asyncio.to_thread(papers.invoice, said, tongue)
    headers = {"Cache-Control": "private, no-store", "Content-Language": tongue}
    return Response(content, media_type=PDF, headers=headers)


@post("/v1/invoices/{invoice_id}/correct", permission="invoice.request")
async def correct(tx: Tx, invoice_id: int, body: InvoiceRequestInput) -> InvoiceRequestView:
    """Have an invoice made out to somebody else: the old one is taken back in red, then the new one is made."""
    return _request(tx, await invoices.correct(tx, invoice_id, body.title))


@post("/v1/invoices/{invoice_id}/retry", permission="invoice.write")
async def retry(tx: Tx, invoice_id: int) -> InvoiceView:
    """Send a paper to the tax office's system once more that was refused."""
    await invoices.retry(tx, invoice_id)
    return await _one(tx, invoice_id)


@get("/v1/invoice-seller", permission="merchant.read")
async def seller(tx: Tx, query: OfMerchant) -> SellerView:
    """How a merchant's invoices name it."""
    merchant = await scope.merchant_meant(tx, query.merchant, "query.merchant")
    return SellerView(merchant=ref("merchant", merchant.id), seller=await invoices.seller(tx, merchant.id))


@put("/v1/invoice-seller", permission="invoice.write")
async def save_seller(tx: Tx, body: SellerInput) -> SellerView:
    """Say how a merchant's next invoices name it."""
    merchant = await scope.merchant_meant(tx, body.merchant)
    with scope.under("seller"):
        saved = await invoices.save_seller(tx, merchant.id, body.seller)
    return SellerView(merchant=ref("merchant", merchant.id), seller=saved)


async def _one(tx: Tx, invoice_id: int) -> InvoiceView:
    (view,) = await _invoices(tx, [await invoices.get_one(tx, invoice_id)])
    return view


def _request(tx: Tx, one: invoices.InvoiceRequest) -> InvoiceRequestView:
    possible = ["withdraw"] if one.state is invoices.InvoiceRequestState.ASKED else []
    return InvoiceRequestView(
        id=ref("invoice_request", one.id), order=ref("order", one.order_id), kind=one.kind,
        corrects=ref_or_none("invoice", one.corrects), state=one.state, asked_at=one.asked_at,
        available_actions=allowed(tx.actor, possible, {"withdraw": "invoice.request"}),
    )  # fmt: skip


async def _invoices(tx: Tx, found: list[invoices.Invoice]) -> list[InvoiceView]:
    clocks = deadline_views(await deadlines.of_subjects(tx, [one.id for one in found]))
    return [_invoice(tx, one, clocks.get(one.id, [])) for one in found]


def _invoice(tx: Tx, one: invoices.Invoice, clocks: list[DeadlineView]) -> InvoiceView:
    possible = ["retry"] if one.state is invoices.InvoiceState.REFUSED else []
    if one.kind is invoices.InvoiceKind.INVOICE and one.state in (
        invoices.InvoiceState.ISSUED,
        invoices.InvoiceState.REFUSED,
    ):
        possible = ["correct", *possible]
    return InvoiceView(
        id=ref("invoice", one.id), order=ref("order", one.order_id), merchant=ref("merchant", one.merchant_id),
        kind=one.kind, reason=one.reason, corrects=ref_or_none("invoice", one.invoice_id),
        refund=ref_or_none("refund", one.refund_id), state=one.state, number=one.written_number, country=one.country,
        net=money(one.net, one.currency), tax=money(one.tax, one.currency), total=money(one.total, one.currency),
        lines=[
            InvoiceLineView(
                line_no=line.line_no, title=line.title, sku=line.sku, quantity=line.quantity,
                net=money(line.net, one.currency), tax=money(line.tax, one.currency), rate=line.rate,
                gross=money(line.gross, one.currency),
            )
            for line in one.lines
        ],
        provider_ref=one.provider_ref, failure=one.failure, drafted_at=one.drafted_at, issued_at=one.issued_at,
        deadlines=clocks, available_actions=allowed(tx.actor, possible, ACTIONS),
    )  # fmt: skip


ROUTES = [
    ask, of_order, withdraw, listed, show, paper, correct, retry, seller, save_seller,
]  # fmt: skip
