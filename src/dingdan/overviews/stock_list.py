"""Stock by product: what lies in which warehouse, and what is spoken for."""

import msgspec

from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of one product in one warehouse."""

    warehouse: str
    on_hand: int
    reserved: int
    quarantine: int
    held: int = 0
    in_transit: int = 0
    safety: int = 0
    is_frozen: bool = False
    bin: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One product with its levels; a product that no warehouse ever had is not listed."""

    id: int
    sku: str
    levels: list[Level]


async def page(tx: Tx, merchant_id: int, slice_: Page, *, warehouse: str | None, sku: str | None) -> list[Row]:
    """A merchant's products that have levels, oldest first, one more than asked for."""
    return await _rows(tx, merchant_id, slice_.after or 0, slice_.limit + 1, warehouse, sku)


async def at(tx: Tx, merchant_id: int, warehouse: str, sku: str) -> Level:
    """What there is of one product in one warehouse; nothing where none was ever counted."""
    rows = await _rows(tx, merchant_id, 0, 1, warehouse, sku)
    return rows[0].levels[0] if rows else Level(warehouse=warehouse, on_hand=0, reserved=0, quarantine=0)


async def _rows(tx: Tx, merchant_id: int, after: int, limit: int, *narrowed: str | None) -> list[Row]:
    rows = await tx.fetch(
        """
        SELECT p.id, p.sku, jsonb_agg(jsonb_build_object(
            'warehouse', w.code, 'on_hand', s.on_hand, 'reserved', s.reserved, 'quarantine', s.quarantine,
            'held', s.held, 'in_transit', s.in_transit, 'safety', s.safety, 'is_frozen', s.frozen_at IS NOT NULL,
            'bin', s.bin
        ) ORDER BY w.code) AS levels
        FROM products p JOIN stock s ON s.product_id = p.id JOIN warehouses w ON w.id = s.warehouse_id
        WHERE p.merchant_id = $1 AND p.id > $2 AND ($4::text IS NULL OR w.code = $4) AND ($5::text IS NULL OR p.sku = $5)
        GROUP BY p.id ORDER BY p.id LIMIT $3
        """,
        merchant_id,
        after,
        limit,
        *narrowed,
    )
    return [msgspec.convert(dict(row), Row) for row in rows]
