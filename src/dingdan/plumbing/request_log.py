"""The last calls of each key, kept a while for whoever looks for what went wrong: no bodies, and nothing about people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from dingdan.plumbing.tx import Tx

KEPT, MOST_OF_A_KEY, MOST_SWEPT = timedelta(days=14), 10_000, 5_000
MOST_CODES = 10


class Line(msgspec.Struct, frozen=True):
    """One call that was answered; `codes` say why it was refused."""

    id: int
    key_id: int
    merchant_id: int | None
    method: str
    route: str
    status: int
    took_ms: int
    request_id: str
    codes: tuple[str, ...]


async def keep(connection: Any, lines: Sequence[Line], seconds_ago: Sequence[float]) -> None:
    """Write lines down, all by one statement; when they were counts from now, so that no caller asks for the time."""
    await connection.execute(
        """
        INSERT INTO request_log (id, key_id, merchant_id, at, method, route, status, took_ms, request_id, codes)
        SELECT l.id, l.key_id, l.merchant_id, n.now - make_interval(secs => l.ago), l.method, l.route, l.status, l.took_ms,
            l.request_id, string_to_array(l.codes, ' ')
        FROM (SELECT dingdan_now() AS now) AS n,
            unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::float8[], $5::text[], $6::text[], $7::int[], $8::int[],
                $9::text[], $10::text[])
            AS l (id, key_id, merchant_id, ago, method, route, status, took_ms, request_id, codes)
        """,
        [one.id for one in lines],
        [one.key_id for one in lines],
        [one.merchant_id for one in lines],
        list(seconds_ago),
        [one.method for one in lines],
        [one.route for one in lines],
        [one.status for one in lines],
        [one.took_ms for one in lines],
        [one.request_id for one in lines],
        [" ".join(one.codes[:MOST_CODES]) for one in lines],
    )


async def sweep(tx: Tx) -> int:
    """Forget a set of lines that are old, or of which their key has enough newer ones; says how many that were."""
    old = await tx.execute(
        """
        DELETE FROM request_log WHERE id IN (
            SELECT id FROM request_log WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        tx.now - KEPT,
        MOST_SWEPT,
    )
    return old or await tx.execute(
        """
        WITH RECURSIVE keys AS (
            (SELECT key_id FROM request_log ORDER BY key_id LIMIT 1)
            UNION ALL
            SELECT (SELECT l.key_id FROM request_log l WHERE l.key_id > k.key_id ORDER BY l.key_id LIMIT 1)
            FROM keys k WHERE k.key_id IS NOT NULL
        )
        DELETE FROM request_log WHERE id IN (
            SELECT more.id FROM keys k CROSS JOIN LATERAL (
                SELECT l.id FROM request_log l WHERE l.key_id = k.key_id ORDER BY l.id DESC OFFSET $1 LIMIT $2
            ) AS more)
        """,
        MOST_OF_A_KEY,
        MOST_SWEPT,
    )
