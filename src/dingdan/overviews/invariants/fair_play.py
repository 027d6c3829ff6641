"""Signs of abuse: what is held against a buyer has a source, an end and people behind it, and nothing acts without it."""

from dingdan.overviews.invariants.invariant import Invariant

_LIVING = "f.state IN ('open', 'asked', 'signed', 'confirmed', 'appealed')"

ACTED_WHILE_IT_LIVED = """
SELECT m.id, m.measure, m.at, f.opened_at, f.ended_at, f.expires_at FROM abuse_measures m
LEFT JOIN abuse_flags f ON f.id = m.flag_id
WHERE f.id IS NULL OR m.at < f.opened_at OR m.at >= f.expires_at OR m.at > f.ended_at
"""

# Each part names what it was reckoned from, and a flag has as many as it says.
HAS_SOURCES = f"""
SELECT f.id, f.state, f.parts, count(s.id) AS found FROM abuse_flags f LEFT JOIN abuse_signals s ON s.flag_id = f.id
WHERE {_LIVING} GROUP BY f.id HAVING count(s.id) <> f.parts
    OR NOT bool_or(s.dismissed_at IS NULL AND s.buyer_id = f.buyer_id AND s.merchant_id = f.merchant_id)
"""  # noqa: S608

LEVEL_FITS = """
SELECT id, score, level FROM abuse_flags
WHERE level <> CASE WHEN score >= 80 THEN 3 WHEN score >= 50 THEN 2 WHEN score >= 30 THEN 1 ELSE 0 END
"""

HARD_ONES_HAVE_TWO = """
SELECT f.id, f.state, f.confirmed_level, f.signed_by, f.decided_by FROM abuse_flags f
WHERE f.confirmed_level = 3 AND f.state <> 'lifted' AND (f.signed_by IS NULL OR f.decided_by IS NULL
    OR (f.signed_by_kind, f.signed_by) = (f.decided_by_kind, f.decided_by))
"""

HANDED_OVER_CONFIRMED = """
SELECT a.id, a.flag_id FROM abuse_handovers a JOIN abuse_flags f ON f.id = a.flag_id WHERE f.confirmed_level = 0
"""

HAVE_A_CLOCK = f"""
SELECT f.id, f.state FROM abuse_flags f
WHERE {_LIVING} AND NOT EXISTS (
        SELECT FROM deadlines d WHERE d.subject_id = f.id AND d.kind = 'abuse_flag.expiry' AND d.due_at <= f.expires_at)
   OR f.state IN ('asked', 'appealed') AND NOT EXISTS (
        SELECT FROM deadlines d WHERE d.subject_id = f.id AND d.kind = 'abuse_flag.answer')
   OR NOT {_LIVING} AND EXISTS (SELECT FROM deadlines d WHERE d.subject_id = f.id AND d.kind LIKE 'abuse_flag.%')
"""  # noqa: S608

NOTHING_AFTER_ITS_END = f"""
SELECT f.id, f.state, f.expires_at FROM abuse_flags f
WHERE {_LIVING} AND f.expires_at < (SELECT dingdan_now()) - interval '60 seconds'
"""  # noqa: S608

FAIR_PLAY = (
    Invariant(
        name="U1_measures_have_a_living_flag",
        says="Nothing acted on anybody but by a flag that went on at that moment.",
        sql=ACTED_WHILE_IT_LIVED,
    ),
    Invariant(
        name="U1_flags_have_sources",
        says="Every flag that goes on has the parts that it counts, of the same buyer and merchant, and one that holds.",
        sql=HAS_SOURCES,
    ),
    Invariant(
        name="U1_levels_fit_scores",
        says="How far what follows goes is what the score says.",
        sql=LEVEL_FITS,
    ),
    Invariant(
        name="P2_hard_measures_have_four_eyes",
        says="What the system may not decide alone two people confirmed.",
        sql=HARD_ONES_HAVE_TWO,
    ),
    Invariant(
        name="U2_evidence_goes_out_confirmed",
        says="No evidence was handed to anybody of a flag that no person had confirmed.",
        sql=HANDED_OVER_CONFIRMED,
    ),
    Invariant(
        name="Z1_flags_have_a_clock",
        says="Every flag ends by itself, and whoever asked for a person has a clock; ended flags have none left.",
        sql=HAVE_A_CLOCK,
    ),
    Invariant(
        name="U2_nothing_after_its_end",
        says="No flag goes on when its time is over.",
        sql=NOTHING_AFTER_ITS_END,
        needs_settled=True,
    ),
)
