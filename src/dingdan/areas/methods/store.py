"""Every statement of ways to pay."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dingdan.areas.methods.model import SaveWay, Way
from dingdan.plumbing.tx import Tx

_WAY = ", ".join(Way.__struct_fields__)


async def of_merchants(tx: Tx, merchant_ids: Iterable[int]) -> list[tuple[int | None, Way]]:
    """What these merchants say about ways to pay, and what the platform says (None)."""
    rows = await tx.fetch(
        f"""
        SELECT merchant_id, {_WAY} FROM payment_methods WHERE merchant_id = ANY($1::bigint[]) OR merchant_id IS NULL
        ORDER BY merchant_id, provider, method
        """,  # noqa: S608
        list(merchant_ids),
    )
    return [(row["merchant_id"], _way(row)) for row in rows]


async def save(tx: Tx, saved: SaveWay) -> int | None:
    """Write a way down; gives its id, None where it was so already."""
    way = saved.way
    found: int | None = await tx.fetchval(
        """
        INSERT INTO payment_methods AS m (id, merchant_id, provider, method, name, active, currencies, countries, channels,
            limits, closed, rank, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (merchant_id, provider, method) DO UPDATE
        SET name = excluded.name, active = excluded.active, currencies = excluded.currencies,
            countries = excluded.countries, channels = excluded.channels, limits = excluded.limits,
            closed = excluded.closed, rank = excluded.rank, updated_at = excluded.updated_at
        WHERE (m.name, m.active, m.currencies, m.countries, m.channels, m.limits, m.closed, m.rank) IS DISTINCT FROM
            (excluded.name, excluded.active, excluded.currencies, excluded.countries, excluded.channels, excluded.limits,
             excluded.closed, excluded.rank)
        RETURNING id
        """,
        tx.mint(),
        saved.merchant_id,
        way.provider,
        way.method,
        way.name,
        way.active,
        list(way.currencies),
        list(way.countries),
        list(way.channels),
        msgspec.to_builtins(way.limits),
        msgspec.to_builtins(way.closed),
        way.rank,
        tx.now,
    )
    return found


def _way(row: Any) -> Way:
    values = {name: row[name] for name in Way.__struct_fields__}
    return msgspec.convert(values, Way)
