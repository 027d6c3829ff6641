"""Repairs: goods that stay the buyer's until they are paid for, wait for somebody by a clock, and stop the clocks of warranty."""

from dingdan.overviews.invariants.invariant import Invariant

# Each state of a repair is one of its return; goods under repair are in an open return, so nothing else is had for them.
FITS_ITS_RETURN = """
SELECT p.id, p.state, p.instead, r.id AS return_id, r.resolution, r.decision, r.journey, r.outcome
FROM repairs p JOIN returns r ON r.id = p.return_id CROSS JOIN LATERAL (
    SELECT sum(l.received) AS units FROM return_lines l WHERE l.order_id = r.order_id AND l.return_id = r.id
) c
WHERE CASE
    WHEN p.state IN ('mending', 'returning', 'choosing')
        THEN (r.resolution, r.journey, r.outcome) IS DISTINCT FROM ('repair', 'received', 'open')
    WHEN p.state IN ('done', 'relapsed') THEN (r.resolution, r.outcome) IS DISTINCT FROM ('repair', 'settled')
    WHEN p.state = 'asked' THEN r.outcome <> 'open'
    WHEN p.state = 'turned' THEN r.resolution NOT IN (p.instead, 'refund') OR r.outcome = 'open'
        OR r.outcome = 'failed' AND c.units > 0
    ELSE r.decision <> 'withdrawn' AND r.journey <> 'lost' END
   OR r.resolution = 'repair' AND r.outcome = 'settled' AND p.state NOT IN ('done', 'relapsed')
"""

# A return that was granted for a repair has one.
GRANTED = """
SELECT r.id, r.decision, r.journey FROM returns r
WHERE r.resolution = 'repair' AND r.decision = 'approved' AND NOT EXISTS (SELECT FROM repairs p WHERE p.return_id = r.id)
"""

# What is mended never is stock, and nothing of it is ours to dispose of.
NEVER_STOCK = """
SELECT r.id, r.order_id, g.id AS goods_id, g.quantity FROM returns r JOIN returned_goods g ON g.return_id = r.id
WHERE r.resolution = 'repair'
UNION ALL
SELECT r.id, r.order_id, m.id, m.quantity FROM returns r JOIN movements m ON m.cause_id = r.id AND m.reason = 'return_in'
WHERE r.resolution = 'repair'
"""

# What the clocks of a line leave out is what its repairs took; what they begin anew with is when other goods came.
TIME_COUNTS = """
SELECT p.id, p.state, p.begun_at, p.ended_at, s.order_id, s.line_no, s.since, s.until, s.is_failed FROM repairs p
FULL JOIN (SELECT * FROM line_services WHERE kind = 'repair') s ON s.source_id = p.id
WHERE p.id IS NULL OR s.source_id IS NULL AND p.begun_at IS NOT NULL AND p.state <> 'mending' AND EXISTS (
       SELECT FROM return_lines l WHERE l.order_id = p.order_id AND l.return_id = p.return_id AND l.received > 0)
   OR s.source_id IS NOT NULL AND (s.order_id, s.since, s.until, s.is_failed)
      IS DISTINCT FROM (p.order_id, p.begun_at, p.ended_at, p.failed_at IS NOT NULL)
UNION ALL
SELECT e.id, e.state, e.asked_at, e.ended_at, s.order_id, s.line_no, s.since, s.until, s.is_failed FROM line_services s
LEFT JOIN exchanges e ON e.id = s.source_id LEFT JOIN order_lines l ON l.order_id = s.order_id AND l.line_no = s.line_no
WHERE s.kind = 'exchange' AND (e.state IS DISTINCT FROM 'done' OR e.sent_order_id <> s.order_id OR l.line_no IS NULL)
"""

# Whoever is waited for has a clock; what nobody has heard of is known to be late.
HAS_CLOCK = """
SELECT p.id, p.state, p.finish_by, p.choose_by, p.overdue_at FROM repairs p
WHERE p.state IN ('mending', 'returning', 'choosing') AND p.overdue_at IS NULL AND NOT EXISTS (
    SELECT FROM deadlines d WHERE d.subject_id = p.id AND d.kind = CASE p.state WHEN 'mending' THEN 'repair.finish_by'
        WHEN 'returning' THEN 'repair.arrive_by' ELSE 'repair.choose_by' END)
"""

MENDED = (
    Invariant(
        name="M1_repairs_fit_their_return",
        says="A repair stands where its return does: goods under repair are in an open return, mended ones in none.",
        sql=FITS_ITS_RETURN,
    ),
    Invariant(
        name="M1_granted_repairs_are_open",
        says="A return that was granted for a repair has one.",
        sql=GRANTED,
        needs_settled=True,
    ),
    Invariant(
        name="M2_mended_goods_are_never_stock",
        says="Goods under repair are the buyer's: no stock moves for them, and nobody disposes of them.",
        sql=NEVER_STOCK,
    ),
    Invariant(
        name="M3_time_of_repair_counts_for_nobody",
        says="What clocks leave out of a line is the time of its repairs, and they begin anew only with an exchange.",
        sql=TIME_COUNTS,
    ),
    Invariant(
        name="Z1_repairs_have_a_clock",
        says="While goods are mended, on their way or chosen for, a clock runs or stands still on record.",
        sql=HAS_CLOCK,
        needs_settled=True,
    ),
)
