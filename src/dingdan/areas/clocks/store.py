"""Every statement of calendars and extensions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.clocks.model import Candidate, Extend, Extension, SavedCalendar
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing.tx import Tx

_CALENDAR = ", ".join(SavedCalendar.__struct_fields__)
_EXTENSION = ", ".join(Extension.__struct_fields__)
_CANDIDATE = ", ".join(f"d.{name}" for name in Candidate.__struct_fields__)
# What an extension reaches: only what still runs and lies ahead, and what it has not moved already.
_WITHIN = """
    d.due_at >= greatest($2::timestamptz, $5::timestamptz) AND d.due_at < $3 AND d.due_at > $5 AND d.paused_at IS NULL
    AND ($4::bigint IS NULL OR d.merchant_id = $4) AND ($6::timestamptz IS NULL OR d.due_at < $6)
"""


async def versions(tx: Tx, merchant_id: int | None, limit: int) -> list[SavedCalendar]:
    """A calendar's versions, the one that holds first."""
    rows = await tx.fetch(
        f"""
        SELECT {_CALENDAR} FROM calendars WHERE merchant_id IS NOT DISTINCT FROM $1 ORDER BY version DESC LIMIT $2
        """,  # noqa: S608
        merchant_id,
        limit,
    )
    return [msgspec.convert(dict(row), SavedCalendar) for row in rows]


async def lock_calendar(tx: Tx, merchant_id: int | None) -> None:
    """One hand at a time writes the next version."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('calendar', $1))", merchant_id or 0)


async def add_calendar(tx: Tx, merchant_id: int | None, version: int, terms: CalendarTerms) -> SavedCalendar:
    """Write the next version."""
    row = await tx.fetchrow(
        f"""
        INSERT INTO calendars (id, merchant_id, version, terms, actor_kind, actor_id, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {_CALENDAR}
        """,  # noqa: S608
        tx.mint(),
        merchant_id,
        version,
        msgspec.to_builtins(terms),
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )
    return msgspec.convert(dict(row), SavedCalendar)


async def count(tx: Tx, wanted: Extend) -> dict[str, int]:
    """How many deadlines of each kind an extension would move now."""
    rows = await tx.fetch(
        f"SELECT d.kind, count(*) AS n FROM deadlines d WHERE d.kind = ANY($1::text[]) AND {_WITHIN} GROUP BY d.kind",  # noqa: S608
        list(wanted.kinds),
        wanted.due_from,
        wanted.due_before,
        wanted.merchant_id,
        tx.now,
        wanted.to_moment,
    )
    return dict.fromkeys(wanted.kinds, 0) | {row["kind"]: row["n"] for row in rows}


async def add(tx: Tx, wanted: Extend, expected: dict[str, int]) -> Extension:
    """Write down that deadlines shall be extended."""
    row = await tx.fetchrow(
        f"""
        INSERT INTO extensions (id, merchant_id, kinds, due_from, due_before, by_span, to_moment, reason, expected,
            actor_kind, actor_id, at, reached_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $4) RETURNING {_EXTENSION}
        """,  # noqa: S608
        tx.mint(),
        wanted.merchant_id,
        list(wanted.kinds),
        wanted.due_from,
        wanted.due_before,
        wanted.by_span,
        wanted.to_moment,
        wanted.reason,
        expected,
        str(tx.actor.kind),
        tx.actor.id,
        tx.now,
    )
    return _extension(row)


async def get(tx: Tx, extension_id: int) -> Extension | None:
    """One extension."""
    row = await tx.fetchrow(f"SELECT {_EXTENSION} FROM extensions WHERE id = $1", extension_id)  # noqa: S608
    return _extension(row) if row else None


async def listed(tx: Tx, merchant_id: int | None, after: int | None, limit: int) -> list[Extension]:
    """Extensions, newest first; of one merchant only where it is named."""
    rows = await tx.fetch(
        f"""
        SELECT {_EXTENSION} FROM extensions
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_extension(row) for row in rows]


async def take(tx: Tx) -> Extension | None:
    """The oldest extension that is not finished and that nobody else works on, locked."""
    row = await tx.fetchrow(
        f"""
        SELECT {_EXTENSION} FROM extensions WHERE finished_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        """  # noqa: S608
    )
    return _extension(row) if row else None


async def candidates(tx: Tx, one: Extension, limit: int) -> list[Candidate]:
    """The next deadlines of the kind that an extension has come to, in due order."""
    rows = await tx.fetch(
        f"""
        SELECT {_CANDIDATE} FROM deadlines d WHERE d.kind = $1 AND {_WITHIN} AND NOT EXISTS (
            SELECT FROM extended_deadlines e WHERE e.extension_id = $7 AND e.kind = d.kind AND e.subject_id = d.subject_id)
        ORDER BY d.due_at, d.subject_id LIMIT $8
        """,  # noqa: S608
        one.kinds[one.at_kind],
        one.reached_at,
        one.due_before,
        one.merchant_id,
        tx.now,
        one.to_moment,
        one.id,
        limit,
    )
    return [Candidate(**dict(row)) for row in rows]


async def move(
    tx: Tx, one: Extension, moved: Sequence[tuple[Candidate, datetime, datetime | None]]
) -> list[dict[str, Any]]:
    """Move deadlines (as they were, until when, when to look next) that are still as they were, and write each down."""
    rows = await tx.fetch(
        """
        WITH moved AS (
            UPDATE deadlines d SET due_at = new.due_at, next_at = new.next_at, error = NULL, attempts = 0
            FROM unnest($3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::smallint[])
                AS new (subject_id, was_at, due_at, next_at, step)
            WHERE d.kind = $2 AND d.subject_id = new.subject_id AND d.due_at = new.was_at AND d.step = new.step
              AND d.paused_at IS NULL
            RETURNING d.kind, d.subject_id, d.merchant_id, d.order_id, new.was_at, new.due_at
        )
        INSERT INTO extended_deadlines (extension_id, kind, subject_id, merchant_id, order_id, was_at, now_at)
        SELECT $1, kind, subject_id, merchant_id, order_id, was_at, due_at FROM moved
        RETURNING subject_id, merchant_id, order_id, was_at, now_at
        """,
        one.id,
        one.kinds[one.at_kind],
        [was.subject_id for was, _, _ in moved],
        [was.due_at for was, _, _ in moved],
        [until for _, until, _ in moved],
        [look_at for _, _, look_at in moved],
        [was.step for was, _, _ in moved],
    )
    return sorted((dict(row) for row in rows), key=lambda row: row["subject_id"])


async def advance(tx: Tx, one: Extension, *, at_kind: int, reached_at: datetime, extended: int) -> None:
    """Note how far an extension has come; past its last kind it is finished."""
    await tx.execute(
        """
        UPDATE extensions SET at_kind = $2::smallint, reached_at = $3, extended = extended + $4,
            finished_at = CASE WHEN $2::smallint >= cardinality(kinds) THEN $5::timestamptz END WHERE id = $1
        """,
        one.id,
        at_kind,
        reached_at,
        extended,
        tx.now,
    )


def _extension(row: Any) -> Extension:
    return Extension(**dict(row) | {"kinds": tuple(row["kinds"])})


async def kinds_of_all(tx: Tx, extension_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many deadlines of each kind extensions have moved: {extension: {kind: number}}."""
    rows = await tx.fetch(
        """
        SELECT extension_id, kind, count(*) AS n FROM extended_deadlines WHERE extension_id = ANY($1::bigint[])
        GROUP BY extension_id, kind
        """,
        list(extension_ids),
    )
    found: dict[int, dict[str, int]] = {extension_id: {} for extension_id in extension_ids}
    for row in rows:
        found[row["extension_id"]][row["kind"]] = row["n"]
    return found
