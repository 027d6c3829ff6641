"""Ladders: warnings before, steps after, each once and in order, and nothing twice after a long night."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import MASTER_KEY

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines, ladders
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.deadlines import Kind, Rung
from dingdan.plumbing.tx import Tx
from dingdan.reactions.deadlines import HANDLERS, KEEPERS, RUNGS

pytestmark = pytest.mark.requirement("issue 4: clocks")

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 3, 8, tzinfo=UTC)
LADDER = Kind(
    name="test.ladder", subject="order", on_timeout="ring",
    warnings=(Rung(name="72h", before=72 * HOUR), Rung(name="24h", before=24 * HOUR)),
    escalations=(Rung(name="lead", after=24 * HOUR, role="lead"), Rung(name="risk", after=48 * HOUR, role="risk")),
)  # fmt: skip
HALVES = Kind(
    name="test.halves", subject="order", on_timeout="ring",
    warnings=(Rung(name="half", percent=50), Rung(name="most", percent=80)),
)  # fmt: skip


class Story:
    """What rang, in order, written by the transaction itself: an effect that is undone with it."""

    def __init__(self, kind: Kind, *, calls_off: bool = False) -> None:
        self.kind, self.calls_off = kind, calls_off
        self.told: list[tuple[str, int]] = []

    async def ring(self, tx: Tx, ids: Sequence[int]) -> None:
        self.told += [("ring", i) for i in ids]
        if self.calls_off:
            await deadlines.call_off(tx, self.kind, ids)

    async def climb(self, _tx: Tx, rung: Rung, ids: Sequence[int]) -> None:
        self.told += [(rung.name, i) for i in ids]

    async def at(self, db: Database, moment: datetime) -> int:
        return await deadlines.run_due(db, self.kind, self.ring, at=moment, on_rung=self.climb)


async def begin(db: Database, kind: Kind, *ids: int, span: timedelta) -> datetime:
    async with db.transaction(SYSTEM) as tx:
        await deadlines.schedule(tx, kind, [deadlines.Due(i, None, tx.now + span) for i in ids])
        return tx.now


async def test_every_step_is_taken_once_in_order(db: Database) -> None:
    story = Story(LADDER)
    start = await begin(db, LADDER, 1, span=100 * HOUR)
    for hours in (27, 29, 30, 77, 78, 99, 101, 110, 125, 149, 400):
        await story.at(db, start + hours * HOUR)
    assert [name for name, _ in story.told] == ["72h", "24h", "ring", "lead", "risk"]
    async with db.transaction(SYSTEM) as tx:
        (held,) = await deadlines.of_subjects(tx, [1])
        await deadlines.call_off(tx, LADDER, [1])
    assert held.at == start + 100 * HOUR


async def test_nothing_is_said_after_it_was_decided(db: Database) -> None:
    story = Story(LADDER, calls_off=True)
    start = await begin(db, LADDER, 1, 2, span=100 * HOUR)
    await story.at(db, start + 30 * HOUR)
    async with db.transaction(SYSTEM) as tx:
        await deadlines.call_off(tx, LADDER, [1])
    for hours in (80, 101, 130, 400):
        await story.at(db, start + hours * HOUR)
    assert story.told == [("72h", 1), ("72h", 2), ("24h", 2), ("ring", 2)]


async def test_of_late_warnings_only_the_last_is_given_and_none_for_what_has_passed(db: Database) -> None:
    story = Story(LADDER)
    start = await begin(db, LADDER, 1, span=100 * HOUR)
    await begin(db, LADDER, 2, span=50 * HOUR)
    # The first warning of the second one would have been before its start.
    await story.at(db, start + 20 * HOUR)
    assert story.told == []
    assert await story.at(db, start + 80 * HOUR) == 2
    assert sorted(story.told) == [("24h", 1), ("ring", 2)]
    await story.at(db, start + 300 * HOUR)
    await story.at(db, start + 300 * HOUR)
    assert sorted(story.told[2:]) == [("ring", 1), ("risk", 1), ("risk", 2)]
    async with db.transaction(SYSTEM) as tx:
        await deadlines.call_off(tx, LADDER, [1, 2])


async def test_shares_of_the_span_move_with_a_pause(db: Database) -> None:
    story = Story(HALVES)
    start = await begin(db, HALVES, 1, span=10 * HOUR)
    async with db.transaction(SYSTEM, at=start + 4 * HOUR) as tx:
        assert await deadlines.pause(tx, HALVES, [1]) == {1}
    assert await story.at(db, start + 90 * HOUR) == 0
    async with db.transaction(SYSTEM, at=start + 24 * HOUR) as tx:
        assert await deadlines.resume(tx, HALVES, [1], at_least=timedelta()) == {1}
    assert await story.at(db, start + timedelta(hours=24, minutes=59)) == 0
    await story.at(db, start + 26 * HOUR)
    await story.at(db, start + 29 * HOUR)
    await story.at(db, start + 31 * HOUR)
    assert [name for name, _ in story.told] == ["half", "most", "ring"]


async def test_a_warning_that_fails_is_tried_again_and_never_puts_off_the_moment(db: Database) -> None:
    start = await begin(db, HALVES, 1, span=10 * HOUR)
    story = Story(HALVES)

    async def fails(_tx: Tx, _rung: Rung, _ids: Sequence[int]) -> None:
        raise ValueError("cracked")

    for minutes in (300, 302, 310, 599):
        await deadlines.run_due(db, HALVES, story.ring, at=start + timedelta(minutes=minutes), on_rung=fails)
    async with db.transaction(SYSTEM) as tx:
        (held,) = await deadlines.of_subjects(tx, [1])
        assert await tx.fetchval("SELECT attempts FROM deadlines") == 4
    assert held.at == start + 10 * HOUR
    await story.at(db, start + 10 * HOUR)
    assert story.told == [("ring", 1)]


@pytest.mark.requirement("R11.2")
async def test_after_days_of_silence_two_workers_catch_up_and_do_nothing_twice(db: Database) -> None:
    """One of them dies in the middle, one subject always fails; the effects are rows that die with their transaction."""
    kind = Kind(name="test.night", subject="order", on_timeout="ring")
    start = await begin(db, kind, *range(1, 1_301), span=HOUR)
    async with db.connection() as connection:
        await connection.execute("CREATE TABLE rung (subject_id bigint PRIMARY KEY, n serial)")
    deaths = iter([True])

    async def ring(tx: Tx, ids: Sequence[int]) -> None:
        await tx.connection.executemany("INSERT INTO rung (subject_id) VALUES ($1)", [(i,) for i in ids])
        if 700 in ids:
            raise ValueError("cracked")
        if 600 in ids and next(deaths, False):
            await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    async def work(on: Database) -> None:
        while kind.name in await deadlines.kinds_due(on, at=start + 72 * HOUR):
            try:
                await deadlines.run_due(on, kind, ring, at=start + 72 * HOUR)
            except AWAY:
                continue

    other = await Database(db.url, key=MASTER_KEY, sandbox=True).open()
    try:
        await asyncio.gather(work(db), work(other))
    finally:
        await other.close()
    assert next(deaths, None) is None
    async with db.connection() as connection:
        rung = await connection.fetch("SELECT subject_id FROM rung ORDER BY n")
        left = await connection.fetch("SELECT subject_id, due_at, next_at FROM deadlines")
        await connection.execute("DROP TABLE rung; DELETE FROM deadlines")
    assert sorted(row["subject_id"] for row in rung) == [i for i in range(1, 1_301) if i != 700]
    assert [(row["subject_id"], row["due_at"]) for row in left] == [(700, start + HOUR)]
    assert left[0]["next_at"] > start + 72 * HOUR


async def test_a_tick_reads_the_index_of_what_is_next_and_not_what_waits(db: Database) -> None:
    await open_many(db, 50_000)
    async with db.connection() as connection:
        plan = await connection.fetchval(
            """
            EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT subject_id FROM deadlines
            WHERE kind = 'test.many' AND next_at <= (SELECT dingdan_now()) ORDER BY next_at, subject_id LIMIT 500
            """
        )
        await connection.execute("TRUNCATE deadlines")
    text = plan if isinstance(plan, str) else str(plan)
    assert "ix_deadlines_next" in text
    assert "Seq Scan" not in text


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_ten_thousand_of_a_million_are_done_once_and_an_idle_tick_costs_nothing(db: Database) -> None:
    await open_many(db, 1_000_000)
    async with db.transaction(SYSTEM) as tx:
        await deadlines.schedule(tx, MANY, [
            deadlines.Due(i, None, tx.now - timedelta(seconds=1)) for i in range(2_000_001, 2_010_001)
        ])  # fmt: skip
    story = Story(MANY)
    while await deadlines.kinds_due(db):
        await deadlines.run_due(db, MANY, story.ring)
    assert sorted(i for _, i in story.told) == list(range(2_000_001, 2_010_001))
    began = asyncio.get_running_loop().time()
    for _ in range(100):
        assert await deadlines.kinds_due(db) == []
    assert asyncio.get_running_loop().time() - began < 2.0
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM deadlines") == 1_000_000
        await connection.execute("TRUNCATE deadlines")


MANY = Kind(name="test.many", subject="order", on_timeout="ring")


async def open_many(db: Database, count: int) -> None:
    async with db.connection() as connection:
        await connection.execute(
            """
            INSERT INTO deadlines (kind, subject_id, due_at, next_at)
            SELECT 'test.many', n, at, at FROM (
                SELECT n, now() + interval '1 day' + n * interval '1 second' AS at FROM generate_series(1, $1::int) n
            ) AS made
            """,
            count,
        )
        await connection.execute("ANALYZE deadlines")


def test_everything_that_has_steps_or_may_be_moved_has_somebody_for_it() -> None:
    ours = [kind for name, kind in deadlines.REGISTRY.items() if name in HANDLERS]

    assert {kind.name for kind in ours if kind.warnings or kind.escalations} == set(RUNGS)
    assert {kind.name for kind in ours if kind.may_extend} == set(KEEPERS)


@given(st.integers(1, 400), st.lists(st.integers(0, 600), min_size=1, max_size=12))
def test_whenever_somebody_looks_steps_only_rise_and_the_moment_is_never_left_out(span: int, looks: list[int]) -> None:
    clock = ladders.begin(LADDER, START, START + span * HOUR)
    taken: list[int] = []
    for hours in sorted(looks):
        while (step := ladders.step_at(LADDER, clock, START + hours * HOUR)) is not None:
            taken.append(step)
            clock = ladders.Clock(clock.started_at, clock.due_at, step + 1)
    assert taken == sorted(set(taken))
    assert (LADDER.moment in taken) == (max(looks) >= span)
    assert all(ladders.when(LADDER, clock, step) > START for step in taken if step < LADDER.moment)
