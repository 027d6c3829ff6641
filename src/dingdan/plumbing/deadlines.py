"""Deadlines: "do this at that time unless called off". One engine for every promise."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.calendars import counting
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.ladders import REGISTRY, Clock, Kind, Party, Rung, begin, next_at, step_at
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

__all__ = [
    "BATCH", "REGISTRY", "RETRY_STEP", "Deadline", "Due", "Handler", "Kind", "Party", "Rung", "RungHandler", "call_off",
    "counting", "kinds_due", "of_subjects", "pause", "resume", "run_due", "schedule",
]  # fmt: skip

BATCH = 500
RETRY_STEP = timedelta(minutes=1)
# However often it failed, a deadline is tried again at least so often.
RETRY_MOST = timedelta(hours=1)


class Due(msgspec.Struct, frozen=True):
    """One deadline to set; `order_id` is the order whose story it belongs to, where it hangs on something else."""

    subject_id: int
    merchant_id: int | None
    at: datetime
    order_id: int | None = None


class Deadline(msgspec.Struct, frozen=True):
    """One deadline as people see it; `at` is None while it is paused.

    `waiting_for` is whose turn it is: while it runs the party that the kind names, while it is paused what it waits
    for since `paused_at`. `is_over`: the moment has passed and nobody has ended it yet.
    """

    kind: str
    subject_id: int
    at: datetime | None
    left: timedelta | None
    waiting_for: str = ""
    paused_at: datetime | None = None
    is_over: bool = False
    started_at: datetime | None = None


Handler = Callable[[Tx, Sequence[int]], Awaitable[Any]]
RungHandler = Callable[[Tx, Rung, Sequence[int]], Awaitable[Any]]


async def schedule(tx: Tx, kind: Kind, dues: Sequence[Due], *, are_new: bool = False) -> None:
    """Set deadlines; a subject has at most one of a kind, and setting it again moves it and begins its ladder anew.

    Subjects that `are_new` have none yet: their deadlines are written with them.
    """
    if not dues:
        return
    clocks = [begin(kind, tx.now, due.at) for due in dues]
    if are_new:
        await tx.copy("deadlines", _NEW, [
            (kind.name, due.subject_id, due.merchant_id, _order_of(kind, due), tx.now, due.at, clock.step,
             next_at(kind, clock))
            for due, clock in zip(dues, clocks, strict=True)
        ])  # fmt: skip
        return
    await tx.execute(
        """
        WITH ended AS (
            UPDATE deadline_pauses SET ended_at = $7
            WHERE subject_id = ANY($2::bigint[]) AND kind = $1 AND ended_at IS NULL
        )
        INSERT INTO deadlines AS d (kind, subject_id, merchant_id, order_id, started_at, due_at, step, next_at)
        SELECT $1, s, m, o, $7, due, step, next
        FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::smallint[], $8::timestamptz[])
            AS new (s, m, o, due, step, next)
        ON CONFLICT (subject_id, kind) DO UPDATE
        SET started_at = excluded.started_at, due_at = excluded.due_at, step = excluded.step, next_at = excluded.next_at,
            order_id = COALESCE(excluded.order_id, d.order_id), paused_at = NULL, left_when_paused = NULL,
            waiting_for = NULL, error = NULL, attempts = 0
        """,
        kind.name,
        [due.subject_id for due in dues],
        [due.merchant_id for due in dues],
        [_order_of(kind, due) for due in dues],
        [due.at for due in dues],
        [clock.step for clock in clocks],
        tx.now,
        [next_at(kind, clock) for clock in clocks],
    )


_NEW = ("kind", "subject_id", "merchant_id", "order_id", "started_at", "due_at", "step", "next_at")


def _order_of(kind: Kind, due: Due) -> int | None:
    return due.subject_id if kind.subject == "order" else due.order_id


async def call_off(tx: Tx, kind: Kind, subject_ids: Iterable[int]) -> None:
    """The promise is kept or void: forget the deadline."""
    ids = list(subject_ids)
    if not ids:
        return
    await tx.execute(
        """
        WITH ended AS (
            UPDATE deadline_pauses SET ended_at = $3
            WHERE subject_id = ANY($2::bigint[]) AND kind = $1 AND ended_at IS NULL
        )
        DELETE FROM deadlines WHERE kind = $1 AND subject_id = ANY($2::bigint[])
        """,
        kind.name,
        ids,
        tx.now,
    )


async def pause(tx: Tx, kind: Kind, subject_ids: Iterable[int], *, waiting_for: str = "buyer") -> set[int]:
    """Stop the clock and keep what is left, with a record of whom it waits for since when.

    What stands still already, or has no clock, is left alone; says for which it is news. What is left is counted as
    the kind is: in working time where a calendar holds.
    """
    rows = await tx.fetch(
        """
        SELECT subject_id, merchant_id, due_at FROM deadlines
        WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND paused_at IS NULL ORDER BY subject_id
        """,
        kind.name,
        list(subject_ids),
    )
    if not rows:
        return set()
    counted = await counting(tx, kind, {row["merchant_id"] for row in rows})
    stopped = await tx.fetch(
        """
        WITH stopped AS (
            UPDATE deadlines d SET paused_at = $4, left_when_paused = new.rest, waiting_for = $5, next_at = NULL
            FROM unnest($2::bigint[], $3::interval[]) AS new (subject_id, rest)
            WHERE d.kind = $1 AND d.subject_id = new.subject_id AND d.paused_at IS NULL
            RETURNING d.kind, d.subject_id, d.merchant_id, d.paused_at, d.waiting_for, d.left_when_paused
        )
        INSERT INTO deadline_pauses (kind, subject_id, merchant_id, paused_at, waiting_for, left_when_paused)
        SELECT * FROM stopped ON CONFLICT (subject_id, kind, paused_at) DO UPDATE
        SET ended_at = NULL, waiting_for = excluded.waiting_for, left_when_paused = excluded.left_when_paused
        RETURNING subject_id
        """,
        kind.name,
        [row["subject_id"] for row in rows],
        [counted[row["merchant_id"]].between(tx.now, row["due_at"]) for row in rows],
        tx.now,
        waiting_for,
    )
    return {row["subject_id"] for row in stopped}


async def resume(
    tx: Tx, kind: Kind, subject_ids: Iterable[int], *, at_least: timedelta = timedelta(hours=24)
) -> set[int]:
    """Let the clock run on with what was left, but never less than `at_least`; says for which it is news."""
    rows = await tx.fetch(
        """
        SELECT subject_id, merchant_id, started_at, paused_at, left_when_paused, step FROM deadlines
        WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND paused_at IS NOT NULL ORDER BY subject_id
        """,
        kind.name,
        list(subject_ids),
    )
    if not rows:
        return set()
    counted = await counting(tx, kind, {row["merchant_id"] for row in rows})
    clocks = [
        # The time that stood still belongs to nobody, so a warning at half the span stays at half of it.
        Clock(
            row["started_at"] + (tx.now - row["paused_at"]),
            max(counted[row["merchant_id"]].add(tx.now, row["left_when_paused"]), tx.now + at_least),
            row["step"],
        )
        for row in rows
    ]
    moved = await tx.fetch(
        """
        WITH running AS (
            UPDATE deadlines d SET started_at = new.started_at, due_at = new.due_at, next_at = new.next_at,
                paused_at = NULL, left_when_paused = NULL, waiting_for = NULL, error = NULL, attempts = 0
            FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
                AS new (subject_id, started_at, due_at, next_at)
            WHERE d.kind = $1 AND d.subject_id = new.subject_id AND d.paused_at IS NOT NULL
            RETURNING d.subject_id
        ), ended AS (
            UPDATE deadline_pauses SET ended_at = $6
            WHERE subject_id = ANY($2::bigint[]) AND kind = $1 AND ended_at IS NULL
        )
        SELECT subject_id FROM running
        """,
        kind.name,
        [row["subject_id"] for row in rows],
        [clock.started_at for clock in clocks],
        [clock.due_at for clock in clocks],
        [next_at(kind, clock) for clock in clocks],
        tx.now,
    )
    return {row["subject_id"] for row in moved}


async def of_subjects(tx: Tx, subject_ids: Iterable[int]) -> list[Deadline]:
    """What these things are waiting for, soonest first."""
    rows = await tx.fetch(
        """
        SELECT kind, subject_id, started_at, due_at, paused_at, left_when_paused, waiting_for FROM deadlines
        WHERE subject_id = ANY($1::bigint[]) ORDER BY due_at, kind
        """,
        list(subject_ids),
    )
    return [
        Deadline(
            kind=row["kind"],
            subject_id=row["subject_id"],
            at=row["due_at"] if row["paused_at"] is None else None,
            left=row["left_when_paused"],
            waiting_for=row["waiting_for"] or turn_of(row["kind"]),
            paused_at=row["paused_at"],
            is_over=row["paused_at"] is None and row["due_at"] <= tx.now,
            started_at=row["started_at"],
        )
        for row in rows
    ]


def turn_of(kind: str) -> str:
    """Whose turn it is while a clock of this name runs."""
    return REGISTRY[kind].waits_for if kind in REGISTRY else "system"


async def kinds_due(db: Database, *, at: datetime | None = None) -> list[str]:
    """Names of the kinds that have something due: of each kind only the next one is looked at.

    Here and below the clock is asked once in a query of its own. Asked for each row it would keep the index from use.
    """
    async with db.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT known.kind FROM unnest($2::text[]) AS known (kind) CROSS JOIN LATERAL (
                SELECT next_at FROM deadlines d WHERE d.kind = known.kind AND d.next_at IS NOT NULL
                ORDER BY next_at LIMIT 1
            ) AS next WHERE next.next_at <= (SELECT COALESCE($1::timestamptz, dingdan_now()))
            """,
            at,
            sorted(REGISTRY),
        )
    return [row["kind"] for row in rows]


async def run_due(
    db: Database, kind: Kind, handler: Handler, *, at: datetime | None = None, on_rung: RungHandler | None = None
) -> int:
    """Act on what is due of one kind, up to a batch, in due order; says how many were acted on.

    Each step of the ladder is a transaction of its own, so that its handler sees a set and locks orders once. Two
    workers never run the same kind at once (advisory lock). Deadlines are not locked before the handler runs, since
    it locks the orders first, and everybody keeps to that order. A set that fails is halved until the bad one stands
    alone; that one waits with its error and tries again later, the others go through.
    """
    async with db.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT subject_id, started_at, due_at, step, now FROM deadlines,
                (SELECT COALESCE($2::timestamptz, dingdan_now()) AS now) AS clock
            WHERE kind = $1 AND next_at <= (SELECT COALESCE($2::timestamptz, dingdan_now()))
            ORDER BY next_at, subject_id LIMIT $3
            """,
            kind.name,
            at,
            BATCH,
        )
    taken: dict[int, list[int]] = {}
    for row in rows:
        step = step_at(kind, Clock(row["started_at"], row["due_at"], row["step"]), row["now"])
        if step is not None:
            taken.setdefault(step, []).append(row["subject_id"])
    done = 0
    for step, ids in taken.items():
        act = handler if step == kind.moment else _of_rung(kind, step, on_rung)
        done += await _run_set(db, _Step(kind, step, act), ids, at)
    return done


class _Step(msgspec.Struct, frozen=True):
    """One step of one kind's ladder and what is done at it."""

    kind: Kind
    step: int
    act: Handler


def _of_rung(kind: Kind, step: int, on_rung: RungHandler | None) -> Handler:
    rung = kind.rung(step)
    assert rung is not None
    assert on_rung is not None, f"nobody answers the ladder of {kind.name}"

    async def act(tx: Tx, ids: Sequence[int]) -> None:
        await on_rung(tx, rung, ids)

    return act


async def _run_set(db: Database, step: _Step, ids: list[int], at: datetime | None) -> int:
    kind = step.kind

    async def act(tx: Tx) -> int:
        if not await tx.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 7))", f"deadline {kind.name}"):
            return 0
        rows = await tx.fetch(
            """
            SELECT subject_id, started_at, due_at, step FROM deadlines
            WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND next_at <= $3 ORDER BY subject_id
            """,
            kind.name,
            ids,
            tx.now,
        )
        held = {row["subject_id"]: Clock(row["started_at"], row["due_at"], row["step"]) for row in rows}
        held = {i: clock for i, clock in held.items() if step_at(kind, clock, tx.now) == step.step}
        if held:
            await step.act(tx, list(held))
            await _climb(tx, step, held)
        return len(held)

    try:
        return await within(db, SYSTEM, act, name=f"deadline {kind.name}", at=at)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a handler trips over must not stop the others
        if len(ids) == 1:
            log.error("deadline failed", kind=kind.name, subject_id=ids[0], exc_info=True)
            await _try_later(db, kind, ids[0], error, at)
            return 0
    # Out of the handler of the set's error: what each half trips over stands by itself in the log.
    half = len(ids) // 2
    return await _run_set(db, step, ids[:half], at) + await _run_set(db, step, ids[half:], at)


async def _climb(tx: Tx, step: _Step, held: dict[int, Clock]) -> None:
    """The step is done: on to the next one, or forget what has none. What its handler set anew is left as it is."""
    kind = step.kind
    if step.step == kind.moment and not kind.escalations:
        await tx.execute(
            "DELETE FROM deadlines WHERE kind = $1 AND subject_id = ANY($2::bigint[]) AND next_at <= $3",
            kind.name,
            list(held),
            tx.now,
        )
        return
    above = {i: Clock(clock.started_at, clock.due_at, step.step + 1) for i, clock in held.items()}
    await tx.execute(
        """
        UPDATE deadlines d SET step = $6, error = NULL, attempts = 0,
            next_at = CASE WHEN d.paused_at IS NULL THEN new.next_at END
        FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
            AS new (subject_id, started_at, due_at, next_at)
        WHERE d.kind = $1 AND d.subject_id = new.subject_id AND d.started_at = new.started_at AND d.due_at = new.due_at
        """,
        kind.name,
        list(above),
        [clock.started_at for clock in above.values()],
        [clock.due_at for clock in above.values()],
        [next_at(kind, clock) for clock in above.values()],
        step.step + 1,
    )


async def _try_later(db: Database, kind: Kind, subject_id: int, error: Exception, at: datetime | None) -> None:
    """Note why it failed; what was promised stays when it was, only the next try moves.

    A warning that fails does not put off the deadline itself.
    """
    async with db.connection() as connection:
        await connection.execute(
            """
            UPDATE deadlines SET error = $3, attempts = least(attempts + 1, 32000),
                next_at = least(clock.now + least($5::interval * (attempts + 1), $6::interval),
                    CASE WHEN due_at > clock.now THEN due_at END)
            FROM (SELECT COALESCE($4::timestamptz, dingdan_now()) AS now) AS clock
            WHERE kind = $1 AND subject_id = $2 AND next_at IS NOT NULL
            """,
            kind.name,
            subject_id,
            f"{type(error).__name__}: {error}"[:500],
            at,
            RETRY_STEP,
            RETRY_MOST,
        )
