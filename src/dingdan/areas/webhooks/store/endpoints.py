"""Statements about endpoints: what they want, how far they are, how they are, and who serves them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dingdan.areas.webhooks.lifecycle import ENDPOINT, EndpointState
from dingdan.areas.webhooks.model import CATCHER, Endpoint, SaveEndpoint, Turn
from dingdan.areas.webhooks.rules.ladder import Health
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

COLUMNS = (
    "id, merchant_id, url, events, scopes, description, state, position, failures, failing_since, disabled_reason, "
    "old_until, created_at, caught_with"
)
LEASE = "interval '60 seconds'"


async def newest(tx: Tx) -> int:
    """The newest place in the feed."""
    return int(await tx.fetchval("SELECT COALESCE(max(position), 0) FROM facts"))


async def lock_merchant(tx: Tx, merchant_id: int) -> int:
    """How many endpoints a merchant has, counted by one at a time."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoints', $1))", merchant_id)
    return int(
        await tx.fetchval(
            "SELECT count(*) FROM webhook_endpoints WHERE merchant_id = $1 AND state <> 'removed'", merchant_id
        )
    )


async def add(tx: Tx, endpoint_id: int, wanted: SaveEndpoint, position: int, sealed: tuple[bytes, bytes]) -> None:
    """Write a new endpoint, with its key and its secret sealed under it."""
    await tx.execute(
        """
        INSERT INTO webhook_endpoints (id, merchant_id, url, events, scopes, description, wrapped, sealed, begun,
            position, leased_until, created_at, caught_with)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, to_timestamp(0), $10, CASE WHEN $3 = $11 THEN 200 END)
        """,
        endpoint_id,
        wanted.merchant_id,
        wanted.url,
        list(wanted.events),
        list(wanted.scopes),
        wanted.description,
        *sealed,
        position,
        tx.now,
        CATCHER,
    )


async def by_ids(tx: Tx, endpoint_ids: Iterable[int]) -> dict[int, Endpoint]:
    """Endpoints, removed ones too."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM webhook_endpoints WHERE id = ANY($1::bigint[])",  # noqa: S608 - column names from above
        list(endpoint_ids),
    )
    return {row["id"]: _endpoint(row) for row in rows}


async def lock(tx: Tx, endpoint_id: int) -> Endpoint | None:
    """One endpoint, locked before any of its deliveries; None where it was removed or never was."""
    row = await tx.fetchrow(
        f"SELECT {COLUMNS} FROM webhook_endpoints WHERE id = $1 AND state <> 'removed' FOR UPDATE",  # noqa: S608 - column names from above
        endpoint_id,
    )
    return None if row is None else _endpoint(row)


async def listed(tx: Tx, merchant_id: int | None, after: int, limit: int) -> list[Endpoint]:
    """Endpoints of a merchant, or of all, oldest first; without removed ones."""
    rows = await tx.fetch(
        f"""
        SELECT {COLUMNS} FROM webhook_endpoints
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND id > $2 AND state <> 'removed' ORDER BY id LIMIT $3
        """,  # noqa: S608 - column names from above
        merchant_id,
        after,
        limit,
    )
    return [_endpoint(row) for row in rows]


async def change(tx: Tx, one: Endpoint) -> None:
    """Write what an endpoint shall be; other filters hold from its place on."""
    await tx.execute(
        """
        UPDATE webhook_endpoints SET url = $2, scopes = $4, description = $5, events = $3,
            begun = CASE WHEN events = $3 THEN begun ELSE position END
        WHERE id = $1
        """,
        one.id,
        one.url,
        list(one.events),
        list(one.scopes),
        one.description,
    )


async def secrets(tx: Tx, endpoint_id: int) -> Any:
    """The sealed secrets of an endpoint."""
    return await tx.fetchrow(
        "SELECT wrapped, sealed, old_sealed, old_until FROM webhook_endpoints WHERE id = $1", endpoint_id
    )


async def rotate(tx: Tx, endpoint_id: int, sealed: bytes, old_until: Any) -> None:
    """Put a new secret in the place of the old one, which holds a while longer."""
    await tx.execute(
        "UPDATE webhook_endpoints SET old_sealed = sealed, old_until = $3, sealed = $2 WHERE id = $1",
        endpoint_id,
        sealed,
        old_until,
    )


async def disable(tx: Tx, endpoint_id: int, reason: str) -> Moved | None:
    """Tell an endpoint nothing any more."""
    moved = await lifecycles.move(
        tx, "webhook_endpoints", ENDPOINT, "disable", [endpoint_id], disabled_reason=reason, rest_until=None
    )
    return moved.get(endpoint_id)


async def enable(tx: Tx, endpoint_id: int) -> Moved | None:
    """Tell an endpoint again; what was is forgiven."""
    moved = await lifecycles.move(
        tx, "webhook_endpoints", ENDPOINT, "enable", [endpoint_id], disabled_reason=None, failures=0,
        failing_since=None, rest_until=None,
    )  # fmt: skip
    return moved.get(endpoint_id)


async def remove(tx: Tx, endpoint_id: int) -> Moved | None:
    """Take an endpoint away with its secrets."""
    moved = await lifecycles.move(
        tx, "webhook_endpoints", ENDPOINT, "remove", [endpoint_id], disabled_reason=None, wrapped=None, sealed=None,
        old_sealed=None, old_until=None,
    )  # fmt: skip
    return moved.get(endpoint_id)


async def begin_behind(tx: Tx, endpoint_id: int, position: int) -> None:
    """Put an endpoint at another place of the feed."""
    await tx.execute("UPDATE webhook_endpoints SET begun = $2, position = $2 WHERE id = $1", endpoint_id, position)


async def advance(tx: Tx, positions: Mapping[int, int]) -> None:
    """Write down how far endpoints are."""
    await tx.execute(
        """
        UPDATE webhook_endpoints e SET position = p.position
        FROM unnest($1::bigint[], $2::bigint[]) AS p (id, position) WHERE e.id = p.id
        """,
        list(positions),
        list(positions.values()),
    )


async def wake(tx: Tx, endpoint_id: int) -> None:
    """End the rest of an endpoint: somebody wants to see what happens."""
    await tx.execute("UPDATE webhook_endpoints SET rest_until = NULL WHERE id = $1", endpoint_id)


async def clock(tx: Tx) -> datetime:
    """The bare clock of the database: receivers know nothing of a clock that was turned."""
    now: datetime = await tx.fetchval("SELECT clock_timestamp()")
    return now


async def lease(tx: Tx, *, failing: bool, limit: int) -> list[Turn]:
    """Take endpoints that have something due and that nobody serves, those first that were served longest ago."""
    rows = await tx.fetch(
        f"""
        UPDATE webhook_endpoints SET leased_until = clock_timestamp() + {LEASE}, lease = lease + 1
        WHERE id IN (
            SELECT e.id FROM webhook_endpoints e
            WHERE e.state <> 'removed' AND e.leased_until < clock_timestamp() AND (e.failures > 0) = $2
              AND (e.rest_until IS NULL OR e.rest_until <= $1)
              AND EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.next_at <= $1
                          AND d.delivered_at IS NULL AND d.failed_at IS NULL)
            ORDER BY e.leased_until, e.id LIMIT $3 FOR UPDATE SKIP LOCKED
        ) RETURNING id, lease
        """,  # noqa: S608 - an interval from above
        tx.now,
        failing,
        limit,
    )
    return [Turn(row["id"], row["lease"], failing) for row in rows]


async def hold(tx: Tx, turn: Turn) -> bool:
    """Keep a turn for another while; false where somebody else has it by now."""
    kept = await tx.execute(
        f"UPDATE webhook_endpoints SET leased_until = clock_timestamp() + {LEASE} WHERE id = $1 AND lease = $2",  # noqa: S608
        turn.endpoint_id,
        turn.lease,
    )
    return kept == 1


async def let_go(tx: Tx, turn: Turn) -> None:
    """Give a turn back."""
    await tx.execute(
        "UPDATE webhook_endpoints SET leased_until = clock_timestamp() WHERE id = $1 AND lease = $2",
        turn.endpoint_id,
        turn.lease,
    )


async def note_health(tx: Tx, endpoint_id: int, health: Health) -> None:
    """Write down how an endpoint is."""
    await tx.execute(
        "UPDATE webhook_endpoints SET failures = $2, failing_since = $3, rest_until = $4 WHERE id = $1",
        endpoint_id,
        health.failures,
        health.failing_since,
        health.rest_until,
    )


def _endpoint(row: Any) -> Endpoint:
    given = dict(row) | {"events": tuple(row["events"]), "scopes": tuple(row["scopes"])}
    return Endpoint(**given | {"state": EndpointState(row["state"])})
