"""Runs each reaction once per fact: its cursor moves in the transaction of its effects."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.event import Event
from dingdan.plumbing import outbox
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.outbox import Fact
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

BATCH = 500
# So far back every reaction's next fact is looked for together; one that is further behind looks for itself.
LOOK_BACK = 20_000
RETRY_STEP = timedelta(seconds=30)
# About two days; then a parked fact waits for a worker of a version in which the cause is mended.
ATTEMPTS = 100
MAX_ERROR = 500

Reaction = Callable[[Tx, Sequence[Any]], Awaitable[None]]


class Listener(msgspec.Struct, frozen=True):
    """A reaction with the wire names of the facts that it answers."""

    name: str
    reaction: Reaction
    wires: tuple[str, ...]


class _Failed(Exception):
    """A set did not go through; carries how many facts were in it."""

    def __init__(self, size: int, first: Fact) -> None:
        super().__init__(size)
        self.size, self.first = size, first


def listeners(table: Mapping[type[Event], Sequence[Reaction]]) -> list[Listener]:
    """The table, read by reaction instead of by event."""
    wires: dict[Reaction, list[str]] = {}
    for event, reactions in table.items():
        for reaction in reactions:
            wires.setdefault(reaction, []).append(event.wire)
    return [
        Listener(f"{reaction.__module__.rpartition('.')[2]}.{reaction.__name__}", reaction, tuple(sorted(names)))
        for reaction, names in wires.items()
    ]


async def run(db: Database, known: Sequence[Listener], *, at: datetime | None = None) -> int:
    """Let every reaction see what is new to it, one set each; says how many facts were handed out."""
    behind = await _behind(db, known)
    return sum([await _advance(db, listener, at) for listener in known if listener.name in behind])


async def _behind(db: Database, known: Sequence[Listener]) -> set[str]:
    """Names of the reactions that something is waiting for; the others' cursors go to the end, all by one statement.

    Most facts concern few reactions, so a transaction for each of them would be the dearest part of every fact.
    """
    async with db.connection() as connection:
        cursors = await _cursors(connection, known)
        # One snapshot: whoever sees a position sees every earlier one, since the sequencer commits them in order.
        rows = await connection.fetch(
            """
            SELECT wire, max(position) AS last FROM facts
            WHERE position > (SELECT max(position) FROM facts) - $2 AND position > $1 GROUP BY wire
            """,
            min(cursors.values(), default=0),
            LOOK_BACK,
        )
        last = {row["wire"]: row["last"] for row in rows}
        end = max(last.values(), default=0)
        behind = {one.name for one in known if _is_waited_for(one, cursors[one.name], last, end)}
        idle = sorted(name for name, position in cursors.items() if position < end and name not in behind)
        if idle:
            await connection.execute(
                """
                UPDATE reaction_cursors AS c SET position = $2
                FROM (SELECT reaction FROM reaction_cursors
                      WHERE reaction = ANY($1::text[]) AND position < $2 FOR UPDATE SKIP LOCKED) AS free
                WHERE c.reaction = free.reaction
                """,
                idle,
                end,
            )
    return behind


def _is_waited_for(listener: Listener, position: int, last: Mapping[str, int], end: int) -> bool:
    """Whether there is a fact for it behind its cursor; one that is far behind goes and looks."""
    return position < end - LOOK_BACK or any(last.get(wire, 0) > position for wire in listener.wires)


async def _cursors(connection: Any, known: Sequence[Listener]) -> dict[str, int]:
    """Where each reaction stands; makes the cursors that are missing, at the beginning."""
    found = {row["reaction"]: row["position"] for row in await connection.fetch("SELECT * FROM reaction_cursors")}
    names = {listener.name for listener in known}
    if missing := sorted(names - found.keys()):
        await connection.execute(
            "INSERT INTO reaction_cursors (reaction, position) SELECT unnest($1::text[]), 0 ON CONFLICT DO NOTHING",
            missing,
        )
    return {name: found.get(name, 0) for name in names}


async def _advance(db: Database, listener: Listener, at: datetime | None, limit: int = BATCH) -> int:
    """Hand one set to one reaction; a set that fails is halved until the bad fact stands alone and is parked."""
    try:
        return await within(db, SYSTEM, lambda tx: _step(tx, listener, limit), name=f"reaction {listener.name}", at=at)
    except _Failed as failed:
        if failed.size > 1:
            return await _advance(db, listener, at, limit=failed.size // 2)
        await _park(db, listener, failed.first, repr(failed.__cause__))
        return 1


async def _step(tx: Tx, listener: Listener, limit: int) -> int:
    position = await tx.fetchval(
        "SELECT position FROM reaction_cursors WHERE reaction = $1 FOR UPDATE SKIP LOCKED", listener.name
    )
    if position is None:
        return 0
    row = await tx.fetchrow(
        """
        SELECT (SELECT COALESCE(max(position), 0) FROM facts) AS reached,
            ARRAY(SELECT order_id FROM reaction_parked WHERE reaction = $1 AND order_id IS NOT NULL) AS parked
        """,
        listener.name,
    )
    end, parked = row["reached"], set(row["parked"])
    facts = await outbox.after(tx, position, wires=list(listener.wires), limit=limit)
    await _hand_out(tx, listener, facts, await _hold_back(tx, listener, facts, parked))
    # More facts may have got their places since the end was read: what was handed out is behind us in any case.
    last = facts[-1].position if facts else position
    reached = last if len(facts) == limit else max(end, last)
    await tx.execute("UPDATE reaction_cursors SET position = $2 WHERE reaction = $1", listener.name, reached)
    return len(facts)


async def _hand_out(tx: Tx, listener: Listener, facts: Sequence[Fact], free: Sequence[Fact]) -> None:
    """Let a reaction answer those facts of a set that are free; when it fails the whole set goes back."""
    tx.correlations.update({fact.order_id: fact.correlation for fact in free if fact.order_id})
    try:
        if free:
            await listener.reaction(tx, [outbox.event_of(fact) for fact in free])
    except Exception as error:
        if _asks_for_retry(error):
            raise
        raise _Failed(len(facts), facts[0]) from error


def _asks_for_retry(error: Exception) -> bool:
    return isinstance(error, AWAY) or getattr(error, "sqlstate", "") in ("40001", "40P01", "55P03")


async def _hold_back(tx: Tx, listener: Listener, facts: Sequence[Fact], parked: set[int]) -> list[Fact]:
    """Facts of one order are answered in order: what comes behind a parked one waits with it."""
    for fact in facts:
        if fact.order_id in parked:
            await _write_parked(tx, listener, fact, "waits behind an earlier fact of its order")
    return [fact for fact in facts if fact.order_id not in parked]


async def _park(db: Database, listener: Listener, fact: Fact, error: str) -> None:
    log.error("reaction parked", reaction=listener.name, fact_id=fact.id, error=error)

    async def put_aside(tx: Tx) -> None:
        passed = await tx.execute(
            "UPDATE reaction_cursors SET position = $2 WHERE reaction = $1 AND position < $2",
            listener.name,
            fact.position,
        )
        # Another worker may have answered it meanwhile; then there is nothing to try again.
        if passed:
            await _write_parked(tx, listener, fact, error)

    await within(db, SYSTEM, put_aside, name=f"park {listener.name}")


async def _write_parked(tx: Tx, listener: Listener, fact: Fact, error: str) -> None:
    await tx.execute(
        """
        INSERT INTO reaction_parked (reaction, fact_id, position, subject_id, order_id, error, retry_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::interval) ON CONFLICT DO NOTHING
        """,
        listener.name,
        fact.id,
        fact.position,
        fact.subject_id,
        fact.order_id,
        error[:MAX_ERROR],
        RETRY_STEP,
    )


async def retry_parked(db: Database, known: Sequence[Listener], *, now: bool = False) -> int:
    """Try parked facts again whose time has come (`now`: all, tried ever so often), the oldest of each order first."""
    by_name = {listener.name: listener for listener in known}
    async with db.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT DISTINCT ON (reaction, COALESCE(order_id, fact_id)) reaction, fact_id, attempts, retry_at
            FROM reaction_parked ORDER BY reaction, COALESCE(order_id, fact_id), position
            """
        )
        ripe_at = await connection.fetchval("SELECT clock_timestamp()")
    done = 0
    for row in rows:
        listener = by_name.get(row["reaction"])
        is_ripe = row["attempts"] < ATTEMPTS and row["retry_at"] <= ripe_at
        if listener is not None and (now or is_ripe):
            done += await _retry(db, listener, row["fact_id"])
    return done


async def _retry(db: Database, listener: Listener, fact_id: int) -> int:
    async def again(tx: Tx) -> int:
        position = await tx.fetchval(
            "SELECT position FROM reaction_parked WHERE reaction = $1 AND fact_id = $2 FOR UPDATE SKIP LOCKED",
            listener.name,
            fact_id,
        )
        if position is None:
            return 0
        facts = await outbox.after(tx, position - 1, wires=None, limit=1)
        await _hand_out(tx, listener, facts, facts)
        await tx.execute("DELETE FROM reaction_parked WHERE reaction = $1 AND fact_id = $2", listener.name, fact_id)
        return 1

    try:
        return await within(db, SYSTEM, again, name=f"retry {listener.name}")
    except _Failed as failed:
        async with db.connection() as connection:
            attempts = await connection.fetchval(
                """
                UPDATE reaction_parked SET attempts = least(attempts + 1, 1000), error = $3,
                    retry_at = clock_timestamp() + $4::interval * least(attempts + 1, 120)
                WHERE reaction = $1 AND fact_id = $2 RETURNING attempts
                """,
                listener.name,
                fact_id,
                repr(failed.__cause__)[:MAX_ERROR],
                RETRY_STEP,
            )
        if attempts == ATTEMPTS:
            log.error("reaction tried no more", reaction=listener.name, fact_id=fact_id, attempts=attempts)
        return 0
