"""Invoices: numbers without gaps, never more than was paid, and what goes back is taken back."""

from dingdan.overviews.invariants.invariant import Invariant

SERIES_WITHOUT_GAPS = """
SELECT merchant_id, series, s.last, i.numbers, i.highest, i.lowest FROM invoice_series s FULL JOIN (
    SELECT merchant_id, series, count(DISTINCT number) AS numbers, count(*) AS papers, max(number) AS highest,
           min(number) AS lowest
    FROM invoices WHERE state = 'issued' GROUP BY merchant_id, series
) i USING (merchant_id, series)
WHERE s.last IS DISTINCT FROM i.numbers OR i.papers <> i.numbers OR s.last IS DISTINCT FROM i.highest OR i.lowest <> 1
"""

PAPERS_ADD_UP = """
SELECT i.id, i.total, i.tax, l.gross, l.tax AS of_lines FROM invoices i CROSS JOIN LATERAL (
    SELECT sum((l ->> 'gross')::bigint) AS gross, sum((l ->> 'tax')::bigint) AS tax FROM jsonb_array_elements(i.lines) l
) l
WHERE (i.total, i.tax) IS DISTINCT FROM (l.gross, l.tax) OR i.total <> i.net + i.tax
"""

# What stands of an invoice is never less than nothing, and a credit note for a refund is as high as the refund.
NOTES_FIT = """
SELECT i.id, i.total, n.total AS of_notes, n.tax FROM invoices i JOIN (
    SELECT invoice_id, sum(total) AS total, sum(tax) AS tax FROM invoices
    WHERE kind = 'credit_note' AND state <> 'dropped' GROUP BY invoice_id
) n ON n.invoice_id = i.id
WHERE n.total > i.total OR n.tax > i.tax OR (n.total = i.total) AND n.tax <> i.tax OR i.kind <> 'invoice' OR i.state <> 'issued'
UNION ALL
SELECT n.id, n.total, r.amount, 0 FROM invoices n JOIN refunds r ON r.id = n.refund_id
WHERE n.total > r.amount OR r.state <> 'settled'
"""

# Counted over every paper that was drafted, an order with an invoice that stands is invoiced for what was paid and is
# not back: with the refunds that its papers dealt with, at every moment.
INVOICED_IS_PAID = """
SELECT o.id, o.total, i.invoiced, r.back FROM orders o JOIN (
    SELECT order_id, sum(CASE kind WHEN 'invoice' THEN total ELSE -total END) AS invoiced,
           count(*) FILTER (WHERE kind = 'invoice') - count(*) FILTER (WHERE reason = 'correction') AS standing
    FROM invoices WHERE state <> 'dropped' GROUP BY order_id
) i ON i.order_id = o.id
LEFT JOIN (
    SELECT c.order_id, sum(r.amount) AS back FROM invoice_refunds c JOIN refunds r ON r.id = c.refund_id GROUP BY c.order_id
) r ON r.order_id = o.id
LEFT JOIN LATERAL (SELECT sum(amount) AS came FROM captures WHERE order_id = o.id AND kind = 'normal') m
    ON o.first_order_id IS NOT NULL AND o.state IN ('cancelled', 'expired')
WHERE i.standing NOT IN (0, 1)
   OR i.invoiced <> CASE WHEN i.standing = 1 THEN COALESCE(m.came, o.total) - COALESCE(r.back, 0) ELSE 0 END
"""

# A house at rest has dealt with every refund that arrived of an order with an invoice that stands.
REFUNDS_DEALT_WITH = """
SELECT r.id, r.order_id, r.amount, i.id AS invoice_id FROM refunds r
JOIN invoices i ON i.order_id = r.order_id AND i.kind = 'invoice' AND i.state = 'issued'
WHERE r.state = 'settled' AND r.cause <> 'excess' AND NOT EXISTS (SELECT FROM invoice_refunds c WHERE c.refund_id = r.id)
  AND NOT EXISTS (SELECT FROM invoices n WHERE n.invoice_id = i.id AND n.reason = 'correction')
"""

# Whoever wished for an invoice of an order has one of what stays of the money for its goods, also where that lies with what was
# to be sent for them and never left.
KEPT_IS_INVOICED = """
SELECT o.id, o.first_order_id, m.came, b.back FROM orders o
JOIN LATERAL (SELECT sum(amount) AS came FROM captures WHERE order_id = o.id AND kind = 'normal') m ON true
JOIN LATERAL (
    SELECT COALESCE(sum(amount) FILTER (WHERE state = 'settled'), 0) AS back,
           count(*) FILTER (WHERE state NOT IN ('settled', 'refused')) AS waiting
    FROM refunds WHERE order_id = o.id
) b ON true
WHERE o.first_order_id IS NOT NULL AND o.state IN ('cancelled', 'expired') AND b.back > 0 AND b.waiting = 0 AND m.came > b.back
  AND EXISTS (SELECT FROM invoices i WHERE i.order_id = o.first_order_id AND i.kind = 'invoice' AND i.state = 'issued')
  AND EXISTS (SELECT FROM invoice_requests q WHERE q.order_id = o.first_order_id AND q.sealed IS NOT NULL)
  AND NOT EXISTS (SELECT FROM invoice_requests q WHERE q.order_id = o.id)
"""

UNISSUED_HAVE_CLOCK = """
SELECT i.id, i.state FROM invoices i
WHERE i.state = 'unknown' AND NOT EXISTS (
    SELECT FROM deadlines d WHERE d.kind = 'invoice.retry' AND d.subject_id = i.id)
"""

INVOICED = (
    Invariant(
        name="I1_series_have_no_gaps",
        says="The numbers of a series are 1 to the last one, each of one paper.",
        sql=SERIES_WITHOUT_GAPS,
    ),
    Invariant(name="I2_papers_add_up", says="An invoice comes to its lines, and its tax to theirs.", sql=PAPERS_ADD_UP),
    Invariant(
        name="I3_notes_fit_their_invoice",
        says="Credit notes take back no more than their invoice says, and no more than was paid back.",
        sql=NOTES_FIT,
    ),
    Invariant(
        name="I4_invoiced_is_paid",
        says="Invoices less credit notes of an order come to what was paid for it and not given back.",
        sql=INVOICED_IS_PAID,
    ),
    Invariant(
        name="I5_refunds_are_taken_back",
        says="Every refund that arrived of an order with an invoice was dealt with by a paper.",
        sql=REFUNDS_DEALT_WITH,
        needs_settled=True,
    ),
    Invariant(
        name="I5_kept_is_invoiced",
        says="Money that stays though nothing was sent for the goods stands on an invoice where their order has one.",
        sql=KEPT_IS_INVOICED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_lost_invoices_are_asked_after",
        says="A paper of which nobody knows whether it was issued is asked after again.",
        sql=UNISSUED_HAVE_CLOCK,
    ),
)
