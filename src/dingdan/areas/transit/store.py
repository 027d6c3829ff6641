"""Every statement of the way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas.transit.model import Feed, Interception, Lane, Normal, Plan, Rule
from dingdan.plumbing.tx import Tx

_FEED = ", ".join(Feed.__struct_fields__)
_INTERCEPTION = ", ".join(Interception.__struct_fields__)


async def feeds(tx: Tx, carriers: Iterable[str] | None = None) -> dict[str, Feed]:
    """The lines to carriers, all of them or those named; one that never failed has no row."""
    rows = await tx.fetch(
        f"SELECT {_FEED} FROM carrier_feeds WHERE $1::text[] IS NULL OR carrier = ANY($1::text[])",  # noqa: S608
        None if carriers is None else sorted(carriers),
    )
    return {row["carrier"]: Feed(**dict(row)) for row in rows}


async def lock_feeds(tx: Tx, carriers: Iterable[str]) -> dict[str, Feed]:
    """The lines to these carriers, theirs until this transaction ends."""
    names = sorted(carriers)
    await tx.execute(
        "INSERT INTO carrier_feeds (carrier) SELECT c FROM unnest($1::text[]) AS new (c) ORDER BY c ON CONFLICT DO NOTHING",
        names,
    )
    rows = await tx.fetch(
        f"SELECT {_FEED} FROM carrier_feeds WHERE carrier = ANY($1::text[]) ORDER BY carrier FOR UPDATE",  # noqa: S608
        names,
    )
    return {row["carrier"]: Feed(**dict(row)) for row in rows}


async def save_feed(tx: Tx, feed: Feed) -> None:
    """Write how a line is."""
    await tx.execute(
        """
        UPDATE carrier_feeds SET failures = $2, failing_since = $3, next_at = $4, free_at = $5, answered_at = $6
        WHERE carrier = $1
        """,
        feed.carrier,
        feed.failures,
        feed.failing_since,
        feed.next_at,
        feed.free_at,
        feed.answered_at,
    )


async def normals(tx: Tx, carriers: Iterable[str]) -> dict[Lane, Normal]:
    """What was learned of these carriers' silence."""
    rows = await tx.fetch(
        """
        SELECT carrier, way, normal_seconds, rule, samples, p95_seconds FROM normal_silences
        WHERE carrier = ANY($1::text[])
        """,
        sorted(carriers),
    )
    return {
        Lane(row["carrier"], row["way"]): Normal(
            timedelta(seconds=row["normal_seconds"]), Rule(row["rule"]), row["samples"],
            None if row["p95_seconds"] is None else timedelta(seconds=row["p95_seconds"]),
        )
        for row in rows
    }  # fmt: skip


async def learned_at(tx: Tx) -> datetime | None:
    """When silence was last learned."""
    found: datetime | None = await tx.fetchval("SELECT max(computed_at) FROM normal_silences")
    return found


async def save_normals(tx: Tx, found: Mapping[Lane, Normal], *, since: datetime) -> None:
    """Write what was learned, in place of what was known of these lanes."""
    await tx.execute(
        """
        INSERT INTO normal_silences (carrier, way, normal_seconds, rule, samples, p95_seconds, since, computed_at)
        SELECT c, w, n, r, s, p, $7, $8
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::int[], $6::bigint[]) AS new (c, w, n, r, s, p)
        ORDER BY c, w
        ON CONFLICT (carrier, way) DO UPDATE SET normal_seconds = excluded.normal_seconds, rule = excluded.rule,
            samples = excluded.samples, p95_seconds = excluded.p95_seconds, since = excluded.since,
            computed_at = excluded.computed_at
        """,
        [lane.carrier for lane in found],
        [lane.way for lane in found],
        [int(one.normal.total_seconds()) for one in found.values()],
        [str(one.rule) for one in found.values()],
        [one.samples for one in found.values()],
        [None if one.p95 is None else int(one.p95.total_seconds()) for one in found.values()],
        since,
        tx.now,
    )


async def add_interceptions(tx: Tx, new: Sequence[Interception]) -> set[int]:
    """Write that parcels are called back; says of which (somebody may have been quicker)."""
    rows = await tx.fetch(
        """
        INSERT INTO interceptions (id, parcel_id, merchant_id, order_id, reason, asked_at, asked_by)
        SELECT i, p, m, o, r, $6, $7
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS new (i, p, m, o, r)
        ORDER BY p ON CONFLICT (parcel_id) WHERE answer IS NULL DO NOTHING RETURNING parcel_id
        """,
        [one.id for one in new],
        [one.parcel_id for one in new],
        [one.merchant_id for one in new],
        [one.order_id for one in new],
        [one.reason for one in new],
        tx.now,
        new[0].asked_by if new else None,
    )
    return {row["parcel_id"] for row in rows}


async def answer_interceptions(tx: Tx, whys: Mapping[int, str]) -> list[Interception]:
    """Write the answers to open interceptions: {parcel: why not, empty for yes}. Gives those that are answered now."""
    rows = await tx.fetch(
        f"""
        UPDATE interceptions AS t SET answer = CASE n.why WHEN '' THEN 'succeeded' ELSE 'failed' END,
            why = NULLIF(n.why, ''), answered_at = $3
        FROM unnest($1::bigint[], $2::text[]) AS n (parcel, why)
        WHERE t.parcel_id = n.parcel AND t.answer IS NULL
        RETURNING {", ".join(f"t.{name}" for name in Interception.__struct_fields__)}
        """,  # noqa: S608
        list(whys),
        list(whys.values()),
        tx.now,
    )
    return [Interception(**dict(row)) for row in sorted(rows, key=lambda row: row["id"])]


async def interceptions(tx: Tx, parcel_ids: Iterable[int]) -> list[Interception]:
    """Every time that these parcels were called back, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_INTERCEPTION} FROM interceptions WHERE parcel_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(parcel_ids),
    )
    return [Interception(**dict(row)) for row in rows]


async def save_plan(tx: Tx, parcel_id: int, merchant_id: int, plan: Plan) -> None:
    """Order what the sandbox carrier does with a parcel."""
    await tx.execute(
        """
        INSERT INTO sandbox_plans (parcel_id, merchant_id, plan) VALUES ($1, $2, $3)
        ON CONFLICT (parcel_id) DO UPDATE SET plan = excluded.plan
        """,
        parcel_id,
        merchant_id,
        msgspec.to_builtins(plan),
    )


async def plans(tx: Tx, parcel_ids: Iterable[int]) -> dict[int, Plan]:
    """What was ordered of the sandbox carrier."""
    rows: list[Any] = await tx.fetch(
        "SELECT parcel_id, plan FROM sandbox_plans WHERE parcel_id = ANY($1::bigint[])", list(parcel_ids)
    )
    return {row["parcel_id"]: msgspec.convert(row["plan"], Plan) for row in rows}
