"""What is known of buyers that may be a sign of abuse, read in sets from wherever it stands; others say what it means."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas import abuse, identity
from dingdan.plumbing.tx import Tx

# What was found on goods that came back, of which nobody says that the seller is at fault.
_INSPECTED = """
    FROM orders o JOIN returns r ON r.order_id = o.id JOIN inspections i ON i.return_id = r.id
    JOIN inspection_lines il ON il.inspection_id = i.id
    JOIN return_lines rl ON rl.order_id = o.id AND rl.return_id = r.id AND rl.line_no = il.line_no AND rl.fault <> 'seller'
    JOIN order_lines ol ON ol.order_id = o.id AND ol.line_no = il.line_no JOIN products p ON p.id = ol.product_id
    WHERE o.buyer_id = ANY($1::bigint[]) AND i.at > $2 AND NOT il.is_from_transit
"""
# Each gives buyer, merchant, kind, what it is about, its order, when, and the numbers.
_SEEN: tuple[str, ...] = (
    f"""
    SELECT o.buyer_id, o.merchant_id, 'wardrobing' AS kind, 'return' AS subject, r.id AS subject_id, o.id AS order_id,
           max(i.at) AS at, jsonb_build_object('units', sum(il.quantity)) AS found
    {_INSPECTED} AND (il.tags && ARRAY['used', 'soiled', 'tag_cut', 'activated'] OR il.lost > 0) GROUP BY o.id, r.id
    """,
    f"""
    SELECT o.buyer_id, o.merchant_id, 'swapped_item', 'return', r.id, o.id, max(i.at),
           jsonb_build_object('units', sum(il.quantity), 'serials_read', sum(cardinality(il.serials)))
    {_INSPECTED} AND NOT il.is_original GROUP BY o.id, r.id
    """,
    f"""
    SELECT o.buyer_id, o.merchant_id, 'weight_differs', 'return', r.id, o.id, max(i.at),
           jsonb_build_object('grams', sum(il.grams), 'expected', sum(p.weight_grams * il.quantity))
    {_INSPECTED} AND il.is_original AND il.grams IS NOT NULL AND p.weight_grams > 0 GROUP BY o.id, r.id
    """,
    """
    SELECT o.buyer_id, o.merchant_id, 'empty_parcel', 'return', r.id, o.id, r.received_at,
           jsonb_build_object('announced', sum(rl.quantity), 'received', 0)
    FROM orders o JOIN returns r ON r.order_id = o.id JOIN return_lines rl ON rl.order_id = o.id AND rl.return_id = r.id
    WHERE o.buyer_id = ANY($1::bigint[]) AND r.received_at > $2 AND r.journey = 'received' AND r.transit_risk IS NULL
    GROUP BY o.id, r.id HAVING sum(rl.received) = 0 AND sum(rl.lost) = 0 AND bool_and(rl.fault <> 'seller')
    """,
    """
    SELECT o.buyer_id, o.merchant_id, 'not_received', 'case', c.id, o.id, c.opened_at, '{}'
    FROM orders o JOIN cases c ON c.order_id = o.id
    WHERE o.buyer_id = ANY($1::bigint[]) AND c.opened_at > $2 AND c.kind = 'disputed_receipt' AND c.source = 'buyer'
      AND o.delivered_at IS NOT NULL AND c.state <> 'withdrawn' AND c.closure IS DISTINCT FROM 'found'
    """,
    """
    SELECT e.buyer_id, e.merchant_id, 'evidence_reused', 'evidence', e.id, e.order_id, e.at,
           jsonb_build_object('like', cardinality(e."like"))
    FROM evidence e WHERE e.buyer_id = ANY($1::bigint[]) AND e.at > $2 AND e."like" <> '{}'
    """,
)
_SEEN_ALL = " UNION ALL ".join(_SEEN)

# Two buyers of one merchant with the same phone, address or device, of whom the other has a flag. Only hashes are compared.
_LINKED = """
WITH own AS (
    SELECT DISTINCT merchant_id, buyer_id, phone_hash, address_hash, device_hash FROM contacts
    WHERE buyer_id = ANY($1::bigint[])
), pairs AS (
    SELECT own.buyer_id, own.merchant_id, c.buyer_id AS other, 'phone' AS by FROM own
    JOIN contacts c ON c.merchant_id = own.merchant_id AND c.phone_hash = own.phone_hash AND own.phone_hash <> $3
    UNION SELECT own.buyer_id, own.merchant_id, c.buyer_id, 'address' FROM own
    JOIN contacts c ON c.merchant_id = own.merchant_id AND c.address_hash = own.address_hash AND c.address_hash <> ''
    UNION SELECT own.buyer_id, own.merchant_id, c.buyer_id, 'device' FROM own
    JOIN contacts c ON c.merchant_id = own.merchant_id AND c.device_hash = own.device_hash AND c.device_hash <> ''
)
SELECT p.buyer_id, p.merchant_id, 'linked_account' AS kind, 'abuse_flag' AS subject, f.id AS subject_id,
       NULL::bigint AS order_id, f.opened_at AS at, jsonb_build_object(
           'phone', count(*) FILTER (WHERE p.by = 'phone'), 'address', count(*) FILTER (WHERE p.by = 'address'),
           'device', count(*) FILTER (WHERE p.by = 'device')) AS found
FROM pairs p JOIN abuse_flags f ON f.buyer_id = p.other AND f.merchant_id = p.merchant_id
WHERE p.other <> p.buyer_id AND f.state IN ('open', 'asked', 'signed', 'confirmed', 'appealed') AND f.expires_at > $2
GROUP BY p.buyer_id, p.merchant_id, f.id
"""

# Large quantities of one product, nearly all of which came back, within a month.
_BULK = """
SELECT o.buyer_id, o.merchant_id, 'bulk_returns' AS kind, 'order' AS subject, max(o.id) AS subject_id, max(o.id) AS order_id,
       max(o.placed_at) AS at, jsonb_build_object('bought', sum(ol.quantity - ol.cancelled), 'back', sum(COALESCE(b.units, 0)))
           AS found
FROM orders o JOIN order_lines ol ON ol.order_id = o.id
LEFT JOIN LATERAL (
    SELECT sum(rl.accepted + rl.rejected) AS units FROM return_lines rl
    WHERE rl.order_id = o.id AND rl.line_no = ol.line_no AND rl.fault <> 'seller'
) AS b ON true
WHERE o.buyer_id = ANY($1::bigint[]) AND o.placed_at > $2 AND o.delivered_at IS NOT NULL
GROUP BY o.buyer_id, o.merchant_id, ol.product_id HAVING sum(COALESCE(b.units, 0)) > 0
"""

_OF_ORDERS = """
    SELECT o.id, o.buyer_id, o.merchant_id, ol.category,
           max(r.id) FILTER (WHERE r.id IS NOT NULL) AS latest, max(r.received_at) AS at
    FROM orders o JOIN order_lines ol ON ol.order_id = o.id
    LEFT JOIN return_lines rl ON rl.order_id = o.id AND rl.line_no = ol.line_no AND rl.received > 0 AND rl.fault <> 'seller'
    LEFT JOIN returns r ON r.id = rl.return_id AND r.resolution = 'refund'
"""
# Orders count, not units: what comes back of one order is one decision.
_HABITS = f"""
WITH counted AS (
    {_OF_ORDERS} WHERE o.buyer_id = ANY($1::bigint[]) AND o.delivered_at > $2 GROUP BY o.id, ol.category
)
SELECT buyer_id, merchant_id, category, count(*) AS orders, count(latest) AS returned, max(latest) AS latest, max(at) AS at,
       max(id) FILTER (WHERE latest IS NOT NULL) AS order_id
FROM counted GROUP BY buyer_id, merchant_id, category HAVING count(latest) >= $3
"""  # noqa: S608
# Everybody else's; read only for the few buyers of whom much came back.
_OTHERS = f"""
WITH counted AS (
    {_OF_ORDERS} WHERE o.merchant_id = $1 AND ol.category = $2 AND o.buyer_id <> $3 AND o.delivered_at > $4
    GROUP BY o.id, ol.category
)
SELECT count(*) AS orders, count(latest) AS returned FROM counted
"""  # noqa: S608


async def collect(tx: Tx, buyer_ids: Collection[int]) -> abuse.Picture:
    """All that is known of these buyers and may be a sign, as it stands now; of forgotten ones nothing."""
    rows = await tx.fetch(
        "SELECT id FROM buyers WHERE id = ANY($1::bigint[]) AND forgotten_at IS NULL", list(buyer_ids)
    )
    alive = [row["id"] for row in rows]
    if not alive:
        return abuse.Picture((), ())
    rows = await tx.fetch(_SEEN_ALL, alive, tx.now - abuse.LASTS)
    rows += await tx.fetch(_LINKED, alive, tx.now, identity.phone_hash(tx, ""))
    rows += await tx.fetch(_BULK, alive, tx.now - abuse.BULK_OVER)
    seen = tuple(msgspec.convert(dict(row), abuse.Seen) for row in rows)
    return abuse.Picture(seen, tuple(await _habits(tx, alive, tx.now - abuse.RATE_OVER)))


async def _habits(tx: Tx, buyer_ids: Collection[int], since: datetime) -> list[abuse.Habit]:
    found = []
    for row in await tx.fetch(_HABITS, buyer_ids, since, abuse.FEWEST_RETURNED):
        others: Any = await tx.fetchrow(_OTHERS, row["merchant_id"], row["category"], row["buyer_id"], since)
        found.append(abuse.Habit(**dict(row), others=others["orders"], others_returned=others["returned"]))
    return found
