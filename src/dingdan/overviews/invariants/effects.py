"""Effects: everything happened once, every number belongs to one thing, every person has a key or was forgotten."""

from dingdan.overviews.invariants.belonging import ANYTHING, THINGS
from dingdan.overviews.invariants.invariant import Invariant

REFERENCES_AGREE = """
SELECT o.id, o.merchant_id, o.reference, r.reference AS registered, r.order_id FROM orders o
FULL JOIN order_references r ON r.order_id = o.id
WHERE r.reference IS DISTINCT FROM o.reference
  -- A number goes with the order that took another's place; that one keeps what it was placed under.
  AND NOT EXISTS (SELECT FROM orders n WHERE n.replaces = o.id AND n.reference = o.reference)
   OR r.order_id IS NOT NULL AND o.id IS NULL
"""

NUMBERS_AGREE = """
SELECT p.id, p.carrier, p.tracking_number, t.carrier AS registered_carrier, t.number, t.parcel_id FROM parcels p
FULL JOIN tracking_numbers t ON t.parcel_id = p.id
WHERE (t.carrier, t.number) IS DISTINCT FROM (p.carrier, p.tracking_number)
"""

PARCELS_HOLD_SOMETHING = """
SELECT p.id, p.state, p.dispatched_at, p.delivered_at FROM parcels p
WHERE NOT EXISTS (SELECT FROM parcel_lines l WHERE l.parcel_id = p.id)
   OR (p.delivered_at IS NOT NULL) <> (p.state = 'delivered')
"""

# An order that left has all its work handed over; work in hand anywhere has closed its order.
WORK_AND_DISPATCH = """
SELECT w.id, w.order_id, w.state, o.state AS order_state, o.dispatch_locked_at, o.shipped_at
FROM work_orders w JOIN orders o ON o.id = w.order_id
WHERE w.state IN ('picking', 'packed', 'handed_over') AND o.dispatch_locked_at IS NULL
   OR w.state IN ('queued', 'withdrawn') AND o.dispatch_locked_at IS NOT NULL AND NOT EXISTS (
       SELECT FROM work_orders s WHERE s.order_id = w.order_id AND s.state IN ('picking', 'packed', 'handed_over'))
       AND NOT (w.state = 'withdrawn' AND EXISTS (
           SELECT FROM channel_orders c JOIN channel_parts p ON p.channel_order_id = c.id
           WHERE c.order_id = o.id AND p.kind = 'shipment' AND p.booked IS NOT NULL))
   OR w.state IN ('queued', 'picking', 'packed') AND o.shipped_at IS NOT NULL
   OR w.state = 'handed_over' AND o.shipped_at IS NULL AND o.short_since IS NULL AND NOT EXISTS (
       SELECT FROM work_orders s WHERE s.order_id = w.order_id AND s.state IN ('queued', 'picking', 'packed'))
"""

KEYS_ANSWERED = f"""
SELECT k.principal, k.key, k.status, k.subject_id, k.at FROM idempotency_keys k
WHERE k.status IS NULL
   OR k.subject_id IS NOT NULL AND NOT EXISTS (SELECT FROM ({ANYTHING}) a WHERE a.id = k.subject_id)
"""  # noqa: S608 - names from code

PEOPLE_HAVE_KEYS = """
SELECT b.id, b.merchant_id, b.forgotten_at, k.subject_id AS key FROM buyers b
FULL JOIN subject_keys k ON k.subject_id = b.id
WHERE b.id IS NULL OR (k.subject_id IS NULL) <> (b.forgotten_at IS NOT NULL)
"""

PRICES_REMEMBERED = """
SELECT p.product_id, p.currency, p.amount, h.amount AS remembered FROM prices p LEFT JOIN LATERAL (
    SELECT amount FROM price_history WHERE product_id = p.product_id AND currency = p.currency ORDER BY id DESC LIMIT 1
) h ON true WHERE h.amount IS DISTINCT FROM p.amount
"""

PLACES_GIVEN_ONCE = """
SELECT position, count(*) AS facts FROM facts WHERE position IS NOT NULL GROUP BY position HAVING count(*) > 1
UNION ALL
SELECT c.position, NULL FROM reaction_cursors c WHERE c.position > (SELECT COALESCE(max(position), 0) FROM facts)
"""

EFFECTS = (
    Invariant(
        name="X1_references_agree",
        says="An order has the shop's reference that is registered for it; only one whose place it took has it, too.",
        sql=REFERENCES_AGREE,
    ),
    Invariant(
        name="X1_tracking_numbers_agree",
        says="A parcel has the number that is registered for it, and no other parcel has it.",
        sql=NUMBERS_AGREE,
    ),
    Invariant(
        name="X1_parcels_hold_something",
        says="Every parcel holds something and is called delivered exactly when it arrived.",
        sql=PARCELS_HOLD_SOMETHING,
    ),
    Invariant(
        name="X1_work_fits_dispatch",
        says="Work in hand has closed its order against cancellation; an order left when all its work did.",
        sql=WORK_AND_DISPATCH,
    ),
    Invariant(
        name="X1_places_given_once",
        says="No two facts have one place in the order of facts, and no reaction is ahead of it.",
        sql=PLACES_GIVEN_ONCE,
    ),
    Invariant(
        name="X2_keys_answered",
        says="Every idempotency key that was used has its answer, about something that is there.",
        sql=KEYS_ANSWERED,
        among=THINGS,
    ),
    Invariant(
        name="X4_people_have_keys",
        says="Every buyer has the key that opens what is sealed about them, unless they were forgotten.",
        sql=PEOPLE_HAVE_KEYS,
    ),
    Invariant(
        name="X5_prices_remembered",
        says="The newest line of a price's history is the price.",
        sql=PRICES_REMEMBERED,
    ),
)
