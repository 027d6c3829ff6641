"""Orders made on channels: each is written once, agrees with its channel or says why not, and nothing is left untold."""

from dingdan.overviews.invariants.invariant import Invariant

WRITTEN_AS_TOLD = """
SELECT c.id, c.order_id, c.merchant_id, c.channel_id, o.merchant_id AS ours_of, o.channel_id AS ours_from
FROM channel_orders c LEFT JOIN orders o ON o.id = c.order_id
WHERE c.order_id IS NOT NULL
  AND (o.merchant_id, o.channel_id, o.buyer_id) IS DISTINCT FROM (c.merchant_id, c.channel_id, c.buyer_id)
"""

AMOUNTS_AGREE = """
SELECT c.id, c.order_id, c.total, c.currency, o.total AS ours, o.currency AS ours_in
FROM channel_orders c JOIN orders o ON o.id = c.order_id
WHERE (o.total, o.currency) IS DISTINCT FROM (c.total, c.currency) AND o.state NOT IN ('cancelled', 'expired')
  AND NOT EXISTS (SELECT FROM channel_problems p
                  WHERE p.channel_order_id = c.id AND p.kind = 'changed' AND p.state IN ('open', 'waived'))
"""

MONEY_IS_BOOKED = """
SELECT c.id, c.order_id, p.booked, m.captured FROM channel_orders c
LEFT JOIN (
    SELECT channel_order_id, sum(booked) AS booked FROM channel_parts WHERE kind = 'payment' GROUP BY channel_order_id
) p ON p.channel_order_id = c.id
LEFT JOIN (
    SELECT order_id, sum(amount) AS captured FROM captures WHERE provider LIKE 'channel:%' GROUP BY order_id
) m ON m.order_id = c.order_id
WHERE COALESCE(p.booked, 0) <> COALESCE(m.captured, 0)
"""

REFUNDS_ARE_FOLLOWED = """
SELECT c.id, c.order_id, t.told, m.captured, r.back FROM channel_orders c
JOIN (
    SELECT channel_order_id, sum(amount) AS told FROM channel_parts WHERE kind = 'refund' GROUP BY channel_order_id
) t ON t.channel_order_id = c.id
LEFT JOIN (SELECT order_id, sum(amount) AS captured FROM captures WHERE kind = 'normal' GROUP BY order_id) m
    ON m.order_id = c.order_id
LEFT JOIN (
    SELECT order_id, sum(amount) AS back FROM refunds
    WHERE state <> 'refused' AND cause NOT IN ('excess', 'penalty') GROUP BY order_id
) r ON r.order_id = c.order_id
WHERE LEAST(t.told, COALESCE(m.captured, 0)) > COALESCE(r.back, 0)
"""

NOTHING_WAITS_UNSAID = """
SELECT c.id, c.number FROM channel_orders c
WHERE c.order_id IS NULL AND c.cancelled_at IS NULL
  AND NOT EXISTS (SELECT FROM channel_problems p WHERE p.channel_order_id = c.id AND p.state = 'open')
"""

HELD_FOR_A_PROBLEM = """
SELECT o.id, o.state, o.snagged_since, p.problems FROM orders o LEFT JOIN (
    SELECT order_id, array_agg(kind) AS problems FROM channel_problems
    WHERE state = 'open' AND order_id IS NOT NULL AND kind IN
        ('no_stock', 'sums_differ', 'overpaid', 'refund_exceeds', 'address_unusable', 'changed',
         'part_shipped', 'import_limit')
    GROUP BY order_id
) p ON p.order_id = o.id
WHERE o.state IN ('awaiting_payment', 'confirmed', 'held') AND o.dispatch_locked_at IS NULL
  AND (o.snagged_since IS NOT NULL) <> (p.order_id IS NOT NULL)
   OR o.snagged_since IS NOT NULL AND o.state = 'confirmed'
"""

# What the channel did itself it is not told, nor of refunds that come to nothing.
NO_UPDATE_LOST = """
SELECT f.id, f.wire, f.subject_id, f.order_id FROM facts f JOIN channel_orders c ON c.order_id = f.order_id
JOIN (VALUES ('parcel.dispatched', 'parcel_dispatched'), ('order.shipped', 'shipped'), ('order.delivered', 'delivered'),
             ('order.cancelled', 'cancelled'), ('refund.settled', 'refunded')) AS k (wire, kind) ON k.wire = f.wire
WHERE f.position <= (SELECT position FROM reaction_cursors WHERE reaction = 'channel_orders.tell_channel')
  AND COALESCE(f.data ->> 'reason', '') <> 'cancelled_on_channel'
  AND COALESCE(f.data ->> 'cause', '') NOT IN ('channel', 'excess') AND COALESCE(f.data ->> 'amount', '') <> '0'
  AND NOT EXISTS (SELECT FROM reaction_parked p WHERE p.fact_id = f.id AND p.reaction = 'channel_orders.tell_channel')
  AND NOT (f.wire IN ('parcel.dispatched', 'order.shipped') AND EXISTS (
      SELECT FROM channel_parts p WHERE p.channel_order_id = c.id AND p.kind = 'shipment' AND p.booked IS NOT NULL))
  AND NOT EXISTS (SELECT FROM channel_updates u
                  WHERE u.order_id = f.order_id AND u.kind = k.kind AND u.subject_id = f.subject_id)
"""

MADE_ELSEWHERE = (
    Invariant(
        name="H1_written_as_told",
        says="The order written for a channel's is its merchant's, its channel's and its buyer's.",
        sql=WRITTEN_AS_TOLD,
    ),
    Invariant(
        name="H2_amounts_agree",
        says="An order comes to what its channel says, or a problem says that it changed.",
        sql=AMOUNTS_AGREE,
    ),
    Invariant(
        name="H2_channels_money_is_booked",
        says="What is noted as booked of a channel's payments was captured, once.",
        sql=MONEY_IS_BOOKED,
    ),
    Invariant(
        name="H2_channels_refunds_are_followed",
        says="What a channel gave back is refunded here, up to what it brought.",
        sql=REFUNDS_ARE_FOLLOWED,
    ),
    Invariant(
        name="H3_nothing_waits_unsaid",
        says="A channel's order that could not be written has an open problem.",
        sql=NOTHING_WAITS_UNSAID,
    ),
    Invariant(
        name="H3_held_for_a_problem",
        says="An order is stopped for how it came exactly while a problem that stops it is open.",
        sql=HELD_FOR_A_PROBLEM,
    ),
    Invariant(
        name="H4_no_update_lost",
        says="Whatever happened here to a channel's order and was seen is queued for the channel.",
        sql=NO_UPDATE_LOST,
    ),
)
