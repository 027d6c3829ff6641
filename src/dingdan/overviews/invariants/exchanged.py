"""Exchanges: one unit back, one unit out or its money, never both; and money that is carried over is there once."""

from dingdan.overviews.invariants.invariant import Invariant

# What was carried over is what came in for the other order, of the same payment, to the last cent.
CARRIED_ONCE = """
SELECT s.id AS send_back_id, s.order_id, s.carried_to, s.amount, s.state, c.id AS capture_id, c.order_id AS came_to,
       c.amount AS came
FROM (SELECT * FROM send_backs WHERE carried_to IS NOT NULL) s
FULL JOIN (SELECT * FROM captures WHERE carried_from IS NOT NULL) c ON c.carried_from = s.id
WHERE (s.carried_to, s.payment_id, s.merchant_id, s.currency, s.amount, s.state)
      IS DISTINCT FROM (c.order_id, c.payment_id, c.merchant_id, c.currency, c.amount, 'arrived')
UNION ALL
SELECT s.id, s.order_id, s.carried_to, s.amount, s.state, NULL, NULL, NULL FROM send_backs s
LEFT JOIN refunds r ON r.id = s.refund_id LEFT JOIN exchanges e ON e.id = r.cause_id AND e.sent_order_id = s.carried_to
WHERE (s.carried_to IS NOT NULL) <> (r.cause = 'exchange') OR s.carried_to IS NOT NULL AND e.id IS NULL
"""

# As many units go out as came back and were accepted, for what was paid for those; of what went ahead all were announced.
CONSERVED = """
SELECT e.id, e.state, e.sent_order_id, e.worth, e.carried, e.price, o.total, f.amount AS refunded, n.off
FROM exchanges e LEFT JOIN orders o ON o.id = e.sent_order_id
LEFT JOIN refunds f ON f.cause = 'exchange' AND f.cause_id = e.id
LEFT JOIN (
    SELECT l.exchange_id, bool_or(l.sent <> CASE WHEN e.replaced_at IS NULL THEN 0 WHEN e.ahead_at IS NULL THEN r.accepted
            ELSE l.quantity END OR COALESCE(s.quantity, 0) <> l.sent
            OR s.product_id IS DISTINCT FROM CASE WHEN l.sent > 0 THEN l.product_id END) AS off
    FROM exchange_lines l JOIN exchanges e ON e.id = l.exchange_id
    LEFT JOIN return_lines r ON r.order_id = e.order_id AND r.return_id = e.return_id AND r.line_no = l.line_no
    LEFT JOIN order_lines s ON s.order_id = e.sent_order_id AND s.line_no = l.line_no GROUP BY l.exchange_id
) n ON n.exchange_id = e.id
WHERE (o.id IS NULL) <> (e.replaced_at IS NULL) OR o.total IS DISTINCT FROM e.price
   OR NULLIF(e.carried, 0) IS DISTINCT FROM f.amount OR n.off IS NOT FALSE
"""

# Goods for which something is sent are never paid for as well: the money of those units went to the new order only.
NEVER_BOTH = """
SELECT e.id, e.state, r.resolution, f.id AS refund_id, f.cause, l.line_no, l.quantity, l.amount FROM exchanges e
JOIN returns r ON r.id = e.return_id
JOIN refunds f ON f.cause = 'return' AND f.cause_id = r.id AND f.state <> 'refused'
JOIN refund_lines l ON l.refund_id = f.id AND l.component = 'goods'
WHERE e.replaced_at IS NOT NULL AND (l.quantity > 0 OR e.price >= e.worth)
UNION ALL
SELECT e.id, e.state, r.resolution, NULL, r.outcome, NULL, NULL, NULL FROM exchanges e JOIN returns r ON r.id = e.return_id
WHERE (e.replaced_at IS NOT NULL AND r.resolution <> 'exchange')
   OR e.state IN ('difference', 'replaced', 'done') AND e.ahead_at IS NULL AND r.outcome NOT IN ('passed', 'partly', 'settled')
"""

# What is kept for an order that is not there yet is kept for an exchange that waits; and it keeps all that is wanted.
KEPT_FOR_SOMEBODY = """
SELECT e.id, e.state, r.order_id, r.line_no, r.units, l.quantity FROM (
    SELECT r.order_id, r.line_no, sum(r.quantity / r.each) FILTER (WHERE r.state = 'held') AS units
    FROM reservations r WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = r.order_id) GROUP BY r.order_id, r.line_no
) r FULL JOIN (
    SELECT e.sent_order_id AS order_id, l.line_no, l.quantity, e.id FROM exchanges e
    JOIN exchange_lines l ON l.exchange_id = e.id WHERE e.replaced_at IS NULL
) l USING (order_id, line_no) LEFT JOIN exchanges e ON e.id = l.id
WHERE l.id IS NULL OR (e.state = 'reserved') <> (COALESCE(r.units, 0) > 0)
   OR e.state = 'reserved' AND COALESCE(r.units, 0) < l.quantity
"""

# Nothing that costs more is sent before the difference is paid.
PAID_FIRST = """
SELECT e.id, e.state, e.sent_order_id, o.state AS order_state, o.paid_at, o.shipped_at FROM exchanges e
JOIN orders o ON o.id = e.sent_order_id
WHERE o.paid_at IS NULL AND (o.shipped_at IS NOT NULL OR EXISTS (
          SELECT FROM parcel_lines p WHERE p.order_id = e.sent_order_id))
   OR e.state = 'difference' AND o.paid_at IS NOT NULL OR e.state IN ('replaced', 'done') AND o.paid_at IS NULL
"""

# Whoever has goods of ours, or waits for them, is waited for: what is here and not sent has its clock.
HAS_CLOCK = """
SELECT e.id, e.state, r.received_at, e.overdue_at FROM exchanges e JOIN returns r ON r.id = e.return_id
LEFT JOIN orders o ON o.id = e.sent_order_id
WHERE e.state IN ('short', 'reserved', 'difference', 'replaced') AND r.received_at IS NOT NULL AND o.shipped_at IS NULL
  AND e.overdue_at IS NULL AND NOT EXISTS (
      SELECT FROM deadlines d WHERE d.subject_id = e.id AND d.kind = 'exchange.ship_by')
"""

# What is due of money that lies with another order is noted with the order that it is due for, and goes back from where it
# lies: with one that never left, or that is sold together with it.
WITHHELD_ONCE = """
SELECT first, w.noted, d.drawn FROM (
    SELECT COALESCE(o.first_order_id, o.id) AS first, -sum(l.amount) AS noted
    FROM refund_lines l JOIN refunds r ON r.id = l.refund_id AND r.cause <> 'withheld' JOIN orders o ON o.id = l.order_id
    WHERE l.component = 'withheld' AND l.amount < 0 GROUP BY 1
) w FULL JOIN (
    SELECT COALESCE(o.first_order_id, o.id) AS first, sum(l.amount) AS drawn FROM refund_lines l
    JOIN refunds r ON r.id = l.refund_id JOIN orders o ON o.id = r.order_id
    WHERE r.cause = 'withheld' AND l.component NOT IN ('freight_out', 'freight_tax')
       OR r.cause = 'rest' AND l.component = 'withheld' AND l.amount > 0 GROUP BY 1
) d USING (first) WHERE w.noted IS DISTINCT FROM d.drawn
"""

# Of goods that were sold together nobody keeps any: then nothing hangs on the rest, and what came off for that was given back,
# as far as there is money of theirs.
BARGAIN_SETTLED = """
WITH hung AS (
    SELECT COALESCE(o.first_order_id, o.id) AS first, sum(l.amount) AS off
    FROM refund_lines l JOIN refunds r ON r.id = l.refund_id AND r.state <> 'refused' JOIN orders o ON o.id = l.order_id
    WHERE (l.component, l.rule) IN (('reprice', 'A6.reprice'), ('deduction', 'A7.lost_free_freight'))
      AND o.state NOT IN ('cancelled', 'expired') GROUP BY 1 HAVING sum(l.amount) < 0
), members AS (
    SELECT h.first, o.id, o.state FROM hung h JOIN orders o ON o.id = h.first
    UNION ALL SELECT h.first, o.id, o.state FROM hung h JOIN orders o ON o.first_order_id = h.first
), money AS (
    SELECT m.first, sum(COALESCE(c.came, 0) - COALESCE(t.went, 0)) AS left FROM members m
    LEFT JOIN LATERAL (SELECT sum(amount) AS came FROM captures WHERE order_id = m.id AND kind = 'normal') c ON true
    LEFT JOIN LATERAL (
        SELECT sum(t.amount) AS went FROM refund_tenders t JOIN refunds r ON r.id = t.refund_id
        WHERE t.order_id = m.id AND r.state <> 'refused' AND r.cause <> 'excess'
    ) t ON true GROUP BY m.first
), kept AS (
    SELECT m.first FROM members m JOIN order_lines n ON n.order_id = m.id
    LEFT JOIN LATERAL (
        SELECT sum(l.quantity) AS units FROM refund_lines l JOIN refunds r ON r.id = l.refund_id AND r.state <> 'refused'
        WHERE l.order_id = m.id AND l.line_no = n.line_no AND l.component = 'goods'
    ) b ON true
    WHERE m.state NOT IN ('cancelled', 'expired') AND n.quantity > COALESCE(b.units, 0)
)
SELECT h.first, h.off, m.left FROM hung h JOIN money m USING (first)
WHERE m.left >= -h.off AND NOT EXISTS (SELECT FROM kept k WHERE k.first = h.first)
"""

# What is sent for goods belongs to the order in which those were first sold, and to no other.
FIRST_ORDER = """
SELECT e.id, e.order_id, e.sent_order_id, o.first_order_id FROM exchanges e
JOIN orders o ON o.id = e.sent_order_id JOIN orders f ON f.id = e.order_id
WHERE o.first_order_id IS DISTINCT FROM COALESCE(f.first_order_id, f.id)
UNION ALL
SELECT NULL, NULL, o.id, o.first_order_id FROM orders o
WHERE o.first_order_id IS NOT NULL AND NOT EXISTS (SELECT FROM exchanges e WHERE e.sent_order_id = o.id)
"""

EXCHANGED = (
    Invariant(
        name="E1_carried_once",
        says="Money that left an order for an exchange came in for the order that goes out, once and to the last cent.",
        sql=CARRIED_ONCE,
    ),
    Invariant(
        name="E1_exchanges_conserve",
        says="What goes out is as many units as came back for it, at the price that the exchange names.",
        sql=CONSERVED,
    ),
    Invariant(
        name="E2_never_goods_and_money",
        says="A unit that something is sent for is not paid back, and nothing is sent for one that is.",
        sql=NEVER_BOTH,
    ),
    Invariant(
        name="E2_withheld_once",
        says="What is due of money that lies with another order of the same goods goes back from there, to the last cent.",
        sql=WITHHELD_ONCE,
    ),
    Invariant(
        name="E2_bargains_are_settled",
        says="Where nobody keeps anything of what was sold together, nothing stays off because of the rest.",
        sql=BARGAIN_SETTLED,
    ),
    Invariant(
        name="E2_first_order",
        says="What is sent for goods knows the order in which these were first sold.",
        sql=FIRST_ORDER,
    ),
    Invariant(
        name="E3_kept_for_somebody",
        says="Stock that is kept for no order is kept for an exchange that waits for goods, all of it.",
        sql=KEPT_FOR_SOMEBODY,
    ),
    Invariant(
        name="E4_difference_paid_first",
        says="Nothing is sent before what it costs more is paid.",
        sql=PAID_FIRST,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_exchanges_have_a_clock",
        says="From when goods are here until something is sent for them a clock runs, or it is known to be late.",
        sql=HAS_CLOCK,
        needs_settled=True,
    ),
)
