"""Books: every posting balances, every movement of money is posted once, and the accounts say what really happened."""

from dingdan.overviews.invariants.invariant import Invariant

POSTINGS_BALANCE = """
SELECT p.id, p.source, p.source_id, e.legs, e.total, e.currencies FROM postings p LEFT JOIN (
    SELECT posting_id, count(*) AS legs, sum(amount) AS total, count(DISTINCT currency) AS currencies FROM entries
    GROUP BY posting_id
) e ON e.posting_id = p.id WHERE e.total IS DISTINCT FROM 0 OR e.legs < 2 OR e.currencies <> 1
UNION ALL
SELECT e.posting_id, NULL, NULL, count(*), sum(e.amount), count(DISTINCT e.currency) FROM entries e
WHERE NOT EXISTS (SELECT FROM postings p WHERE p.id = e.posting_id) GROUP BY e.posting_id
"""

TRIAL_BALANCE = """
SELECT merchant_id, currency, sum(amount) AS total FROM entries GROUP BY merchant_id, currency HAVING sum(amount) <> 0
"""

# What must be posted, and how: (source, source_id, account, amount) of both legs, from the rows that caused it.
_DUE = """
    SELECT 'capture' AS source, id AS source_id,
        CASE WHEN provider = 'credit' THEN 'credit_clearing' WHEN provider LIKE 'channel:%' THEN 'channel_clearing'
            ELSE 'psp_clearing' END AS account, amount::numeric FROM captures
    UNION ALL SELECT 'capture', id, CASE kind WHEN 'normal' THEN 'buyer_funds' ELSE 'excess_funds' END, -amount
    FROM captures
    UNION ALL SELECT 'refund', id, CASE cause WHEN 'excess' THEN 'excess_funds' WHEN 'penalty' THEN 'penalties'
        ELSE 'buyer_funds' END, amount
    FROM refunds WHERE amount > 0 AND approved_at IS NOT NULL
    UNION ALL SELECT 'refund', id, 'refunds_payable', -amount
    FROM refunds WHERE amount > 0 AND approved_at IS NOT NULL
    UNION ALL SELECT 'send_back', id, 'refunds_payable', amount FROM send_backs WHERE state = 'arrived'
    UNION ALL SELECT 'send_back', s.id, CASE WHEN p.provider = 'credit' THEN 'credit_clearing'
            WHEN p.provider LIKE 'channel:%' THEN 'channel_clearing' ELSE 'psp_clearing' END,
        -s.amount FROM send_backs s JOIN payments p ON p.id = s.payment_id WHERE s.state = 'arrived'
    UNION ALL SELECT 'credit', m.id, leg.account, leg.sign * m.amount
    FROM purse_movements m JOIN purses p ON p.id = m.purse_id AND p.kind <> 'points', LATERAL (VALUES
        ('stored_value', -1),
        (CASE WHEN m.funding = 'received' THEN 'topups_received' WHEN m.funding = 'given' THEN 'credit_given'
              WHEN p.merchant_id IS NULL THEN 'merchants_payable' ELSE 'credit_clearing' END, 1)) AS leg (account, sign)
    UNION ALL SELECT 'refund_by_hand', r.id, leg.account, leg.sign * (r.amount - COALESCE((
        SELECT sum(s.amount) FROM send_backs s
        WHERE s.refund_id = r.id AND s.state = 'arrived' AND s.arrived_at <= r.settled_at), 0))
    FROM refunds r, (VALUES ('refunds_payable', 1), ('paid_by_hand', -1)) AS leg (account, sign)
    WHERE r.state = 'settled' AND r.hand_receipt IS NOT NULL
    UNION ALL SELECT 'case', c.id, leg.account, leg.sign * r.worth FROM cases c JOIN (
        SELECT case_id, sum(amount) AS worth FROM remedies WHERE state = 'executed' GROUP BY case_id
    ) r ON r.case_id = c.id AND r.worth > 0,
    LATERAL (VALUES ('borne_by_' || c.liable, 1), ('remedies_given', -1)) AS leg (account, sign)
    WHERE c.state = 'closed' AND c.liable IS NOT NULL
    UNION ALL SELECT 'compensation', r.id, leg.account, leg.sign * r.amount
    FROM remedies r, (VALUES ('compensations', 1), ('paid_by_hand', -1)) AS leg (account, sign)
    WHERE r.state = 'executed' AND r.terms ->> 'form' = 'money'
    UNION ALL SELECT 'claim_answer', c.id, leg.account, leg.sign * c.accepted
    FROM claims c, (VALUES ('carrier_receivable', 1), ('borne_by_carrier', -1)) AS leg (account, sign) WHERE c.accepted > 0
    UNION ALL SELECT 'claim_recovery', c.id, leg.account, leg.amount FROM claims c, LATERAL (VALUES
        ('carrier_payouts', c.recovered), ('borne_by_merchant', c.accepted - c.recovered), ('carrier_receivable', -c.accepted)
    ) AS leg (account, amount) WHERE c.state = 'recovered' AND leg.amount <> 0
    UNION ALL SELECT 'claim_write_off', c.id, leg.account, leg.sign * c.accepted
    FROM claims c, (VALUES ('borne_by_merchant', 1), ('carrier_receivable', -1)) AS leg (account, sign)
    WHERE c.state = 'written_off' AND c.accepted > 0
    UNION ALL SELECT 'settlement', l.id, leg.account, leg.sign * l.amount FROM settlement_lines l, LATERAL (VALUES
        ('merchant_settlement', -1),
        (CASE l.kind WHEN 'sale' THEN 'settled_sales' WHEN 'refund' THEN 'settled_sales' WHEN 'fee' THEN 'platform_fees'
              WHEN 'fee_back' THEN 'platform_fees' WHEN 'own_credit' THEN 'own_credit_spent'
              WHEN 'own_credit_back' THEN 'own_credit_spent' WHEN 'subsidy' THEN 'platform_subsidies'
              WHEN 'subsidy_back' THEN 'platform_subsidies' WHEN 'subsidy_returned' THEN 'platform_subsidies'
              WHEN 'remedy' THEN 'compensations_charged' WHEN 'penalty' THEN 'compensations_charged'
              WHEN 'borne' THEN 'platform_subsidies' WHEN 'recovery' THEN 'recoveries_passed_on'
              WHEN 'deposit_draw' THEN 'merchant_deposits' ELSE 'payouts_under_way' END, 1)) AS leg (account, sign)
    UNION ALL SELECT 'deposit', m.id, leg.account, leg.sign * m.amount
    FROM deposit_movements m, (VALUES ('deposits_received', 1), ('merchant_deposits', -1)) AS leg (account, sign)
    WHERE m.kind = 'top_up'
    UNION ALL SELECT 'payout', p.id, leg.account, leg.sign * p.amount
    FROM payouts p, (VALUES ('payouts_under_way', 1), ('paid_out', -1)) AS leg (account, sign) WHERE p.state = 'paid'
    UNION ALL SELECT 'payout_cards', p.id, leg.account, leg.sign * p.cards
    FROM payouts p, (VALUES ('credit_clearing', -1), ('paid_out', 1)) AS leg (account, sign)
    WHERE p.state = 'paid' AND p.cards <> 0
    UNION ALL SELECT 'payout_payable', p.id, leg.account, leg.sign * p.cards
    FROM payouts p, (VALUES ('merchants_payable', 1), ('paid_out', -1)) AS leg (account, sign)
    WHERE p.state = 'paid' AND p.cards <> 0
    UNION ALL SELECT 'disposition', d.id, leg.account, leg.amount FROM dispositions d, LATERAL (VALUES
        ('goods_recovered', d.recovered), ('goods_written_down', d.value - d.recovered), ('goods_returned', -d.value)
    ) AS leg (account, amount) WHERE d.is_ours AND leg.amount <> 0
"""

POSTED_ONCE = f"""
SELECT source, source_id, account, due.amount AS due, posted.amount AS posted FROM ({_DUE}) due
FULL JOIN (
    SELECT p.source, p.source_id, a.code AS account, sum(e.amount) AS amount FROM postings p
    JOIN entries e ON e.posting_id = p.id JOIN accounts a ON a.id = e.account_id
    GROUP BY p.source, p.source_id, a.code
) posted USING (source, source_id, account)
WHERE due.amount IS DISTINCT FROM posted.amount
"""  # noqa: S608 - no stranger's words

POSTINGS_OF_THEIR_ORDER = """
SELECT p.id, p.source, p.source_id, p.order_id, p.merchant_id, s.order_id AS source_order, s.merchant_id AS source_merchant
FROM postings p JOIN (
    SELECT 'capture' AS source, id, order_id, merchant_id, currency FROM captures
    UNION ALL SELECT 'refund', id, order_id, merchant_id, currency FROM refunds
    UNION ALL SELECT 'refund_by_hand', id, order_id, merchant_id, currency FROM refunds
    UNION ALL SELECT 'send_back', id, order_id, merchant_id, currency FROM send_backs
    UNION ALL SELECT 'credit', m.id, CASE WHEN p.merchant_id IS NOT NULL THEN m.order_id END, p.merchant_id, p.unit
    FROM purse_movements m JOIN purses p ON p.id = m.purse_id
    UNION ALL SELECT 'case', id, order_id, merchant_id, (SELECT currency FROM orders o WHERE o.id = order_id) FROM cases
    UNION ALL SELECT 'compensation', id, order_id, merchant_id, currency FROM remedies
    UNION ALL SELECT source, id, order_id, merchant_id, currency
    FROM claims, (VALUES ('claim_answer'), ('claim_recovery'), ('claim_write_off')) AS w (source)
    UNION ALL SELECT 'settlement', id, order_id, merchant_id, currency FROM settlement_lines
    UNION ALL SELECT 'deposit', id, NULL, merchant_id, currency FROM deposit_movements
    UNION ALL SELECT w.source, id, NULL, w.merchant_id, currency FROM payouts p, LATERAL (VALUES
        ('payout', p.merchant_id), ('payout_cards', p.merchant_id), ('payout_payable', NULL)) AS w (source, merchant_id)
    UNION ALL SELECT 'disposition', d.id, d.order_id, d.merchant_id, g.currency
    FROM dispositions d JOIN returned_goods g ON g.id = d.goods_id
) s ON s.source = p.source AND s.id = p.source_id
WHERE (p.order_id, p.merchant_id, p.currency) IS DISTINCT FROM (s.order_id, s.merchant_id, s.currency)
"""

CLEARING = """
SELECT merchant_id, currency, b.amount AS balance, m.amount AS came_less_went FROM (
    SELECT e.merchant_id, e.currency, sum(e.amount) AS amount FROM entries e JOIN accounts a ON a.id = e.account_id
    WHERE a.code = 'psp_clearing' GROUP BY e.merchant_id, e.currency
) b FULL JOIN (
    SELECT merchant_id, currency, sum(amount) AS amount FROM (
        SELECT merchant_id, currency, amount FROM captures
        WHERE provider <> 'credit' AND provider NOT LIKE 'channel:%'
        UNION ALL SELECT s.merchant_id, s.currency, -s.amount FROM send_backs s JOIN payments p ON p.id = s.payment_id
        WHERE s.state = 'arrived' AND p.provider <> 'credit' AND p.provider NOT LIKE 'channel:%'
    ) t GROUP BY merchant_id, currency
) m USING (merchant_id, currency)
WHERE COALESCE(b.amount, 0) <> COALESCE(m.amount, 0)
"""

# The provider's own log against ours, movement by movement, from both sides.
_OURS = """
    SELECT 'charge' AS kind, c.payment_id AS number, c.order_id, c.merchant_id, c.currency, sum(c.amount) AS amount
    FROM captures c WHERE c.provider = 'sandbox' AND c.carried_from IS NULL
    GROUP BY c.payment_id, c.order_id, c.merchant_id, c.currency
    UNION ALL SELECT 'refund', s.id, s.order_id, s.merchant_id, s.currency, -s.amount
    FROM send_backs s JOIN payments p ON p.id = s.payment_id AND p.provider = 'sandbox' WHERE s.state = 'arrived'
        AND s.carried_to IS NULL
"""

# A movement that the provider made and we have not heard of is allowed while we still ask after it, or while the
# provider still tries to tell us of it in words that we can believe. A charge that the provider has never seen is
# none of its business.
PROVIDER_AGREES = f"""
SELECT kind, number, order_id, ours.amount AS ours, log.amount AS theirs FROM ({_OURS}) ours
FULL JOIN sandbox_psp.log USING (kind, number, order_id, merchant_id, currency)
WHERE ours.amount IS DISTINCT FROM log.amount AND CASE
    WHEN ours.amount IS NULL THEN
        NOT EXISTS (SELECT FROM deadlines d WHERE d.subject_id = number
            AND d.kind = CASE log.kind WHEN 'charge' THEN 'payment.check' ELSE 'send_back.check' END)
        AND NOT EXISTS (SELECT FROM sandbox_psp.outgoing o
            WHERE o.done_at IS NULL AND o.spoil = '' AND o.body ->> 'ref' = log.ref)
    WHEN kind = 'charge' THEN EXISTS (SELECT FROM sandbox_psp.charges WHERE charges.number = ours.number)
    ELSE EXISTS (SELECT FROM sandbox_psp.refunds WHERE refunds.number = ours.number)
END
"""  # noqa: S608 - no stranger's words

PROVIDER_KEEPS_WHAT_WE_SAY = f"""
SELECT merchant_id, currency, ours.amount AS ours, theirs.amount AS theirs FROM (
    SELECT merchant_id, currency, sum(amount) AS amount FROM ({_OURS}) o GROUP BY merchant_id, currency
) ours FULL JOIN sandbox_psp.statement theirs USING (merchant_id, currency)
WHERE COALESCE(ours.amount, 0) <> COALESCE(theirs.amount, 0)
"""  # noqa: S608 - no stranger's words

BOOKS = (
    Invariant(
        name="L1_postings_balance",
        says="Every posting has two legs or more, in one currency, that sum to zero.",
        sql=POSTINGS_BALANCE,
    ),
    Invariant(name="L2_trial_balance", says="All accounts of a merchant sum to zero.", sql=TRIAL_BALANCE),
    Invariant(
        name="L3_posted_once",
        says="Every capture, refund, send-back, payment by hand, movement of credit, case, claim, disposition, settlement line, "
        "deposit and payout is posted once; nothing else is.",
        sql=POSTED_ONCE,
    ),
    Invariant(
        name="L3_postings_fit_their_cause",
        says="A posting is of the order, merchant and currency of what caused it.",
        sql=POSTINGS_OF_THEIR_ORDER,
    ),
    Invariant(
        name="L5_clearing_is_what_moved",
        says="The clearing account holds what came in less what arrived back.",
        sql=CLEARING,
    ),
    Invariant(
        name="L5_provider_logged_the_same",
        says="Each movement of money stands in the sandbox provider's own log too, and none of its is unknown to us.",
        sql=PROVIDER_AGREES,
        only_with="sandbox_psp.log",
    ),
    Invariant(
        name="L5_provider_keeps_what_we_say",
        says="What the sandbox provider says it keeps for a merchant is what our books say.",
        sql=PROVIDER_KEEPS_WHAT_WE_SAY,
        needs_settled=True,
        only_with="sandbox_psp.log",
    ),
)
