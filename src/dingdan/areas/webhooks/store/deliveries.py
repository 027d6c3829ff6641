"""Statements about deliveries and their attempts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas.webhooks.model import TEST, Attempt, Delivery, Outcome, Result, Standing
from dingdan.plumbing.tx import Tx

COLUMNS = (
    "id, endpoint_id, merchant_id, fact_id, position, wire, about, attempts, tries, replays, next_at, called_at, "
    "created_at, delivered_at, failed_at, failure"
)
WAITING = "delivered_at IS NULL AND failed_at IS NULL"


async def unheard(tx: Tx, until: int, *, stretch: int, endpoints: int, facts: int) -> list[Any]:
    """What endpoints that are behind have not been given yet, in order; a row without a fact where that is nothing.

    Those furthest behind first; each looks at a stretch of the feed of its own.
    """
    return await tx.fetch(
        """
        SELECT e.id AS endpoint_id, e.merchant_id, e.position AS reached, f.id AS fact_id, f.position, f.wire, f.about
        FROM (
            SELECT id, merchant_id, position, events FROM webhook_endpoints
            WHERE state = 'enabled' AND position < $1 ORDER BY position, id LIMIT $3 FOR UPDATE SKIP LOCKED
        ) e
        LEFT JOIN LATERAL (
            SELECT f.id, f.position, f.wire, COALESCE(f.order_id, f.subject_id) AS about FROM facts f
            WHERE f.position > e.position AND f.position <= least(e.position + $2, $1)
              AND f.merchant_id = e.merchant_id
              AND e.events && ARRAY['*', f.wire, split_part(f.wire, '.', 1) || '.*']
            ORDER BY f.position LIMIT $4
        ) f ON TRUE
        ORDER BY e.id, f.position
        """,
        until,
        stretch,
        endpoints,
        facts,
    )


async def add(tx: Tx, rows: Sequence[Any]) -> int:
    """Make a delivery of each fact for its endpoint, due at once; one that is there already is left alone."""
    return await tx.execute(
        """
        INSERT INTO webhook_deliveries (id, endpoint_id, merchant_id, fact_id, position, wire, about, next_at,
            created_at)
        SELECT *, $8::timestamptz, $8::timestamptz FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[],
            $5::bigint[], $6::text[], $7::bigint[])
        ON CONFLICT (endpoint_id, fact_id) DO NOTHING
        """,
        tx.mint_many(len(rows)),
        *(
            [row[name] for row in rows]
            for name in ("endpoint_id", "merchant_id", "fact_id", "position", "wire", "about")
        ),
        tx.now,
    )


async def add_test(tx: Tx, delivery_id: int, endpoint_id: int, merchant_id: int, body: bytes) -> None:
    """Make a delivery that is about nothing."""
    await tx.execute(
        """
        INSERT INTO webhook_deliveries (id, endpoint_id, merchant_id, position, wire, about, body, next_at, created_at)
        VALUES ($1, $2, $3, 0, $6, $2, $4, $5, $5)
        """,
        delivery_id,
        endpoint_id,
        merchant_id,
        body,
        tx.now,
        TEST,
    )


async def due(tx: Tx, endpoint_id: int, limit: int) -> list[Delivery]:
    """What is to be sent to an endpoint now, in the order of the feed where nothing failed before."""
    rows = await tx.fetch(
        f"""
        SELECT {COLUMNS}, body FROM webhook_deliveries
        WHERE endpoint_id = $1 AND next_at <= $2 AND {WAITING} ORDER BY next_at, position, id LIMIT $3
        """,  # noqa: S608 - column names from above
        endpoint_id,
        tx.now,
        limit,
    )
    return [Delivery(**dict(row)) for row in rows]


async def by_ids(tx: Tx, delivery_ids: Iterable[int]) -> dict[int, Delivery]:
    """Deliveries with their bodies."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS}, body FROM webhook_deliveries WHERE id = ANY($1::bigint[])",  # noqa: S608 - column names from above
        list(delivery_ids),
    )
    return {row["id"]: Delivery(**dict(row)) for row in rows}


async def listed(
    tx: Tx, endpoint_id: int, *, standing: Standing | None, wire: str | None, since: datetime | None, before: int,
    limit: int,
) -> list[Delivery]:  # fmt: skip
    """Deliveries of an endpoint, the newest first, without their bodies."""
    wanted = {
        None: "TRUE",
        Standing.PENDING: WAITING,
        Standing.DELIVERED: "delivered_at IS NOT NULL",
        Standing.FAILED: "failed_at IS NOT NULL",
    }[standing]
    rows = await tx.fetch(
        f"""
        SELECT {COLUMNS} FROM webhook_deliveries
        WHERE endpoint_id = $1 AND ($2::text IS NULL OR wire = $2) AND ($3::timestamptz IS NULL OR created_at >= $3)
          AND id < $4 AND {wanted} ORDER BY id DESC LIMIT $5
        """,  # noqa: S608 - a condition from above
        endpoint_id,
        wire,
        since,
        before,
        limit,
    )
    return [Delivery(**dict(row)) for row in rows]


async def begin_attempts(tx: Tx, next_at: Mapping[int, datetime]) -> None:
    """Count an attempt of each, whose outcome is unknown from here until it is noted."""
    await tx.execute(
        """
        UPDATE webhook_deliveries d SET attempts = attempts + 1, tries = tries + 1, called_at = $3, next_at = n.at
        FROM unnest($1::bigint[], $2::timestamptz[]) AS n (id, at) WHERE d.id = n.id
        """,
        list(next_at),
        list(next_at.values()),
        tx.now,
    )


async def take_back_attempts(tx: Tx, next_at: Mapping[int, datetime]) -> None:
    """Count the attempt of each as none, and put it back where it stood."""
    await tx.execute(
        """
        UPDATE webhook_deliveries d SET attempts = attempts - 1, tries = tries - 1, called_at = NULL, next_at = n.at
        FROM unnest($1::bigint[], $2::timestamptz[]) AS n (id, at) WHERE d.id = n.id
        """,
        list(next_at),
        list(next_at.values()),
    )


async def end_attempts(tx: Tx, delivery_ids: Iterable[int]) -> None:
    """The outcomes of these attempts are known."""
    await tx.execute("UPDATE webhook_deliveries SET called_at = NULL WHERE id = ANY($1::bigint[])", list(delivery_ids))


async def deliver(tx: Tx, delivery_ids: Iterable[int]) -> None:
    """These arrived, whatever was thought of them before."""
    await tx.execute(
        """
        UPDATE webhook_deliveries SET delivered_at = $2, called_at = NULL, failed_at = NULL, failure = NULL
        WHERE id = ANY($1::bigint[])
        """,
        list(delivery_ids),
        tx.now,
    )


async def give_up(tx: Tx, delivery_ids: Iterable[int], why: str) -> None:
    """These are not tried any more."""
    await tx.execute(
        """
        UPDATE webhook_deliveries SET failed_at = $2, failure = $3, called_at = NULL
        WHERE id = ANY($1::bigint[]) AND delivered_at IS NULL
        """,
        list(delivery_ids),
        tx.now,
        why,
    )


async def give_up_all(tx: Tx, endpoint_id: int, why: str) -> int:
    """Nothing that waits for an endpoint is tried any more; says how many that were.

    Who is out with one still notes what came of it: `called_at` stays.
    """
    return await tx.execute(
        f"UPDATE webhook_deliveries SET failed_at = $2, failure = $3 WHERE endpoint_id = $1 AND {WAITING}",  # noqa: S608
        endpoint_id,
        tx.now,
        why,
    )


async def begin_again(tx: Tx, delivery_ids: Sequence[int]) -> None:
    """Send these once more from the start; one that waits is only not left waiting."""
    await tx.execute(
        f"""
        UPDATE webhook_deliveries SET next_at = CASE WHEN called_at IS NULL OR NOT ({WAITING}) THEN $2 ELSE next_at END,
            attempts = CASE WHEN {WAITING} THEN attempts ELSE 0 END,
            called_at = CASE WHEN {WAITING} THEN called_at END,
            replays = replays + CASE WHEN {WAITING} THEN 0 ELSE 1 END,
            delivered_at = NULL, failed_at = NULL, failure = NULL
        WHERE id = ANY($1::bigint[])
        """,  # noqa: S608 - a condition from above
        list(delivery_ids),
        tx.now,
    )


async def failed_since(tx: Tx, endpoint_id: int, since: datetime, limit: int) -> list[int]:
    """Facts that did not arrive at an endpoint although they were made since a moment, oldest first."""
    rows = await tx.fetch(
        """
        SELECT id FROM webhook_deliveries
        WHERE endpoint_id = $1 AND created_at >= $2 AND failed_at IS NOT NULL AND fact_id IS NOT NULL
        ORDER BY id LIMIT $3
        """,
        endpoint_id,
        since,
        limit,
    )
    return [row["id"] for row in rows]


async def keep_bodies(tx: Tx, bodies: Mapping[int, bytes]) -> None:
    """Keep what is sent, the same at every attempt."""
    await tx.execute(
        """
        UPDATE webhook_deliveries d SET body = b.body FROM unnest($1::bigint[], $2::bytea[]) AS b (id, body)
        WHERE d.id = b.id AND d.body IS NULL
        """,
        list(bodies),
        list(bodies.values()),
    )


async def log(tx: Tx, outcomes: Sequence[Outcome], found: Mapping[int, Delivery]) -> None:
    """Write calls into the log; one that was thought lost and is heard of after all replaces what was written."""
    await tx.execute(
        """
        INSERT INTO webhook_attempts AS t
            (delivery_id, number, merchant_id, round, at, took_ms, result, status, url, headers, answer)
        SELECT * FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::int[], $5::timestamptz[], $6::int[], $7::text[],
            $8::int[], $9::text[], $10::jsonb[], $11::text[])
        ON CONFLICT (delivery_id, number) DO UPDATE SET took_ms = excluded.took_ms, result = excluded.result,
            round = excluded.round, status = excluded.status, headers = excluded.headers, answer = excluded.answer
        WHERE t.result = 'lost'
        """,
        [one.delivery_id for one in outcomes],
        [one.number for one in outcomes],
        [found[one.delivery_id].merchant_id for one in outcomes],
        [found[one.delivery_id].replays for one in outcomes],
        [found[one.delivery_id].called_at or tx.now for one in outcomes],
        [one.took_ms for one in outcomes],
        [str(one.result) for one in outcomes],
        [one.status for one in outcomes],
        [one.url for one in outcomes],
        [one.headers for one in outcomes],
        [one.answer for one in outcomes],
    )


async def attempts(tx: Tx, delivery_id: int) -> list[Attempt]:
    """Every call of a delivery, oldest first."""
    rows = await tx.fetch(
        """
        SELECT number, round, at, took_ms, result, status, url, headers, answer FROM webhook_attempts
        WHERE delivery_id = $1 ORDER BY number
        """,
        delivery_id,
    )
    return [msgspec.convert(dict(row), Attempt) for row in rows]


async def trim(tx: Tx, older_than: datetime, limit: int) -> int:
    """Forget deliveries that ended and are old, with their calls."""
    return await tx.execute(
        f"""
        DELETE FROM webhook_deliveries WHERE id IN (
            SELECT id FROM webhook_deliveries WHERE created_at < $1 AND NOT ({WAITING}) ORDER BY created_at LIMIT $2
            FOR UPDATE SKIP LOCKED)
        """,  # noqa: S608 - a condition from above
        older_than,
        limit,
    )


async def backlog(tx: Tx, late: timedelta) -> Any:
    """How much waits, and how much of it for longer than it should without ever having been tried."""
    return await tx.fetchrow(
        f"""
        SELECT count(*) AS waiting, count(*) FILTER (WHERE tries = 0 AND created_at < $1) AS late,
            (SELECT count(*) FROM webhook_endpoints WHERE state = 'enabled' AND failing_since IS NOT NULL) AS failing
        FROM webhook_deliveries WHERE {WAITING}
        """,  # noqa: S608 - a condition from above
        tx.now - late,
    )


def lost(delivery: Delivery, url: str) -> Outcome:
    """An attempt that nobody came back from."""
    return Outcome(delivery_id=delivery.id, number=delivery.tries, result=Result.LOST, url=url)
