"""What is already there and what it comes to: the replay keeps no notes of its own, it reads the orders and returns."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from dingdan.plumbing.tx import Tx


class Known(msgspec.Struct, frozen=True):
    """An order that exists under one of the shop's numbers."""

    order_id: int
    total: int
    is_delivered: bool


class Filed(msgspec.Struct, frozen=True):
    """One line of an application that exists: who gave back what, when and at which price they say they bought it."""

    request_id: int
    buyer_id: int
    at: datetime
    sku: str
    price: int | None
    quantity: int
    is_open: bool


class Totals(msgspec.Struct, frozen=True):
    """What the shop sold and took back, in minor units; the lines are lines of the plan."""

    orders: int
    lines: int
    gross: int
    accepted: int
    refunds: int
    at_another_price: int


async def known_orders(tx: Tx, merchant_id: int) -> dict[str, Known]:
    """Every order of a merchant by the shop's number."""
    rows = await tx.fetch(
        """
        SELECT r.reference, o.id AS order_id, o.total, o.delivered_at IS NOT NULL AS is_delivered
        FROM order_references r JOIN orders o ON o.id = r.order_id WHERE r.merchant_id = $1
        """,
        merchant_id,
    )
    return {row["reference"]: Known(row["order_id"], row["total"], row["is_delivered"]) for row in rows}


async def filed_lines(tx: Tx, merchant_id: int) -> list[Filed]:
    """Every line of every application at a merchant; open are those on which the shop has still to act."""
    rows = await tx.fetch(
        """
        SELECT r.request_id, q.buyer_id, q.at, s.sku, l.claimed_unit_price AS price, l.quantity,
               r.decision = 'approved' AND r.outcome NOT IN ('settled', 'failed') AS is_open
        FROM return_requests q JOIN returns r ON r.request_id = q.id JOIN return_lines l ON l.return_id = r.id
        JOIN order_lines s ON s.order_id = l.order_id AND s.line_no = l.line_no
        WHERE q.merchant_id = $1 ORDER BY q.id, r.id, l.line_no
        """,
        merchant_id,
    )
    return [Filed(**dict(row)) for row in rows]


async def returns_of_requests(tx: Tx, request_ids: Iterable[int]) -> list[int]:
    """The returns that these applications opened."""
    rows = await tx.fetch("SELECT id FROM returns WHERE request_id = ANY($1::bigint[]) ORDER BY id", list(request_ids))
    return [row["id"] for row in rows]


async def totals(tx: Tx, merchant_id: int, price_mismatch: str) -> Totals:
    """What it all comes to. Each application is one line of the plan, accepted when the money for all of it is back."""
    row: Any = await tx.fetchrow(
        """
        SELECT (SELECT count(*) FROM orders WHERE merchant_id = $1 AND delivered_at IS NOT NULL) AS orders,
               (SELECT count(*) FROM order_lines l JOIN orders o ON o.id = l.order_id
                WHERE o.merchant_id = $1 AND o.delivered_at IS NOT NULL) AS lines,
               (SELECT COALESCE(sum(amount), 0)::bigint FROM captures
                WHERE merchant_id = $1 AND kind = 'normal') AS gross,
               (SELECT count(*) FROM (SELECT request_id FROM returns WHERE merchant_id = $1
                GROUP BY request_id HAVING bool_and(outcome = 'settled')) AS whole) AS accepted,
               (SELECT COALESCE(sum(amount), 0)::bigint FROM refunds
                WHERE merchant_id = $1 AND state = 'settled') AS refunds,
               (SELECT count(DISTINCT request_id) FROM returns
                WHERE merchant_id = $1 AND decision = 'requested' AND $2 = ANY(review_reasons)) AS at_another_price
        """,
        merchant_id,
        price_mismatch,
    )
    return Totals(**dict(row))


async def refresh_statistics(connection: Any) -> None:
    """Let PostgreSQL look at what the tables hold now; plans that it made for empty ones are slow for full ones.

    A small sample tells empty from full; autovacuum takes a better one later.
    """
    await connection.execute("SET default_statistics_target = 10; ANALYZE; RESET default_statistics_target")
