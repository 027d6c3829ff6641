"""On the way: parcels hold what was ordered, know what was seen of them, and somebody looks after each."""

from dingdan.overviews.invariants.invariant import Invariant

CONSERVE_UNITS = """
SELECT l.order_id, l.line_no, l.quantity, l.cancelled, p.units AS in_parcels, o.shipped_at
FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN (
    SELECT order_id, line_no, sum(quantity) AS units FROM parcel_lines GROUP BY order_id, line_no
) p ON p.order_id = l.order_id AND p.line_no = l.line_no
WHERE p.units > l.quantity - l.cancelled
   OR o.shipped_at IS NOT NULL AND COALESCE(p.units, 0) <> l.quantity - l.cancelled
"""

SEEN_AS_SCANNED = """
SELECT p.id, p.last_scan_at, s.last, p.noticed FROM parcels p LEFT JOIN (
    SELECT parcel_id, max(at) AS last FROM scans GROUP BY parcel_id
) s ON s.parcel_id = p.id
WHERE p.last_scan_at IS DISTINCT FROM s.last OR p.delivered_at IS NOT NULL AND p.noticed <> '{}'
"""

# What a channel sent itself it watches itself, and nobody scans what own drivers bring.
ARE_WATCHED = """
SELECT p.id, p.carrier, p.state, p.dispatched_at FROM parcels p
WHERE p.delivered_at IS NULL AND p.carrier <> 'manual'
  AND p.dispatched_at > (SELECT dingdan_now()) - interval '59 days'
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'parcel.silence' AND d.subject_id = p.id)
  AND NOT EXISTS (SELECT FROM facts f WHERE f.subject_id = p.id AND f.wire = 'parcel.dispatched'
                  AND f.data ->> 'is_elsewhere' = 'true')
"""

# Nothing of it is on its way to the buyer any more, nothing on its way back, and no case or return is open about it.
GONE_LOOKED_AFTER = """
SELECT o.id, o.shipped_at, p.states FROM orders o JOIN LATERAL (
    SELECT array_agg(p.state) AS states, bool_or(
        p.state IN ('dispatched', 'moving', 'out_for_delivery') AND NOT 'disappeared' = ANY (p.noticed)
        OR p.state IN ('turned_away', 'returning') AND p.dispatched_at > (SELECT dingdan_now()) - interval '60 days'
    ) AS is_under_way
    FROM parcel_lines l JOIN parcels p ON p.id = l.parcel_id WHERE l.order_id = o.id
) p ON NOT p.is_under_way
WHERE o.state = 'confirmed' AND o.shipped_at IS NOT NULL AND o.delivered_at IS NULL
  AND NOT EXISTS (SELECT FROM cases c WHERE c.order_id = o.id AND c.state IN ('open', 'investigating', 'remedied'))
  AND NOT EXISTS (SELECT FROM returns r WHERE r.order_id = o.id AND r.decision IN ('requested', 'approved')
                  AND r.journey <> 'lapsed' AND r.outcome IN ('open', 'passed', 'partly'))
"""

CALLS_HAVE_CLOCK = """
SELECT i.id, i.parcel_id, i.asked_at FROM interceptions i
WHERE i.answer IS NULL
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'parcel.intercept_answer' AND d.subject_id = i.parcel_id)
"""

ON_THE_WAY = (
    Invariant(
        name="S5_parcels_conserve_units",
        says="Of no line there is more in parcels than was ordered and not cancelled, and exactly that once all has left.",
        sql=CONSERVE_UNITS,
    ),
    Invariant(
        name="X1_parcels_seen_as_scanned",
        says="A parcel was last seen when its last scan says, and of what has arrived nothing is wrong any more.",
        sql=SEEN_AS_SCANNED,
    ),
    Invariant(
        name="Z1_parcels_are_watched",
        says="Every parcel on its way has a clock that notices when nothing is heard of it.",
        sql=ARE_WATCHED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_gone_orders_are_looked_after",
        says="No order waits for parcels of which none will come, unless somebody looks after it.",
        sql=GONE_LOOKED_AFTER,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_interceptions_have_a_clock",
        says="Every parcel that is called back has a time by which that is answered.",
        sql=CALLS_HAVE_CLOCK,
    ),
)
