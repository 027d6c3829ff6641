"""One API key as people see it: everything but what opens doors."""

import msgspec

from dingdan.areas import identity
from dingdan.plumbing.tx import Tx


async def key(tx: Tx, key_id: int) -> identity.ApiKey:
    """A key that exists."""
    row = await tx.fetchrow(
        "SELECT id, merchant_id, staff_id, name, scopes, created_at, revoked_at FROM api_keys WHERE id = $1",
        key_id,
    )
    return msgspec.convert(dict(row), identity.ApiKey)
