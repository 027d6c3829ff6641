"""Prices: what came off is what the layers say, and nothing limited is used more often than it may."""

from dingdan.overviews.invariants.invariant import Invariant

LINES_EXPLAINED = """
SELECT l.order_id, l.line_no, l.discount, l.tax, s.off, s.added FROM order_lines l
JOIN (SELECT DISTINCT order_id FROM price_layers) h ON h.order_id = l.order_id
LEFT JOIN (
    SELECT s.order_id, s.line_no, sum(s.amount) FILTER (WHERE p.effect = 'off') AS off,
           sum(s.amount) FILTER (WHERE p.effect = 'tax') AS added
    FROM price_shares s JOIN price_layers p ON p.order_id = s.order_id AND p.layer_no = s.layer_no
    GROUP BY s.order_id, s.line_no
) s ON s.order_id = l.order_id AND s.line_no = l.line_no
WHERE l.discount <> COALESCE(s.off, 0) OR l.tax <> COALESCE(s.added, 0)
"""

LAYERS_SHARED_OUT = """
SELECT p.order_id, p.layer_no, p.effect, p.amount, p.points, s.amount AS shared, s.points AS shared_points
FROM price_layers p LEFT JOIN (
    SELECT order_id, layer_no, sum(amount) AS amount, sum(points) AS points FROM price_shares GROUP BY order_id, layer_no
) s ON s.order_id = p.order_id AND s.layer_no = p.layer_no
WHERE p.effect IN ('off', 'tax', 'tax_included')
  AND (p.amount <> COALESCE(s.amount, 0) OR p.points <> COALESCE(s.points, 0)) OR p.amount < 0
"""

FREIGHT_EXPLAINED = """
SELECT o.id, o.freight, p.charged, p.way, p.off FROM orders o JOIN (
    SELECT order_id, sum(amount) FILTER (WHERE effect = 'freight') AS charged,
           COALESCE(sum(amount) FILTER (WHERE effect = 'freight_way'), 0) AS way,
           COALESCE(sum(amount) FILTER (WHERE effect = 'freight_off'), 0) AS off
    FROM price_layers GROUP BY order_id
) p ON p.order_id = o.id
WHERE o.freight < p.way OR p.charged IS NOT NULL AND o.freight <> p.charged + p.way - p.off
"""

USES_COUNTED = """
SELECT p.id, p.limit_total, p.used, u.uses FROM promotions p LEFT JOIN (
    SELECT promotion_id, count(DISTINCT COALESCE(shared_with, order_id)) AS uses FROM promotion_uses
    WHERE given_back_at IS NULL GROUP BY promotion_id
) u ON u.promotion_id = p.id
WHERE p.limit_total IS NOT NULL AND (p.used <> COALESCE(u.uses, 0) OR p.used > p.limit_total)
"""

BUYERS_COUNTED = """
SELECT p.id, p.limit_per_buyer, COALESCE(b.holder, u.holder) AS holder, b.used, u.uses FROM promotion_holders b
FULL JOIN (
    SELECT l.promotion_id, COALESCE(l.person, l.buyer_id) AS holder, count(DISTINCT l.order_id) AS uses
    FROM promotion_uses u JOIN promotion_uses l
    ON l.promotion_id = u.promotion_id AND l.order_id = COALESCE(u.shared_with, u.order_id)
    WHERE u.given_back_at IS NULL GROUP BY l.promotion_id, COALESCE(l.person, l.buyer_id)
) u ON u.promotion_id = b.promotion_id AND u.holder = b.holder
JOIN promotions p ON p.id = COALESCE(b.promotion_id, u.promotion_id)
WHERE p.limit_per_buyer IS NOT NULL
  AND (COALESCE(b.used, 0) <> COALESCE(u.uses, 0) OR u.uses > p.limit_per_buyer)
"""

GRANTS_USED_ONCE = """
SELECT g.id, g.promotion_id, g.used_at, u.uses FROM coupon_grants g LEFT JOIN (
    SELECT l.grant_id, count(DISTINCT l.order_id) AS uses FROM promotion_uses u JOIN promotion_uses l
    ON l.promotion_id = u.promotion_id AND l.order_id = COALESCE(u.shared_with, u.order_id)
    WHERE u.given_back_at IS NULL AND l.grant_id IS NOT NULL GROUP BY l.grant_id
) u ON u.grant_id = g.id
WHERE COALESCE(u.uses, 0) <> CASE WHEN g.used_at IS NULL THEN 0 ELSE 1 END
"""

USES_ARE_LAYERS = """
SELECT u.order_id, u.promotion_id, u.amount, p.amount AS in_price FROM promotion_uses u
LEFT JOIN price_layers p ON p.order_id = u.order_id AND p.promotion_id = u.promotion_id
WHERE p.amount IS DISTINCT FROM u.amount
"""

SHARED_IN_ONE_CHECKOUT = """
SELECT u.order_id, u.promotion_id, u.shared_with FROM promotion_uses u JOIN orders o ON o.id = u.order_id
LEFT JOIN promotion_uses l ON l.order_id = u.shared_with AND l.promotion_id = u.promotion_id AND l.shared_with IS NULL
LEFT JOIN orders led ON led.id = l.order_id
WHERE u.shared_with IS NOT NULL AND led.checkout_id IS DISTINCT FROM o.checkout_id
"""

LIVE_ORDERS_HAVE_THEIRS = """
SELECT u.order_id, u.promotion_id, o.state, u.given_back_at FROM promotion_uses u JOIN orders o ON o.id = u.order_id
WHERE u.given_back_at IS NOT NULL AND o.state NOT IN ('expired', 'cancelled')
"""

ENDED_ORDERS_GAVE_BACK = """
SELECT u.order_id, u.promotion_id, o.state FROM promotion_uses u JOIN orders o ON o.id = u.order_id
WHERE u.given_back_at IS NULL AND o.state IN ('expired', 'cancelled')
"""

PRICES = (
    Invariant(
        name="C1_lines_explained",
        says="Of an order with layers, each line's discount and tax are the sum of its shares.",
        sql=LINES_EXPLAINED,
    ),
    Invariant(
        name="C1_layers_shared_out",
        says="Every layer is shared out over the lines to the last unit, points too.",
        sql=LAYERS_SHARED_OUT,
    ),
    Invariant(
        name="C1_freight_explained",
        says="Freight by a tariff is what the tariff said less what came off.",
        sql=FREIGHT_EXPLAINED,
    ),
    Invariant(
        name="C2_uses_counted",
        says="A promotion with a limit counts exactly the orders that use it, and no more than the limit.",
        sql=USES_COUNTED,
    ),
    Invariant(
        name="C2_buyers_counted",
        says="No buyer uses a promotion more often than a buyer may, and the count is that of the orders.",
        sql=BUYERS_COUNTED,
    ),
    Invariant(
        name="C2_grants_used_once",
        says="A grant is used by one order or free.",
        sql=GRANTS_USED_ONCE,
    ),
    Invariant(
        name="C3_uses_are_in_the_price",
        says="What an order claimed is a layer of its price, to the cent.",
        sql=USES_ARE_LAYERS,
    ),
    Invariant(
        name="C3_shared_in_one_checkout",
        says="Who has a part in a coupon has it with an order of the same checkout that leads.",
        sql=SHARED_IN_ONE_CHECKOUT,
    ),
    Invariant(
        name="C3_live_orders_have_theirs",
        says="An order that goes on has what its price is made of.",
        sql=LIVE_ORDERS_HAVE_THEIRS,
    ),
    Invariant(
        name="C3_ended_orders_gave_back",
        says="An order that ended has given back what it had claimed.",
        sql=ENDED_ORDERS_GAVE_BACK,
        needs_settled=True,
    ),
)
