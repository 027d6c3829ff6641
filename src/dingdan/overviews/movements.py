"""What happened to goods, move by move."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One movement with the words for its place and product."""

    id: int
    at: datetime
    warehouse: str
    sku: str
    bucket: str
    quantity: int
    reason: str
    why: str | None
    order_id: int | None


async def page(tx: Tx, merchant_id: int, slice_: Page, *, warehouse: str | None, sku: str | None) -> list[Row]:
    """A merchant's movements, oldest first, one more than asked for."""
    rows = await tx.fetch(
        """
        SELECT m.id, m.at, w.code AS warehouse, p.sku, m.bucket, m.quantity, m.reason, m.why, m.order_id
        FROM movements m JOIN warehouses w ON w.id = m.warehouse_id JOIN products p ON p.id = m.product_id
        WHERE m.merchant_id = $1 AND m.id > $2 AND ($4::text IS NULL OR w.code = $4)
          AND ($5::text IS NULL OR m.product_id = (SELECT id FROM products WHERE merchant_id = $1 AND sku = $5))
        ORDER BY m.id LIMIT $3
        """,
        merchant_id,
        slice_.after or 0,
        slice_.limit + 1,
        warehouse,
        sku,
    )
    return [Row(**dict(row)) for row in rows]
