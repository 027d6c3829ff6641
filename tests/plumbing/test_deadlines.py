"""Deadlines: due, called off, paused, resumed, and one bad one among many."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from tests import given

from dingdan.areas import clocks
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.reactions.deadlines import HANDLERS

KIND = deadlines.Kind(name="test.kind", subject="order", on_timeout="ring")
SERVICE = deadlines.Kind(name="test.service", subject="order", on_timeout="ring", counts="service")


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


@pytest.mark.requirement("issue 4: clocks")
async def test_pausing_and_resuming_twice_is_once_with_a_record_of_whom_it_waited_for(db: Database) -> None:
    await schedule(db, 1, 2, after=timedelta(hours=48))
    async with db.transaction(SYSTEM) as tx:
        start = tx.now
        assert await deadlines.pause(tx, KIND, [1, 3], waiting_for="proof") == {1}
    async with db.transaction(SYSTEM, at=start + timedelta(hours=5)) as tx:
        assert await deadlines.pause(tx, KIND, [1]) == set()
        (paused,), (running,) = await deadlines.of_subjects(tx, [1]), await deadlines.of_subjects(tx, [2])
    assert (paused.waiting_for, paused.paused_at, paused.at) == ("proof", start, None)
    assert (running.waiting_for, running.paused_at) == ("system", None)
    for hours in (30, 40):
        async with db.transaction(SYSTEM, at=start + timedelta(hours=hours)) as tx:
            assert await deadlines.resume(tx, KIND, [1, 2], at_least=timedelta()) == ({1} if hours == 30 else set())
    async with db.transaction(SYSTEM, at=start + timedelta(hours=50)) as tx:
        await deadlines.pause(tx, KIND, [1])
        await deadlines.call_off(tx, KIND, [1, 2])
        rows = await tx.fetch("SELECT waiting_for, paused_at, ended_at FROM deadline_pauses ORDER BY paused_at")
    assert [(row["waiting_for"], row["paused_at"] - start, row["ended_at"] - start) for row in rows] == [
        ("proof", timedelta(), timedelta(hours=30)), ("buyer", timedelta(hours=50), timedelta(hours=50)),
    ]  # fmt: skip


@pytest.mark.requirement("issue 4: clocks")
async def test_a_promise_of_service_keeps_its_working_time_through_a_pause(db: Database) -> None:
    shop = await given.shop(db)
    office = CalendarTerms(zone="Asia/Shanghai", weekdays=(1, 2, 3, 4, 5), opens="09:00", closes="18:00",
                           kinds=(SERVICE.name,))  # fmt: skip
    await do(db, SYSTEM, clocks.save_calendar, shop.merchant_id, office)
    friday, monday = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (6, 9))
    async with db.transaction(SYSTEM, at=friday) as tx:
        counted = await deadlines.counting(tx, SERVICE, {shop.merchant_id, None})
        at = counted[shop.merchant_id].add(tx.now, timedelta(hours=2))
        assert counted[None].add(tx.now, timedelta(hours=2)) == tx.now + timedelta(hours=2)
        assert at == monday - timedelta(hours=7)
        await deadlines.schedule(tx, SERVICE, [deadlines.Due(1, shop.merchant_id, at)])
        await deadlines.pause(tx, SERVICE, [1])
        (paused,) = await deadlines.of_subjects(tx, [1])
    assert paused.left == timedelta(hours=2)
    async with db.transaction(SYSTEM, at=monday) as tx:
        await deadlines.resume(tx, SERVICE, [1], at_least=timedelta())
        (running,) = await deadlines.of_subjects(tx, [1])
        await deadlines.call_off(tx, SERVICE, [1])
    assert running.at == datetime(2026, 3, 10, 2, tzinfo=UTC)


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
