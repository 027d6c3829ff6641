"""Statements about what the sandbox's catcher was sent."""

from collections.abc import Sequence

import msgspec

from dingdan.areas.webhooks.model import Caught
from dingdan.plumbing.tx import Tx

COLUMNS = ", ".join(Caught.__struct_fields__)


async def keep(tx: Tx, merchant_id: int, caught: Sequence[Caught]) -> None:
    """Write down what came."""
    await tx.execute(
        """
        INSERT INTO caught_webhooks
            (id, endpoint_id, merchant_id, message_id, at, headers, body, size, sha256, is_signed, answered)
        SELECT c.id, c.endpoint_id, $11, c.message_id, c.at, c.headers, c.body, c.size, c.sha256, c.is_signed, c.answered
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::bytea[], $7::int[],
            $8::bytea[], $9::bool[], $10::int[])
            AS c (id, endpoint_id, message_id, at, headers, body, size, sha256, is_signed, answered)
        """,
        *([getattr(one, name) for one in caught] for name in Caught.__struct_fields__),
        merchant_id,
    )


async def forget_all_but(tx: Tx, endpoint_id: int, most: int) -> None:
    """Keep the newest of a catcher, so many."""
    await tx.execute(
        """
        DELETE FROM caught_webhooks WHERE endpoint_id = $1 AND id <= (
            SELECT id FROM caught_webhooks WHERE endpoint_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)
        """,
        endpoint_id,
        most,
    )


async def listed(tx: Tx, endpoint_id: int, before: int, limit: int) -> list[Caught]:
    """What a catcher got, the newest first."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM caught_webhooks WHERE endpoint_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",  # noqa: S608
        endpoint_id,
        before,
        limit,
    )
    return [msgspec.convert(dict(row), Caught) for row in rows]


async def by_id(tx: Tx, caught_id: int) -> Caught | None:
    """One message that was caught."""
    row = await tx.fetchrow(f"SELECT {COLUMNS} FROM caught_webhooks WHERE id = $1", caught_id)  # noqa: S608
    return None if row is None else msgspec.convert(dict(row), Caught)


async def answer_with(tx: Tx, endpoint_id: int, status: int) -> None:
    """Let a catcher answer with this status from now on."""
    await tx.execute("UPDATE webhook_endpoints SET caught_with = $2 WHERE id = $1", endpoint_id, status)
