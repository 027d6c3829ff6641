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


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """A movement with the number that it left behind it, in its warehouse and bucket."""

    id: int
    at: datetime
    warehouse: str
    bucket: str
    quantity: int
    after: int
    reason: str
    why: str | None
    order_id: int | None


async def explained(tx: Tx, product_id: int, slice_: Page) -> list[Balance]:
    """The latest movements of a product, newest first, each with what it left: why a number is what it is."""
    rows = await tx.fetch(
        """
        SELECT * FROM (
            SELECT m.id, m.at, w.code AS warehouse, m.bucket, m.quantity, m.reason, m.why, m.order_id,
                   sum(m.quantity) OVER (PARTITION BY m.warehouse_id, m.bucket ORDER BY m.id)::bigint AS after
            FROM movements m JOIN warehouses w ON w.id = m.warehouse_id WHERE m.product_id = $1
        ) AS told WHERE $2::bigint IS NULL OR id < $2 ORDER BY id DESC LIMIT $3
        """,
        product_id, slice_.after, slice_.limit + 1,
    )  # fmt: skip
    return [Balance(**dict(row)) for row in rows]
