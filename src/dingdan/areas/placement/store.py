"""Every statement of placement's own tables."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dingdan.areas.placement.model import Reminder
from dingdan.plumbing.tx import Tx

# How many are told of one thing at once; the rest is told at the next occasion.
MOST_TOLD = 1_000
_ALL = """
    r.id, r.merchant_id, r.kind, r.buyer_id, r.contact_id, r.product_id, r.quantity, r.asked_at,
    r.told_at
"""


async def lock_limits(tx: Tx, wanted: Sequence[tuple[int, str, int]]) -> None:
    """Let orders of one buyer for one limited product (merchant, reference, product) come one after the other."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended(word, 11)) FROM (
            SELECT DISTINCT m || ' ' || p || ' ' || r AS word
            FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w (m, r, p) ORDER BY word
        ) AS words
        """,
        *[list(column) for column in zip(*wanted, strict=True)],
    )


async def add_hits(tx: Tx, rows: Sequence[tuple[int, int, int, int]]) -> list[Any]:
    """Count orders that a price stopped (product, merchant, how many, minutes of the window), products rising.

    Says of each product how many within its window, and whether its merchant is to be told: not within a minute.
    """
    return await tx.fetch(
        """
        INSERT INTO price_alarms AS a (product_id, merchant_id, hits, since, told_at)
        SELECT p, m, h, $5, $5 FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[]) AS n (p, m, h, w)
        ORDER BY p
        ON CONFLICT (product_id) DO UPDATE SET
            hits = CASE WHEN a.since < $5 - make_interval(mins => (
                SELECT w FROM unnest($1::bigint[], $4::int[]) AS n (p, w) WHERE p = a.product_id
            )) THEN 0 ELSE a.hits END + excluded.hits,
            since = CASE WHEN a.since < $5 - make_interval(mins => (
                SELECT w FROM unnest($1::bigint[], $4::int[]) AS n (p, w) WHERE p = a.product_id
            )) THEN $5 ELSE a.since END,
            told_at = CASE WHEN a.told_at <= $5 - interval '1 minute' THEN $5 ELSE a.told_at END
        RETURNING product_id, hits, told_at = $5 AS is_due
        """,
        *[list(column) for column in zip(*rows, strict=True)],
        tx.now,
    )


async def forget_hits(tx: Tx, product_ids: Collection[int]) -> None:
    """Begin anew for products whose price was vouched for."""
    await tx.execute("DELETE FROM price_alarms WHERE product_id = ANY($1::bigint[])", list(product_ids))


async def add_reminders(
    tx: Tx, rows: Sequence[tuple[int, str, int, int, int | None, int]]
) -> dict[tuple[int, str, int | None], tuple[Reminder, bool]]:
    """Note who waits (merchant, kind, buyer, contact, product, quantity); by (buyer, kind, product), with "is new"."""
    found = await tx.fetch(
        f"""
        INSERT INTO reminders AS r (id, merchant_id, kind, buyer_id, contact_id, product_id, quantity, asked_at)
        SELECT DISTINCT ON (b, k, p) i, m, k, b, c, p, q, $8 FROM unnest(
            $1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[]
        ) AS n (i, m, k, b, c, p, q) ORDER BY b, k, p, i
        ON CONFLICT (buyer_id, kind, product_id) WHERE told_at IS NULL DO UPDATE SET quantity = excluded.quantity,
            contact_id = excluded.contact_id
        RETURNING {_ALL}, xmax = 0 AS is_new
        """,  # noqa: S608 - our own columns
        tx.mint_many(len(rows)),
        *[list(column) for column in zip(*rows, strict=True)],
        tx.now,
    )
    return {(row["buyer_id"], row["kind"], row["product_id"]): (_reminder(row), row["is_new"]) for row in found}


async def waiting(tx: Tx, kind: str, product_ids: Collection[int]) -> list[Reminder]:
    """Who waits for something about these products, first come first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM reminders r
        WHERE r.kind = $1 AND r.product_id = ANY($2::bigint[]) AND r.told_at IS NULL ORDER BY r.id LIMIT $3
        """,  # noqa: S608
        kind,
        list(product_ids),
        MOST_TOLD,
    )
    return [_reminder(row) for row in rows]


async def waiting_for_merchants(tx: Tx, kind: str, merchant_ids: Collection[int]) -> list[Reminder]:
    """Who waits for something about these merchants, first come first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM reminders r
        WHERE r.kind = $1 AND r.merchant_id = ANY($2::bigint[]) AND r.told_at IS NULL ORDER BY r.id LIMIT $3
        """,  # noqa: S608
        kind,
        list(merchant_ids),
        MOST_TOLD,
    )
    return [_reminder(row) for row in rows]


async def awaited(tx: Tx, product_ids: Collection[int | None]) -> dict[int, int]:
    """The fewest units that anybody waits for, of those of products that somebody waits for."""
    rows = await tx.fetch(
        """
        SELECT product_id, min(quantity) AS least FROM reminders
        WHERE kind = 'in_stock' AND product_id = ANY($1::bigint[]) AND told_at IS NULL GROUP BY product_id
        """,
        list(product_ids),
    )
    return {row["product_id"]: row["least"] for row in rows}


async def waiting_for_units(tx: Tx, there: Mapping[int, int]) -> list[Reminder]:
    """Who waits for no more units of products than there are, first come first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM reminders r JOIN unnest($1::bigint[], $2::int[]) AS t (p, units) ON t.p = r.product_id
        WHERE r.kind = 'in_stock' AND r.quantity <= t.units AND r.told_at IS NULL ORDER BY r.id LIMIT $3
        """,  # noqa: S608
        list(there),
        list(there.values()),
        MOST_TOLD,
    )
    return [_reminder(row) for row in rows]


async def mark_told(tx: Tx, ids: Collection[int]) -> set[int]:
    """Note that these were told; says who had not been told before."""
    rows = await tx.fetch(
        """
        UPDATE reminders SET told_at = $2 FROM (
            SELECT id AS locked_id FROM reminders WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE
        ) AS l WHERE id = locked_id AND told_at IS NULL RETURNING id
        """,
        list(ids),
        tx.now,
    )
    return {row["id"] for row in rows}


async def listed(tx: Tx, merchant_id: int | None, after: int, limit: int) -> list[Reminder]:
    """Who waits, of one merchant or of all, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM reminders r
        WHERE ($1::bigint IS NULL OR r.merchant_id = $1) AND r.id > $2 AND r.told_at IS NULL ORDER BY r.id LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_reminder(row) for row in rows]


def _reminder(row: Any) -> Reminder:
    return Reminder(**{name: row[name] for name in Reminder.__struct_fields__})
