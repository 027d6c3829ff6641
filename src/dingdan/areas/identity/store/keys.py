"""Statements about API keys."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from dingdan.areas.identity.model import ApiKey
from dingdan.plumbing.tx import Reader, Tx

_KEY = ", ".join(ApiKey.__struct_fields__)


def _key(row: Any) -> ApiKey:
    return ApiKey(**{**dict(row), "scopes": tuple(row["scopes"])})


async def add_key(tx: Tx, key: ApiKey, secret_hash: bytes) -> None:
    """Write a new key down."""
    await tx.execute(
        """
        INSERT INTO api_keys (id, merchant_id, staff_id, name, scopes, created_at, secret_hash, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        key.id, key.merchant_id, key.staff_id, key.name, list(key.scopes), key.created_at, secret_hash, key.expires_at,
    )  # fmt: skip


async def keys_with_staff(reader: Reader, secret_hashes: Iterable[bytes]) -> dict[bytes, Any]:
    """Keys that nobody revoked by the hashes of their secrets, with whoever they speak for and since when they are over."""
    rows = await reader.fetch(
        """
        SELECT k.secret_hash, k.id, COALESCE(k.merchant_id, s.merchant_id) AS merchant_id, k.name, k.scopes,
               k.staff_id, s.name AS staff_name, s.roles, s.active,
               CASE WHEN k.expires_at IS NOT NULL AND k.expires_at <= dingdan_now() THEN k.expires_at END AS expired_at
        FROM api_keys k LEFT JOIN staff s ON s.id = k.staff_id
        WHERE k.secret_hash = ANY($1::bytea[]) AND k.revoked_at IS NULL
        """,
        list(secret_hashes),
    )
    return {row["secret_hash"]: row for row in rows}


async def key_by_id(tx: Tx, key_id: int) -> ApiKey | None:
    """One key, locked."""
    row = await tx.fetchrow(f"SELECT {_KEY} FROM api_keys WHERE id = $1 FOR UPDATE", key_id)  # noqa: S608
    return _key(row) if row else None


async def list_keys(tx: Tx, merchant_id: int | None, after: int, limit: int) -> list[ApiKey]:
    """Keys of one merchant, or of all, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_KEY} FROM api_keys WHERE ($1::bigint IS NULL OR merchant_id = $1) AND id > $2 ORDER BY id LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_key(row) for row in rows]


async def revoke_key(tx: Tx, key_id: int) -> None:
    """From now on the key opens nothing."""
    await tx.execute("UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", key_id, tx.now)


async def replace_key(tx: Tx, key_id: int, successor_id: int, works_until: datetime) -> None:
    """Put another key in the place of one, which opens doors until then at most."""
    await tx.execute(
        """
        UPDATE api_keys SET successor_id = $2,
            revoked_at = CASE WHEN $3::timestamptz <= $4::timestamptz THEN COALESCE(revoked_at, $4) ELSE revoked_at END,
            expires_at = CASE WHEN $3 <= $4 THEN expires_at ELSE LEAST(COALESCE(expires_at, $3), $3) END
        WHERE id = $1
        """,
        key_id, successor_id, works_until, tx.now,
    )  # fmt: skip


async def note_use(reader: Reader, key_ids: Collection[int]) -> None:
    """Write down that keys were used just now, where that is not written already; a row that is busy waits for the next time."""
    await reader.fetch(
        """
        UPDATE api_keys SET last_used_at = dingdan_now()
        WHERE id IN (
            SELECT id FROM api_keys
            WHERE id = ANY($1::bigint[]) AND (last_used_at IS NULL OR last_used_at < dingdan_now() - interval '1 minute')
            ORDER BY id FOR UPDATE SKIP LOCKED)
        """,
        list(key_ids),
    )
