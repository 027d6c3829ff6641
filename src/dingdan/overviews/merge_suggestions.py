"""Orders that could travel together: to the same hands from one warehouse, both waiting to be picked or both in hand."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from dingdan.plumbing.tx import Tx

# How far apart orders that wait may have been placed.
WINDOW = timedelta(hours=24)
# Of one order that is looked at; whoever has more than these is no case for a suggestion.
MOST = 20


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """An order that could travel with the one `of_id`; `is_ready` says that both are paid, so that it saves a parcel.

    Orders that wait are of one buyer. Those in hand may be of several, who must not see each other's.
    """

    of_id: int
    id: int
    state: str
    placed_at: datetime
    lines: int
    units: int
    is_ready: bool
    is_same_buyer: bool


class Group(msgspec.Struct, frozen=True):
    """Works in hand of several orders for one recipient."""

    work_ids: list[int]
    order_ids: list[int]


async def of_buyers(tx: Tx, order_ids: Collection[int]) -> dict[int, list[Other]]:
    """What could travel with each of these orders and is its own buyer's, oldest first; nothing is merged by it."""
    found = await of_orders(tx, order_ids)
    own = {order_id: [one for one in others if one.is_same_buyer] for order_id, others in found.items()}
    return {order_id: others for order_id, others in own.items() if others}


async def groups(tx: Tx, warehouse_id: int, limit: int = 200) -> list[Group]:
    """What lies on the packing tables of a warehouse and could travel together, oldest first."""
    rows = await tx.fetch(
        """
        SELECT id, order_id FROM work_orders WHERE warehouse_id = $1 AND state IN ('picking', 'packed') ORDER BY id
        """,
        warehouse_id,
    )
    works: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        works[row["order_id"]].append(row["id"])
    found = await of_orders(tx, works)
    seen: set[int] = set()
    made = []
    for order_id in works:
        together = [order_id, *(one.id for one in found.get(order_id, []) if one.id in works)]
        if order_id in seen or len(together) == 1:
            continue
        # Who goes to the same hands as one of them does so as all of them.
        seen.update(together)
        pairs = sorted((work_id, one) for one in together for work_id in works[one])
        made.append(Group([work_id for work_id, _ in pairs], [one for _, one in pairs]))
    return made[:limit]


async def of_orders(tx: Tx, order_ids: Collection[int]) -> dict[int, list[Other]]:
    """What could travel with each of these orders, oldest first.

    Who receives is compared by keyed hashes: address, name and phone. What needs no parcel is no case.
    """
    rows = await tx.fetch(
        """
        SELECT * FROM (
            SELECT o.id AS of_id, s.id, s.state, s.placed_at, l.lines, l.units, s.buyer_id = o.buyer_id AS is_same_buyer,
                   o.paid_at IS NOT NULL AND s.paid_at IS NOT NULL AS is_ready,
                   row_number() OVER (PARTITION BY o.id ORDER BY s.id) AS place
            FROM orders o
            JOIN contacts c ON c.id = o.contact_id AND c.address_hash <> '' AND c.name_hash <> '' AND c.phone_hash <> ''
            CROSS JOIN LATERAL (
                SELECT w.id, w.buyer_id, w.contact_id, w.state, w.placed_at, w.paid_at FROM orders w
                WHERE w.buyer_id = o.buyer_id AND w.merchant_id = o.merchant_id AND w.warehouse_id = o.warehouse_id
                  AND w.placed_at BETWEEN o.placed_at - $2::interval AND o.placed_at + $2
                  AND o.state IN ('awaiting_payment', 'confirmed', 'held') AND o.dispatch_locked_at IS NULL
                  AND w.state IN ('awaiting_payment', 'confirmed', 'held') AND w.dispatch_locked_at IS NULL
                UNION ALL
                SELECT DISTINCT w.id, w.buyer_id, w.contact_id, w.state, w.placed_at, w.paid_at
                FROM work_orders mine JOIN work_orders other ON other.warehouse_id = mine.warehouse_id
                    AND other.merchant_id = mine.merchant_id AND other.state IN ('picking', 'packed')
                JOIN orders w ON w.id = other.order_id
                WHERE mine.order_id = o.id AND mine.state IN ('picking', 'packed')
            ) s
            JOIN contacts d ON d.id = s.contact_id AND d.address_hash = c.address_hash AND d.name_hash = c.name_hash
                AND d.phone_hash = c.phone_hash
            CROSS JOIN LATERAL (
                SELECT count(*) AS lines, sum(quantity - cancelled) AS units FROM order_lines
                WHERE order_id = s.id AND quantity > cancelled AND NOT 'virtual' = ANY (flags)
            ) l
            WHERE o.id = ANY($1::bigint[]) AND s.id <> o.id AND l.lines > 0
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
