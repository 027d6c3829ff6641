"""Second looks: an order is held exactly as long as somebody looks, and nobody lets one go alone who may not."""

from dingdan.overviews.invariants.invariant import Invariant

UNDER_REVIEW_IS_LOOKED_AT = """
SELECT o.id, o.state, o.under_review_since, r.state AS review FROM orders o LEFT JOIN reviews r ON r.order_id = o.id
WHERE o.under_review_since IS NOT NULL
  AND (o.state <> 'held' OR COALESCE(r.state, '') NOT IN ('open', 'claimed', 'asked', 'signed', 'escalated'))
"""

# A cancelled order's review is withdrawn by a reaction, so for a moment it may still be there.
LOOKED_AT_IS_UNDER_REVIEW = """
SELECT r.id, r.state, o.state AS order_state FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE r.state IN ('open', 'claimed', 'asked', 'signed', 'escalated')
  AND o.under_review_since IS NULL AND o.state <> 'cancelled'
"""

DECIDED_AS_WRITTEN = """
SELECT r.id, r.state, r.decided_at, r.reject_reason, o.state AS order_state, o.cancel_reason
FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE (r.decided_at IS NOT NULL) <> (r.state IN ('approved', 'rejected'))
   OR (r.reject_reason IS NOT NULL) <> (r.state = 'rejected')
   OR r.decided_by IS NOT NULL AND r.decided_at IS NULL
   OR r.state = 'rejected' AND (o.state <> 'cancelled' OR o.cancel_reason IS DISTINCT FROM r.reject_reason)
   OR r.state = 'withdrawn' AND o.state <> 'cancelled'
   OR (r.state = 'claimed') <> (r.claimed_by IS NOT NULL) AND r.state NOT IN ('asked', 'approved', 'rejected', 'withdrawn')
"""

# People let nothing go with a question open; time does.
LET_GO_WITH_ALL_ANSWERS = """
SELECT r.id, item ->> 'code' AS item FROM reviews r CROSS JOIN LATERAL jsonb_array_elements(r.checklist) AS item
WHERE r.state = 'approved' AND r.decided_by IS NOT NULL AND NOT r.answers ? (item ->> 'code')
"""

NOTHING_BLOCKED_GOES = """
SELECT id, state, blocked_at, decided_at FROM reviews WHERE state = 'approved' AND blocked_at IS NOT NULL
"""

# The law's questions are marked on reviews; nobody's yes and no time sets one aside.
NO_STATUTORY_CHECK_FORCED = """
SELECT r.id, item ->> 'code' AS item FROM reviews r CROSS JOIN LATERAL jsonb_array_elements(r.checklist) AS item
WHERE r.state = 'approved' AND item ->> 'is_statutory' = 'true' AND r.answers ->> (item ->> 'code') = 'no'
"""

FORCED_FOR_A_REASON = """
SELECT id, answers, second_reasons FROM reviews
WHERE state = 'approved' AND force_reason IS NULL
  AND EXISTS (SELECT FROM jsonb_each_text(answers) AS given WHERE given.value = 'no')
"""

FOUR_EYES = """
SELECT id, state, signed_by, decided_by, second_reasons, answers FROM reviews
WHERE (signed_by IS NOT NULL) <> (cardinality(second_reasons) > 0)
   OR signed_by IS NOT NULL AND (signed_by_kind, signed_by) = (decided_by_kind, decided_by)
   OR state = 'signed' AND signed_by IS NULL
   OR state = 'approved' AND decided_by IS NOT NULL AND signed_by IS NULL
      AND EXISTS (SELECT FROM jsonb_each_text(answers) AS given WHERE given.value = 'no')
"""

# A review whose order is over waits for the reaction that withdraws it and for no clock.
REVIEWS_HAVE_CLOCK = """
SELECT r.id, r.state FROM reviews r
WHERE r.state IN ('open', 'claimed', 'asked', 'signed', 'escalated')
  AND EXISTS (SELECT FROM orders o WHERE o.id = r.order_id AND o.under_review_since IS NOT NULL)
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.subject_id = r.id AND d.kind = 'review.decide'
                  AND (r.state = 'asked') = (d.left_when_paused IS NOT NULL))
   OR r.state = 'asked'
  AND NOT EXISTS (SELECT FROM deadlines d WHERE d.subject_id = r.id AND d.kind = 'review.answer')
   OR r.state NOT IN ('open', 'claimed', 'asked', 'signed', 'escalated')
  AND EXISTS (SELECT FROM deadlines d WHERE d.subject_id = r.id AND d.kind LIKE 'review.%')
"""

ENDED_WITH_ITS_ORDER = """
SELECT r.id, r.state, o.state AS order_state FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE r.state IN ('open', 'claimed', 'asked', 'signed', 'escalated') AND o.state <> 'held'
"""

SECOND_LOOKS = (
    Invariant(
        name="V1_under_review_is_looked_at",
        says="Every order that is held for a second look has one that nobody has decided.",
        sql=UNDER_REVIEW_IS_LOOKED_AT,
    ),
    Invariant(
        name="V1_looked_at_is_under_review",
        says="The order of every review that nobody has decided is held for it, unless it was cancelled just now.",
        sql=LOOKED_AT_IS_UNDER_REVIEW,
    ),
    Invariant(
        name="V2_decided_as_written",
        says="A review is decided when its state says so, and its order ended with the same reason where it did.",
        sql=DECIDED_AS_WRITTEN,
    ),
    Invariant(
        name="V2_let_go_with_all_answers",
        says="No person let an order go with a question of the checklist open.",
        sql=LET_GO_WITH_ALL_ANSWERS,
    ),
    Invariant(
        name="V2_nothing_blocked_goes",
        says="No order was let go that risk had blocked.",
        sql=NOTHING_BLOCKED_GOES,
    ),
    Invariant(
        name="V2_no_statutory_check_forced",
        says="No order was let go that failed a check which the law asks.",
        sql=NO_STATUTORY_CHECK_FORCED,
    ),
    Invariant(
        name="V2_forced_for_a_reason",
        says="An order that was let go in spite of a failed check has the reason on record.",
        sql=FORCED_FOR_A_REASON,
    ),
    Invariant(
        name="P2_reviews_have_four_eyes",
        says="Where two people had to say yes two did, and an order with a failed check was not let go by one.",
        sql=FOUR_EYES,
    ),
    Invariant(
        name="Z1_reviews_have_a_clock",
        says="Every review that nobody has decided ends by itself; decided ones have no clock left.",
        sql=REVIEWS_HAVE_CLOCK,
    ),
    Invariant(
        name="Z1_reviews_end_with_their_orders",
        says="No review outlives its order.",
        sql=ENDED_WITH_ITS_ORDER,
        needs_settled=True,
    ),
)
