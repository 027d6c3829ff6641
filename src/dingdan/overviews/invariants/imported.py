"""Laws of goods from abroad: what people import is counted, and customs are asked in time."""

from dingdan.overviews.invariants.invariant import Invariant

QUOTA_GIVEN_BACK = """
SELECT i.order_id, i.given_back, COALESCE(r.quota, 0) AS quota FROM customs_imports i
LEFT JOIN (
    SELECT order_id, sum(quota) AS quota FROM customs_returns WHERE state = 'cleared' GROUP BY order_id
) AS r USING (order_id)
WHERE i.given_back <> COALESCE(r.quota, 0)
"""

# What is left of each line costs its part of it, rounded half up.
QUOTA_COUNTED = """
SELECT i.order_id, i.amount, o.state FROM customs_imports i JOIN orders o ON o.id = i.order_id
WHERE i.amount <> CASE WHEN o.state IN ('cancelled', 'expired') THEN 0 ELSE (
    SELECT COALESCE(sum(
        (2 * (l.goods - l.discount) * (l.quantity - l.cancelled) + l.quantity) / (2 * l.quantity)), 0)
    FROM order_lines l WHERE l.order_id = o.id AND 'cross_border' = ANY (l.flags)) END
"""

RETURNS_HAVE_CLOCK = """
SELECT r.id, r.order_id, r.state FROM customs_returns r
WHERE r.state <> 'applied' AND EXISTS (
        SELECT FROM deadlines d WHERE d.subject_id = r.id AND d.kind = 'customs.back_by')
   OR r.state = 'applied' AND NOT EXISTS (
        SELECT FROM deadlines d WHERE d.subject_id = r.id AND d.kind = 'customs.back_by')
      AND NOT EXISTS (
        SELECT FROM facts f WHERE f.order_id = r.order_id AND f.wire = 'customs.missed' AND f.data ->> 'what' = 'back')
"""

IMPORTED = (
    Invariant(
        name="D1_quota_is_given_back",
        says="Of a person's yearly quota so much is theirs again as customs had back in time.",
        sql=QUOTA_GIVEN_BACK,
    ),
    Invariant(
        name="D1_quota_is_counted",
        says="An order takes as much of its person's yearly quota as what is left of it costs, and nothing once it has ended.",
        sql=QUOTA_COUNTED,
        needs_settled=True,
    ),
    Invariant(
        name="Z1_customs_returns_have_a_clock",
        says="Goods that customs were asked to take back are waited for until they were missed, and others are not.",
        sql=RETURNS_HAVE_CLOCK,
    ),
)
