"""Stock: balances are their history, every unit is somewhere, every hold belongs to a line."""

from dingdan.overviews.invariants.invariant import Invariant

BOUNDS = """
SELECT warehouse_id, product_id, on_hand, reserved, quarantine FROM stock
WHERE reserved < 0 OR reserved > on_hand OR quarantine < 0
"""

# A lost update hides an oversell from the bounds above; only the history shows it.
HISTORY = """
SELECT warehouse_id, product_id, s.on_hand, m.on_hand AS moved_on_hand, s.quarantine, m.quarantine AS moved_quarantine
FROM stock s FULL JOIN (
    SELECT warehouse_id, product_id,
           sum(quantity) FILTER (WHERE bucket = 'on_hand') AS on_hand,
           sum(quantity) FILTER (WHERE bucket = 'quarantine') AS quarantine
    FROM movements GROUP BY warehouse_id, product_id
) m USING (warehouse_id, product_id)
WHERE COALESCE(s.on_hand, 0) <> COALESCE(m.on_hand, 0) OR COALESCE(s.quarantine, 0) <> COALESCE(m.quarantine, 0)
"""

RESERVED = """
SELECT warehouse_id, product_id, s.reserved, r.held
FROM stock s FULL JOIN (
    SELECT warehouse_id, product_id, sum(quantity) AS held FROM reservations WHERE state = 'held'
    GROUP BY warehouse_id, product_id
) r USING (warehouse_id, product_id)
WHERE COALESCE(s.reserved, 0) <> COALESCE(r.held, 0)
"""

LINE_EXPLAINED = """
SELECT order_id, line_no, o.state AS order_state, l.quantity, r.quantity AS reserved, r.state AS reservation_state
FROM order_lines l FULL JOIN reservations r USING (order_id, line_no) LEFT JOIN orders o ON o.id = order_id
WHERE (r.quantity, r.product_id, r.warehouse_id) IS DISTINCT FROM (l.quantity, l.product_id, o.warehouse_id)
   OR NOT CASE o.state
       WHEN 'awaiting_payment' THEN r.state = 'held'
       WHEN 'held' THEN r.state = 'held'
       WHEN 'confirmed' THEN r.state = 'held' AND o.shipped_at IS NULL
                          OR r.state = 'consumed' AND o.dispatch_locked_at IS NOT NULL
       WHEN 'completed' THEN r.state = 'consumed'
       ELSE r.state = 'released'
   END
"""

SHIPPED = """
SELECT order_id, line_no, sum(packed) AS in_parcels, sum(moved) AS moved, sum(consumed) AS consumed FROM (
    SELECT order_id, line_no, quantity AS packed, 0 AS moved, 0 AS consumed FROM parcel_lines
    UNION ALL SELECT order_id, line_no, 0, -quantity, 0 FROM movements WHERE reason = 'ship'
    UNION ALL SELECT order_id, line_no, 0, 0, quantity FROM reservations WHERE state = 'consumed'
) t GROUP BY order_id, line_no HAVING sum(packed) <> sum(moved) OR sum(moved) <> sum(consumed)
"""

# Restocking takes from one bucket and gives to the other, so it stays out of the sum: a unit that is put back
# on the shelf without leaving quarantine agrees with its own movement and shows only here.
CONSERVED = """
SELECT warehouse_id, product_id, s.units, m.units AS came_less_left
FROM (
    SELECT warehouse_id, product_id, on_hand + quarantine AS units FROM stock
) s FULL JOIN (
    SELECT warehouse_id, product_id, sum(quantity) AS units FROM movements WHERE reason <> 'restock'
    GROUP BY warehouse_id, product_id
) m USING (warehouse_id, product_id)
WHERE COALESCE(s.units, 0) <> COALESCE(m.units, 0)
"""

MOVEMENTS_MAKE_SENSE = """
SELECT id, bucket, quantity, reason, order_id, line_no FROM movements
WHERE NOT CASE reason
    WHEN 'receive' THEN bucket = 'on_hand' AND quantity > 0
    WHEN 'count' THEN bucket = 'on_hand' AND quantity <> 0
    WHEN 'ship' THEN bucket = 'on_hand' AND quantity < 0 AND order_id IS NOT NULL
    WHEN 'return_in' THEN bucket = 'quarantine' AND quantity > 0 AND order_id IS NOT NULL
    WHEN 'restock' THEN (bucket = 'on_hand') = (quantity > 0) AND quantity <> 0
    ELSE bucket = 'quarantine' AND quantity < 0
END
"""

STOCK = (
    Invariant(
        name="S1_stock_in_bounds", says="Nothing is held that is not on hand, and no bucket is below zero.", sql=BOUNDS
    ),
    Invariant(name="S2_stock_is_its_history", says="Every balance is the sum of its movements.", sql=HISTORY),
    Invariant(name="S3_reserved_is_held", says="What stock calls reserved is what reservations hold.", sql=RESERVED),
    Invariant(
        name="S4_lines_explained",
        says="Every order line has its reservation, in a state that fits the order's.",
        sql=LINE_EXPLAINED,
    ),
    Invariant(
        name="S5_shipped_once",
        says="What parcels hold, what left the shelf and what reservations gave up are the same units.",
        sql=SHIPPED,
    ),
    Invariant(
        name="S6_units_conserved",
        says="Units in the house are those that came less those that left; restocking makes none.",
        sql=CONSERVED,
    ),
    Invariant(
        name="S6_movements_make_sense",
        says="Every movement has the bucket and direction of its reason.",
        sql=MOVEMENTS_MAKE_SENSE,
    ),
)
