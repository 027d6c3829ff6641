"""Webhooks: every fact that an endpoint wants is on its way or arrived, once, and the log says how."""

from dingdan.overviews.invariants.invariant import Invariant

OF_THEIR_FACTS = """
SELECT d.id, d.fact_id, d.wire, d.position, f.wire AS told, f.position AS told_at, f.merchant_id, e.merchant_id AS owner
FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id LEFT JOIN facts f ON f.id = d.fact_id
WHERE d.fact_id IS NOT NULL
  AND (d.wire, d.position, e.merchant_id) IS DISTINCT FROM (f.wire, f.position, f.merchant_id)
"""

ARRIVED_ONCE = """
SELECT d.id, d.replays, d.delivered_at, count(a.number) AS arrived,
       count(a.number) FILTER (WHERE a.round = d.replays) AS this_time
FROM webhook_deliveries d LEFT JOIN webhook_attempts a ON a.delivery_id = d.id AND a.result = 'succeeded'
GROUP BY d.id
HAVING count(a.number) > d.replays + 1
    OR (d.delivered_at IS NOT NULL) <> (count(a.number) FILTER (WHERE a.round = d.replays) = 1)
"""

# What is older than the log may have been forgotten.
NOTHING_LEFT_OUT = """
SELECT e.id, f.id AS fact_id, f.wire, f.position FROM webhook_endpoints e
JOIN facts f ON f.merchant_id = e.merchant_id AND f.position > e.begun AND f.position <= e.position
  AND e.events && ARRAY['*', f.wire, split_part(f.wire, '.', 1) || '.*']
LEFT JOIN webhook_deliveries d ON d.endpoint_id = e.id AND d.fact_id = f.id
WHERE e.state <> 'removed' AND d.id IS NULL AND f.recorded_at > now() - interval '29 days'
  AND f.at > dingdan_now() - interval '29 days'
"""

NOTHING_WAITS_IN_VAIN = """
SELECT d.id, d.endpoint_id, e.state, d.attempts, d.next_at FROM webhook_deliveries d
JOIN webhook_endpoints e ON e.id = d.endpoint_id
WHERE d.delivered_at IS NULL AND d.failed_at IS NULL
  AND (e.state <> 'enabled' AND d.fact_id IS NOT NULL OR d.next_at > dingdan_now() + interval '2 days')
"""

TOLD_ELSEWHERE = (
    Invariant(
        name="W1_of_their_facts",
        says="A webhook is about the fact that it names, at its place, of its endpoint's merchant.",
        sql=OF_THEIR_FACTS,
    ),
    Invariant(
        name="W2_arrived_once",
        says="A webhook arrives once unless somebody replays it, and counts as arrived exactly if a call says so.",
        sql=ARRIVED_ONCE,
    ),
    Invariant(
        name="W3_nothing_left_out",
        says="Every fact that an endpoint wants and has passed has a delivery.",
        sql=NOTHING_LEFT_OUT,
    ),
    Invariant(
        name="W4_nothing_waits_in_vain",
        says="What waits has an endpoint that is told, and is tried again within the ladder's longest wait.",
        sql=NOTHING_WAITS_IN_VAIN,
    ),
)
