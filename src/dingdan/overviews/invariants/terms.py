"""Terms: what was agreed about returns stays what it was, and each version of a policy has one life."""

from dingdan.overviews.invariants.invariant import Invariant

ORDERS_KEEP_THEIR_WORDS = """
SELECT o.id, o.policy_id, o.policy_hash, p.hash FROM orders o JOIN policies p ON p.id = o.policy_id
WHERE o.policy_hash <> p.hash OR p.merchant_id <> o.merchant_id
UNION ALL
SELECT r.order_id, r.policy_id, o.policy_hash, r.id::text FROM returns r JOIN orders o ON o.id = r.order_id
WHERE r.policy_id <> o.policy_id
"""

# What is in force goes by the clock, and the state follows; so the two are compared only where they cannot be apart.
ONE_LIFE = """
SELECT COALESCE(p.id, e.id) AS id, e.state, p.withdrawn_at, e.announced_at
FROM policies p FULL JOIN policy_editions e ON e.id = p.id
WHERE (p.id IS NULL) <> (e.announced_at IS NULL) OR e.id IS NULL
   OR (p.withdrawn_at IS NOT NULL) <> (p.id IS NOT NULL AND e.state = 'withdrawn')
   OR p.id IS NOT NULL AND (p.merchant_id, p.code, p.version) IS DISTINCT FROM (e.merchant_id, e.code, e.label)
   OR (e.state IN ('in_force', 'superseded') AND p.id IS NULL)
"""

TERMS = (
    Invariant(
        name="V1_orders_keep_their_words",
        says="An order is bound to the very words that it was placed under, and so is what comes back of it.",
        sql=ORDERS_KEEP_THEIR_WORDS,
    ),
    Invariant(
        name="V2_versions_have_one_life",
        says="What was published has a life that says so, and what is only drafted binds nobody.",
        sql=ONE_LIFE,
    ),
)
