"""What a warehouse does next: works in the order they are handed out, with what is to be picked."""

from datetime import datetime

import msgspec

from dingdan.areas import inventory
from dingdan.plumbing.tx import Tx


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A product that lies in a bundle, how many of it in all, and on which shelf."""

    sku: str
    title: dict[str, str]
    quantity: int
    bin: str | None = None


class ToPick(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a work, with its shelf where somebody said which; of a bundle each piece has its own."""

    line_no: int
    sku: str
    title: dict[str, str]
    quantity: int
    pieces: list[Piece]
    bin: str | None = None


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


async def claimed(tx: Tx, staff_id: int) -> list[Row]:
    """What somebody has in hand, picked or packed and not handed over."""
    return await _rows(tx, "w.claimed_by = $1 AND w.state IN ('picking', 'packed')", "LIMIT 100", staff_id)


async def _rows(tx: Tx, where: str, limit: str, *args: object) -> list[Row]:
    rows = await tx.fetch(
        f"""
        SELECT w.id, w.order_id, w.merchant_id, w.warehouse_id, w.state, w.lane, w.paid_at, w.ship_by,
               w.wave_id, w.claimed_at, l.lines
        FROM (SELECT * FROM work_orders w WHERE {where} ORDER BY w.lane, w.paid_at, w.order_id {limit}) AS w
        CROSS JOIN LATERAL (
            SELECT COALESCE(jsonb_agg(jsonb_build_object(
                'line_no', o.line_no, 'sku', o.sku, 'title', o.title, 'quantity', r.units, 'pieces', r.pieces, 'bin', r.bin
            ) ORDER BY o.line_no), '[]') AS lines
            FROM (
                SELECT n.line_no, min(n.units) AS units, min(s.bin) FILTER (WHERE NOT n.is_bundle) AS bin,
                    COALESCE(jsonb_agg(jsonb_build_object(
                        'sku', p.sku, 'title', p.title, 'quantity', n.quantity, 'bin', s.bin) ORDER BY p.sku
                    ) FILTER (WHERE n.is_bundle), '[]') AS pieces
                FROM (
                    SELECT r.line_no, r.product_id, sum(r.quantity) AS quantity, sum(r.quantity / r.each) AS units,
                           r.product_id <> o.product_id AS is_bundle
                    FROM reservations r JOIN order_lines o ON o.order_id = r.order_id AND o.line_no = r.line_no
                    WHERE r.order_id = w.order_id AND r.warehouse_id = w.warehouse_id
                      AND r.state = CASE w.state WHEN 'handed_over' THEN 'consumed' ELSE 'held' END
                    GROUP BY r.line_no, r.product_id, o.product_id
                ) n JOIN products p ON p.id = n.product_id
                LEFT JOIN stock s ON s.warehouse_id = w.warehouse_id AND s.product_id = n.product_id GROUP BY n.line_no
            ) r JOIN order_lines o ON o.order_id = w.order_id AND o.line_no = r.line_no
        ) AS l
        ORDER BY w.lane, w.paid_at, w.order_id
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [_as_walked(msgspec.convert(dict(row), Row)) for row in rows]


def _as_walked(row: Row) -> Row:
    """Its lines in the order in which a picker passes them; what has no shelf comes last."""
    lines = [msgspec.structs.replace(one, pieces=sorted(one.pieces, key=_way_to)) for one in row.lines]
    lines.sort(key=lambda one: inventory.way(one.pieces[0].bin if one.pieces else one.bin))
    return msgspec.structs.replace(row, lines=lines)


def _way_to(one: Piece) -> tuple[inventory.Way, str]:
    return inventory.way(one.bin), one.sku


async def to_pick(tx: Tx, work_ids: list[int]) -> list[Piece]:
    """What these works need together, product by product, shelf after shelf: the list for one pass."""
    rows = await tx.fetch(
        """
        SELECT p.sku, p.title, sum(r.quantity)::int AS quantity, s.bin
        FROM work_orders w JOIN reservations r ON r.order_id = w.order_id AND r.warehouse_id = w.warehouse_id
        JOIN products p ON p.id = r.product_id
        LEFT JOIN stock s ON s.warehouse_id = r.warehouse_id AND s.product_id = r.product_id
        WHERE w.id = ANY($1::bigint[]) AND w.state = 'picking' AND r.state = 'held'
        GROUP BY p.id, p.sku, p.title, s.bin ORDER BY p.sku
        """,
        work_ids,
    )
    return sorted((msgspec.convert(dict(row), Piece) for row in rows), key=_way_to)
