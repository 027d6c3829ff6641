"""Deadlines: due, called off, paused, resumed, and one bad one among many."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.tx import Tx
from dingdan.reactions.deadlines import HANDLERS

KIND = deadlines.Kind(name="test.kind", subject="order", on_timeout="ring")


class Bell:
    """Remembers what rang; refuses to ring for one subject."""

    def __init__(self, *, cracked: int | None = None) -> None:
        self.rung: list[int] = []
        self._cracked = cracked

    async def ring(self, tx: Tx, ids: Sequence[int]) -> None:
        if self._cracked in ids:
            raise ValueError("cracked")
        self.rung += ids


async def schedule(db: Database, *ids: int, after: timedelta = timedelta(minutes=1)) -> None:
    async with db.transaction(SYSTEM) as tx:
        await deadlines.schedule(tx, KIND, [deadlines.Due(i, None, tx.now + after) for i in ids])


async def ring(db: Database, bell: Bell, *, later: timedelta) -> int:
    async with db.transaction(SYSTEM) as tx:
        at = tx.now + later
    return await deadlines.run_due(db, KIND, bell.ring, at=at)


async def test_a_deadline_rings_once_and_not_before_its_time(db: Database) -> None:
    bell = Bell()
    await schedule(db, 1, 2)
    assert await ring(db, bell, later=timedelta(seconds=59)) == 0
    assert await ring(db, bell, later=timedelta(minutes=2)) == 2
    assert await ring(db, bell, later=timedelta(minutes=3)) == 0
    assert bell.rung == [1, 2]


async def test_what_is_called_off_does_not_ring(db: Database) -> None:
    bell = Bell()
    await schedule(db, 1, 2)
    async with db.transaction(SYSTEM) as tx:
        await deadlines.call_off(tx, KIND, [1])
    await ring(db, bell, later=timedelta(minutes=2))
    assert bell.rung == [2]


@pytest.mark.requirement("O5.3")
async def test_a_paused_clock_keeps_what_is_left_and_gives_at_least_the_minimum(db: Database) -> None:
    bell = Bell()
    await schedule(db, 1, after=timedelta(hours=48))
    async with db.transaction(SYSTEM) as tx:
        await deadlines.pause(tx, KIND, [1])
        (paused,) = await deadlines.of_subjects(tx, [1])
    assert paused.at is None
    assert paused.left is not None
    assert paused.left > timedelta(hours=47)
    assert await ring(db, bell, later=timedelta(days=30)) == 0
    async with db.transaction(SYSTEM) as tx:
        await deadlines.resume(tx, KIND, [1], at_least=timedelta(hours=72))
        (running,) = await deadlines.of_subjects(tx, [1])
        assert running.at == tx.now + timedelta(hours=72)


async def test_a_clock_that_is_paused_when_its_time_was_up_shows_no_time(db: Database) -> None:
    await schedule(db, 1, after=timedelta(minutes=-1))
    async with db.transaction(SYSTEM) as tx:
        await deadlines.pause(tx, KIND, [1])
        (paused,) = await deadlines.of_subjects(tx, [1])
    assert (paused.at, paused.left) == (None, timedelta(0))


@pytest.mark.requirement("R11.2")
async def test_one_bad_deadline_does_not_hold_up_its_neighbours(db: Database) -> None:
    bell = Bell(cracked=5)
    await schedule(db, *range(1, 12))
    await ring(db, bell, later=timedelta(minutes=2))
    assert sorted(bell.rung) == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    async with db.transaction(SYSTEM) as tx:
        row = await tx.fetchrow("SELECT subject_id, error, attempts FROM deadlines")
    assert (row["subject_id"], row["attempts"]) == (5, 1)
    assert "cracked" in row["error"]


@pytest.mark.requirement("F-04")
async def test_a_deadline_is_not_blamed_for_a_session_that_died(db: Database) -> None:
    await schedule(db, 1, after=timedelta(minutes=-1))

    async def dies(tx: Tx, _ids: Sequence[int]) -> None:
        await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(AWAY):
        await deadlines.run_due(db, KIND, dies)
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT attempts FROM deadlines WHERE subject_id = 1") == 0
    bell = Bell()
    assert await deadlines.run_due(db, KIND, bell.ring) == 1


async def test_looking_for_what_is_due_reads_nothing_that_is_not(db: Database) -> None:
    await schedule(db, *range(1, 5_001), after=timedelta(days=1))
    bell = Bell()
    await schedule(db, 5_001, after=timedelta(seconds=-1))
    async with db.connection() as connection:
        await connection.execute("ANALYZE deadlines")
    # Kinds that have nothing at all are looked for, too.
    assert len(HANDLERS.keys() & deadlines.REGISTRY.keys()) > 5
    before = await entries_read(db)
    assert await deadlines.kinds_due(db) == [KIND.name]
    assert await deadlines.run_due(db, KIND, bell.ring) == 1
    assert await entries_read(db) - before < 100


async def entries_read(db: Database) -> int:
    """How many entries of the deadlines' indexes and rows of their table were read so far."""
    async with db.connection() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        read: int = await connection.fetchval(
            """
            SELECT sum(idx_tup_read) + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'deadlines')
            FROM pg_stat_user_indexes WHERE relname = 'deadlines'
            """
        )
    return read
