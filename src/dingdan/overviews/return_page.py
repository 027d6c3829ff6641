"""Everything around returns for the people who decide about them: the goods in words, who the two sides are, what hangs on it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import msgspec

from dingdan.plumbing.tx import Tx

# How far back the numbers about a buyer and a merchant go.
LOOK_BACK = timedelta(days=90)


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a return as it was sold; `paid` is what its units cost the buyer with tax."""

    return_id: int
    line_no: int
    sku: str
    title: dict[str, str]
    category: str
    flags: list[str]
    quantity: int
    reason: str
    policy_id: int
    paid: int
    currency: str


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The two sides in numbers, at this merchant: since ever for the buyer's orders, of the last 90 days for the rest."""

    orders: int
    bought: int
    returned: int
    recent: int
    refused: int
    rejected: int
    asked: int
    granted: int
    denied: int
    buyers: int
    disputed: int
    lost: int


class Linked(msgspec.Struct, frozen=True):
    """Something that hangs on a return: an exchange, a repair, a dispute, a case; `state` by its own lifecycle."""

    kind: str
    id: int
    state: str


async def goods(tx: Tx, return_ids: Collection[int]) -> dict[int, list[Goods]]:
    """What is in these returns, by return, line by line."""
    rows = await tx.fetch(
        """
        SELECT l.return_id, l.line_no, b.sku, b.title, b.category, b.flags, l.quantity, l.reason, r.policy_id,
               ((b.goods - b.discount + b.tax) * l.quantity / b.quantity)::bigint AS paid, o.currency
        FROM returns r JOIN return_lines l ON l.order_id = r.order_id AND l.return_id = r.id
        JOIN order_lines b ON b.order_id = l.order_id AND b.line_no = l.line_no JOIN orders o ON o.id = r.order_id
        WHERE r.id = ANY($1::bigint[]) ORDER BY l.return_id, l.line_no
        """,
        list(return_ids),
    )
    found: dict[int, list[Goods]] = {}
    for row in rows:
        found.setdefault(row["return_id"], []).append(Goods(**dict(row)))
    return found


async def numbers(tx: Tx, order_id: int) -> Numbers:
    """The buyer and the merchant of an order in numbers."""
    row = await tx.fetchrow(
        """
        SELECT count(*) AS orders, COALESCE(sum(u.bought), 0)::int AS bought, COALESCE(sum(u.returned), 0)::int AS returned,
               COALESCE(sum(u.recent), 0)::int AS recent, COALESCE(sum(u.refused), 0)::int AS refused,
               COALESCE(sum(u.rejected), 0)::int AS rejected
        FROM orders o JOIN orders s ON s.id = $1 AND o.buyer_id = s.buyer_id AND o.merchant_id = s.merchant_id
        CROSS JOIN LATERAL (SELECT
            (SELECT sum(l.quantity - l.cancelled) FROM order_lines l WHERE l.order_id = o.id) AS bought,
            (SELECT sum(n.received) FROM return_lines n WHERE n.order_id = o.id) AS returned,
            (SELECT sum(n.rejected) FROM return_lines n WHERE n.order_id = o.id) AS rejected,
            (SELECT count(*) FROM returns r WHERE r.order_id = o.id AND r.requested_at > $2) AS recent,
            (SELECT count(*) FROM returns r WHERE r.order_id = o.id AND r.decision = 'refused') AS refused) AS u
        WHERE o.paid_at IS NOT NULL
        """,
        order_id,
        tx.now - LOOK_BACK,
    )
    other = await tx.fetchrow(
        """
        SELECT count(*) AS asked, count(*) FILTER (WHERE r.decision = 'approved') AS granted,
               count(*) FILTER (WHERE r.decision = 'refused') AS denied, count(DISTINCT o.buyer_id) AS buyers,
               (SELECT count(*) FROM disputes d WHERE d.merchant_id = s.merchant_id AND d.opened_at > $2) AS disputed,
               (SELECT count(DISTINCT d.id) FROM disputes d JOIN dispute_rulings g ON g.dispute_id = d.id
                WHERE d.merchant_id = s.merchant_id AND d.opened_at > $2 AND g.state = 'given' AND g.fault = 'seller') AS lost
        FROM orders s JOIN returns r ON r.merchant_id = s.merchant_id AND r.requested_at > $2
        JOIN orders o ON o.id = r.order_id WHERE s.id = $1 GROUP BY s.merchant_id
        """,
        order_id,
        tx.now - LOOK_BACK,
    )
    nothing = {"asked": 0, "granted": 0, "denied": 0, "buyers": 0, "disputed": 0, "lost": 0}
    assert row is not None, "counting gives one row"
    return Numbers(**dict(row), **(dict(other) if other is not None else nothing))


async def linked(tx: Tx, return_id: int) -> list[Linked]:
    """What hangs on a return."""
    rows: list[Any] = await tx.fetch(
        """
        SELECT 'exchange' AS kind, id, state FROM exchanges WHERE return_id = $1
        UNION ALL SELECT 'repair', id, state FROM repairs WHERE return_id = $1
        UNION ALL SELECT 'dispute', id, state FROM disputes WHERE subject_id = $1
        UNION ALL SELECT 'case', id, state FROM cases WHERE subject_id = $1
        ORDER BY id
        """,
        return_id,
    )
    return [Linked(**dict(row)) for row in rows]


async def decided_lately(tx: Tx, hours: int = 24) -> int:
    """How many applications people within reach have answered in the last hours."""
    count = await tx.fetchval(
        "SELECT count(*) FROM returns WHERE decided_at > $1 AND decided_by_kind = 'staff'",
        tx.now - timedelta(hours=hours),
    )
    return int(count or 0)
