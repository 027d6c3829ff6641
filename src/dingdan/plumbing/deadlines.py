"""Deadlines: "do this at that time unless called off". One engine for every promise."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

BATCH = 500
RETRY_STEP = timedelta(minutes=1)

REGISTRY: dict[str, "Kind"] = {}


class Kind(msgspec.Struct, frozen=True):
    """A sort of deadline: its name, the kind of thing it hangs on, and what happens when it passes."""

    name: str
    subject: str
    on_timeout: str

    def __post_init__(self) -> None:
        REGISTRY[self.name] = self


class Due(msgspec.Struct, frozen=True):
    """One deadline to set."""

    subject_id: int
    merchant_id: int | None
    at: datetime


class Deadline(msgspec.Struct, frozen=True):
    """One deadline as people see it; `at` is None while it is paused."""

    kind: str
    subject_id: int
    at: datetime | None
    left: timedelta | None


Handler = Callable[[Tx, Sequence[int]], Awaitable[Any]]


async def schedule(tx: Tx, kind: Kind, dues: Sequence[Due]) -> None:
    """Set deadlines; a subject has at most one of a kind, and setting it again moves it."""
    if not dues:
        return
    await tx.execute(
        """
        INSERT INTO deadlines (kind, subject_id, merchant_id, due_at)
        SELECT $1, s, m, d FROM unnest($2::bigint[], $3::bigint[], $4::timestamptz[]) AS new (s, m, d)
        ON CONFLICT (kind, subject_id) DO UPDATE
        SET due_at = excluded.due_at, left_when_paused = NULL, error = NULL, attempts = 0
        """,
        kind.name,
        [due.subject_id for due in dues],
        [due.merchant_id for due in dues],
        [due.at for due in dues],
    )


async def call_off(tx: Tx, kind: Kind, subject_ids: Iterable[int]) -> None:
    """The promise is kept or void: forget the deadline."""
    await tx.execute(
        "DELETE FROM deadlines WHERE kind = $1 AND subject_id = ANY($2::bigint[])",
        kind.name,
        list(subject_ids),
    )


async def pause(tx: Tx, kind: Kind, subject_ids: Iterable[int]) -> None:
    """Stop the clock and keep what is left."""
    await tx.execute(
        """
        UPDATE deadlines SET left_when_paused = greatest(due_at - $3::timestamptz, interval '0')
        WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND left_when_paused IS NULL
        """,
        kind.name,
        list(subject_ids),
        tx.now,
    )


async def resume(tx: Tx, kind: Kind, subject_ids: Iterable[int], *, at_least: timedelta = timedelta(hours=24)) -> None:
    """Let the clock run on with what was left, but never less than `at_least`."""
    await tx.execute(
        """
        UPDATE deadlines SET due_at = $3::timestamptz + greatest(left_when_paused, $4::interval), left_when_paused = NULL
        WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND left_when_paused IS NOT NULL
        """,
        kind.name,
        list(subject_ids),
        tx.now,
        at_least,
    )


async def of_subjects(tx: Tx, subject_ids: Iterable[int]) -> list[Deadline]:
    """What these things are waiting for, soonest first."""
    rows = await tx.fetch(
        """
        SELECT kind, subject_id, due_at, left_when_paused FROM deadlines
        WHERE subject_id = ANY($1::bigint[]) ORDER BY due_at, kind
        """,
        list(subject_ids),
    )
    return [
        Deadline(
            r["kind"], r["subject_id"], r["due_at"] if r["left_when_paused"] is None else None, r["left_when_paused"]
        )
        for r in rows
    ]


async def kinds_due(db: Database, *, at: datetime | None = None) -> list[str]:
    """Names of the kinds that have something due: of each kind only the next one is looked at.

    Here and below the clock is asked once in a query of its own. Asked for each row it would keep the index from use.
    """
    async with db.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT known.kind FROM unnest($2::text[]) AS known (kind) CROSS JOIN LATERAL (
                SELECT due_at FROM deadlines d WHERE d.kind = known.kind AND d.left_when_paused IS NULL
                ORDER BY due_at LIMIT 1
            ) AS next WHERE next.due_at <= (SELECT COALESCE($1::timestamptz, dingdan_now()))
            """,
            at,
            sorted(REGISTRY),
        )
    return [row["kind"] for row in rows]


async def run_due(db: Database, kind: Kind, handler: Handler, *, at: datetime | None = None) -> int:
    """Act on what is due of one kind, up to a batch, in one transaction; says how many were acted on.

    Two workers never run the same kind at once (advisory lock). Deadlines are not locked before the handler runs,
    since it locks the orders first, and everybody keeps to that order. A set that fails is halved until the bad
    one stands alone; that one waits with its error and tries again later, the others go through.
    """
    async with db.connection() as connection:
        due_ids = [
            row["subject_id"]
            for row in await connection.fetch(
                """
                SELECT subject_id FROM deadlines
                WHERE kind = $1 AND due_at <= (SELECT COALESCE($2::timestamptz, dingdan_now()))
                AND left_when_paused IS NULL
                ORDER BY due_at, subject_id LIMIT $3
                """,
                kind.name,
                at,
                BATCH,
            )
        ]
    return await _run_set(db, kind, handler, due_ids, at) if due_ids else 0


async def _run_set(db: Database, kind: Kind, handler: Handler, ids: list[int], at: datetime | None) -> int:
    async def act(tx: Tx) -> int:
        if not await tx.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 7))", f"deadline {kind.name}"):
            return 0
        still = await tx.fetch(
            """
            SELECT subject_id FROM deadlines WHERE kind = $1 AND subject_id = ANY($2::bigint[])
            AND due_at <= $3 AND left_when_paused IS NULL ORDER BY subject_id
            """,
            kind.name,
            ids,
            tx.now,
        )
        subject_ids = [row["subject_id"] for row in still]
        if subject_ids:
            await handler(tx, subject_ids)
            await tx.execute(
                """
                DELETE FROM deadlines WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND due_at <= $3
                AND left_when_paused IS NULL
                """,
                kind.name,
                subject_ids,
                tx.now,
            )
        return len(subject_ids)

    try:
        return await within(db, SYSTEM, act, name=f"deadline {kind.name}", at=at)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a handler trips over must not stop the others
        if len(ids) > 1:
            half = len(ids) // 2
            return await _run_set(db, kind, handler, ids[:half], at) + await _run_set(db, kind, handler, ids[half:], at)
        log.error("deadline failed", kind=kind.name, subject_id=ids[0], exc_info=True)
        async with db.connection() as connection:
            await connection.execute(
                """
                UPDATE deadlines SET error = $3, attempts = attempts + 1,
                    due_at = greatest(due_at, COALESCE($4::timestamptz, dingdan_now())) + $5::interval * (attempts + 1)
                WHERE kind = $1 AND subject_id = $2
                """,
                kind.name,
                ids[0],
                f"{type(error).__name__}: {error}"[:500],
                at,
                RETRY_STEP,
            )
        return 0
