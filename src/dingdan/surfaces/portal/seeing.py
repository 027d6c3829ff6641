"""Pictures and papers of an order, for whoever may see the order."""

import asyncio

from litestar import Response

from dingdan.areas import evidence, inspection, invoices, merchants
from dingdan.plumbing import files
from dingdan.surfaces.portal import within
from dingdan.surfaces.shared import papers
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages.doors import itself, tongue_of
from dingdan.surfaces.shared.wire import ref

# It may show a home: nobody between us and the reader keeps it, and no browser runs what lies in it.
HEADERS = {
    "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}  # fmt: skip


@itself("GET", "/my/{order_id}/evidence/{evidence_id}", permission="return.read")
async def shown(ask: Ask, order_id: int, evidence_id: int | None) -> Response[bytes]:
    """A picture or film that the buyer showed of this order."""
    async with ask.db.reading(ask.actor) as tx:
        found = (await evidence.get(tx, [evidence_id or 0])).get(evidence_id or 0)
    if found is None or found.order_id != order_id:
        raise evidence.EvidenceUnknown
    return await _file(ask, found.sha256, ref("evidence", found.id), is_film=found.sort == "video")


@itself("GET", "/my/{order_id}/returns/{return_id}/looked/{inspection_picture_id}", permission="return.read")
async def looked(ask: Ask, order_id: int, return_id: int | None, inspection_picture_id: int | None) -> Response[bytes]:
    """A picture of what was found on goods that came back."""
    async with ask.db.reading(ask.actor) as tx:
        held = await within.own_return(tx, order_id, return_id)
        taken = (await inspection.pictures_of(tx, [held.id]))[held.id]
    one = next((each for each in taken if each.id == inspection_picture_id), None)
    if one is None:
        raise inspection.PictureUnknown
    return await _file(ask, one.sha256, "picture", is_film=False)


@itself("GET", "/my/{order_id}/invoices/{invoice_id}", permission="invoice.read")
async def invoice(ask: Ask, order_id: int, invoice_id: int | None) -> Response[bytes]:
    """An invoice of this order as a PDF."""
    async with ask.db.reading(ask.actor) as tx:
        _, known = await invoices.of_order(tx, order_id)
        found = next((one for one in known if one.id == invoice_id), None)
        if found is None:
            raise invoices.InvoiceUnknown
        title = (await invoices.titles(tx, [found]))[found.id]
        original = await invoices.get_one(tx, found.invoice_id) if found.invoice_id is not None else None
        seller = (await merchants.by_ids(tx, [found.merchant_id]))[found.merchant_id]
    if found.state is not invoices.InvoiceState.ISSUED:
        raise invoices.InvoiceStateForbids(state=str(found.state), verb="print")
    said = papers.InvoicePaper(invoice=found, title=title, zone=seller.zone,
                               corrects=original.written_number if original else None)  # fmt: skip
    content = await asyncio.to_thread(papers.invoice, said, tongue_of(ask.request))
    return Response(content, media_type="application/pdf", headers={"Cache-Control": "private, no-store"})


async def _file(ask: Ask, name: str, called: str, *, is_film: bool) -> Response[bytes]:
    try:
        content = await asyncio.to_thread(files.Files(ask.settings.data_dir).get, name)
    except FileNotFoundError:
        raise evidence.EvidenceUnknown from None
    if not is_film:
        return Response(content, media_type="image/jpeg", headers=HEADERS)
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{called}.mp4"'}
    return Response(content, media_type="video/mp4", headers=headers)


ROUTES = [shown, looked, invoice]
