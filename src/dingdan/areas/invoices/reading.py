"""What others may ask about invoices."""

from collections.abc import Iterable, Sequence

import msgspec

from dingdan.areas import identity
from dingdan.areas.invoices import store
from dingdan.areas.invoices.model import Invoice, InvoiceRequest, Seller, Title
from dingdan.areas.invoices.refusals import InvoiceRequestUnknown, InvoiceUnknown
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def seller(tx: Tx, merchant_id: int) -> Seller | None:
    """How a merchant's invoices name it; None where it has not said."""
    return (await store.sellers(tx, [merchant_id])).get(merchant_id)


async def get_one(tx: Tx, invoice_id: int) -> Invoice:
    """One invoice or credit note. Raises InvoiceUnknown; somebody else's is as unknown as none."""
    found = await store.get(tx, ids=[invoice_id])
    if not found or not tx.actor.reaches(found[0].merchant_id):
        raise InvoiceUnknown
    return found[0]


async def get_request(tx: Tx, request_id: int) -> InvoiceRequest:
    """One wish. Raises InvoiceRequestUnknown."""
    found = await store.requests(tx, ids=[request_id])
    if not found or not tx.actor.reaches(found[0].merchant_id):
        raise InvoiceRequestUnknown
    return found[0]


async def of_order(tx: Tx, order_id: int) -> tuple[list[InvoiceRequest], list[Invoice]]:
    """What was wished for and made for an order, oldest first."""
    return await store.requests(tx, order_ids=[order_id]), await store.get(tx, order_ids=[order_id])


async def listed(tx: Tx, merchant_id: int | None, page: Page, *, state: str | None = None) -> list[Invoice]:
    """Invoices and credit notes of one merchant or of all, newest first."""
    return await store.listed(tx, merchant_id, state, after=page.after, limit=page.limit)


async def titles(tx: Tx, invoices: Sequence[Invoice]) -> dict[int, Title | None]:
    """To whom papers are made out; None once that is forgotten. A credit note has the title of what it takes back."""
    originals = {one.id: one for one in await store.get(tx, ids=[i.invoice_id for i in invoices if i.invoice_id])}
    wanted = {
        one.id: (originals[one.invoice_id] if one.invoice_id is not None else one).invoice_request_id
        for one in invoices
    }
    wishes = await store.requests(tx, ids=wanted.values())
    opened = await identity.unseal(tx, [(one.buyer_id, one.sealed) for one in wishes])
    known = {
        one.id: None if plain is None else msgspec.json.decode(plain, type=Title)
        for one, plain in zip(wishes, opened, strict=True)
    }
    return {invoice_id: known[request_id] for invoice_id, request_id in wanted.items()}


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the titles of orders' invoices, once they are kept elsewhere."""
    await store.drop_words(tx, order_ids)
