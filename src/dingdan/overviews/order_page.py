"""Everything around an order, in a handful of statements for any number of orders."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from dingdan.plumbing.tx import Tx


class Names(msgspec.Struct, frozen=True):
    """The words behind an order's ids."""

    order_id: int
    channel: str
    warehouse: str
    policy: str
    policy_version: str
    # The other orders of its checkout within this reader's sight: (id, merchant, total).
    siblings: list[tuple[int, int, int]] | None = None
    # The order that took its place.
    replaced_by: int | None = None
    # Made on a channel, and changed there.
    is_told_elsewhere: bool = False


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to pay an order; `amount` is the order's share."""

    id: int
    order_id: int
    provider: str
    method: str
    state: str
    currency: str
    amount: int
    started_at: datetime
    captured_at: datetime | None


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that holds something of an order; `contents` are pairs of line number and quantity."""

    id: int
    order_id: int
    carrier: str
    tracking_number: str
    state: str
    dispatched_at: datetime
    delivered_at: datetime | None
    contents: list[tuple[int, int]]


class CameBack(msgspec.Struct, frozen=True, kw_only=True):
    """A return of an order."""

    id: int
    order_id: int
    decision: str
    journey: str
    outcome: str
    units: int
    requested_at: datetime


class WentBack(msgspec.Struct, frozen=True, kw_only=True):
    """A refund of an order."""

    id: int
    order_id: int
    cause: str
    state: str
    currency: str
    amount: int
    requested_at: datetime
    settled_at: datetime | None


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs to one order besides itself and its lines."""

    payments: list[Paid]
    parcels: list[Sent]
    returns: list[CameBack]
    refunds: list[WentBack]


async def names(tx: Tx, order_ids: Collection[int]) -> dict[int, Names]:
    """Channel, warehouse and policy of orders by the words that people use."""
    rows = await tx.fetch(
        """
        SELECT o.id AS order_id, c.code AS channel, w.code AS warehouse, p.code AS policy, p.version AS policy_version,
            (SELECT jsonb_agg(jsonb_build_array(s.id, s.merchant_id, s.total) ORDER BY s.id) FROM orders s
             WHERE s.checkout_id = o.checkout_id AND s.id <> o.id) AS siblings,
            (SELECT n.id FROM orders n WHERE n.replaces = o.id) AS replaced_by,
            EXISTS (SELECT FROM channel_orders e WHERE e.order_id = o.id) AS is_told_elsewhere
        FROM orders o JOIN channels c ON c.id = o.channel_id JOIN warehouses w ON w.id = o.warehouse_id
        JOIN policies p ON p.id = o.policy_id
        WHERE o.id = ANY($1::bigint[])
        """,
        list(order_ids),
    )
    return {row["order_id"]: Names(**dict(row)) for row in rows}


async def around(tx: Tx, order_id: int) -> Around:
    """Payments, parcels, returns and refunds of an order, oldest first."""
    return Around(
        payments=_as(Paid, await tx.fetch(
            """
            SELECT p.id, a.order_id, p.provider, p.method, p.state, p.currency, a.amount, p.started_at, p.captured_at
            FROM payment_allotments a JOIN payments p ON p.id = a.payment_id WHERE a.order_id = $1 AND a.amount > 0 ORDER BY p.id
            """, order_id)),
        parcels=_as(Sent, await tx.fetch(
            """
            SELECT p.id, l.order_id, p.carrier, p.tracking_number, p.state, p.dispatched_at, p.delivered_at,
                   jsonb_agg(jsonb_build_array(l.line_no, l.quantity) ORDER BY l.line_no) AS contents
            FROM parcel_lines l JOIN parcels p ON p.id = l.parcel_id WHERE l.order_id = $1
            GROUP BY p.id, l.order_id ORDER BY p.id
            """, order_id)),
        returns=_as(CameBack, await tx.fetch(
            """
            SELECT r.id, r.order_id, r.decision, r.journey, r.outcome, r.requested_at, sum(l.quantity) AS units
            FROM returns r JOIN return_lines l ON l.order_id = r.order_id AND l.return_id = r.id
            WHERE r.order_id = $1 GROUP BY r.id ORDER BY r.id
            """, order_id)),
        refunds=_as(WentBack, await tx.fetch(
            """
            SELECT id, order_id, cause, state, currency, amount, requested_at, settled_at
            FROM refunds WHERE order_id = $1 ORDER BY id
            """, order_id)),
    )  # fmt: skip


def _as(kind: Any, rows: list[Any]) -> list[Any]:
    return [kind(**dict(row)) for row in rows]
