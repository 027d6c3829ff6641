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
    """Names of the reactions whose cursor is not at the end; makes the cursors that are missing."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT reaction, position < COALESCE((SELECT max(position) FROM facts), 0) AS is_behind
            FROM reaction_cursors
            """
        )
        missing = sorted({listener.name for listener in known} - {row["reaction"] for row in rows})
        if missing:
            await connection.execute(
                """
                INSERT INTO reaction_cursors (reaction, position) SELECT unnest($1::text[]), 0 ON CONFLICT DO NOTHING
                """,
                missing,
            )
    return {row["reaction"] for row in rows if row["is_behind"]} | set(missing)


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
    end = await tx.fetchval("SELECT COALESCE(max(position), 0) FROM facts")
    facts = await outbox.after(tx, position, wires=list(listener.wires), limit=limit)
    await _hand_out(tx, listener, facts, await _hold_back(tx, listener, facts))
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


async def _hold_back(tx: Tx, listener: Listener, facts: Sequence[Fact]) -> list[Fact]:
    """Facts of one order are answered in order: what comes behind a parked one waits with it."""
    parked = {
        row["order_id"]
        for row in await tx.fetch(
            "SELECT order_id FROM reaction_parked WHERE reaction = $1 AND order_id IS NOT NULL", listener.name
        )
    }
    behind = [fact for fact in facts if fact.order_id in parked]
    for fact in behind:
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
