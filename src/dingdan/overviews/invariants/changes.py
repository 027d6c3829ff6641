"""Changed minds: an order that took another's place is of the same buyer, and goods go to whoever bought them."""

from dingdan.overviews.invariants.invariant import Invariant

REPLACED_HAVE_ENDED = """
SELECT n.id, n.replaces, o.state, o.cancel_reason, n.buyer_id, o.buyer_id AS buyer_before FROM orders n
JOIN orders o ON o.id = n.replaces
WHERE o.state <> 'cancelled' OR o.cancel_reason <> 'replaced' OR (n.buyer_id, n.currency) <> (o.buyer_id, o.currency)
   OR n.pay_by <> o.pay_by AND NOT EXISTS (SELECT FROM deposits d WHERE d.order_id = n.id AND d.paid_at IS NOT NULL)
UNION ALL
SELECT o.id, NULL, o.state, o.cancel_reason, NULL, NULL FROM orders o
WHERE o.cancel_reason = 'replaced' AND NOT EXISTS (SELECT FROM orders n WHERE n.replaces = o.id)
"""

SENT_TO_THEIR_BUYERS = """
SELECT o.id, o.buyer_id, o.contact_id, c.buyer_id AS contact_of FROM orders o JOIN contacts c ON c.id = o.contact_id
WHERE c.buyer_id <> o.buyer_id
UNION ALL
SELECT a.order_id, o.buyer_id, a.contact_id, c.buyer_id FROM amendments a
JOIN orders o ON o.id = a.order_id JOIN contacts c ON c.id = a.contact_id
WHERE c.buyer_id <> o.buyer_id
"""

CHANGES = (
    Invariant(
        name="T5_replaced_orders_have_ended",
        says="An order whose place another took has ended, and the other is of the same buyer and paid by the same time,"
        " unless a deposit gave it more.",
        sql=REPLACED_HAVE_ENDED,
    ),
    Invariant(
        name="X4_orders_go_to_their_buyers",
        says="An order goes, and went, where its own buyer said.",
        sql=SENT_TO_THEIR_BUYERS,
    ),
)
