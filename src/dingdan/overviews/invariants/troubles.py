"""Trouble: somebody answers for it at any time, what is done about it is done once, and nobody gets more than may be given."""

from dingdan.overviews.invariants.invariant import Invariant

_OPEN = "('open', 'investigating', 'remedied')"

ONE_OWNER = f"""
SELECT c.id, c.state, w.owners FROM cases c LEFT JOIN (
    SELECT case_id, count(*) AS owners FROM case_owners WHERE until IS NULL GROUP BY case_id
) w ON w.case_id = c.id
WHERE COALESCE(w.owners, 0) <> CASE WHEN c.state IN {_OPEN} THEN 1 ELSE 0 END
UNION ALL
SELECT case_id, until::text, count(*) FROM case_owners GROUP BY case_id, until HAVING until IS NULL AND count(*) > 1
"""  # noqa: S608 - our own words

STATES_FIT = """
SELECT c.id, c.state, r.done, r.open FROM cases c LEFT JOIN (
    SELECT case_id, count(*) FILTER (WHERE state = 'executed') AS done,
           count(*) FILTER (WHERE state IN ('proposed', 'approved')) AS open FROM remedies GROUP BY case_id
) r ON r.case_id = c.id
WHERE c.state = 'remedied' AND COALESCE(r.done, 0) = 0
   OR c.state IN ('closed', 'withdrawn') AND r.open > 0
   OR c.state = 'withdrawn' AND r.done > 0
   OR c.state IN ('open', 'investigating') AND r.done > 0
"""

BUDGETS_COUNTED = """
SELECT order_id, b.budget, b.granted, r.granted AS of_remedies FROM case_budgets b FULL JOIN (
    SELECT order_id, sum(budgeted) AS granted FROM remedies WHERE state IN ('approved', 'executed') AND budgeted > 0
    GROUP BY order_id
) r USING (order_id)
WHERE COALESCE(b.granted, 0) <> COALESCE(r.granted, 0) OR b.granted > b.budget
"""

# All that goes to a buyer for an order, in money or worth money: what came in for it and what was declared on top.
NO_MORE_THAN_MAY_BE = """
SELECT order_id, back.amount AS back, i.amount AS came_in, b.budget FROM (
    SELECT order_id, sum(amount) AS amount FROM (
        SELECT order_id, amount FROM refunds WHERE state <> 'refused' AND cause NOT IN ('excess', 'penalty')
        UNION ALL SELECT order_id, budgeted FROM remedies WHERE state IN ('approved', 'executed')
    ) each_one GROUP BY order_id
) back
LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM captures WHERE kind = 'normal' GROUP BY order_id) i USING (order_id)
LEFT JOIN case_budgets b USING (order_id)
WHERE back.amount > COALESCE(i.amount, 0) + COALESCE(b.budget, 0)
"""

DONE_ONCE = """
SELECT r.id, r.kind, r.state, r.amount FROM remedies r
LEFT JOIN refunds f ON f.id = r.refund_id LEFT JOIN orders s ON s.id = r.replaced_by
WHERE r.state = 'executed' AND NOT CASE r.kind
        WHEN 'refund' THEN r.amount = 0 OR f.cause = 'case' AND f.cause_id = r.id
        WHEN 'compensation' THEN CASE r.terms ->> 'form' WHEN 'balance' THEN r.purse_id IS NOT NULL
            WHEN 'voucher' THEN r.grant_id IS NOT NULL ELSE r.receipt IS NOT NULL END
        WHEN 'take_back' THEN r.return_id IS NOT NULL
        WHEN 'wait' THEN r.terms ? 'until'
        ELSE s.id IS NOT NULL END
   OR r.state <> 'executed' AND (r.refund_id, r.purse_id, r.grant_id, r.return_id, r.replaced_by) IS DISTINCT FROM
      (NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint)
UNION ALL
SELECT f.id, f.cause, f.state, f.amount FROM refunds f
LEFT JOIN remedies r ON r.id = f.cause_id AND r.refund_id = f.id WHERE f.cause = 'case' AND r.id IS NULL
UNION ALL
SELECT p.sent, 'replacement', NULL, NULL FROM replacements p
LEFT JOIN remedies r ON r.id = p.remedy_id AND r.replaced_by = p.sent AND r.order_id = p.replaces WHERE r.id IS NULL
"""

FOUR_EYES = """
SELECT id, state, amount, alone_up_to, proposed_by, approved_by FROM remedies
WHERE (approved_by_kind IS NULL OR approved_at IS NULL) AND state IN ('approved', 'executed')
   OR approved_by_kind IS NOT NULL AND amount > alone_up_to
      AND (approved_by_kind, approved_by) IS NOT DISTINCT FROM (proposed_by_kind, proposed_by)
   OR state = 'executed' AND needs_consent AND consented_at IS NULL
"""

CLAIMS_BOOKED = """
SELECT merchant_id, currency, c.owed, b.amount AS booked FROM (
    SELECT merchant_id, currency, sum(accepted) AS owed FROM claims WHERE state = 'answered' GROUP BY merchant_id, currency
) c FULL JOIN (
    SELECT e.merchant_id, e.currency, sum(e.amount) AS amount FROM entries e JOIN accounts a ON a.id = e.account_id
    WHERE a.code = 'carrier_receivable' GROUP BY e.merchant_id, e.currency
) b USING (merchant_id, currency)
WHERE COALESCE(c.owed, 0) <> COALESCE(b.amount, 0)
"""

CASES_HAVE_CLOCK = f"""
SELECT c.id, c.state, c.answer_by FROM cases c
WHERE c.state IN {_OPEN} AND NOT EXISTS (
        SELECT FROM deadlines d WHERE d.subject_id = c.id AND d.kind = 'case.update'
        AND (c.answer_by IS NOT NULL) = (d.left_when_paused IS NOT NULL))
   OR c.answer_by IS NOT NULL AND NOT EXISTS (
        SELECT FROM deadlines d WHERE d.subject_id = c.id AND d.kind = 'case.answer')
   OR c.state NOT IN {_OPEN} AND EXISTS (SELECT FROM deadlines d WHERE d.subject_id = c.id AND d.kind LIKE 'case.%')
UNION ALL
SELECT c.id, c.state, c.answer_by FROM claims c
WHERE c.state = 'filed' AND NOT EXISTS (SELECT FROM deadlines d WHERE d.subject_id = c.id AND d.kind = 'claim.answer')
"""  # noqa: S608 - our own words

TROUBLES = (
    Invariant(
        name="K1_cases_have_one_owner",
        says="Exactly one person or role answers for every open case, and nobody for one that ended.",
        sql=ONE_OWNER,
    ),
    Invariant(
        name="K1_states_fit_remedies",
        says="A case is made good when a remedy was carried out, and none that ended waits for one.",
        sql=STATES_FIT,
    ),
    Invariant(
        name="K2_budgets_are_counted",
        says="What counts as given beyond what was paid is what remedies gave, and no more than was declared.",
        sql=BUDGETS_COUNTED,
    ),
    Invariant(
        name="K2_no_more_than_may_be",
        says="All that goes to a buyer for an order is no more than came in and the budget on top.",
        sql=NO_MORE_THAN_MAY_BE,
    ),
    Invariant(
        name="K3_remedies_are_done_once",
        says="Every remedy that was carried out has its effect, and every such effect its remedy.",
        sql=DONE_ONCE,
    ),
    Invariant(
        name="P3_remedies_have_four_eyes",
        says="Above what somebody may grant alone another one said yes, and where the buyer has a word they said it.",
        sql=FOUR_EYES,
    ),
    Invariant(
        name="K4_claims_are_booked",
        says="What carriers owe in the books is what they promised and did not pay yet.",
        sql=CLAIMS_BOOKED,
    ),
    Invariant(
        name="Z1_cases_have_a_clock",
        says="The buyer of every open case hears from us by a promised time, and every filed claim is followed.",
        sql=CASES_HAVE_CLOCK,
    ),
)
