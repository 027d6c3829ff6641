"""Every statement of invoices."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.invoices.lifecycle import INVOICE, INVOICE_REQUEST
from dingdan.areas.invoices.model import Invoice, InvoiceRequest, Seller
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_REQUEST = ", ".join(InvoiceRequest.__struct_fields__)
_INVOICE = ", ".join(Invoice.__struct_fields__)


async def save_seller(tx: Tx, merchant_id: int, seller: Seller) -> None:
    """Keep how a merchant's invoices name it."""
    await tx.execute(
        """
        INSERT INTO invoice_sellers (merchant_id, document, at) VALUES ($1, $2, $3)
        ON CONFLICT (merchant_id) DO UPDATE SET document = excluded.document, at = excluded.at
        """,
        merchant_id,
        msgspec.to_builtins(seller),
        tx.now,
    )


async def sellers(tx: Tx, merchant_ids: Iterable[int]) -> dict[int, Seller]:
    """How invoices name these merchants, those that said so."""
    rows = await tx.fetch(
        "SELECT merchant_id, document FROM invoice_sellers WHERE merchant_id = ANY($1::bigint[])", list(merchant_ids)
    )
    return {row["merchant_id"]: msgspec.convert(row["document"], Seller) for row in rows}


async def add_request(tx: Tx, new: InvoiceRequest) -> None:
    """Write a wish down."""
    await tx.execute(
        """
        INSERT INTO invoice_requests (id, order_id, merchant_id, buyer_id, kind, country, sealed, corrects, asked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        new.id,
        new.order_id,
        new.merchant_id,
        new.buyer_id,
        str(new.kind),
        new.country,
        new.sealed,
        new.corrects,
        new.asked_at,
    )


async def wished_for(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Those of these orders that an invoice was ever wished for."""
    rows = await tx.fetch(
        "SELECT DISTINCT order_id FROM invoice_requests WHERE order_id = ANY($1::bigint[])", list(order_ids)
    )
    return {row["order_id"] for row in rows}


async def requests(
    tx: Tx, *, ids: Iterable[int] | None = None, order_ids: Iterable[int] | None = None
) -> list[InvoiceRequest]:
    """Wishes by id or of orders, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_REQUEST} FROM invoice_requests
        WHERE ($1::bigint[] IS NULL OR id = ANY($1)) AND ($2::bigint[] IS NULL OR order_id = ANY($2)) ORDER BY id
        """,  # noqa: S608
        None if ids is None else list(ids),
        None if order_ids is None else list(order_ids),
    )
    return [msgspec.convert(dict(row), InvoiceRequest) for row in rows]


async def get(
    tx: Tx, *, ids: Iterable[int] | None = None, order_ids: Iterable[int] | None = None, lock: bool = False
) -> list[Invoice]:
    """Papers by id or of orders, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_INVOICE} FROM invoices
        WHERE ($1::bigint[] IS NULL OR id = ANY($1)) AND ($2::bigint[] IS NULL OR order_id = ANY($2))
        ORDER BY id {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608
        None if ids is None else list(ids),
        None if order_ids is None else list(order_ids),
    )
    return [_invoice(row) for row in rows]


async def covered(tx: Tx, order_ids: Iterable[int]) -> dict[int, set[int]]:
    """By order the refunds that a paper dealt with."""
    found: dict[int, set[int]] = {i: set() for i in order_ids}
    rows = await tx.fetch(
        "SELECT order_id, refund_id FROM invoice_refunds WHERE order_id = ANY($1::bigint[])", list(found)
    )
    for row in rows:
        found[row["order_id"]].add(row["refund_id"])
    return found


async def add(tx: Tx, invoices: Sequence[Invoice], covers: Sequence[tuple[int, int, int, int]]) -> None:
    """Write papers, and which refunds (refund, order, merchant, paper) they deal with."""
    await tx.copy(
        "invoices",
        ("id", "order_id", "merchant_id", "invoice_request_id", "kind", "reason", "invoice_id", "refund_id", "country",
         "currency", "net", "tax", "total", "is_tax_on_top", "lines", "seller", "drafted_at"),
        [
            (one.id, one.order_id, one.merchant_id, one.invoice_request_id, str(one.kind), str(one.reason),
             one.invoice_id, one.refund_id, one.country, one.currency, one.net, one.tax, one.total, one.is_tax_on_top,
             msgspec.to_builtins(one.lines), msgspec.to_builtins(one.seller), one.drafted_at)
            for one in invoices
        ],
    )  # fmt: skip
    await tx.copy("invoice_refunds", ("refund_id", "order_id", "merchant_id", "invoice_id"), covers)


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move papers along their lifecycle."""
    return await lifecycles.move(tx, "invoices", INVOICE, verb, ids, **values)


async def move_requests(tx: Tx, verb: str, ids: Iterable[int]) -> dict[int, Moved]:
    """Move wishes along their lifecycle."""
    return await lifecycles.move(tx, "invoice_requests", INVOICE_REQUEST, verb, ids)


async def uncover(tx: Tx, invoice_ids: Iterable[int]) -> None:
    """Forget which refunds papers dealt with that are never issued."""
    await tx.execute("DELETE FROM invoice_refunds WHERE invoice_id = ANY($1::bigint[])", list(invoice_ids))


async def take_number(tx: Tx, merchant_id: int, series: str) -> int:
    """The next number of a series. Whoever comes second waits, and a transaction that fails gives its number back."""
    number: int = await tx.fetchval(
        """
        INSERT INTO invoice_series AS s (merchant_id, series, last) VALUES ($1, $2, 1)
        ON CONFLICT (merchant_id, series) DO UPDATE SET last = s.last + 1 RETURNING last
        """,
        merchant_id,
        series,
    )
    return number


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the titles of orders' wishes."""
    await tx.execute(
        "UPDATE invoice_requests SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL",
        list(order_ids),
    )


async def listed(tx: Tx, merchant_id: int | None, state: str | None, *, after: int | None, limit: int) -> list[Invoice]:
    """Papers of one merchant or of all, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_INVOICE} FROM invoices WHERE ($1::bigint IS NULL OR merchant_id = $1)
        AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
        """,  # noqa: S608
        merchant_id,
        state,
        after,
        limit,
    )
    return [_invoice(row) for row in rows]


def _invoice(row: Any) -> Invoice:
    return msgspec.convert(dict(row), Invoice)
