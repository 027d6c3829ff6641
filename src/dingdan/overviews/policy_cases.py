"""Lines of returns as a policy judges them, and how a policy does: what came back, what was refused, what it cost."""

from datetime import datetime

import msgspec

from dingdan.areas.policy_desk import Came
from dingdan.plumbing.tx import Tx

# Whole returns, so that what belongs to one of them is counted once. What was withdrawn was never decided.
_PAGE = """
WITH page AS (
    SELECT id, order_id, policy_id, requested_at, decision, review_reasons FROM returns
    WHERE merchant_id = $1 AND id > $2 AND requested_at >= $3 AND requested_at < $4 AND decision <> 'withdrawn'
    ORDER BY id LIMIT $6
)
SELECT p.id AS return_id, p.policy_id, r.reason, r.quantity, p.requested_at, o.placed_at, o.delivered_at, o.received_at,
    l.category, l.flags, l.confirmed_at IS NOT NULL AS is_confirmed, COALESCE(k.country, '') AS country, p.decision,
    cardinality(p.review_reasons) > 0 AS had_review, l.quantity AS units, l.goods - l.discount AS net,
    o.goods - o.discount AS order_net, o.freight, n.order_id IS NOT NULL AS is_untold, n.told_at
FROM page p
JOIN return_lines r ON r.return_id = p.id AND r.order_id = p.order_id
JOIN orders o ON o.id = p.order_id AND o.currency = $5
JOIN order_lines l ON l.order_id = r.order_id AND l.line_no = r.line_no
LEFT JOIN contacts k ON k.id = o.contact_id
LEFT JOIN late_notices n ON n.order_id = o.id
ORDER BY p.id, r.line_no
"""
_LAST = """
SELECT max(id) AS last, count(*)::int AS found FROM (
    SELECT id FROM returns
    WHERE merchant_id = $1 AND id > $2 AND requested_at >= $3 AND requested_at < $4 AND decision <> 'withdrawn'
    ORDER BY id LIMIT $5
) AS page
"""
_FIGURES = """
WITH sold AS (
    SELECT o.id, o.policy_id FROM orders o
    WHERE o.merchant_id = $1 AND o.delivered_at >= $2 AND o.delivered_at < $3 AND o.currency = $4
), units AS (
    SELECT s.policy_id, count(DISTINCT s.id)::int AS orders, sum(l.quantity - l.cancelled)::bigint AS units,
        sum(l.goods - l.discount)::bigint AS net
    FROM sold s JOIN order_lines l ON l.order_id = s.id GROUP BY s.policy_id
), asked AS (
    SELECT s.policy_id, count(DISTINCT r.id)::int AS returns, sum(l.quantity)::bigint AS units_back,
        count(DISTINCT r.id) FILTER (WHERE r.decision = 'refused')::int AS refused,
        count(DISTINCT r.id) FILTER (WHERE r.decision = 'approved')::int AS approved,
        count(DISTINCT r.id) FILTER (WHERE cardinality(r.review_reasons) > 0)::int AS looked_at,
        count(DISTINCT r.id) FILTER (WHERE r.outcome IN ('partly', 'failed'))::int AS failed
    FROM sold s JOIN returns r ON r.order_id = s.id AND r.decision <> 'withdrawn'
    JOIN return_lines l ON l.order_id = r.order_id AND l.return_id = r.id GROUP BY s.policy_id
), paid AS (
    SELECT s.policy_id, sum(f.amount)::bigint AS refunded FROM sold s
    JOIN refunds f ON f.order_id = s.id AND f.cause = 'return' AND f.state NOT IN ('refused') GROUP BY s.policy_id
), out AS (
    SELECT s.policy_id, sum(p.amount) FILTER (WHERE p.component = 'freight_out')::bigint AS freight,
        -sum(p.amount) FILTER (WHERE p.component = 'freight_return')::bigint AS postage_of_buyers
    FROM sold s JOIN refunds f ON f.order_id = s.id AND f.cause = 'return' AND f.state NOT IN ('refused')
    JOIN refund_lines p ON p.refund_id = f.id GROUP BY s.policy_id
)
SELECT u.policy_id, y.code, y.version AS label, u.orders, u.units, u.net, COALESCE(a.returns, 0) AS returns,
    COALESCE(a.units_back, 0) AS units_back, COALESCE(a.refused, 0) AS refused, COALESCE(a.approved, 0) AS approved,
    COALESCE(a.looked_at, 0) AS looked_at, COALESCE(a.failed, 0) AS failed, COALESCE(paid.refunded, 0) AS refunded,
    COALESCE(out.freight, 0) AS freight, COALESCE(out.postage_of_buyers, 0) AS postage_of_buyers
FROM units u JOIN policies y ON y.id = u.policy_id LEFT JOIN asked a USING (policy_id) LEFT JOIN paid USING (policy_id)
LEFT JOIN out USING (policy_id) ORDER BY u.policy_id
"""


class Cases(msgspec.Struct, frozen=True):
    """A page of lines, the last return among them, and whether none come after it."""

    lines: list[Came]
    last: int
    is_last: bool


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How one version does: of what was delivered in a span, how much came back, was refused, and what it cost.

    Amounts are in minor units; `freight` is the freight out that was paid back, `postage_of_buyers` what of the way
    back was taken off refunds.
    """

    policy_id: int
    code: str
    label: str
    orders: int
    units: int
    net: int
    returns: int
    units_back: int
    refused: int
    approved: int
    looked_at: int
    failed: int
    refunded: int
    freight: int
    postage_of_buyers: int


async def page(
    tx: Tx, merchant_id: int, *, after: int, since: datetime, until: datetime, currency: str, limit: int
) -> Cases:
    """The lines of the next returns that were asked for in a span, in the order of their ids."""
    rows = await tx.fetch(_PAGE, merchant_id, after, since, until, currency, limit)
    seen = await tx.fetchrow(_LAST, merchant_id, after, since, until, limit)
    lines = [msgspec.convert(dict(row), Came) for row in rows]
    return Cases(lines, seen["last"] or after, is_last=seen["found"] < limit)


async def figures(tx: Tx, merchant_id: int, *, since: datetime, until: datetime, currency: str) -> list[Figures]:
    """How the policies of a merchant do, by version, over the orders that were delivered in a span."""
    rows = await tx.fetch(_FIGURES, merchant_id, since, until, currency)
    return [msgspec.convert(dict(row), Figures) for row in rows]
