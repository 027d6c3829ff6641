"""What a warehouse does next: works in the order they are handed out, with what is to be picked."""

from datetime import datetime

import msgspec

from dingdan.plumbing.tx import Tx


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A product that lies in a bundle, and how many of it in all."""

    sku: str
    title: dict[str, str]
    quantity: int


class ToPick(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a work: what lies on which shelf is the warehouse's to know, what it is called ours."""

    line_no: int
    sku: str
    title: dict[str, str]
    quantity: int
    pieces: list[Piece]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One work of the queue; no prices and no people, who are none of the picker's business."""

    id: int
    order_id: int
    merchant_id: int
    warehouse_id: int
    state: str
    lane: int
    paid_at: datetime
    ship_by: datetime
    wave_id: int | None
    claimed_at: datetime | None
    lines: list[ToPick]


async def page(tx: Tx, warehouse_id: int, states: list[str], limit: int) -> list[Row]:
    """Works of a warehouse in these states, lane by lane and by payment time."""
    return await _rows(tx, "w.warehouse_id = $1 AND w.state = ANY($2::text[])", f"LIMIT {limit}", warehouse_id, states)


async def works(tx: Tx, work_ids: list[int]) -> list[Row]:
    """These works, with what is to be picked."""
    return await _rows(tx, "w.id = ANY($1::bigint[])", "", work_ids)


async def _rows(tx: Tx, where: str, limit: str, *args: object) -> list[Row]:
    rows = await tx.fetch(
        f"""
        SELECT w.id, w.order_id, w.merchant_id, w.warehouse_id, w.state, w.lane, w.paid_at, w.ship_by,
               w.wave_id, w.claimed_at, l.lines
        FROM (SELECT * FROM work_orders w WHERE {where} ORDER BY w.lane, w.paid_at, w.order_id {limit}) AS w
        CROSS JOIN LATERAL (
            SELECT COALESCE(jsonb_agg(jsonb_build_object(
                'line_no', o.line_no, 'sku', o.sku, 'title', o.title, 'quantity', r.units, 'pieces', r.pieces
            ) ORDER BY o.line_no), '[]') AS lines
            FROM (
                SELECT n.line_no, min(n.units) AS units, COALESCE(jsonb_agg(jsonb_build_object(
                    'sku', p.sku, 'title', p.title, 'quantity', n.quantity) ORDER BY p.sku) FILTER (WHERE n.is_bundle), '[]'
                ) AS pieces
                FROM (
                    SELECT r.line_no, r.product_id, sum(r.quantity) AS quantity, sum(r.quantity / r.each) AS units,
                           r.product_id <> o.product_id AS is_bundle
                    FROM reservations r JOIN order_lines o ON o.order_id = r.order_id AND o.line_no = r.line_no
                    WHERE r.order_id = w.order_id AND r.warehouse_id = w.warehouse_id
                      AND r.state = CASE w.state WHEN 'handed_over' THEN 'consumed' ELSE 'held' END
                    GROUP BY r.line_no, r.product_id, o.product_id
                ) n JOIN products p ON p.id = n.product_id GROUP BY n.line_no
            ) r JOIN order_lines o ON o.order_id = w.order_id AND o.line_no = r.line_no
        ) AS l
        ORDER BY w.lane, w.paid_at, w.order_id
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [msgspec.convert(dict(row), Row) for row in rows]


async def to_pick(tx: Tx, work_ids: list[int]) -> list[Piece]:
    """What these works need together, product by product: the list for one pass along the shelves."""
    rows = await tx.fetch(
        """
        SELECT p.sku, p.title, sum(r.quantity)::int AS quantity
        FROM work_orders w JOIN reservations r ON r.order_id = w.order_id AND r.warehouse_id = w.warehouse_id
        JOIN products p ON p.id = r.product_id
        WHERE w.id = ANY($1::bigint[]) AND w.state = 'picking' AND r.state = 'held'
        GROUP BY p.id, p.sku, p.title ORDER BY p.sku
        """,
        work_ids,
    )
    return [msgspec.convert(dict(row), Piece) for row in rows]
