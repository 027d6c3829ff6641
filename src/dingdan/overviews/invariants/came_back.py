"""What became of goods that came back: every unit waits or is decided, whose it is, by two where two must look."""

from dingdan.overviews.invariants.invariant import Invariant

# Received is accepted and rejected, and both are goods of which some wait and some are decided.
EVERY_UNIT = """
SELECT l.return_id, l.line_no, r.outcome, l.received, l.accepted, l.rejected, g.units, g.ours FROM return_lines l
JOIN returns r ON r.id = l.return_id LEFT JOIN (
    SELECT return_id, line_no, sum(quantity) AS units,
           sum(quantity) FILTER (WHERE is_ours AND paid_with IS NULL) AS ours
    FROM returned_goods GROUP BY return_id, line_no
) g USING (return_id, line_no)
WHERE COALESCE(g.units, 0) <> l.accepted + l.rejected OR COALESCE(g.ours, 0) <> l.accepted
UNION ALL
SELECT g.id, g.line_no, NULL, g.quantity, g.open, d.units, NULL, NULL FROM returned_goods g LEFT JOIN (
    SELECT goods_id, sum(quantity) AS units FROM dispositions GROUP BY goods_id
) d ON d.goods_id = g.id WHERE g.open <> g.quantity - COALESCE(d.units, 0)
"""

NEVER_WITHOUT_MONEY = """
SELECT g.id, g.is_ours, g.offered, f.id AS refund_id, f.state, f.amount FROM returned_goods g
FULL JOIN (SELECT * FROM refunds WHERE cause = 'kept') f ON f.cause_id = g.id
WHERE (f.id IS NOT NULL OR g.paid_with IS NOT NULL)
  AND (g.paid_with IS DISTINCT FROM f.id OR f.state = 'refused' OR f.amount <> g.offered OR NOT g.is_ours)
UNION ALL
SELECT d.goods_id, d.is_ours, NULL, d.id, d.kind, NULL FROM dispositions d JOIN returned_goods g ON g.id = d.goods_id
WHERE d.is_ours AND NOT g.is_ours
"""

SECOND_HAND = """
SELECT d.order_id, d.sold_as, d.units, m.units AS moved, p.flags FROM (
    SELECT order_id, sold_as, sum(quantity) AS units FROM dispositions WHERE sold_as IS NOT NULL
    GROUP BY order_id, sold_as
) d LEFT JOIN products p ON p.id = d.sold_as LEFT JOIN (
    SELECT order_id, product_id, sum(quantity) AS units FROM movements WHERE reason = 'resell' AND bucket = 'on_hand'
    GROUP BY order_id, product_id
) m ON m.order_id = d.order_id AND m.product_id = d.sold_as
WHERE d.units IS DISTINCT FROM m.units OR p.flags IS NULL OR NOT 'second_hand' = ANY (p.flags)
"""

TWO_LOOKED = """
SELECT s.id, s.return_id, s.taken_by_kind, s.taken_by, f.taken_by_kind AS first_kind, f.taken_by AS first FROM looks s
LEFT JOIN looks f ON f.id = s.first_id AND f.return_id = s.return_id AND f.kind = 'first'
WHERE s.kind = 'second' AND ((f.taken_by_kind, f.taken_by) IS DISTINCT FROM (s.first_by_kind, s.first_by)
                             OR (f.taken_by_kind, f.taken_by) = (s.taken_by_kind, s.taken_by))
UNION ALL
SELECT i.id, i.return_id, NULL, i.look_id, k.kind, NULL FROM inspections i
LEFT JOIN looks f ON f.return_id = i.return_id AND f.kind = 'first'
LEFT JOIN looks k ON k.id = i.look_id AND k.return_id = i.return_id AND k.kind = 'second'
WHERE (i.look_id IS NOT NULL OR f.reasons <> '{watched}') AND k.id IS NULL
"""

STRAYS_FIT = """
SELECT s.id, s.return_id, s.warehouse_id, r.warehouse_id AS of_return, r.received_at FROM strays s
LEFT JOIN returns r ON r.id = s.return_id
WHERE s.state = 'matched' AND (r.warehouse_id IS DISTINCT FROM s.warehouse_id OR r.received_at IS NULL
                               OR r.order_id IS DISTINCT FROM s.order_id)
"""

PLACES_FIXED = """
SELECT r.id, r.decision, r.journey FROM returns r
WHERE r.decision = 'approved' AND r.journey = 'at_buyer' AND r.outcome = 'open' AND r.send_by IS NOT NULL
  AND NOT EXISTS (SELECT FROM return_addresses a WHERE a.return_id = r.id AND a.is_agreed)
"""

CAME_BACK = (
    Invariant(
        name="R3_every_unit_is_accounted_for",
        says="Received units are accepted or rejected, and of each it is known whether it waits or what became of it.",
        sql=EVERY_UNIT,
    ),
    Invariant(
        name="R3_never_kept_without_money",
        says="Goods that were not accepted are ours only with a refund of what was offered; till then nobody uses them.",
        sql=NEVER_WITHOUT_MONEY,
    ),
    Invariant(
        name="R3_two_people_looked",
        says="A second look is another person's than the first, and whatever had a first one was decided by a second.",
        sql=TWO_LOOKED,
    ),
    Invariant(
        name="R3_strays_fit",
        says="A parcel that was matched was received with a return of its warehouse.",
        sql=STRAYS_FIT,
    ),
    Invariant(
        name="R3_places_are_fixed",
        says="Whoever may send goods back knows where to.",
        sql=PLACES_FIXED,
        needs_settled=True,
    ),
    Invariant(
        name="R5_second_hand_is_marked",
        says="What is not as new is on the shelf of a product that says so, unit for unit.",
        sql=SECOND_HAND,
    ),
)
