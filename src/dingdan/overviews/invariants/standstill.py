"""Standstill: nothing waits that nobody will come for."""

from dingdan.overviews.invariants.invariant import Invariant

UNPAID_HAVE_CLOCK = """
SELECT o.id, o.pay_by FROM orders o
WHERE o.state = 'awaiting_payment'
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'order.pay_by' AND d.subject_id = o.id)
"""

DELIVERED_HAVE_CLOCK = """
SELECT o.id, o.delivered_at FROM orders o
WHERE o.state = 'confirmed' AND o.delivered_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'order.auto_receive' AND d.subject_id = o.id)
"""

OPEN_PAYMENTS_HAVE_CLOCK = """
SELECT p.id, p.state, p.started_at FROM payments p
WHERE p.state IN ('started', 'pending', 'unknown') AND p.provider <> 'credit'
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'payment.check' AND d.subject_id = p.id)
"""

SEND_BACKS_HAVE_CLOCK = """
SELECT s.id, s.state, s.created_at FROM send_backs s
WHERE s.state IN ('queued', 'sent', 'unknown')
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'send_back.check' AND d.subject_id = s.id)
"""

RETURNS_HAVE_CLOCK = """
SELECT r.id, r.decision, r.journey, r.requested_at FROM returns r
WHERE r.decision = 'requested' AND NOT r.escalated
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'return.review' AND d.subject_id = r.id)
   OR r.decision = 'approved' AND r.journey = 'at_buyer' AND r.resolution IN ('refund', 'repair')
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'return.send_by' AND d.subject_id = r.id)
"""

GOODS_BACK_HAVE_CLOCK = """
SELECT r.id, r.journey, r.outcome, r.received_at FROM returns r
WHERE r.journey = 'received' AND r.outcome IN ('open', 'passed', 'partly') AND r.resolution <> 'repair'
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.kind = 'return.refund_by' AND d.subject_id = r.id)
"""

UNPAID_EXPIRE = """
SELECT id, pay_by FROM orders
WHERE state = 'awaiting_payment' AND pay_by < (SELECT dingdan_now()) - interval '60 seconds'
"""

PAID_ARE_QUEUED = """
SELECT o.id, o.state, w.state AS work FROM orders o LEFT JOIN work_orders w ON w.order_id = o.id
WHERE o.state = 'confirmed' AND (w.id IS NULL OR w.state = 'withdrawn' AND EXISTS (
    SELECT FROM reservations r
    WHERE r.order_id = o.id AND r.warehouse_id = w.warehouse_id AND r.state = 'held')) AND NOT EXISTS (
    SELECT FROM channel_orders c JOIN channel_parts p ON p.channel_order_id = c.id
    WHERE c.order_id = o.id AND p.kind = 'shipment' AND p.booked IS NOT NULL)
   OR o.state IN ('held', 'cancelled') AND w.state = 'queued'
UNION ALL
SELECT o.id, o.state, NULL FROM reservations r JOIN orders o ON o.id = r.order_id AND o.state = 'confirmed'
WHERE r.state = 'held' AND NOT EXISTS (
    SELECT FROM work_orders w WHERE w.order_id = r.order_id AND w.warehouse_id = r.warehouse_id)
"""

# Of what was to go out for goods so much may be withheld as a refund of those would not have brought.
CANCELLED_ARE_REFUNDED = """
SELECT o.id, o.total, r.amount AS going_back, w.amount AS withheld FROM orders o LEFT JOIN (
    SELECT order_id, sum(amount) AS amount FROM refunds
    WHERE cause NOT IN ('excess', 'penalty') AND state <> 'refused' GROUP BY order_id
) r ON r.order_id = o.id LEFT JOIN (
    SELECT e.sent_order_id, sum(l.amount) AS amount FROM exchanges e JOIN refunds f ON f.cause = 'exchange' AND f.cause_id = e.id
    JOIN refund_lines l ON l.refund_id = f.id AND l.component = 'withheld' GROUP BY e.sent_order_id
) w ON w.sent_order_id = o.id
WHERE o.state = 'cancelled' AND o.paid_at IS NOT NULL AND o.total > COALESCE(r.amount, 0) + COALESCE(w.amount, 0)
"""

DEPOSITS_ARE_SETTLED = """
SELECT d.order_id, d.amount, d.kept, r.amount AS going_back FROM deposits d
JOIN orders o ON o.id = d.order_id AND o.state IN ('cancelled', 'expired') AND o.paid_at IS NULL
LEFT JOIN (
    SELECT order_id, sum(amount) AS amount FROM refunds WHERE cause = 'cancellation' AND state <> 'refused'
    GROUP BY order_id
) r ON r.order_id = d.order_id
WHERE d.paid_at IS NOT NULL AND (d.ended_at IS NULL OR d.amount - d.kept <> COALESCE(r.amount, 0))
"""

# Units that cost less than the smallest coin each may bring nothing, and a channel gives back without naming units.
UNITS_ARE_REFUNDED = """
SELECT l.order_id, l.line_no, l.cancelled, t.units AS refunded FROM order_lines l
JOIN orders o ON o.id = l.order_id AND o.total > 0 LEFT JOIN (
    SELECT n.order_id, n.line_no, sum(n.quantity) AS units FROM refund_lines n JOIN refunds r ON r.id = n.refund_id
    WHERE r.cause IN ('cancellation', 'amendment') AND r.state <> 'refused' AND n.component = 'goods'
    GROUP BY n.order_id, n.line_no
) t ON t.order_id = l.order_id AND t.line_no = l.line_no
WHERE l.cancelled > COALESCE(t.units, 0) AND l.goods - l.discount >= l.quantity
  AND NOT EXISTS (SELECT FROM channel_orders c WHERE c.order_id = l.order_id)
"""

DEADLINES_KEPT = """
SELECT kind, subject_id, due_at, attempts, error FROM deadlines
WHERE error IS NOT NULL OR next_at < (SELECT dingdan_now()) - interval '60 seconds'
"""

CLOCKS_RUN = """
SELECT kind, subject_id, due_at, next_at, step FROM deadlines
WHERE paused_at IS NULL AND (next_at IS NULL AND due_at > (SELECT dingdan_now())
   OR step = 0 AND next_at > due_at AND error IS NULL)
"""

PAUSES_RECORDED = """
SELECT d.kind, d.subject_id, d.paused_at FROM deadlines d
WHERE d.paused_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM deadline_pauses p WHERE p.kind = d.kind AND p.subject_id = d.subject_id AND p.paused_at = d.paused_at
      AND p.waiting_for = d.waiting_for AND p.ended_at IS NULL)
UNION ALL
SELECT p.kind, p.subject_id, p.paused_at FROM deadline_pauses p
WHERE p.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM deadlines d WHERE d.kind = p.kind AND d.subject_id = p.subject_id AND d.paused_at = p.paused_at)
"""

EXTENSIONS_ADD_UP = """
SELECT e.id, e.extended, n.moved FROM extensions e CROSS JOIN LATERAL (
    SELECT count(*) AS moved FROM extended_deadlines d WHERE d.extension_id = e.id) AS n
WHERE e.extended <> n.moved
UNION ALL
SELECT e.id, e.extended, d.subject_id FROM extended_deadlines d JOIN extensions e ON e.id = d.extension_id
WHERE NOT (d.kind = ANY (e.kinds)) OR d.merchant_id IS DISTINCT FROM COALESCE(e.merchant_id, d.merchant_id)
   OR d.was_at < e.due_from OR d.was_at >= e.due_before
"""

SHOWN_AS_KEPT = """
SELECT d.kind, d.subject_id, d.due_at, o.pay_by AS shown FROM deadlines d JOIN orders o ON o.id = d.subject_id
WHERE d.kind = 'order.pay_by' AND o.state = 'awaiting_payment' AND d.due_at <> o.pay_by
UNION ALL
SELECT d.kind, d.subject_id, d.due_at, r.send_by FROM deadlines d JOIN returns r ON r.id = d.subject_id
WHERE d.kind = 'return.send_by' AND d.paused_at IS NULL AND d.due_at <> r.send_by
"""

NOTHING_PARKED = """
SELECT reaction, fact_id, order_id, attempts, error FROM reaction_parked
"""

FACTS_PLACED = """
SELECT id, wire, subject_id, recorded_at FROM facts
WHERE position IS NULL AND recorded_at < clock_timestamp() - interval '60 seconds'
"""

REACTIONS_CAUGHT_UP = """
SELECT reaction, position, (SELECT max(position) FROM facts) AS last FROM reaction_cursors
WHERE position < (SELECT max(position) FROM facts WHERE recorded_at < clock_timestamp() - interval '60 seconds')
"""

JOBS_DONE = """
SELECT id, entrypoint, status, attempts, created FROM pgqueuer
WHERE execute_after < clock_timestamp() - interval '10 minutes'
"""

STANDSTILL = (
    Invariant(
        name="Z1_unpaid_orders_have_a_clock",
        says="Every order that waits for its money has a deadline for it.",
        sql=UNPAID_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_delivered_orders_have_a_clock",
        says="Every order that was delivered and not received has a deadline for it.",
        sql=DELIVERED_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_open_payments_have_a_clock",
        says="Every payment without an outcome will be asked after.",
        sql=OPEN_PAYMENTS_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_send_backs_have_a_clock",
        says="All money on its way back will be asked after.",
        sql=SEND_BACKS_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_returns_have_a_clock",
        says="Every return that waits for a decision or for its goods has a deadline for it.",
        sql=RETURNS_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_goods_back_have_a_clock",
        says="For every return whose goods are back and whose money is not, the law's days are counted.",
        sql=GOODS_BACK_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_unpaid_orders_expire",
        says="No order waits for its money a minute past its time.",
        sql=UNPAID_EXPIRE,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_paid_orders_are_queued",
        says="Every paid order has its work, and no stopped order is in the queue.",
        sql=PAID_ARE_QUEUED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_cancelled_orders_are_refunded",
        says="All that was paid for an order that was cancelled goes back.",
        sql=CANCELLED_ARE_REFUNDED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_deposits_are_settled",
        says="What the seller may not keep of a deposit that came to nothing goes back.",
        sql=DEPOSITS_ARE_SETTLED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_cancelled_units_are_refunded",
        says="Units that were cancelled of an order that goes on have their refund.",
        sql=UNITS_ARE_REFUNDED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_deadlines_kept",
        says="No deadline has failed or passed by more than a minute.",
        sql=DEADLINES_KEPT,
        needs_settled=True,
    ),
    Invariant(
        name="Z2_clocks_run",
        says="Every clock that is not paused will be looked at, and not later than it says.",
        sql=CLOCKS_RUN,
    ),
    Invariant(
        name="Z2_pauses_recorded",
        says="Every clock that stands still has a record of what it waits for, and no other record is open.",
        sql=PAUSES_RECORDED,
    ),
    Invariant(
        name="Z2_extensions_add_up",
        says="Every deadline that an extension moved is written down once, and is one that it was about.",
        sql=EXTENSIONS_ADD_UP,
    ),
    Invariant(
        name="Z2_shown_as_kept",
        says="Orders and returns show the very moment that their deadline keeps.",
        sql=SHOWN_AS_KEPT,
    ),
    Invariant(name="Z1_nothing_parked", says="No reaction failed on a fact.", sql=NOTHING_PARKED, needs_settled=True),
    Invariant(
        name="Z1_facts_placed",
        says="Every fact of more than a minute ago has its place in the order of facts.",
        sql=FACTS_PLACED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_reactions_caught_up",
        says="Every reaction has seen all facts of more than a minute ago.",
        sql=REACTIONS_CAUGHT_UP,
        needs_settled=True,
    ),
    Invariant(name="Z1_jobs_done", says="No job waits or runs for ten minutes.", sql=JOBS_DONE, needs_settled=True),
)
