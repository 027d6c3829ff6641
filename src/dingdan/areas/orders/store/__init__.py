"""Statements about orders themselves, their checkouts, lines and references."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dingdan.areas.orders.lifecycle import ORDER
from dingdan.areas.orders.model import Habits, NewOrder, Order, OrderLine
from dingdan.areas.orders.store.amendments import (
    add_amendment as add_amendment,
)
from dingdan.areas.orders.store.amendments import (
    cancel_units as cancel_units,
)
from dingdan.areas.orders.store.amendments import (
    changes_of as changes_of,
)
from dingdan.areas.orders.store.amendments import (
    note_warehouses as note_warehouses,
)
from dingdan.areas.orders.store.amendments import (
    promised_at_first as promised_at_first,
)
from dingdan.areas.orders.store.amendments import (
    set_address as set_address,
)
from dingdan.areas.orders.store.amendments import (
    set_contacts as set_contacts,
)
from dingdan.areas.orders.store.objections import (
    add_objections as add_objections,
)
from dingdan.areas.orders.store.objections import (
    objections as objections,
)
from dingdan.areas.orders.store.objections import (
    settle_objections as settle_objections,
)
from dingdan.areas.orders.store.people import (
    contacts as contacts,
)
from dingdan.areas.orders.store.people import (
    drop_words as drop_words,
)
from dingdan.areas.orders.store.people import (
    of_buyers as of_buyers,
)
from dingdan.areas.orders.store.rows import ALL, as_orders
from dingdan.areas.orders.store.rows import (
    get as get,
)
from dingdan.areas.orders.store.rows import (
    lock as lock,
)
from dingdan.areas.orders.store.rows import (
    sent_for as sent_for,
)
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

ORDER_COLUMNS = (
    "id", "merchant_id", "checkout_id", "channel_id", "warehouse_id", "buyer_id", "contact_id", "currency", "goods",
    "discount", "freight", "tax", "total", "policy_id", "policy_hash", "reference", "pay_by", "promise", "replaces",
    "first_order_id",
)  # fmt: skip
LINE_COLUMNS = OrderLine.__struct_fields__


async def add(tx: Tx, new: Sequence[NewOrder]) -> None:
    """Write new orders with their checkouts and lines."""
    totals: dict[int, tuple[str, int]] = {}
    for order in new:
        currency, total = totals.get(order.checkout_id, (order.currency, 0))
        totals[order.checkout_id] = (currency, total + order.total)
    await tx.copy("checkouts", ("id", "currency", "total", "at"), [
        (checkout_id, currency, total, tx.now) for checkout_id, (currency, total) in totals.items()
    ])  # fmt: skip
    await tx.copy("orders", (*ORDER_COLUMNS, "placed_at"), [
        (*(getattr(order, column) for column in ORDER_COLUMNS), tx.now) for order in new
    ])  # fmt: skip
    await tx.copy("order_lines", LINE_COLUMNS, [
        tuple(getattr(line, column) for column in LINE_COLUMNS) for order in new for line in order.lines
    ])  # fmt: skip


async def claim_references(tx: Tx, wanted: Sequence[tuple[int, str, int]]) -> dict[int, int]:
    """Give orders their shop's reference (merchant, reference, order); says which order has one that was taken."""
    rows = await tx.fetch(
        """
        WITH wanted AS (
            SELECT m, r, o FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w (m, r, o)
        ), mine AS (
            INSERT INTO order_references (merchant_id, reference, order_id)
            SELECT m, r, o FROM wanted ORDER BY m, r
            ON CONFLICT (merchant_id, reference) DO NOTHING RETURNING order_id
        )
        SELECT o AS wanted_by FROM wanted WHERE o NOT IN (SELECT order_id FROM mine)
        """,
        *[list(column) for column in zip(*wanted, strict=True)],
    )
    refused = [row["wanted_by"] for row in rows]
    if not refused:
        return {}
    keys = {order_id: (m, r) for m, r, order_id in wanted}
    taken = await tx.fetch(
        """
        SELECT merchant_id, reference, order_id FROM order_references
        JOIN unnest($1::bigint[], $2::text[]) AS k (m, r) ON merchant_id = k.m AND reference = k.r
        """,
        [keys[o][0] for o in refused],
        [keys[o][1] for o in refused],
    )
    owners = {(row["merchant_id"], row["reference"]): row["order_id"] for row in taken}
    return {order_id: owners[keys[order_id]] for order_id in refused}


async def drop_references(tx: Tx, given: Sequence[tuple[int, str, int]]) -> None:
    """Free the references (merchant, reference, order) of orders that did not come to be; others' stay theirs."""
    await tx.execute(
        """
        DELETE FROM order_references AS r USING unnest($1::bigint[], $2::text[], $3::bigint[]) AS gone (m, r, o)
        WHERE r.merchant_id = gone.m AND r.reference = gone.r AND r.order_id = gone.o
        """,
        *[list(column) for column in zip(*given, strict=True)],
    )


async def of_checkouts(tx: Tx, checkout_ids: Iterable[int]) -> list[Order]:
    """Every order of these checkouts, whoever's it is."""
    return as_orders(
        await tx.fetch(
            f"SELECT {ALL} FROM orders WHERE checkout_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(checkout_ids),
        )
    )


async def baskets_since(tx: Tx, buyer_ids: Iterable[int], since: datetime) -> list[Any]:
    """What buyers ordered since a moment and did not cancel, newest first: each order with its units by SKU."""
    return await tx.fetch(
        """
        SELECT o.id, o.merchant_id, o.buyer_id, o.placed_at, l.units FROM orders o CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(sku, units) AS units FROM (
                SELECT sku, sum(quantity - cancelled) AS units FROM order_lines WHERE order_id = o.id GROUP BY sku
            ) s
        ) l
        WHERE o.buyer_id = ANY($1::bigint[]) AND o.placed_at >= $2 AND o.state NOT IN ('cancelled', 'expired')
        ORDER BY o.id DESC LIMIT 50
        """,
        list(buyer_ids),
        since,
    )


async def with_product(tx: Tx, wanted: Sequence[tuple[int, int, str]]) -> list[int]:
    """Orders in which these (merchant, buyer) bought these SKUs."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT l.order_id FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS w (m, b, s)
        JOIN orders o ON o.buyer_id = w.b AND o.merchant_id = w.m
        JOIN order_lines l ON l.order_id = o.id AND l.sku = w.s
        """,
        [merchant_id for merchant_id, _, _ in wanted],
        [buyer_id for _, buyer_id, _ in wanted],
        [sku for _, _, sku in wanted],
    )
    return [row["order_id"] for row in rows]


async def habits(tx: Tx, order_ids: Iterable[int]) -> dict[int, Habits]:
    """What the buyers of these orders did before each; nobody's last two hundred orders are passed by."""
    rows = await tx.fetch(
        """
        SELECT o.id, h.usual_total, h.earlier_orders, h.recent
        FROM orders o CROSS JOIN LATERAL (
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY p.total)
                       FILTER (WHERE p.paid_at IS NOT NULL AND p.currency = o.currency) AS usual_total,
                   count(*) FILTER (WHERE p.paid_at IS NOT NULL AND p.currency = o.currency) AS earlier_orders,
                   COALESCE((array_agg(p.placed_at ORDER BY p.id DESC))[:50], '{}') AS recent
            FROM (SELECT id, total, currency, paid_at, placed_at FROM orders e
                  WHERE e.buyer_id = o.buyer_id AND e.id < o.id ORDER BY e.id DESC LIMIT 200) p
        ) h WHERE o.id = ANY($1::bigint[])
        """,
        list(order_ids),
    )
    return {row["id"]: Habits(row["usual_total"], row["earlier_orders"], tuple(row["recent"])) for row in rows}


async def usual_prices(
    tx: Tx, products: Iterable[tuple[int, str]], since: datetime, before_id: int
) -> dict[tuple[int, str], int]:
    """Medians over those of each product's last three hundred lines that were paid for since; five at least."""
    wanted = sorted(products)
    rows = await tx.fetch(
        """
        SELECT w.p, w.c, m.usual FROM unnest($1::bigint[], $2::text[]) AS w (p, c) CROSS JOIN LATERAL (
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY s.unit_price) AS usual, count(*) AS sold
            FROM (SELECT order_id, unit_price FROM order_lines l WHERE l.product_id = w.p AND l.order_id < $4
                  ORDER BY l.order_id DESC LIMIT 300) s JOIN orders o ON o.id = s.order_id
            WHERE o.currency = w.c AND o.paid_at >= $3
        ) m WHERE m.sold >= 5
        """,
        [product_id for product_id, _ in wanted],
        [currency for _, currency in wanted],
        since,
        before_id,
    )
    return {(row["p"], row["c"]): row["usual"] for row in rows}


async def paid_before(tx: Tx, merchant_id: int | None, before_id: int | None, limit: int) -> list[Order]:
    """A slice of the orders that were paid, newest first."""
    which = "" if merchant_id is None else "AND merchant_id = $3"
    return as_orders(
        await tx.fetch(
            f"""
            SELECT {ALL} FROM orders WHERE paid_at IS NOT NULL AND ($1::bigint IS NULL OR id < $1) {which}
            ORDER BY id DESC LIMIT $2
            """,  # noqa: S608
            before_id,
            limit,
            *([] if merchant_id is None else [merchant_id]),
        )
    )


async def units_bought(tx: Tx, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Units of products in orders that were neither cancelled nor expired, by (buyer, product)."""
    rows = await tx.fetch(
        """
        SELECT w.b, w.p, sum(l.quantity - l.cancelled)::bigint AS units FROM unnest($1::bigint[], $2::bigint[]) AS w (b, p)
        JOIN orders o ON o.buyer_id = w.b AND o.state NOT IN ('cancelled', 'expired')
        JOIN order_lines l ON l.order_id = o.id AND l.product_id = w.p
        GROUP BY w.b, w.p
        """,
        [buyer_id for buyer_id, _ in wanted],
        [product_id for _, product_id in wanted],
    )
    return {(row["b"], row["p"]): row["units"] for row in rows}


async def lines(tx: Tx, order_ids: Iterable[int]) -> list[OrderLine]:
    """The lines of orders, in order."""
    rows = await tx.fetch(
        f"""
        SELECT {", ".join(LINE_COLUMNS)} FROM order_lines WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, line_no
        """,  # noqa: S608
        list(order_ids),
    )
    return [OrderLine(**dict(row)) for row in rows]


async def by_reference(tx: Tx, merchant_id: int, references: Iterable[str]) -> dict[str, int]:
    """Order ids by the shop's own numbers."""
    wanted = "SELECT reference, order_id FROM order_references WHERE merchant_id = $1 AND reference = ANY($2::text[])"
    rows = await tx.fetch(wanted, merchant_id, list(references))
    return {row["reference"]: row["order_id"] for row in rows}


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move orders along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "orders", ORDER, verb, ids, **values)


async def lock_for_dispatch(tx: Tx, ids: Iterable[int]) -> dict[int, bool]:
    """Close orders against cancellation; says which are confirmed and have not left, and whether each was open."""
    rows = await tx.fetch(
        """
        UPDATE orders SET dispatch_locked_at = COALESCE(dispatch_locked_at, $2)
        FROM (
            SELECT id AS locked_id, dispatch_locked_at IS NULL AS was_open FROM orders WHERE id = ANY($1::bigint[])
            ORDER BY id FOR UPDATE
        ) AS l
        WHERE id = locked_id AND state = 'confirmed' AND shipped_at IS NULL RETURNING id, was_open
        """,
        sorted(ids),
        tx.now,
    )
    return {row["id"]: row["was_open"] for row in rows}


async def unlock_dispatch(tx: Tx, ids: Iterable[int]) -> None:
    """Open orders again that were put back before they left."""
    await tx.execute(
        "UPDATE orders SET dispatch_locked_at = NULL WHERE id = ANY($1::bigint[]) AND shipped_at IS NULL",
        sorted(ids),
    )


async def stamp(tx: Tx, column: str, moments: Mapping[int, datetime]) -> set[int]:
    """Write a moment that happens once (paid, shipped, delivered, received); says for which orders it was the first time."""
    assert column in ("paid_at", "shipped_at", "delivered_at", "received_at")
    # What waits for units has not left whole, and what has not left has not arrived.
    only = {"shipped_at": " AND short_since IS NULL", "delivered_at": " AND shipped_at IS NOT NULL"}.get(column, "")
    rows = await tx.fetch(
        f"""
        UPDATE orders SET {column} = l.moment
        FROM (
            SELECT o.id AS locked_id, new.moment FROM orders o
            JOIN unnest($1::bigint[], $2::timestamptz[]) AS new (order_id, moment) ON o.id = new.order_id
            ORDER BY o.id FOR UPDATE OF o
        ) AS l
        WHERE id = locked_id AND {column} IS NULL{only} RETURNING id
        """,  # noqa: S608
        list(moments),
        list(moments.values()),
    )
    return {row["id"] for row in rows}


async def wait_until(tx: Tx, moments: Mapping[int, datetime]) -> set[int]:
    """Move the moment until which unpaid orders are paid; says which still waited."""
    rows = await tx.fetch(
        "UPDATE orders SET pay_by = w.at FROM unnest($1::bigint[], $2::timestamptz[]) AS w (order_id, at)"
        " WHERE id = w.order_id AND state = 'awaiting_payment' RETURNING id",
        list(moments), list(moments.values()),
    )  # fmt: skip
    return {row["id"] for row in rows}


async def set_wait(tx: Tx, column: str, ids: Iterable[int], *, since: datetime | None) -> None:
    """Note that orders wait (snagged_since, short_since), or that they do not; a first moment stays."""
    assert column in ("snagged_since", "short_since")
    await tx.execute(
        f"""
        UPDATE orders SET {column} = CASE WHEN $2::timestamptz IS NOT NULL THEN COALESCE({column}, $2) END
        WHERE id = ANY($1::bigint[])
        """,  # noqa: S608
        sorted(ids),
        since,
    )


async def short(tx: Tx, merchant_ids: Iterable[int]) -> list[int]:
    """Orders that wait for units."""
    wanted = (
        "SELECT id FROM orders WHERE short_since IS NOT NULL AND merchant_id = ANY($1::bigint[]) ORDER BY id LIMIT 1000"
    )
    return [row["id"] for row in await tx.fetch(wanted, list(merchant_ids))]


async def end_look(tx: Tx, ids: Iterable[int]) -> None:
    """A second look at locked orders is over; they stay held for another reason."""
    await tx.execute("UPDATE orders SET under_review_since = NULL WHERE id = ANY($1::bigint[])", sorted(ids))


async def add_refunded(tx: Tx, amounts: dict[int, int]) -> list[Any]:
    """Add to what went back; gives back the rows with their new sums."""
    return await tx.fetch(
        """
        UPDATE orders SET refunded = refunded + a.amount
        FROM (SELECT id, amount FROM unnest($1::bigint[], $2::bigint[]) AS new (id, amount) ORDER BY id) AS a
        WHERE orders.id = a.id RETURNING orders.id, merchant_id, currency, refunded, a.amount
        """,
        sorted(amounts),
        [amounts[order_id] for order_id in sorted(amounts)],
    )


async def promises(tx: Tx, ids: Iterable[int]) -> dict[int, Any]:
    """What the promises of orders were computed from, where something was promised."""
    wanted = "SELECT id, promise FROM orders WHERE id = ANY($1::bigint[]) AND promise IS NOT NULL"
    return {row["id"]: row["promise"] for row in await tx.fetch(wanted, list(ids))}


async def bought_before(tx: Tx, buyer_ids: Iterable[int]) -> set[int]:
    """Those of these buyers who ordered before, cancelled and expired orders aside."""
    rows = await tx.fetch(
        "SELECT b FROM unnest($1::bigint[]) AS w (b)"
        " WHERE EXISTS (SELECT FROM orders WHERE buyer_id = w.b AND state NOT IN ('cancelled', 'expired'))", list(buyer_ids),
    )  # fmt: skip
    return {row["b"] for row in rows}
