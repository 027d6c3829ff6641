"""Stock: balances are their history, every unit is somewhere, every hold belongs to a line."""

from dingdan.overviews.invariants.invariant import Invariant

BOUNDS = """
SELECT warehouse_id, product_id, on_hand, reserved, held, quarantine, in_transit, safety, frozen_at FROM stock
WHERE reserved < 0 OR on_hand < 0 OR held NOT BETWEEN 0 AND on_hand OR quarantine < 0 OR in_transit < 0 OR safety < 0
   OR reserved + held > on_hand AND frozen_at IS NULL
"""

# A lost update hides an oversell from the bounds above; only the history shows it.
HISTORY = """
SELECT warehouse_id, product_id, s.on_hand, m.on_hand AS moved_on_hand, s.quarantine, m.quarantine AS moved_quarantine,
       s.held, m.held AS moved_held, s.in_transit, m.in_transit AS moved_in_transit
FROM stock s FULL JOIN (
    SELECT warehouse_id, product_id,
           sum(quantity) FILTER (WHERE bucket = 'on_hand') AS on_hand,
           sum(quantity) FILTER (WHERE bucket = 'quarantine') AS quarantine,
           sum(quantity) FILTER (WHERE bucket = 'held') AS held,
           sum(quantity) FILTER (WHERE bucket = 'in_transit') AS in_transit
    FROM movements GROUP BY warehouse_id, product_id
) m USING (warehouse_id, product_id)
WHERE COALESCE(s.on_hand, 0) <> COALESCE(m.on_hand, 0) OR COALESCE(s.quarantine, 0) <> COALESCE(m.quarantine, 0)
   OR COALESCE(s.held, 0) <> COALESCE(m.held, 0) OR COALESCE(s.in_transit, 0) <> COALESCE(m.in_transit, 0)
"""

RESERVED = """
SELECT warehouse_id, product_id, s.reserved, r.held
FROM stock s FULL JOIN (
    SELECT warehouse_id, product_id, sum(quantity) AS held FROM reservations WHERE state = 'held'
    GROUP BY warehouse_id, product_id
) r USING (warehouse_id, product_id)
WHERE COALESCE(s.reserved, 0) <> COALESCE(r.held, 0)
"""

# Parts of a line: one product, or all that lies in a bundle, in one warehouse or several.
LINE_EXPLAINED = """
WITH parts AS (
    SELECT order_id, line_no, product_id, sum(quantity) AS units, min(each) AS each, max(each) AS each_at_most,
           array_agg(DISTINCT state) AS states, count(*) OVER (PARTITION BY order_id, line_no) AS products
    FROM reservations GROUP BY order_id, line_no, product_id
)
SELECT order_id, line_no, o.state AS order_state, l.quantity, l.cancelled, p.product_id, p.units AS reserved, p.states
FROM order_lines l FULL JOIN parts p USING (order_id, line_no) LEFT JOIN orders o ON o.id = order_id
WHERE l.quantity IS NULL AND NOT EXISTS (
        -- What is kept for an exchange whose order is not there yet has laws of its own.
        SELECT FROM exchanges e WHERE e.sent_order_id = p.order_id AND e.replaced_at IS NULL)
   OR (p.units IS NULL) <> (l.cancelled = l.quantity)
   OR p.units <> (l.quantity - l.cancelled) * p.each OR p.each <> p.each_at_most
   OR p.product_id = l.product_id AND (p.each <> 1 OR p.products > 1)
   OR p.states IS NOT NULL AND o.id IS NOT NULL AND NOT CASE o.state
       WHEN 'awaiting_payment' THEN p.states = '{held}' OR p.states = '{released}' AND o.snagged_since IS NOT NULL
       WHEN 'held' THEN p.states = '{held}' OR p.states = '{released}' AND o.snagged_since IS NOT NULL
           OR o.short_since IS NOT NULL
       WHEN 'confirmed' THEN (o.short_since IS NOT NULL OR NOT 'released' = ANY(p.states))
           AND (o.shipped_at IS NULL OR NOT 'held' = ANY(p.states))
           AND (o.dispatch_locked_at IS NOT NULL OR NOT 'consumed' = ANY(p.states))
       WHEN 'completed' THEN p.states = '{consumed}'
       ELSE p.states = '{released}'
   END
UNION ALL
SELECT o.id, NULL, o.state, NULL, NULL, NULL, NULL, NULL FROM orders o JOIN (
    SELECT order_id, array_agg(warehouse_id) AS places FROM reservations GROUP BY order_id
) r ON r.order_id = o.id WHERE o.warehouse_id <> ALL(r.places)
"""

SHIPPED = """
WITH consumed AS (
    SELECT order_id, line_no, product_id, min(each) AS each, sum(quantity) AS units FROM reservations
    WHERE state = 'consumed' GROUP BY order_id, line_no, product_id
)
SELECT order_id, line_no, product_id, sum(packed) AS in_parcels, sum(moved) AS moved, sum(consumed) AS consumed FROM (
    SELECT l.order_id, l.line_no, c.product_id, l.quantity * COALESCE(c.each, 1) AS packed, 0 AS moved, 0 AS consumed
    FROM parcel_lines l LEFT JOIN consumed c USING (order_id, line_no)
    UNION ALL SELECT order_id, line_no, product_id, 0, -quantity, 0 FROM movements WHERE reason = 'ship'
    UNION ALL SELECT order_id, line_no, product_id, 0, 0, units FROM consumed
) t GROUP BY order_id, line_no, product_id HAVING sum(packed) <> sum(moved) OR sum(moved) <> sum(consumed)
"""

# Restocking and arriving take from one bucket and give to another, so they stay out of the sum: a unit that is put
# back on the shelf without leaving quarantine agrees with its own movement and shows only here. What is held is on
# hand as well.
CONSERVED = """
SELECT warehouse_id, product_id, s.units, m.units AS came_less_left
FROM (
    SELECT warehouse_id, product_id, on_hand + quarantine + in_transit AS units FROM stock
) s FULL JOIN (
    SELECT warehouse_id, product_id, sum(quantity) AS units FROM movements
    WHERE reason NOT IN ('restock', 'transfer_in') AND bucket <> 'held' GROUP BY warehouse_id, product_id
) m USING (warehouse_id, product_id)
WHERE COALESCE(s.units, 0) <> COALESCE(m.units, 0)
"""

MOVEMENTS_MAKE_SENSE = """
SELECT id, bucket, quantity, reason, order_id, line_no FROM movements
WHERE NOT CASE reason
    WHEN 'receive' THEN bucket IN ('on_hand', 'held') AND quantity > 0
    WHEN 'count' THEN bucket = 'on_hand' AND quantity <> 0
    WHEN 'adjust' THEN bucket = 'on_hand' AND quantity <> 0
    WHEN 'ship' THEN bucket = 'on_hand' AND quantity < 0 AND order_id IS NOT NULL
    WHEN 'hold' THEN bucket = 'held' AND quantity > 0
    WHEN 'release' THEN bucket = 'held' AND quantity < 0
    WHEN 'transfer_out' THEN cause_id IS NOT NULL
        AND (bucket = 'on_hand' AND quantity < 0 OR bucket = 'in_transit' AND quantity > 0)
    WHEN 'transfer_in' THEN cause_id IS NOT NULL
        AND (bucket = 'in_transit' AND quantity < 0 OR bucket = 'on_hand' AND quantity > 0)
    WHEN 'return_in' THEN bucket = 'quarantine' AND quantity > 0 AND order_id IS NOT NULL
    WHEN 'restock' THEN (bucket = 'on_hand') = (quantity > 0) AND quantity <> 0
    WHEN 'resell' THEN (bucket = 'on_hand') = (quantity > 0) AND quantity <> 0 AND order_id IS NOT NULL
    WHEN 'write_off' THEN quantity < 0 AND (bucket = 'quarantine') = (order_id IS NOT NULL)
    ELSE bucket = 'quarantine' AND quantity < 0
END
"""

POOLS = """
SELECT p.id, p.warehouse_id, p.product_id, p.channel_id, p.taken, r.units FROM pools p FULL JOIN (
    SELECT pool_id, sum(quantity) AS units FROM reservations
    WHERE pool_id IS NOT NULL AND state IN ('held', 'consumed') GROUP BY pool_id
) r ON r.pool_id = p.id
WHERE p.id IS NULL OR p.taken <> COALESCE(r.units, 0)
UNION ALL
SELECT NULL, s.warehouse_id, s.product_id, NULL, NULL, NULL FROM stock s WHERE s.pooled <> EXISTS (
    SELECT FROM pools p WHERE p.warehouse_id = s.warehouse_id AND p.product_id = s.product_id AND p.ended_at IS NULL)
"""

HOLDINGS = """
SELECT h.order_id, h.product_id, h.units FROM holdings h WHERE NOT EXISTS (
    SELECT FROM reservations r WHERE r.order_id = h.order_id AND r.state = 'held')
"""

# What is on its way to a warehouse is what its open transfers say.
ON_ITS_WAY = """
SELECT warehouse_id, product_id, s.in_transit, t.units, t.ended FROM stock s FULL JOIN (
    SELECT t.to_id AS warehouse_id, l.product_id, sum(l.quantity - l.arrived - l.missing) AS units,
           bool_or(t.state = 'arrived' AND l.quantity > l.arrived + l.missing) AS ended
    FROM transfers t JOIN transfer_lines l ON l.transfer_id = t.id GROUP BY t.to_id, l.product_id
) t USING (warehouse_id, product_id)
WHERE COALESCE(s.in_transit, 0) <> COALESCE(t.units, 0) OR t.ended
"""

# The differences of an approved count are in the books, once; those of any other are not.
COUNTS_BOOKED = """
SELECT stocktake_id, product_id, d.units AS difference, m.units AS booked FROM (
    SELECT l.stocktake_id, l.product_id, CASE t.state WHEN 'approved' THEN l.counted - l.booked ELSE 0 END AS units
    FROM stocktake_lines l JOIN stocktakes t ON t.id = l.stocktake_id
) d FULL JOIN (
    SELECT cause_id AS stocktake_id, product_id, sum(quantity) AS units FROM movements
    WHERE reason = 'adjust' AND cause_id IS NOT NULL GROUP BY cause_id, product_id
) m USING (stocktake_id, product_id)
WHERE COALESCE(d.units, 0) <> COALESCE(m.units, 0)
"""

# Whoever reads a channel's feed goes on behind a place: no two changes share one, and none lies beyond the last.
FEED_IN_ORDER = """
SELECT channel_id, position, count(*) AS changes FROM channel_stock GROUP BY channel_id, position
HAVING count(*) > 1 OR position > (SELECT COALESCE(max(position), 0) FROM stock_feeds) OR min(available) < 0
UNION ALL
SELECT y.channel_id, y.acknowledged, NULL FROM channel_syncs y
WHERE y.acknowledged > (SELECT COALESCE(max(position), 0) FROM stock_feeds)
"""

COUNTS_SIGNED = """
SELECT id, state, differing, alone_up_to, counted_by_kind, counted_by, decided_by_kind, decided_by FROM stocktakes
WHERE (state = 'requested') <> (decided_at IS NULL)
   OR state = 'approved' AND differing > alone_up_to
      AND (counted_by_kind, counted_by) IS NOT DISTINCT FROM (decided_by_kind, decided_by)
"""

STOCK = (
    Invariant(
        name="S1_stock_in_bounds",
        says="No bucket is below zero, and no more is promised than is there, unless selling was stopped.",
        sql=BOUNDS,
    ),
    Invariant(name="S2_stock_is_its_history", says="Every balance is the sum of its movements.", sql=HISTORY),
    Invariant(name="S3_reserved_is_held", says="What stock calls reserved is what reservations hold.", sql=RESERVED),
    Invariant(
        name="S4_lines_explained",
        says="Every order line has its reservations for what was not cancelled, whole bundles of them, in states that fit "
        "the order's.",
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
    Invariant(
        name="S7_pools_are_counted",
        says="What a channel took of its allotment is what it holds or sold from it, and shelves know their pools.",
        sql=POOLS,
    ),
    Invariant(
        name="S8_holdings_end",
        says="Nobody is said to keep units of an order that holds nothing.",
        sql=HOLDINGS,
    ),
    Invariant(
        name="S9_on_its_way",
        says="What is on its way to a warehouse is what transfers sent and have not brought.",
        sql=ON_ITS_WAY,
    ),
    Invariant(
        name="S9_counts_are_booked",
        says="Differences of approved stocktakes are movements, and those of others are not.",
        sql=COUNTS_BOOKED,
    ),
    Invariant(
        name="X1_feed_in_order",
        says="Each change in a channel's feed has a place of its own, and nobody acknowledged what was never told.",
        sql=FEED_IN_ORDER,
    ),
    Invariant(
        name="P2_counts_are_signed",
        says="Larger differences were approved by somebody who did not count them.",
        sql=COUNTS_SIGNED,
    ),
)
