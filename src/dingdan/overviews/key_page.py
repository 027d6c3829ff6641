"""API keys as people see them: everything but what opens doors."""

from datetime import timedelta
from typing import Literal

import msgspec

from dingdan.areas import identity
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx

_COLUMNS = ", ".join(identity.ApiKey.__struct_fields__)
# $5 is how long before its end a key is one that ends soon.
_STANDS = {
    "works": "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $4)",
    "ending": "revoked_at IS NULL AND successor_id IS NULL AND expires_at > $4 AND expires_at <= $4 + $5::interval",
    "over": "(revoked_at IS NOT NULL OR expires_at <= $4)",
}


async def key(tx: Tx, key_id: int) -> identity.ApiKey:
    """A key that exists."""
    row = await tx.fetchrow(f"SELECT {_COLUMNS} FROM api_keys WHERE id = $1", key_id)  # noqa: S608 - our own words
    return msgspec.convert(dict(row), identity.ApiKey)


async def keys(
    tx: Tx,
    merchant_id: int | None,
    slice_: Page,
    *,
    stands: Literal["works", "ending", "over"] | None,
    ending: timedelta,
) -> list[identity.ApiKey]:
    """Keys of a merchant, or of all, oldest first, of those that stand so; one more than the slice asks for."""
    rows = await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM api_keys
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND id > $2 AND $4::timestamptz IS NOT NULL
            AND $5::interval IS NOT NULL AND {_STANDS.get(stands or "", "true")}
        ORDER BY id LIMIT $3
        """,  # noqa: S608 - our own words
        merchant_id,
        slice_.after or 0,
        slice_.limit + 1,
        tx.now,
        ending,
    )
    return [msgspec.convert(dict(row), identity.ApiKey) for row in rows]
