"""Laws of disputes: who rules, what a ruling leads to, and that somebody is always expected to do something."""

from dingdan.overviews.invariants.invariant import Invariant

IMPARTIAL = """
SELECT r.id, r.dispute_id, r.ruled_by_kind, r.ruled_by FROM dispute_rulings r
JOIN dispute_rulings b ON b.dispute_id = r.dispute_id AND b.id < r.id
    AND (b.ruled_by_kind, b.ruled_by) = (r.ruled_by_kind, r.ruled_by)
UNION ALL
SELECT r.id, r.dispute_id, r.ruled_by_kind, r.ruled_by FROM dispute_rulings r
JOIN dispute_entries e ON e.dispute_id = r.dispute_id AND (e.said_by_kind, e.said_by) = (r.ruled_by_kind, r.ruled_by)
UNION ALL
SELECT r.id, r.dispute_id, r.ruled_by_kind, r.ruled_by FROM dispute_rulings r JOIN disputes d ON d.id = r.dispute_id
JOIN returns v ON v.id = d.subject_id AND (v.decided_by_kind, v.decided_by) = (r.ruled_by_kind, r.ruled_by)
"""

RULED_AS_FAR = """
SELECT d.id, d.state, f.state AS first, a.state AS appeal FROM disputes d
LEFT JOIN dispute_rulings f ON f.dispute_id = d.id AND f.instance = 'first' AND f.state <> 'refused'
LEFT JOIN dispute_rulings a ON a.dispute_id = d.id AND a.instance = 'appeal' AND a.state <> 'refused'
WHERE d.state <> 'agreed' AND (d.state IN ('ruled', 'answering', 'appealed', 'final', 'executed'))
   <> (COALESCE(f.state, '') = 'given')
   OR d.state IN ('showing', 'withdrawn') AND f.id IS NOT NULL
   OR a.id IS NOT NULL AND d.appealed_side IS NULL
   OR d.state <> 'agreed' AND d.appealed_side IS NOT NULL
      AND (d.state IN ('final', 'executed')) <> (COALESCE(a.state, '') = 'given')
"""

CARRIED_OUT = """
SELECT d.id, d.case_id, c.kind, c.closure FROM disputes d LEFT JOIN cases c ON c.id = d.case_id
WHERE d.state = 'executed' AND (
    d.case_id IS NOT NULL AND (c.closure IS DISTINCT FROM 'carried_out' OR c.order_id IS DISTINCT FROM d.order_id)
    OR (d.case_id IS NOT NULL) <> EXISTS (
        SELECT FROM dispute_rulings r CROSS JOIN LATERAL jsonb_array_elements(r.lines) AS l
        WHERE r.dispute_id = d.id AND r.state = 'given' AND l ->> 'outcome' <> 'reject'
          AND r.instance = CASE WHEN d.appealed_side IS NULL THEN 'first' ELSE 'appeal' END))
UNION ALL
SELECT c.id, c.id, c.kind, c.closure FROM cases c
WHERE c.kind = 'platform_ruling' AND c.case_kind_id IS NULL AND (SELECT count(*) FROM disputes d WHERE d.case_id = c.id) <> 1
"""

HAVE_CLOCK = """
SELECT d.id, d.state FROM disputes d
WHERE d.state NOT IN ('executed', 'withdrawn', 'agreed') AND NOT EXISTS (
        SELECT FROM deadlines t WHERE t.subject_id = d.id AND t.kind = ANY (CASE d.state
            WHEN 'showing' THEN ARRAY['dispute.buyer_turn', 'dispute.seller_turn']
            WHEN 'answering' THEN ARRAY['dispute.buyer_turn', 'dispute.seller_turn'] WHEN 'ruled' THEN ARRAY['dispute.appeal']
            WHEN 'final' THEN ARRAY['dispute.comply', 'dispute.execute'] ELSE ARRAY['dispute.rule'] END))
   OR (d.still_until IS NOT NULL) <> EXISTS (
        SELECT FROM deadlines t WHERE t.subject_id = d.id AND t.kind = 'dispute.still')
   OR d.state IN ('executed', 'withdrawn', 'agreed') AND EXISTS (
        SELECT FROM deadlines t WHERE t.subject_id = d.id AND t.kind LIKE 'dispute.%')
"""

STAND_STILL = """
SELECT d.id, d.still_until, s.until, s.reason FROM disputes d
FULL JOIN (SELECT * FROM dispute_standstills WHERE ended_at IS NULL) s ON s.dispute_id = d.id
WHERE (d.still_until IS NOT NULL OR s.id IS NOT NULL) AND d.still_until IS DISTINCT FROM s.until
UNION ALL
SELECT d.id, d.still_until, t.due_at, t.kind FROM disputes d JOIN deadlines t ON t.subject_id = d.id
WHERE t.kind LIKE 'dispute.%' AND t.kind <> 'dispute.still' AND (d.still_until IS NULL) = (t.paused_at IS NOT NULL)
"""

DISPUTED = (
    Invariant(
        name="R6_who_rules_is_impartial",
        says="Nobody rules twice about one dispute, or about one that they argued in or decided before.",
        sql=IMPARTIAL,
    ),
    Invariant(
        name="R6_ruled_as_far_as_it_stands",
        says="A dispute is ruled where its first ruling holds, and one that was appealed ends with the second.",
        sql=RULED_AS_FAR,
    ),
    Invariant(
        name="R6_rulings_are_carried_out_once",
        says="What was ruled finally was done by a case of its own, and nothing where nothing was owed.",
        sql=CARRIED_OUT,
    ),
    Invariant(
        name="R6_what_stands_still_is_on_record",
        says="Clocks of a dispute stand exactly while the police, a court or the two sides look at it, and it says so.",
        sql=STAND_STILL,
    ),
    Invariant(
        name="Z1_disputes_have_a_clock",
        says="Somebody is expected to do something about every open dispute by a promised time.",
        sql=HAVE_CLOCK,
    ),
)
