"""Orders that could travel together: of one buyer, to one door, from one warehouse, and not picked yet."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from dingdan.plumbing.tx import Tx

# How far apart the orders may have been placed.
WINDOW = timedelta(hours=24)
# Of one order that is looked at; a buyer with more than these is no case for a suggestion.
MOST = 20


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """An order that could travel with the one `of_id`; `is_ready` says that both are paid, so that it saves a parcel."""

    of_id: int
    id: int
    state: str
    placed_at: datetime
    lines: int
    units: int
    is_ready: bool


async def of_orders(tx: Tx, order_ids: Collection[int]) -> dict[int, list[Other]]:
    """What could travel with each of these orders, oldest first; nothing is merged by it.

    Who receives is compared by keyed hashes: address, name and phone. What needs no parcel is no case.
    """
    rows = await tx.fetch(
        """
        SELECT * FROM (
            SELECT o.id AS of_id, s.id, s.state, s.placed_at, l.lines, l.units,
                   o.paid_at IS NOT NULL AND s.paid_at IS NOT NULL AS is_ready,
                   row_number() OVER (PARTITION BY o.id ORDER BY s.id) AS place
            FROM orders o
            JOIN contacts c ON c.id = o.contact_id AND c.address_hash <> ''
            JOIN orders s ON s.buyer_id = o.buyer_id AND s.merchant_id = o.merchant_id AND s.id <> o.id
                AND s.warehouse_id = o.warehouse_id AND s.placed_at BETWEEN o.placed_at - $2::interval AND o.placed_at + $2
            JOIN contacts d ON d.id = s.contact_id AND d.address_hash = c.address_hash AND d.name_hash = c.name_hash
                AND d.phone_hash = c.phone_hash
            CROSS JOIN LATERAL (
                SELECT count(*) AS lines, sum(quantity - cancelled) AS units FROM order_lines
                WHERE order_id = s.id AND quantity > cancelled AND NOT 'virtual' = ANY (flags)
            ) l
            WHERE o.id = ANY($1::bigint[]) AND l.lines > 0
              AND o.state IN ('awaiting_payment', 'confirmed', 'held') AND o.dispatch_locked_at IS NULL
              AND s.state IN ('awaiting_payment', 'confirmed', 'held') AND s.dispatch_locked_at IS NULL
              AND EXISTS (SELECT FROM order_lines v WHERE v.order_id = o.id AND v.quantity > v.cancelled
                          AND NOT 'virtual' = ANY (v.flags))
        ) found WHERE place <= $3 ORDER BY of_id, id
        """,
        list(order_ids),
        WINDOW,
        MOST,
    )
    found: dict[int, list[Other]] = {}
    for row in rows:
        other = Other(**{name: row[name] for name in Other.__struct_fields__})
        found.setdefault(other.of_id, []).append(other)
    return found
