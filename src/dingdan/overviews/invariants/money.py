"""Money of orders: amounts add up, what came in is what was owed, and no more goes back than came in."""

from dingdan.overviews.invariants.invariant import Invariant

ORDERS_ADD_UP = """
SELECT o.id, o.goods, o.discount, o.freight, o.tax, o.total, l.lines, l.goods AS lines_goods,
       l.discount AS lines_discount, l.tax AS lines_tax
FROM orders o LEFT JOIN (
    SELECT order_id, count(*) AS lines, sum(goods) AS goods, sum(discount) AS discount, sum(tax) AS tax
    FROM order_lines GROUP BY order_id
) l ON l.order_id = o.id
LEFT JOIN (
    SELECT order_id, sum(amount) AS tax FROM price_layers WHERE effect = 'freight_tax' GROUP BY order_id
) f ON f.order_id = o.id
WHERE (l.goods, l.discount, l.tax + COALESCE(f.tax, 0))
      IS DISTINCT FROM (o.goods::numeric, o.discount::numeric, o.tax::numeric)
   OR o.total <> o.goods - o.discount + o.freight + o.tax OR o.freight < 0 OR o.total < 0
"""

LINES_ADD_UP = """
SELECT order_id, line_no, quantity, unit_price, goods, discount, tax FROM order_lines
WHERE goods <> quantity::bigint * unit_price OR quantity < 1 OR discount < 0 OR discount > goods OR tax < 0
"""

CHECKOUTS_ADD_UP = """
SELECT c.id, c.total, c.currency, o.total AS orders_total, o.currencies
FROM checkouts c LEFT JOIN (
    SELECT checkout_id, sum(total) AS total, array_agg(DISTINCT currency) AS currencies FROM orders GROUP BY checkout_id
) o ON o.checkout_id = c.id
WHERE o.total IS DISTINCT FROM c.total::numeric OR o.currencies IS DISTINCT FROM ARRAY[c.currency]
"""

ALLOTTED_WHOLLY = """
SELECT p.id, p.amount, sum(a.amount) AS allotted, count(o.id) AS orders
FROM payments p LEFT JOIN payment_allotments a ON a.payment_id = p.id
LEFT JOIN orders o ON o.id = a.order_id AND o.checkout_id = p.checkout_id
GROUP BY p.id HAVING sum(a.amount) IS DISTINCT FROM p.amount::numeric OR count(o.id) <> count(a.order_id)
"""

# An order is paid when all of it is in, never before, never twice; what is beyond is excess and stands apart.
CAPTURED_IS_OWED = """
SELECT o.id, o.state, o.total, o.paid_at, c.normal FROM orders o
LEFT JOIN (SELECT order_id, sum(amount) AS normal FROM captures WHERE kind = 'normal' GROUP BY order_id) c
    ON c.order_id = o.id
WHERE COALESCE(c.normal, 0) > o.total
   OR o.total > 0 AND (o.paid_at IS NOT NULL) <> (COALESCE(c.normal, 0) = o.total)
"""

CAPTURES_OF_CAPTURED_PAYMENTS = """
SELECT p.id, p.state, p.captured_at, c.captured FROM payments p
LEFT JOIN (SELECT payment_id, sum(amount) AS captured FROM captures GROUP BY payment_id) c ON c.payment_id = p.id
WHERE (c.captured IS NOT NULL) <> (p.state = 'captured') OR (p.captured_at IS NOT NULL) <> (p.state = 'captured')
"""

# Credit waits for the provider's money and is captured with it; nothing of it waits alone.
CAPTURED_TOGETHER = """
SELECT c.id, c.state, c.together, l.id AS leading, l.state AS leading_state FROM payments c
LEFT JOIN payments l ON l.together = c.together AND l.provider <> 'credit'
WHERE c.provider = 'credit' AND c.state IN ('started', 'pending', 'unknown')
  AND (l.id IS NULL OR l.state NOT IN ('started', 'pending', 'unknown'))
UNION ALL
SELECT c.payment_id, 'captured', p.together, l.id, l.state FROM captures c
JOIN payments p ON p.id = c.payment_id AND p.provider = 'credit' AND p.together IS NOT NULL
JOIN payments l ON l.together = p.together AND l.provider <> 'credit'
WHERE l.state <> 'captured'
"""

EXCESS_GOES_BACK = """
SELECT c.id, c.order_id, c.amount, r.id AS refund_id, r.state, r.amount AS refund FROM captures c
LEFT JOIN refunds r ON r.cause = 'excess' AND r.cause_id = c.id
WHERE c.kind = 'excess' AND (r.id IS NULL OR r.state = 'refused' OR r.amount <> c.amount)
"""

# Money on its way counts as gone, and so does money of which we do not know whether it went.
NO_MORE_THAN_CAME_IN = """
SELECT order_id, payment_id, kind, t.amount AS going_back, c.amount AS came_in FROM (
    SELECT t.order_id, t.payment_id, CASE r.cause WHEN 'excess' THEN 'excess' ELSE 'normal' END AS kind,
           sum(t.amount) AS amount
    FROM refund_tenders t JOIN refunds r ON r.id = t.refund_id WHERE r.state <> 'refused' GROUP BY 1, 2, 3
) t LEFT JOIN (
    SELECT order_id, payment_id, kind, sum(amount) AS amount FROM captures GROUP BY order_id, payment_id, kind
) c USING (order_id, payment_id, kind)
WHERE t.amount > COALESCE(c.amount, 0)
"""

REFUND_LINES_ADD_UP = """
SELECT r.id, r.amount, l.amount AS lines FROM refunds r
LEFT JOIN (SELECT refund_id, sum(amount) AS amount FROM refund_lines GROUP BY refund_id) l ON l.refund_id = r.id
WHERE l.amount IS DISTINCT FROM r.amount::numeric
"""

# A penalty came in over no payment and goes back over none; what comes to nothing goes nowhere.
REFUND_TENDERS_ADD_UP = """
SELECT r.id, r.state, r.amount, t.amount AS tenders FROM refunds r
LEFT JOIN (SELECT refund_id, sum(amount) AS amount FROM refund_tenders GROUP BY refund_id) t ON t.refund_id = r.id
WHERE t.amount IS DISTINCT FROM CASE WHEN r.cause <> 'penalty' AND r.amount > 0 THEN r.amount::numeric END
"""

NO_UNIT_REFUNDED_TWICE = """
SELECT order_id, line_no, t.units, l.quantity, t.amount, l.goods - l.discount + l.tax AS paid FROM (
    SELECT l.order_id, l.line_no, sum(l.quantity) FILTER (WHERE l.component = 'goods') AS units,
           sum(l.amount) FILTER (WHERE l.component IN ('goods', 'tax')) AS amount
    FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
    WHERE r.state <> 'refused' AND l.component IN ('goods', 'tax') GROUP BY l.order_id, l.line_no
) t LEFT JOIN order_lines l USING (order_id, line_no)
WHERE l.order_id IS NULL OR COALESCE(t.units, 0) > l.quantity OR t.amount > l.goods - l.discount + l.tax
"""

FREIGHT_REFUNDED_ONCE = """
SELECT o.id, o.freight, t.amount FROM orders o JOIN (
    SELECT l.order_id, sum(l.amount) AS amount FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
    WHERE r.state <> 'refused' AND l.component = 'freight_out' GROUP BY l.order_id
) t ON t.order_id = o.id WHERE t.amount > o.freight
UNION ALL
SELECT o.id, o.tax, t.amount FROM orders o JOIN (
    SELECT l.order_id, sum(l.amount) AS amount FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
    WHERE r.state <> 'refused' AND l.component = 'freight_tax' GROUP BY l.order_id
) t ON t.order_id = o.id
WHERE t.amount > o.tax - (SELECT sum(l.tax) FROM order_lines l WHERE l.order_id = o.id)
"""

REFUNDED_IS_SETTLED = """
SELECT o.id, o.refunded, r.settled FROM orders o LEFT JOIN (
    SELECT order_id, sum(amount) AS settled FROM refunds WHERE state = 'settled' AND cause NOT IN ('excess', 'penalty')
    GROUP BY order_id
) r ON r.order_id = o.id
WHERE o.refunded <> COALESCE(r.settled, 0)
"""

# What was settled by hand went past the provider, in whole or in part.
SENT_BACK_AS_TENDERED = """
SELECT refund_id, payment_id, r.state, r.hand_receipt, t.amount AS tender, s.amount AS sent_back, s.state AS send_back
FROM (SELECT refund_id, payment_id, amount FROM refund_tenders) t
FULL JOIN (SELECT refund_id, payment_id, amount, state FROM send_backs) s USING (refund_id, payment_id)
LEFT JOIN refunds r ON r.id = refund_id
WHERE s.refund_id IS NOT NULL AND (
        s.amount IS DISTINCT FROM t.amount OR r.state IN ('requested', 'refused') OR r.approved_at IS NULL)
   OR s.refund_id IS NULL AND (r.state IN ('sending', 'unknown') OR r.state = 'settled' AND r.hand_receipt IS NULL)
   OR r.state = 'settled' AND s.state <> 'arrived' AND r.hand_receipt IS NULL
   OR r.state = 'settled' AND s.state NOT IN ('arrived', 'failed')
   OR r.hand_receipt IS NOT NULL AND r.state <> 'settled'
"""

# One transfer for all of an order that channels did not send back, as the buyer agreed to; who paid did not confirm.
PAID_BY_HAND_AS_AGREED = """
SELECT h.id, h.state, h.amount, r.owed, r.states, r.receipts FROM hand_payouts h LEFT JOIN (
    SELECT r.hand_payout_id, sum(r.amount - COALESCE(s.arrived, 0)) AS owed, array_agg(DISTINCT r.state) AS states,
           array_agg(DISTINCT r.hand_receipt) AS receipts
    FROM refunds r LEFT JOIN (
        SELECT refund_id, sum(amount) FILTER (WHERE state = 'arrived') AS arrived FROM send_backs GROUP BY refund_id
    ) s ON s.refund_id = r.id
    WHERE r.hand_payout_id IS NOT NULL GROUP BY r.hand_payout_id
) r ON r.hand_payout_id = h.id
WHERE h.state = 'confirmed' AND (r.owed IS DISTINCT FROM h.amount OR r.states <> '{settled}'
                                 OR r.receipts <> ARRAY[h.receipt])
   OR h.state = 'dropped' AND r.hand_payout_id IS NOT NULL
   OR (h.consented_by_kind, h.consented_by) = (h.paid_by_kind, h.paid_by)
   OR (h.paid_by_kind, h.paid_by) = (h.confirmed_by_kind, h.confirmed_by)
"""

# What nobody owed may have come in any currency, and goes back in the one it came in.
ONE_CURRENCY = """
SELECT 'payment' AS thing, p.id, p.currency, c.currency AS due FROM payments p JOIN checkouts c ON c.id = p.checkout_id
WHERE p.currency <> c.currency
UNION ALL SELECT 'order', o.id, o.currency, c.currency FROM orders o JOIN checkouts c ON c.id = o.checkout_id
WHERE o.currency <> c.currency
UNION ALL SELECT 'capture', c.id, c.currency, o.currency FROM captures c JOIN orders o ON o.id = c.order_id
WHERE c.kind = 'normal' AND c.currency <> o.currency
UNION ALL SELECT 'refund', r.id, r.currency, COALESCE(c.currency, o.currency) FROM refunds r
JOIN orders o ON o.id = r.order_id LEFT JOIN captures c ON r.cause = 'excess' AND c.id = r.cause_id
WHERE r.currency <> COALESCE(c.currency, o.currency)
UNION ALL SELECT 'send_back', s.id, s.currency, r.currency FROM send_backs s JOIN refunds r ON r.id = s.refund_id
WHERE s.currency <> r.currency
UNION ALL SELECT 'entry', e.posting_id, e.currency, p.currency FROM entries e JOIN accounts a ON a.id = e.account_id
JOIN postings p ON p.id = e.posting_id WHERE e.currency <> a.currency OR e.currency <> p.currency
"""

FOUR_EYES = """
SELECT id, state, requested_by_kind, requested_by, approved_by_kind, approved_by FROM refunds
WHERE (requested_by_kind, requested_by) IS NOT DISTINCT FROM (approved_by_kind, approved_by)
      AND approved_by_kind <> 'system'
   OR (approved_by_kind IS NULL OR approved_at IS NULL) AND state NOT IN ('requested', 'refused')
   OR approved_by_kind IS NOT NULL AND state = 'requested'
   OR (settled_at IS NOT NULL) <> (state = 'settled')
UNION ALL
SELECT r.id, r.state, r.requested_by_kind, r.requested_by, s.signer_kind, s.signer_id FROM refunds r
JOIN refund_signatures s ON s.refund_id = r.id
WHERE s.signer_kind <> 'system' AND (s.signer_kind, s.signer_id) = (r.requested_by_kind, r.requested_by)
UNION ALL
SELECT r.id, r.state, r.requested_by_kind, r.requested_by, r.approved_by_kind, r.approved_by FROM refunds r
WHERE r.approved_by_kind <> 'system' AND NOT EXISTS (
    SELECT FROM refund_signatures s
    WHERE s.refund_id = r.id AND (s.signer_kind, s.signer_id) = (r.approved_by_kind, r.approved_by))
"""

# Of a presale the deposit is in, or all of it; never something between, and what ended was not paid whole.
DEPOSITS_ADD_UP = """
SELECT d.order_id, d.merchant_id, d.amount, d.balance, d.paid_at, d.ended_at, o.total, o.state, c.normal FROM deposits d
LEFT JOIN orders o ON o.id = d.order_id AND o.merchant_id = d.merchant_id
LEFT JOIN (SELECT order_id, sum(amount) AS normal FROM captures WHERE kind = 'normal' GROUP BY order_id) c
    ON c.order_id = d.order_id
WHERE o.id IS NULL OR d.amount + d.balance <> o.total
   OR CASE WHEN o.paid_at IS NOT NULL THEN o.total WHEN d.paid_at IS NOT NULL THEN d.amount ELSE 0 END
      <> COALESCE(c.normal, 0)
   OR d.ended_at IS NOT NULL AND (o.paid_at IS NOT NULL OR o.state NOT IN ('cancelled', 'expired'))
"""

PENALTIES_ARE_OWED = """
SELECT d.order_id, d.penalty, r.id AS refund_id, r.amount, r.order_id AS refund_order FROM deposits d
FULL JOIN (SELECT * FROM refunds WHERE cause = 'penalty') r ON r.cause_id = d.order_id
WHERE COALESCE(d.penalty, 0) > 0 AND r.id IS NULL
   OR r.id IS NOT NULL AND (r.amount IS DISTINCT FROM d.penalty OR r.order_id IS DISTINCT FROM d.order_id)
"""

MONEY = (
    Invariant(
        name="M1_orders_add_up",
        says="An order has at least one line, and its amounts are the sums of its lines, its freight and the tax on that.",
        sql=ORDERS_ADD_UP,
    ),
    Invariant(name="M1_lines_add_up", says="A line's amounts follow from its quantity and price.", sql=LINES_ADD_UP),
    Invariant(
        name="M1_checkouts_add_up",
        says="A checkout is its orders, in their one currency.",
        sql=CHECKOUTS_ADD_UP,
    ),
    Invariant(
        name="M2_payments_allotted",
        says="A payment is allotted to the last cent, to orders of its own checkout.",
        sql=ALLOTTED_WHOLLY,
    ),
    Invariant(
        name="M2_captured_is_owed",
        says="No order takes more than its total; it is called paid exactly when all of it is in.",
        sql=CAPTURED_IS_OWED,
    ),
    Invariant(
        name="M2_deposits_add_up",
        says="Of an order that is paid in two parts nothing is in, or its deposit, or all of it.",
        sql=DEPOSITS_ADD_UP,
    ),
    Invariant(
        name="M2_captured_has_captures",
        says="A payment is captured exactly when money came in on it.",
        sql=CAPTURES_OF_CAPTURED_PAYMENTS,
    ),
    Invariant(
        name="M2_captured_together",
        says="Credit that pays together with a provider waits as long as the provider's money, and is captured with it.",
        sql=CAPTURED_TOGETHER,
    ),
    Invariant(
        name="M2_excess_goes_back",
        says="Every excess capture has its refund, of the same amount.",
        sql=EXCESS_GOES_BACK,
        needs_settled=True,
    ),
    Invariant(
        name="M3_no_more_back_than_in",
        says="What goes back through a payment of an order, even if nobody knows whether it arrived, came in on it.",
        sql=NO_MORE_THAN_CAME_IN,
    ),
    Invariant(
        name="M3_penalties_are_owed",
        says="What a seller owes on top of a deposit is owed once, as much as was settled; nothing else is a penalty.",
        sql=PENALTIES_ARE_OWED,
    ),
    Invariant(name="M4_refund_lines_add_up", says="A refund is the sum of its lines.", sql=REFUND_LINES_ADD_UP),
    Invariant(
        name="M4_refund_tenders_add_up",
        says="A refund is the sum of its tenders; a penalty has none.",
        sql=REFUND_TENDERS_ADD_UP,
    ),
    Invariant(
        name="M4_no_unit_refunded_twice",
        says="No line gives back more units or more money than were bought.",
        sql=NO_UNIT_REFUNDED_TWICE,
    ),
    Invariant(
        name="M4_freight_refunded_once",
        says="No order gives back more freight, or more tax on it, than it took.",
        sql=FREIGHT_REFUNDED_ONCE,
    ),
    Invariant(
        name="M4_sent_back_as_tendered",
        says="What is sent back is what the refund's tenders say, once it is approved, and has arrived when it settles.",
        sql=SENT_BACK_AS_TENDERED,
    ),
    Invariant(
        name="M4_paid_by_hand_as_agreed",
        says="A payment by hand settles what its buyer agreed to, and two people saw to it.",
        sql=PAID_BY_HAND_AS_AGREED,
    ),
    Invariant(
        name="M4_refunded_is_settled",
        says="What an order counts as refunded is the sum of its settled refunds.",
        sql=REFUNDED_IS_SETTLED,
    ),
    Invariant(name="M5_one_currency", says="Everything about an order is in its currency.", sql=ONE_CURRENCY),
    Invariant(
        name="P1_four_eyes",
        says="Nobody approves a refund that they asked for; none goes on unapproved, and who approved it signed it.",
        sql=FOUR_EYES,
    ),
)
