"""What waits a moment before it leaves the house: it goes by its clock, and what was taken back did not go."""

from dingdan.overviews.invariants.invariant import Invariant

# Each waiting thing has its clock, and no such clock runs for nothing.
WAITING_HAVE_CLOCK = """
SELECT d.kind, w.kind AS wanted, COALESCE(d.subject_id, w.id) AS id FROM (
    SELECT 'refund.goes_out' AS kind, id FROM refunds WHERE state = 'held'
    UNION SELECT 'return.words_go', return_id FROM return_remarks WHERE held_until IS NOT NULL
    UNION SELECT 'order.words_go', order_id FROM order_notes WHERE held_until IS NOT NULL
) w FULL JOIN (
    SELECT kind, subject_id FROM deadlines WHERE kind IN ('refund.goes_out', 'return.words_go', 'order.words_go')
) d ON d.kind = w.kind AND d.subject_id = w.id
WHERE d.kind IS NULL OR w.kind IS NULL
"""

# Money is handed to a provider's queue only by sending its refund, and that is not before somebody let it go anew.
TAKEN_BACK_STAYED = """
SELECT t.subject_id, s.id AS send_back_id, q.wire FROM facts t JOIN send_backs s ON s.refund_id = t.subject_id
JOIN facts q ON q.subject = 'send_back' AND q.subject_id = s.id AND q.wire IN ('send_back.queued', 'send_back.retried')
    AND q.id > t.id
WHERE t.wire = 'refund.taken_back' AND NOT EXISTS (
    SELECT FROM facts f WHERE f.subject = 'refund' AND f.subject_id = t.subject_id AND f.wire = 'refund.sent' AND f.id > t.id)
"""

WAITING = (
    Invariant(
        name="Z1_what_waits_has_a_clock",
        says="Money that somebody released and words to buyers wait only with a clock that lets them go.",
        sql=WAITING_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_what_was_taken_back_stayed",
        says="Money that was taken back in time was not sent, unless it was released anew.",
        sql=TAKEN_BACK_STAYED,
    ),
)
