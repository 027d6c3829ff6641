"""Credit: a purse is its history, what is kept of it is kept for somebody, and its money stands in the books."""

from dingdan.overviews.invariants.invariant import Invariant

PURSE_IS_ITS_HISTORY = """
SELECT p.id, p.kind, p.unit, p.balance, p.held, m.moved FROM purses p
LEFT JOIN (SELECT purse_id, sum(amount) AS moved FROM purse_movements GROUP BY purse_id) m ON m.purse_id = p.id
WHERE p.balance <> COALESCE(m.moved, 0) OR p.held < 0 OR p.held > p.balance
"""

HELD_IS_HELD = """
SELECT p.id, p.held, h.held AS holds FROM purses p
LEFT JOIN (SELECT purse_id, sum(amount) AS held FROM credit_holds WHERE state = 'held' GROUP BY purse_id) h
    ON h.purse_id = p.id
WHERE p.held <> COALESCE(h.held, 0)
"""

POINTS_IN_LOTS = """
SELECT 'purse' AS thing, p.id, p.balance - p.held AS available, l.unspent FROM purses p
LEFT JOIN (SELECT purse_id, sum(unspent) AS unspent FROM purse_lots GROUP BY purse_id) l ON l.purse_id = p.id
WHERE p.kind = 'points' AND p.balance - p.held <> COALESCE(l.unspent, 0)
UNION ALL
SELECT 'hold', h.id, h.amount, l.amount FROM credit_holds h JOIN purses p ON p.id = h.purse_id AND p.kind = 'points'
LEFT JOIN (SELECT hold_id, sum(amount) AS amount FROM hold_lots GROUP BY hold_id) l ON l.hold_id = h.id
WHERE COALESCE(l.amount, 0) <> CASE h.state WHEN 'released' THEN 0 ELSE h.amount END
"""

# Every captured hold was spent once, in full; nothing else was spent, and no more goes back than was.
SPENT_AS_HELD = """
SELECT h.id, h.purse_id, h.state, h.amount, h.restored, m.amount AS spent, b.amount AS back FROM credit_holds h
FULL JOIN (SELECT cause_id, purse_id, amount FROM purse_movements WHERE kind = 'spend') m ON m.cause_id = h.id
LEFT JOIN (
    SELECT s.hold_id, sum(m.amount) AS amount FROM purse_movements m JOIN (
        SELECT b.id AS cause_id, h.id AS hold_id FROM send_backs b
        JOIN credit_holds h ON h.payment_id = b.payment_id AND (h.order_id = b.order_id OR EXISTS (
            SELECT FROM captures c WHERE c.order_id = b.order_id AND c.payment_id = b.payment_id
            AND c.carried_from IS NOT NULL))
        UNION ALL SELECT id, id FROM credit_holds WHERE payment_id IS NULL
    ) s ON s.cause_id = m.cause_id WHERE m.kind = 'restore' GROUP BY s.hold_id
) b ON b.hold_id = h.id
WHERE h.id IS NULL OR (h.state = 'captured') <> (m.cause_id IS NOT NULL)
   OR m.amount IS NOT NULL AND (-m.amount <> h.amount OR m.purse_id <> h.purse_id)
   OR h.restored > h.amount OR h.restored > 0 AND h.state <> 'captured'
   OR h.payment_id IS NOT NULL AND h.restored <> COALESCE(b.amount, 0)
"""

# Points off the price are kept while an order may still be paid; a tender keeps what it will be paid with.
KEPT_FOR_SOMEBODY = """
SELECT h.id, h.order_id, h.payment_id, h.state, p.state AS payment FROM credit_holds h
LEFT JOIN payments p ON p.id = h.payment_id
WHERE h.payment_id IS NOT NULL AND (p.id IS NULL OR p.purse_id <> h.purse_id
   OR (h.state = 'held') <> (p.state IN ('started', 'pending', 'unknown'))
   OR h.state = 'captured' AND p.state <> 'captured')
"""

POINTS_FOLLOW_ORDERS = """
SELECT h.id, h.order_id, h.state, h.amount, h.restored, o.state AS order_state, o.paid_at
FROM credit_holds h JOIN orders o ON o.id = h.order_id WHERE h.payment_id IS NULL AND (
    h.state = 'held' AND o.state <> 'awaiting_payment'
    OR h.state = 'released' AND o.state NOT IN ('expired', 'cancelled')
    OR h.state = 'captured' AND o.state = 'cancelled' AND h.restored <> h.amount)
"""

# What buyers hold is what the books say that we owe them; spent credit of a merchant's own leaves nothing behind.
VALUE_IN_THE_BOOKS = """
SELECT merchant_id, unit AS currency, p.balance, -b.amount AS booked FROM (
    SELECT COALESCE(merchant_id, 0) AS merchant_id, unit, sum(balance) AS balance FROM purses
    WHERE kind <> 'points' GROUP BY merchant_id, unit
) p FULL JOIN (
    SELECT COALESCE(e.merchant_id, 0) AS merchant_id, e.currency AS unit, sum(e.amount) AS amount FROM entries e
    JOIN accounts a ON a.id = e.account_id WHERE a.code = 'stored_value' GROUP BY e.merchant_id, e.currency
) b USING (merchant_id, unit)
WHERE COALESCE(p.balance, 0) <> -COALESCE(b.amount, 0)
"""

CLEARED = """
SELECT currency, sum(amount) FILTER (WHERE code = 'credit_clearing') AS merchants_are_owed,
       -sum(amount) FILTER (WHERE code = 'merchants_payable') AS platform_owes
FROM (SELECT e.currency, a.code, e.amount FROM entries e JOIN accounts a ON a.id = e.account_id) t
GROUP BY currency
HAVING COALESCE(sum(amount) FILTER (WHERE code = 'credit_clearing'), 0)
    + COALESCE(sum(amount) FILTER (WHERE code = 'merchants_payable'), 0) <> 0
"""

CREDIT = (
    Invariant(
        name="B1_purse_is_its_history",
        says="What is in a purse is the sum of its movements, and no more of it is kept than is there.",
        sql=PURSE_IS_ITS_HISTORY,
    ),
    Invariant(name="B2_held_is_held", says="What a purse keeps is the sum of its holds.", sql=HELD_IS_HELD),
    Invariant(
        name="B3_points_in_lots",
        says="Points that can be spent lie in lots with their end, and a hold knows which ones it took.",
        sql=POINTS_IN_LOTS,
    ),
    Invariant(
        name="B3_spent_as_held",
        says="Credit is spent once for each hold that was captured, and no more goes back than was spent.",
        sql=SPENT_AS_HELD,
    ),
    Invariant(
        name="B4_kept_for_somebody",
        says="A tender keeps its credit while it is open, has spent it when it is captured, and keeps none after.",
        sql=KEPT_FOR_SOMEBODY,
    ),
    Invariant(
        name="B4_points_follow_orders",
        says="Points off a price are kept while the order waits, spent when it is paid, and back when it ended.",
        sql=POINTS_FOLLOW_ORDERS,
        needs_settled=True,
    ),
    Invariant(
        name="B5_value_in_the_books",
        says="The money in purses is what the books say is owed to those who hold them.",
        sql=VALUE_IN_THE_BOOKS,
    ),
    Invariant(
        name="B5_credit_is_cleared",
        says="What merchants are owed for the platform's cards is what the platform owes.",
        sql=CLEARED,
    ),
)
