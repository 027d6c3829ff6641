"""Goods coming back: no unit twice, and what was found on them is what became of them."""

from dingdan.overviews.invariants.invariant import Invariant

# Units that are spoken for: what was asked for while a return is open, what was accepted (or lost at our risk) once it
# ended, and what was paid back without coming back.
_UNITS_OF_RETURNS = """
    SELECT l.order_id, l.line_no, sum(l.accepted + l.lost) AS accepted, sum(CASE
        WHEN r.decision IN ('refused', 'withdrawn') OR r.resolution = 'price_protection'
            OR r.journey = 'lapsed' AND r.paid_early_at IS NULL THEN 0
        WHEN r.outcome = 'open' OR r.resolution IN ('refund_only', 'store_credit') THEN l.quantity
        ELSE l.accepted + l.lost END) AS units
    FROM return_lines l JOIN returns r ON r.id = l.return_id GROUP BY l.order_id, l.line_no
"""

NO_UNIT_BACK_TWICE = f"""
SELECT order_id, line_no, r.units, r.accepted, p.shipped FROM ({_UNITS_OF_RETURNS}) r LEFT JOIN (
    SELECT order_id, line_no, sum(quantity) AS shipped FROM parcel_lines GROUP BY order_id, line_no
) p USING (order_id, line_no)
WHERE r.units > COALESCE(p.shipped, 0) OR r.accepted > COALESCE(p.shipped, 0)
"""  # noqa: S608 - words from above

# Returns and remedies together give something for a unit once; what was cancelled is nobody's.
HAD_ONCE = f"""
SELECT order_id, line_no, sum(units) AS had, max(l.quantity - l.cancelled) AS bought FROM (
    SELECT order_id, line_no, units FROM ({_UNITS_OF_RETURNS}) r
    UNION ALL
    SELECT order_id, line_no, sum(quantity) FROM made_good_units GROUP BY order_id, line_no
) t JOIN order_lines l USING (order_id, line_no) GROUP BY order_id, line_no
HAVING sum(units) > max(l.quantity - l.cancelled)
"""  # noqa: S608

# Goods that stay where they are: paid as asked for, with what was agreed on taken off.
STAYED = """
SELECT r.id, r.resolution, r.decision, r.outcome, l.off, l.net FROM returns r JOIN (
    SELECT l.return_id, sum(l.off) AS off, sum(o.goods - o.discount) AS net, sum(l.received + l.accepted) AS moved
    FROM return_lines l JOIN order_lines o USING (order_id, line_no) GROUP BY l.return_id
) l ON l.return_id = r.id
WHERE l.off > l.net OR (l.off > 0) <> (r.resolution IN ('keep', 'price_protection'))
   OR r.resolution NOT IN ('refund', 'exchange', 'repair') AND (
       l.moved > 0 OR r.decision = 'approved' AND r.outcome NOT IN ('passed', 'settled'))
"""

COUNTS_FIT = """
SELECT l.return_id, l.line_no, l.quantity, l.received, l.accepted, l.rejected, r.decision, r.journey, r.outcome
FROM return_lines l JOIN returns r ON r.id = l.return_id
WHERE l.received < 0 OR l.received > l.quantity OR l.accepted < 0 OR l.rejected < 0
   OR l.received > 0 AND r.journey <> 'received'
   OR CASE WHEN r.outcome = 'open' OR r.resolution = 'repair' THEN l.accepted + l.rejected > 0
        ELSE l.accepted + l.rejected <> l.received END
"""

LINES_OF_THE_ORDER = """
SELECT l.return_id, l.order_id, l.line_no, l.product_id, o.product_id AS ordered FROM return_lines l
LEFT JOIN order_lines o USING (order_id, line_no) WHERE o.product_id IS DISTINCT FROM l.product_id
UNION ALL
SELECT r.id, r.order_id, NULL, NULL, NULL FROM returns r
WHERE NOT EXISTS (SELECT FROM return_lines l WHERE l.return_id = r.id)
"""

INSPECTED_AS_COUNTED = """
SELECT return_id, line_no, l.accepted, i.accepted AS found_accepted, l.rejected, i.rejected AS found_rejected
FROM return_lines l FULL JOIN (
    SELECT i.return_id, n.line_no,
           COALESCE(sum(n.quantity) FILTER (WHERE n.is_accepted), 0) AS accepted,
           COALESCE(sum(n.quantity) FILTER (WHERE NOT n.is_accepted), 0) AS rejected
    FROM inspections i JOIN inspection_lines n ON n.inspection_id = i.id GROUP BY i.return_id, n.line_no
) i USING (return_id, line_no)
WHERE (COALESCE(l.accepted, -1), COALESCE(l.rejected, -1)) <> (COALESCE(i.accepted, 0), COALESCE(i.rejected, 0))
"""

# Every unit that came in is a movement into quarantine, every disposition one out of it, of the same order line; of a
# bundle these are movements of all that lay in it when it was sent.
MOVED_AS_DECIDED = """
WITH sent AS (
    SELECT order_id, line_no, product_id, min(each) AS each FROM reservations WHERE state = 'consumed'
    GROUP BY order_id, line_no, product_id
), decisions AS (
    SELECT l.order_id, line_no, 'return_in' AS reason, received AS units FROM return_lines l
    JOIN returns r ON r.id = l.return_id WHERE r.resolution <> 'repair'
    UNION ALL
    SELECT g.order_id, g.line_no, CASE WHEN d.kind IN ('restock', 'repack') THEN 'restock'
        WHEN d.kind IN ('open_box', 'refurbish') THEN 'resell' WHEN d.kind = 'scrap' THEN 'write_off'
        WHEN d.kind = 'send_back' THEN 'send_back' ELSE 'hand_on' END, d.quantity
    FROM dispositions d JOIN returned_goods g ON g.id = d.goods_id
)
SELECT order_id, line_no, product_id, reason, sum(decided) AS decided, sum(moved) AS moved FROM (
    SELECT d.order_id, d.line_no, s.product_id, d.reason, d.units * COALESCE(s.each, 1) AS decided, 0 AS moved
    FROM decisions d LEFT JOIN sent s USING (order_id, line_no)
    UNION ALL
    SELECT order_id, line_no, product_id, reason, 0, abs(quantity) FROM movements
    WHERE order_id IS NOT NULL AND reason IN ('return_in', 'restock', 'write_off', 'send_back', 'resell', 'hand_on')
      AND (reason <> 'restock' OR bucket = 'on_hand') AND (reason <> 'resell' OR bucket = 'quarantine')
) t GROUP BY order_id, line_no, product_id, reason HAVING sum(decided) <> sum(moved)
"""

# What went back early may be more than what was accepted, and a person has that back; what gifts and postage took off may
# be all of it. A line is worth something if each of its units cost one minor unit or more; what is worth nothing needs no refund.
OUTCOMES_FIT = """
SELECT r.id, r.decision, r.journey, r.outcome, l.quantity, l.accepted, l.is_worth, r.refund_id, f.state AS refund
FROM returns r LEFT JOIN (
    SELECT l.return_id, sum(l.quantity) AS quantity, sum(l.accepted + l.lost) AS accepted,
           bool_or(l.accepted + l.lost > 0 AND o.goods - o.discount + o.tax >= o.quantity) AS is_worth
    FROM return_lines l JOIN order_lines o USING (order_id, line_no) GROUP BY l.return_id
) l ON l.return_id = r.id LEFT JOIN refunds f ON f.id = r.refund_id
WHERE r.outcome <> 'open' AND r.journey NOT IN ('received', 'lost') AND r.resolution IN ('refund', 'exchange', 'repair')
   OR r.outcome = 'open' AND r.journey = 'lost'
   OR r.journey = 'sent' AND r.decision <> 'approved'
   OR r.outcome = 'passed' AND l.accepted <> l.quantity AND r.resolution IN ('refund', 'exchange')
   OR r.outcome = 'failed' AND l.accepted <> 0
   OR r.outcome = 'partly' AND (l.accepted = 0 OR l.accepted = l.quantity)
   OR r.outcome IN ('passed', 'partly', 'settled') AND r.refund_id IS NULL AND l.is_worth
       AND r.resolution NOT IN ('exchange', 'repair')
       AND r.postage + r.label_cost + r.gifts = 0
   OR r.outcome = 'settled' AND f.state <> 'settled'
       -- What was to be sent for its goods never left: the money that is missing comes when it is over.
       AND NOT EXISTS (SELECT FROM exchanges e WHERE e.return_id = r.id AND e.state = 'refunded'
           AND e.replaced_at IS NOT NULL AND e.ahead_at IS NULL)
   OR r.outcome IN ('open', 'failed') AND r.refund_id IS NOT NULL AND r.paid_early_at IS NULL
   OR (r.settled_at IS NOT NULL) <> (r.outcome = 'settled')
"""

REFUNDED_AS_ACCEPTED = """
SELECT f.id AS refund_id, f.cause_id AS return_id, n.line_no, n.units, l.accepted, r.refund_id AS refund_of_return
FROM refunds f LEFT JOIN returns r ON r.id = f.cause_id
LEFT JOIN (
    SELECT refund_id, line_no, sum(quantity) AS units FROM refund_lines WHERE component = 'goods' GROUP BY refund_id, line_no
) n ON n.refund_id = f.id
LEFT JOIN return_lines l ON l.return_id = f.cause_id AND l.line_no = n.line_no
WHERE f.cause = 'return' AND (r.refund_id IS DISTINCT FROM f.id
    OR n.units > CASE r.resolution WHEN 'refund' THEN COALESCE(l.accepted + l.lost, 0) WHEN 'exchange' THEN 0 ELSE l.quantity END
       AND r.paid_early_at IS NULL)
"""

GOODS_BACK = (
    Invariant(
        name="R1_no_unit_back_twice",
        says="No line has more units in returns than were shipped of it.",
        sql=NO_UNIT_BACK_TWICE,
    ),
    Invariant(
        name="R1_counts_fit",
        says="A return line receives at most what was announced, and its inspection divides all that was received.",
        sql=COUNTS_FIT,
    ),
    Invariant(
        name="R1_lines_of_the_order",
        says="Every return has lines, and each is the product of its order's line.",
        sql=LINES_OF_THE_ORDER,
    ),
    Invariant(
        name="R1_had_once",
        says="Returns and remedies together give something for a unit once.",
        sql=HAD_ONCE,
    ),
    Invariant(
        name="R2_goods_stayed",
        says="What is granted without goods coming back is paid at once, and no more is taken off than was paid.",
        sql=STAYED,
    ),
    Invariant(
        name="R2_inspected_as_counted",
        says="Accepted and rejected units are those that inspections found.",
        sql=INSPECTED_AS_COUNTED,
    ),
    Invariant(
        name="R2_moved_as_decided",
        says="What came in and what was decided about it are movements of exactly those units.",
        sql=MOVED_AS_DECIDED,
    ),
    Invariant(
        name="R2_outcomes_fit",
        says="A return ended as its units were accepted, with a refund where one is due, settled when that is.",
        sql=OUTCOMES_FIT,
    ),
    Invariant(
        name="R2_refunded_as_accepted",
        says="The refund of a return is its own and is for units that were accepted.",
        sql=REFUNDED_AS_ACCEPTED,
    ),
)
