"""What the month came to: where every order ended, what became of every unit and of all money, and every promise on record."""

from collections import Counter
from typing import Any

from dingdan.areas import archive
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

# One word for each order, and what may stand behind it.
ENDS = """
SELECT end_, count(*) AS orders FROM (
    SELECT CASE
        WHEN k.order_id IS NOT NULL AND o.state = 'completed' THEN 'completed, kept'
        WHEN k.order_id IS NOT NULL AND o.state = 'expired' AND COALESCE(m.net, 0) = 0 THEN 'expired, kept'
        WHEN k.order_id IS NOT NULL AND o.state = 'cancelled' AND COALESCE(m.net, 0) = 0 THEN 'cancelled, paid back, kept'
        WHEN o.state IN ('confirmed', 'held') AND EXISTS (
            SELECT FROM cases c JOIN case_owners w ON w.case_id = c.id AND w.until IS NULL
            JOIN deadlines d ON d.subject_id = c.id AND d.kind = 'case.update' AND d.due_at > dingdan_now()
            WHERE c.order_id = o.id AND c.state IN ('open', 'investigating', 'remedied')) THEN 'looked after'
        ELSE 'lost sight of: ' || o.state || ' ' || COALESCE(o.reference, o.id::text) || ' ' || COALESCE(p.states, 'no parcel')
            || CASE WHEN o.delivered_at IS NULL THEN '' ELSE ' delivered' END
        END AS end_
    FROM orders o LEFT JOIN archived_orders k ON k.order_id = o.id
    LEFT JOIN (SELECT order_id, sum(amount) AS net FROM (
        SELECT order_id, amount FROM captures UNION ALL
        SELECT r.order_id, -r.amount FROM refunds r WHERE r.state = 'settled') moved GROUP BY order_id) m ON m.order_id = o.id
    LEFT JOIN (SELECT l.order_id, string_agg(DISTINCT p.state, ' ') AS states FROM parcel_lines l
               JOIN parcels p ON p.id = l.parcel_id GROUP BY l.order_id) p ON p.order_id = o.id
) each_one GROUP BY end_ ORDER BY end_
"""

# Every unit that was ordered, by where it is now.
UNITS = """
SELECT sum(quantity)::int AS ordered, sum(cancelled)::int AS cancelled, sum(never)::int AS never_left,
       sum(delivered)::int AS delivered, sum(back)::int AS back, sum(gone)::int AS gone, sum(moving)::int AS moving
FROM (
    SELECT l.quantity, l.cancelled,
        CASE WHEN o.state IN ('cancelled', 'expired') THEN l.quantity - l.cancelled ELSE 0 END AS never,
        COALESCE(p.delivered, 0) AS delivered, COALESCE(p.back, 0) AS back, COALESCE(p.gone, 0) AS gone,
        COALESCE(p.moving, 0) AS moving
    FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN (
        SELECT n.order_id, n.line_no,
            sum(n.quantity) FILTER (WHERE p.state = 'delivered') AS delivered,
            sum(n.quantity) FILTER (WHERE p.state IN ('returning', 'turned_away')) AS back,
            sum(n.quantity) FILTER (WHERE p.state IN ('lost', 'damaged')
                OR p.state IN ('dispatched', 'moving', 'out_for_delivery') AND 'disappeared' = ANY(p.noticed)) AS gone,
            sum(n.quantity) FILTER (WHERE p.state IN ('dispatched', 'moving', 'out_for_delivery')
                AND NOT 'disappeared' = ANY(p.noticed)) AS moving
        FROM parcel_lines n JOIN parcels p ON p.id = n.parcel_id GROUP BY n.order_id, n.line_no
    ) p ON p.order_id = l.order_id AND p.line_no = l.line_no
) each_line
"""

# What came back in parcels was received, unit by unit.
RECEIVED = """
SELECT l.order_id, l.line_no, l.quantity, b.received FROM parcel_lines l JOIN parcels p ON p.id = l.parcel_id
LEFT JOIN (SELECT r.order_id, n.line_no, sum(n.received) AS received FROM return_lines n JOIN returns r ON r.id = n.return_id
           GROUP BY r.order_id, n.line_no) b ON b.order_id = l.order_id AND b.line_no = l.line_no
WHERE p.state IN ('returning', 'turned_away') AND l.quantity <> COALESCE(b.received, 0)
"""

# Money is where the books say: what came in less what went back is what providers keep for us.
MONEY = """
SELECT (SELECT sum(amount) FROM captures) - (SELECT COALESCE(sum(amount), 0) FROM send_backs WHERE state = 'arrived') AS moved,
       (SELECT sum(e.amount) FROM entries e JOIN accounts a ON a.id = e.account_id
        WHERE a.code = 'psp_clearing') AS booked
"""

# Buyers got what they paid for, or their money: an order that arrived and had no trouble kept its price, but for what came
# back of it.
PRICES_KEPT = """
SELECT o.id, o.total, o.refunded FROM orders o LEFT JOIN (
    SELECT order_id, sum(amount) AS amount FROM refunds r
    WHERE r.id IN (SELECT refund_id FROM returns WHERE outcome = 'settled' UNION SELECT paid_with FROM returned_goods)
    GROUP BY order_id) b ON b.order_id = o.id
WHERE o.state = 'completed' AND o.delivered_at IS NOT NULL AND o.refunded <> COALESCE(b.amount, 0)
  AND NOT EXISTS (SELECT FROM cases c WHERE c.order_id = o.id)
UNION ALL
SELECT o.id, o.total, o.refunded FROM orders o
WHERE o.state = 'completed' AND o.delivered_at IS NULL AND o.refunded = 0 AND o.total > 0
  AND NOT EXISTS (SELECT FROM remedies r WHERE r.order_id = o.id AND r.state = 'executed' AND r.kind = 'reship')
"""

# A promise that was broken is written down: of the parcel, of the case, of the payment.
UNRECORDED = """
SELECT 'arrival' AS promise, p.id FROM parcels p
JOIN parcel_lines n ON n.parcel_id = p.id JOIN order_lines l ON l.order_id = n.order_id AND l.line_no = n.line_no
WHERE l.arrive_by < p.delivered_at - interval '2 days'
  AND NOT EXISTS (SELECT FROM facts f WHERE f.subject_id = p.id AND f.wire = 'parcel.overdue')
UNION ALL
SELECT 'contact', c.id FROM cases c
WHERE c.contact_by < COALESCE(c.contacted_at, c.ended_at, dingdan_now()) - interval '1 day'
  AND NOT EXISTS (SELECT FROM facts f WHERE f.subject_id = c.id AND f.wire = 'case.escalated')
UNION ALL
SELECT 'payment', o.id FROM orders o
WHERE o.state = 'expired' AND NOT EXISTS (SELECT FROM facts f WHERE f.subject_id = o.id AND f.wire = 'order.expired')
UNION ALL
SELECT 'claim', c.id FROM claims c
WHERE c.answer_by < COALESCE(c.answered_at, c.ended_at, dingdan_now())
  AND NOT EXISTS (SELECT FROM facts f WHERE f.subject_id = c.id AND f.wire = 'claim.chased')
"""

# Whoever gave goods back has their money: no refund waits for anybody, and no return for its end.
OWED = """
SELECT 'refund' AS what, id, state AS stands FROM refunds WHERE state NOT IN ('settled', 'refused')
UNION ALL
SELECT 'return', id, decision || ' ' || journey || ' ' || outcome FROM returns
WHERE decision = 'requested' OR decision = 'approved' AND journey <> 'lapsed' AND outcome NOT IN ('settled', 'failed')
"""

# What came back has found its use, or is on its way to whose it is.
LYING = "SELECT id, is_ours, choice, reminded FROM returned_goods WHERE open > 0"

# Clocks that may run on after the end: of what is kept, of carriers' licences and grades, of parcels nobody hears of, and of
# cases that somebody still looks after. Each is ahead, or stands still because somebody waits.
CLOCKS = """
SELECT d.kind, count(*)::int AS clocks, bool_and(d.paused_at IS NOT NULL OR d.next_at > dingdan_now()) AS is_kept,
       bool_and(c.id IS NOT NULL) AS is_accounted
FROM deadlines d LEFT JOIN cases c ON d.kind LIKE 'case.%' AND c.id = d.subject_id
    AND c.state IN ('open', 'investigating', 'remedied')
GROUP BY d.kind
"""


async def prepare(db: Database) -> None:
    """Let the database count what a month left: it was never quiet for long enough to do so by itself."""
    async with db.connection() as connection:
        await connection.execute("ANALYZE")


async def rows(db: Database, statement: str) -> list[dict[str, Any]]:
    """What a statement finds."""
    async with db.reading(SYSTEM) as tx:
        return [dict(row) for row in await tx.fetch(statement)]


async def ends(db: Database) -> Counter[str]:
    """How many orders ended how."""
    return Counter({row["end_"]: row["orders"] for row in await rows(db, ENDS)})


async def faults(db: Database) -> list[str]:
    """What is wrong with any bundle of the archive, all of them computed again."""
    found: list[str] = []
    async with db.reading(SYSTEM) as tx:
        for merchant_id in await archive.chains(tx):
            after, last = 0, archive.BEGINNING
            while (verdict := await archive.verify(tx, merchant_id, after=after, last_hash=last)).checked:
                found += verdict.faults
                after, last = verdict.last_number, verdict.last_hash
    return found
