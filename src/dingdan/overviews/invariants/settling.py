"""Settling: merchants' accounts are the books, closed ones stand, no fee is taken twice, and every line is paid once."""

from dingdan.overviews.invariants.invariant import Invariant

ACCOUNTS_ARE_THE_BOOKS = """
SELECT merchant_id, currency, l.amount AS of_lines, b.amount AS of_books FROM (
    SELECT merchant_id, currency, sum(amount) AS amount FROM settlement_lines GROUP BY merchant_id, currency
) l FULL JOIN (
    SELECT e.merchant_id, e.currency, -sum(e.amount) AS amount FROM entries e JOIN accounts a ON a.id = e.account_id
    WHERE a.code = 'merchant_settlement' GROUP BY e.merchant_id, e.currency
) b USING (merchant_id, currency)
WHERE COALESCE(l.amount, 0) <> COALESCE(b.amount, 0)
"""

# Each period begins with what the one before ended with, behind it, and none is closed before an earlier one.
CLOSED_STAND = """
SELECT s.id, s.state, s.opening, s.closing, s.lines, s.before_closing FROM (
    SELECT s.*, COALESCE((SELECT sum(amount) FROM settlement_lines l WHERE l.settlement_id = s.id), 0) AS lines,
           lag(s.state) OVER w AS before_state, lag(s.ends_at) OVER w AS before_ends,
           COALESCE(lag(s.closing) OVER w, 0) AS before_closing
    FROM settlements s WINDOW w AS (PARTITION BY s.merchant_id, s.currency ORDER BY s.starts_at)
) s
WHERE s.before_ends > s.starts_at
   OR s.state = 'closed' AND (s.before_state = 'open' OR s.opening <> s.before_closing OR s.closing <> s.opening + s.lines)
UNION ALL
SELECT s.id, s.state, l.id, l.amount, 0, 0 FROM settlements s JOIN settlement_lines l ON l.settlement_id = s.id
WHERE l.at > s.closed_at OR l.at >= s.ends_at OR (l.merchant_id, l.currency) <> (s.merchant_id, s.currency)
"""

# A fee is taken once, and no more of it goes back than was taken.
FEES_ONCE = """
SELECT order_id, detail, n, count(*) FILTER (WHERE kind = 'fee') AS taken, sum(amount) AS kept FROM settlement_lines
WHERE kind IN ('fee', 'fee_back') GROUP BY order_id, detail, n
HAVING count(*) FILTER (WHERE kind = 'fee') <> 1 OR sum(amount) > 0
UNION ALL
SELECT order_id, kind, n, count(*), sum(amount) FROM settlement_lines WHERE kind NOT IN ('fee', 'fee_back')
GROUP BY kind, subject_id, detail, n, order_id HAVING count(*) > 1
"""

PAID_ONCE = """
SELECT p.id, p.state, p.amount, i.amount AS of_lines FROM payouts p LEFT JOIN (
    SELECT i.payout_id, sum(l.amount) AS amount, count(*) FILTER (WHERE i.released_at IS NULL) AS live,
           bool_or(s.state <> 'closed' OR l.kind IN ('payout', 'payout_failed') OR l.currency <> p.currency) AS unfit
    FROM payout_items i JOIN settlement_lines l ON l.id = i.settlement_line_id
    JOIN settlements s ON s.id = l.settlement_id JOIN payouts p ON p.id = i.payout_id GROUP BY i.payout_id
) i ON i.payout_id = p.id
WHERE p.amount IS DISTINCT FROM i.amount OR i.unfit OR (i.live > 0) <> (p.state IN ('prepared', 'approved', 'paid'))
   OR (p.state IN ('approved', 'paid', 'failed')) <> EXISTS (
       SELECT FROM settlement_lines l WHERE l.kind = 'payout' AND l.subject_id = p.id AND l.amount = -p.amount)
   OR (p.state = 'failed') <> EXISTS (
       SELECT FROM settlement_lines l WHERE l.kind = 'payout_failed' AND l.subject_id = p.id AND l.amount = p.amount)
UNION ALL
SELECT settlement_line_id, 'twice', count(*), 0 FROM payout_items WHERE released_at IS NULL
GROUP BY settlement_line_id HAVING count(*) > 1
"""

# What of a payout was the platform's own money: paid with its cards, less what went back onto them. Payouts that were paid
# before this was noted say nothing.
CARDS_NOTED = """
SELECT p.id, p.state, p.cards, COALESCE(x.amount, 0) AS of_lines FROM payouts p LEFT JOIN (
    SELECT i.payout_id, sum(m.amount) AS amount FROM payout_items i
    JOIN settlement_lines l ON l.id = i.settlement_line_id AND l.kind IN ('sale', 'refund'), LATERAL (
        SELECT c.payment_id, c.amount FROM captures c
        WHERE l.kind = 'sale' AND c.order_id = l.subject_id AND c.kind = 'normal'
        UNION ALL SELECT t.payment_id, -t.amount FROM refund_tenders t WHERE l.kind = 'refund' AND t.refund_id = l.subject_id
    ) m JOIN payments y ON y.id = m.payment_id JOIN purses u ON u.id = y.purse_id AND u.merchant_id IS NULL
    GROUP BY i.payout_id
) x ON x.payout_id = p.id
WHERE p.cards <> COALESCE(x.amount, 0) AND (p.cards <> 0 OR p.state IN ('prepared', 'approved'))
"""

FOUR_EYES = """
SELECT r.id, r.prepared_by, r.approved_by, r.approved_at FROM payout_runs r
WHERE (r.approved_by_kind, r.approved_by) IS NOT DISTINCT FROM (r.prepared_by_kind, r.prepared_by)
   OR r.checksum <> encode(sha256(convert_to(r.content, 'UTF8')), 'hex')
   OR r.approved_at IS NULL AND EXISTS (
       SELECT FROM payouts p WHERE p.payout_run_id = r.id AND p.state IN ('approved', 'paid', 'failed'))
"""

DEPOSITS_ARE_MOVEMENTS = """
SELECT merchant_id, currency, d.balance, m.amount AS of_movements, b.amount AS of_books FROM merchant_deposits d
FULL JOIN (
    SELECT merchant_id, currency, sum(amount) AS amount FROM deposit_movements GROUP BY merchant_id, currency
) m USING (merchant_id, currency)
FULL JOIN (
    SELECT e.merchant_id, e.currency, -sum(e.amount) AS amount FROM entries e JOIN accounts a ON a.id = e.account_id
    WHERE a.code = 'merchant_deposits' GROUP BY e.merchant_id, e.currency
) b USING (merchant_id, currency)
WHERE COALESCE(d.balance, 0) <> COALESCE(m.amount, 0) OR COALESCE(d.balance, 0) <> COALESCE(b.amount, 0)
   OR d.balance < 0
"""

OPEN_HAVE_CLOCK = """
SELECT s.id, s.ends_at FROM settlements s WHERE s.state = 'open' AND NOT EXISTS (
    SELECT FROM deadlines d WHERE d.kind = 'settlement.close' AND d.subject_id = s.id)
"""

SETTLING = (
    Invariant(
        name="F1_accounts_are_the_books",
        says="The lines of a merchant's accounts come to what the ledger says is owed to it.",
        sql=ACCOUNTS_ARE_THE_BOOKS,
    ),
    Invariant(
        name="F2_closed_periods_stand",
        says="A closed period ends with what it began with and its lines, and nothing was booked into it since.",
        sql=CLOSED_STAND,
    ),
    Invariant(
        name="F3_fees_are_taken_once",
        says="A fee is taken once, and no more of it goes back than was taken.",
        sql=FEES_ONCE,
    ),
    Invariant(
        name="F4_lines_are_paid_once",
        says="A payout is the sum of its lines, of closed periods, and no line is in two of them.",
        sql=PAID_ONCE,
    ),
    Invariant(
        name="F4_cards_are_noted",
        says="A payout knows what of it was paid with the platform's cards.",
        sql=CARDS_NOTED,
    ),
    Invariant(
        name="P4_payouts_have_four_eyes",
        says="Nobody approves what they prepared, and the file is what was approved.",
        sql=FOUR_EYES,
    ),
    Invariant(
        name="F5_deposits_are_their_movements",
        says="What a merchant left as security is the sum of its movements and what the ledger says.",
        sql=DEPOSITS_ARE_MOVEMENTS,
    ),
    Invariant(
        name="Z1_periods_have_a_clock", says="Every open period is closed by itself when its time is over.",
        sql=OPEN_HAVE_CLOCK,
    ),
)  # fmt: skip
