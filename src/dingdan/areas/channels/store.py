"""Every statement about what channels are told."""

from collections.abc import Mapping
from typing import Any

from dingdan.areas.channels.model import Change
from dingdan.plumbing.tx import Tx

FEED = "stock"


async def lock_feed(tx: Tx) -> Any:
    """The feed's own row, or None while somebody else publishes."""
    await tx.execute(
        "INSERT INTO stock_feeds (name, seen, position) VALUES ($1, 0, 0) ON CONFLICT (name) DO NOTHING", FEED
    )
    return await tx.fetchrow("SELECT seen, position FROM stock_feeds WHERE name = $1 FOR UPDATE SKIP LOCKED", FEED)


async def advance_feed(tx: Tx, seen: int, position: int) -> None:
    """Write down how far the publisher got."""
    await tx.execute("UPDATE stock_feeds SET seen = $2, position = $3 WHERE name = $1", FEED, seen, position)


async def tell(tx: Tx, available: Mapping[tuple[int, int, int], int], position: int) -> int:
    """Give what differs from what was told (merchant, channel, product) its places behind `position`; says how many."""
    keys = sorted(available)
    return await tx.execute(
        """
        INSERT INTO channel_stock AS t (merchant_id, channel_id, product_id, available, position, changed_at)
        SELECT m, c, p, a, $5 + n, $6
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[]) WITH ORDINALITY AS w (m, c, p, a, n)
        ON CONFLICT (channel_id, product_id) DO UPDATE SET available = excluded.available,
            position = excluded.position, changed_at = excluded.changed_at
        WHERE t.available <> excluded.available
        """,
        [m for m, _, _ in keys],
        [c for _, c, _ in keys],
        [p for _, _, p in keys],
        [available[k] for k in keys],
        position,
        tx.now,
    )


async def changes(tx: Tx, channel_id: int, since: int, limit: int) -> list[Change]:
    """What changed for a channel behind a place, in the order of the feed."""
    rows = await tx.fetch(
        """
        SELECT s.product_id, p.sku, s.available, s.position, s.changed_at FROM channel_stock s
        JOIN products p ON p.id = s.product_id WHERE s.channel_id = $1 AND s.position > $2
        ORDER BY s.position LIMIT $3
        """,
        channel_id,
        since,
        limit,
    )
    return [Change(**dict(row)) for row in rows]


async def sync(tx: Tx, channel_id: int) -> Any:
    """How far a channel is behind."""
    return await tx.fetchrow(
        """
        SELECT COALESCE(max(s.position), 0) AS head, COALESCE(max(y.acknowledged), 0) AS acknowledged,
               max(y.acknowledged_at) AS acknowledged_at,
               count(*) FILTER (WHERE s.position > COALESCE(y.acknowledged, 0))::int AS behind,
               min(s.changed_at) FILTER (WHERE s.position > COALESCE(y.acknowledged, 0)) AS behind_since
        FROM channel_stock s FULL JOIN channel_syncs y ON y.channel_id = s.channel_id
        WHERE COALESCE(s.channel_id, y.channel_id) = $1
        """,
        channel_id,
    )


async def acknowledge(tx: Tx, channel_id: int, merchant_id: int, position: int) -> None:
    """Note how far a channel got; it never goes back."""
    await tx.execute(
        """
        INSERT INTO channel_syncs AS y (channel_id, merchant_id, acknowledged, acknowledged_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (channel_id) DO UPDATE SET acknowledged = greatest(y.acknowledged, excluded.acknowledged),
            acknowledged_at = excluded.acknowledged_at
        """,
        channel_id,
        merchant_id,
        position,
        tx.now,
    )
