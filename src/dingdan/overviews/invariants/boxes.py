"""Boxes and waves: one piece lies in one box, work in hand has its clock, a wave is one pass, and short orders wait."""

from dingdan.overviews.invariants.invariant import Invariant

# Whoever holds work has until its claim ends; what is packed or waits has no such clock.
CLAIMS_END = """
SELECT w.id, w.state, w.claimed_at, d.due_at FROM work_orders w
LEFT JOIN deadlines d ON d.kind = 'work.claim' AND d.subject_id = w.id
WHERE (w.state = 'picking') <> (d.subject_id IS NOT NULL)
   OR (w.claimed_at IS NULL) <> (w.state IN ('queued', 'withdrawn')) OR w.state = 'queued' AND w.claimed_by IS NOT NULL
"""

WAVES_ARE_ONE_PASS = """
SELECT w.id, w.wave_id, w.state, w.warehouse_id, w.claimed_by, v.warehouse_id AS wave_warehouse, v.claimed_by AS wave_claimed_by
FROM work_orders w LEFT JOIN waves v ON v.id = w.wave_id
WHERE w.wave_id IS NOT NULL AND (v.id IS NULL OR w.warehouse_id <> v.warehouse_id
    OR w.claimed_by IS DISTINCT FROM v.claimed_by OR w.claimed_at <> v.claimed_at
    OR v.lane IS NOT NULL AND w.lane <> v.lane)
UNION ALL
SELECT NULL, v.id, NULL, v.warehouse_id, NULL, NULL, v.claimed_by FROM waves v
WHERE v.size < (SELECT count(*) FROM work_orders w WHERE w.wave_id = v.id)
"""

# The latest box of a work that is packed or gone says what lies in it.
BOXES_HOLD_WHAT_LEFT = """
SELECT w.id, w.order_id, w.state, w.packed, b.lines FROM work_orders w
JOIN LATERAL (SELECT lines FROM boxes b WHERE b.work_id = w.id ORDER BY b.id DESC LIMIT 1) b ON true
WHERE w.state IN ('packed', 'handed_over') AND b.lines IS DISTINCT FROM w.packed
"""

SERIALS_IN_ONE_BOX = """
SELECT s.merchant_id, s.product_id, s.work_id, w.state FROM serials s LEFT JOIN work_orders w ON w.id = s.work_id
WHERE w.id IS NULL OR w.state NOT IN ('packed', 'handed_over') OR w.merchant_id <> s.merchant_id OR NOT EXISTS (
    SELECT FROM boxes b CROSS JOIN LATERAL jsonb_array_elements(b.serials) AS one
    WHERE b.work_id = s.work_id AND one ->> 'serial' = s.serial)
"""

# Of orders that ended everything is let go, so only those that go on are looked at.
SHORT_WAIT_FOR_UNITS = """
SELECT o.id, o.state, o.short_since, o.shipped_at FROM orders o
WHERE o.short_since IS NOT NULL AND (o.state NOT IN ('confirmed', 'held') OR o.shipped_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM reservations r WHERE r.order_id = o.id AND r.state = 'released'))
"""

SHARED_WITH_CONSENT = """
SELECT l.parcel_id, array_agg(DISTINCT l.order_id) AS orders FROM parcel_lines l
JOIN parcels p ON p.id = l.parcel_id
GROUP BY l.parcel_id, p.dispatched_at HAVING count(DISTINCT l.order_id) > 1 AND NOT EXISTS (
    SELECT FROM consents c WHERE c.recorded_at <= p.dispatched_at
    AND (c.withdrawn_at IS NULL OR c.withdrawn_at >= p.dispatched_at)
    AND NOT EXISTS (
        SELECT FROM parcel_lines m WHERE m.parcel_id = l.parcel_id AND NOT EXISTS (
            SELECT FROM consent_orders o WHERE o.consent_id = c.id AND o.order_id = m.order_id)))
"""

BOXES = (
    Invariant(
        name="Q1_claims_end",
        says="Work that is being picked has somebody's claim and the clock that ends it; other work has neither.",
        sql=CLAIMS_END,
    ),
    Invariant(
        name="Q2_waves_are_one_pass",
        says="The works of a wave were claimed together, in its warehouse and lane, and are no more than it says.",
        sql=WAVES_ARE_ONE_PASS,
    ),
    Invariant(
        name="Q3_boxes_hold_what_left",
        says="The last record of a box that is closed or gone says what is in it.",
        sql=BOXES_HOLD_WHAT_LEFT,
    ),
    Invariant(
        name="Q4_serials_in_one_box",
        says="A numbered piece lies in one closed box, whose record names it.",
        sql=SERIALS_IN_ONE_BOX,
    ),
    Invariant(
        name="Q5_short_orders_wait_for_units",
        says="An order that is called short has not left whole and waits for units that nobody has.",
        sql=SHORT_WAIT_FOR_UNITS,
    ),
    Invariant(
        name="Q6_shared_with_consent",
        says="Several orders share a parcel only where somebody agreed before it left.",
        sql=SHARED_WITH_CONSENT,
    ),
)
