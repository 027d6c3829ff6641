"""Waves that are still picked or packed: whose, how large, how far, and what leaves first."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One wave with something left to do."""

    id: int
    warehouse_id: int
    lane: int | None
    size: int
    claimed_by: int | None
    claimed_at: datetime
    picking: int
    packed: int
    gone: int
    ship_by: datetime


async def page(tx: Tx, warehouse_id: int, slice_: Page) -> list[Row]:
    """A warehouse's waves, oldest first, one more than asked for."""
    rows = await tx.fetch(
        """
        SELECT v.id, v.warehouse_id, v.lane, v.size, v.claimed_by, v.claimed_at, w.picking, w.packed, w.gone, w.ship_by
        FROM waves v CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE w.state = 'picking')::int AS picking,
                   count(*) FILTER (WHERE w.state = 'packed')::int AS packed,
                   count(*) FILTER (WHERE w.state = 'handed_over')::int AS gone,
                   min(w.ship_by) FILTER (WHERE w.state IN ('picking', 'packed')) AS ship_by
            FROM work_orders w WHERE w.wave_id = v.id
        ) AS w
        WHERE v.warehouse_id = $1 AND v.id > $2 AND w.picking + w.packed > 0 ORDER BY v.id LIMIT $3
        """,
        warehouse_id, slice_.after or 0, slice_.limit + 1,
    )  # fmt: skip
    return [Row(**dict(row)) for row in rows]
