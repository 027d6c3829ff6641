"""Every statement of merchants."""

from collections.abc import Collection
from typing import Any

import msgspec

from dingdan.areas.merchants.model import Merchant, SaveMerchant
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Merchant.__struct_fields__)


def _merchant(row: Any) -> Merchant:
    return msgspec.convert(dict(row), Merchant)


def asking_by_ids(ids: Collection[int]) -> Ask[list[Merchant]]:
    """Merchants by id."""
    sql = f"SELECT {_ALL} FROM merchants WHERE id = ANY($1::bigint[])"  # noqa: S608
    return Ask(sql, (list(ids),), Merchant.__struct_fields__, lambda rows: [_merchant(row) for row in rows])


async def by_code(tx: Tx, code: str) -> Merchant | None:
    """The merchant with this code."""
    row = await tx.fetchrow(f"SELECT {_ALL} FROM merchants WHERE code = $1", code)  # noqa: S608
    return _merchant(row) if row else None


async def set_theme(tx: Tx, merchant_id: int, *, accent: str | None, logo: str | None) -> Merchant | None:
    """Change how buyers' pages look; None where nothing is different."""
    row = await tx.fetchrow(
        f"""
        UPDATE merchants SET accent = $2, logo = $3, updated_at = $4
        WHERE id = $1 AND (accent, logo) IS DISTINCT FROM ($2, $3) RETURNING {_ALL}
        """,  # noqa: S608
        merchant_id,
        accent,
        logo,
        tx.now,
    )
    return _merchant(row) if row else None


async def lock(tx: Tx, merchant_id: int) -> Merchant | None:
    """One merchant, locked: whoever changes a part of it waits for whoever changes another."""
    row = await tx.fetchrow(f"SELECT {_ALL} FROM merchants WHERE id = $1 FOR NO KEY UPDATE", merchant_id)  # noqa: S608
    return _merchant(row) if row else None


async def by_codes(tx: Tx, codes: Collection[str]) -> list[Merchant]:
    """Merchants by code."""
    rows = await tx.fetch(f"SELECT {_ALL} FROM merchants WHERE code = ANY($1::text[])", list(codes))  # noqa: S608
    return [_merchant(row) for row in rows]


async def listed(tx: Tx, after: int, limit: int) -> list[Merchant]:
    """Merchants in the order they came."""
    rows = await tx.fetch(f"SELECT {_ALL} FROM merchants WHERE id > $1 ORDER BY id LIMIT $2", after, limit)  # noqa: S608
    return [_merchant(row) for row in rows]


async def save(tx: Tx, wanted: SaveMerchant) -> tuple[Merchant, bool] | None:
    """Add a merchant or change what is different, and say whether it is new; None where nothing is different."""
    row = await tx.fetchrow(
        f"""
        INSERT INTO merchants AS m (id, code, name, zone, currency, policy, settings, active, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, zone = excluded.zone, currency = excluded.currency,
            policy = excluded.policy, settings = excluded.settings, active = excluded.active,
            updated_at = excluded.updated_at
        WHERE (m.name, m.zone, m.currency, m.policy, m.settings, m.active) IS DISTINCT FROM
            (excluded.name, excluded.zone, excluded.currency, excluded.policy, excluded.settings, excluded.active)
        RETURNING {_ALL}, xmax = 0 AS is_new
        """,  # noqa: S608
        tx.mint(),
        wanted.code,
        wanted.name,
        wanted.zone,
        wanted.currency,
        wanted.policy,
        wanted.settings,
        wanted.active,
        tx.now,
    )
    return (_merchant(row), row["is_new"]) if row else None
