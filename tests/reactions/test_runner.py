"""Each reaction once per fact: through failures, in the order of each order's facts."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from dingdan.areas.orders import OrderPlaced, OrderShipped
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.event import Event
from dingdan.plumbing import outbox
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.telemetry import correlation
from dingdan.plumbing.tx import Tx
from dingdan.reactions import runner


class Listening:
    """A reaction that writes down what it saw, in its transaction, and fails where it is told to."""

    def __init__(self, *, fails_on: int | None = None) -> None:
        self.fails_on = fails_on
        self.sizes: list[int] = []

    async def listen(self, tx: Tx, facts: Sequence[Event]) -> None:
        self.sizes.append(len(facts))
        for fact in facts:
            await tx.execute(
                "INSERT INTO reaction_cursors (reaction, position) VALUES ('saw ' || $1, 0)", str(fact.subject_id)
            )
        if self.fails_on in {fact.subject_id for fact in facts}:
            raise ValueError("not this one")

    @property
    def known(self) -> list[runner.Listener]:
        return [runner.Listener("listening", self.listen, ("order.placed", "order.shipped"))]


def placed(order_id: int) -> OrderPlaced:
    """A fact of another kind."""
    return OrderPlaced(subject_id=order_id, merchant_id=1, order_id=order_id, buyer_id=1, channel_id=1, total=1,
                       currency="CNY", lines=1)  # fmt: skip


async def announce(db: Database, *events: tuple[int, int]) -> None:
    """Facts (subject, order) that are committed and have their places."""
    async with db.transaction(SYSTEM) as tx:
        for subject, order in events:
            tx.announce(OrderShipped(subject_id=subject, merchant_id=1, order_id=order))
    await outbox.sequence(db)


async def saw(db: Database) -> list[int]:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT reaction FROM reaction_cursors WHERE reaction LIKE 'saw %'")
    return sorted(int(row["reaction"].removeprefix("saw ")) for row in rows)


async def run(db: Database, listening: Listening) -> None:
    while await runner.run(db, listening.known):
        pass


class TestRunner:
    async def test_every_fact_is_answered_once_in_sets(self, db: Database) -> None:
        listening = Listening()
        await announce(db, *((n, n) for n in range(1, 601)))
        await run(db, listening)
        await run(db, listening)
        assert await saw(db) == list(range(1, 601))
        assert listening.sizes == [500, 100]

    async def test_one_bad_fact_is_parked_and_the_others_go_through(self, db: Database) -> None:
        listening = Listening(fails_on=7)
        await announce(db, *((n, n) for n in range(1, 21)))
        await run(db, listening)
        assert await saw(db) == [n for n in range(1, 21) if n != 7]
        async with db.transaction(SYSTEM) as tx:
            row = await tx.fetchrow("SELECT subject_id, error FROM reaction_parked")
        assert row["subject_id"] == 7
        assert "not this one" in row["error"]

    async def test_what_follows_a_parked_fact_of_its_order_waits_behind_it(self, db: Database) -> None:
        listening = Listening(fails_on=1)
        await announce(db, (1, 50), (2, 51))
        await run(db, listening)
        await announce(db, (3, 50), (4, 51))
        await run(db, listening)
        assert await saw(db) == [2, 4]
        listening.fails_on = None
        for _ in range(2):
            await runner.retry_parked(db, listening.known, now=True)
        assert await saw(db) == [1, 2, 3, 4]

    async def test_a_fact_that_waits_behind_a_parked_one_is_not_lost_with_its_neighbour(self, db: Database) -> None:
        listening = Listening(fails_on=1)
        await announce(db, (1, 50))
        await run(db, listening)
        listening.fails_on = 3
        await announce(db, (2, 50), (3, 51))
        await run(db, listening)
        listening.fails_on = None
        for _ in range(2):
            await runner.retry_parked(db, listening.known, now=True)
        assert await saw(db) == [1, 2, 3]

    async def test_a_fact_that_fails_a_hundred_times_waits_for_somebody(self, db: Database) -> None:
        listening = Listening(fails_on=1)
        await announce(db, (1, 50))
        await run(db, listening)
        tried = []
        for attempts in (runner.ATTEMPTS - 1, runner.ATTEMPTS):
            async with db.transaction(SYSTEM) as tx:
                await tx.execute("UPDATE reaction_parked SET retry_at = 'epoch', attempts = $1", attempts)
            await runner.retry_parked(db, listening.known)
            tried.append(len(listening.sizes))
        listening.fails_on = None
        await runner.retry_parked(db, listening.known, now=True)
        assert tried == [2, 2]
        assert await saw(db) == [1]

    @pytest.mark.requirement("F-04")
    async def test_a_fact_is_not_parked_for_a_session_that_died(self, db: Database) -> None:
        async def dies(tx: Tx, _facts: Sequence[Event]) -> None:
            await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        await announce(db, (1, 1))
        with pytest.raises(AWAY):
            await runner.run(db, [runner.Listener("listening", dies, ("order.shipped",))])
        listening = Listening()
        await run(db, listening)
        assert await saw(db) == [1]

    async def test_facts_that_get_their_places_meanwhile_are_answered_once(self, db: Database) -> None:
        listening = Listening()
        are_all_there = asyncio.Event()

        async def tell() -> None:
            for n in range(1, 301):
                await announce(db, (n, n))
            are_all_there.set()

        task = asyncio.create_task(tell())
        while not are_all_there.is_set():
            await runner.run(db, listening.known)
        await task
        await run(db, listening)
        assert sum(listening.sizes) == 300
        assert await saw(db) == list(range(1, 301))

    async def test_a_reaction_that_nothing_waits_for_goes_to_the_end_unasked(self, db: Database) -> None:
        listening = Listening()
        idle = runner.Listener("idle", listening.listen, ("order.placed",))
        await announce(db, (1, 1), (2, 2))
        assert await runner.run(db, [idle]) == 0
        async with db.transaction(SYSTEM) as tx:
            position, end = await tx.fetchrow(
                "SELECT position, (SELECT max(position) FROM facts) FROM reaction_cursors WHERE reaction = 'idle'"
            )
            tx.announce(placed(3))
        await outbox.sequence(db)
        assert await runner.run(db, [idle]) == 1
        assert (position, listening.sizes, await saw(db)) == (end, [1], [3])

    @pytest.mark.parametrize("look_back", [1, 5, 20_000])
    async def test_what_lies_further_back_than_all_look_is_found_too(self, db: Database, look_back: int) -> None:
        listening = Listening()
        known = [runner.Listener("placed", listening.listen, ("order.placed",))]
        async with db.transaction(SYSTEM) as tx:
            tx.announce(placed(100))
        await announce(db, *((n, n) for n in range(1, 31)))
        while await runner.run(db, known, look_back=look_back):
            pass
        assert await saw(db) == [100]

    async def test_two_workers_answer_no_fact_twice(self, db: Database) -> None:
        listening = Listening()
        await announce(db, *((n, n) for n in range(1, 201)))
        await asyncio.gather(*(runner.run(db, listening.known) for _ in range(6)))
        await run(db, listening)
        assert await saw(db) == list(range(1, 201))

    @pytest.mark.requirement("issue 2: events feed")
    async def test_positions_follow_commits_and_skip_nothing(self, db: Database) -> None:
        """The one that began first commits last; a reader who has read on still sees it."""
        began, may_commit = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            async with db.transaction(SYSTEM) as tx:
                tx.announce(OrderShipped(subject_id=1, merchant_id=1, order_id=1))
                await tx.fetchval("SELECT 1")
                began.set()
                await may_commit.wait()

        task = asyncio.create_task(slow())
        await began.wait()
        await announce(db, (2, 2))
        async with db.transaction(SYSTEM) as tx:
            first = await outbox.after(tx, 0, wires=None, limit=10)
        may_commit.set()
        await task
        await outbox.sequence(db)
        async with db.transaction(SYSTEM) as tx:
            then = await outbox.after(tx, first[-1].position, wires=None, limit=10)
        assert [fact.subject_id for fact in first] == [2]
        assert [fact.subject_id for fact in then] == [1]

    async def test_the_correlation_of_the_door_goes_on_through_a_set(self, db: Database) -> None:
        for subject, word in ((1, "one"), (2, "two")):
            token = correlation.set(word)
            await announce(db, (subject, subject))
            correlation.reset(token)

        async def echo(tx: Tx, facts: Sequence[Any]) -> None:
            for fact in facts:
                tx.announce(OrderPlaced(
                    subject_id=fact.subject_id, merchant_id=1, order_id=fact.order_id, buyer_id=1, channel_id=1,
                    total=1, currency="CNY", lines=1,
                ))  # fmt: skip

        await runner.run(db, [runner.Listener("echo", echo, ("order.shipped",))])
        async with db.transaction(SYSTEM) as tx:
            rows = await tx.fetch("SELECT correlation FROM facts WHERE wire = 'order.placed' ORDER BY order_id")
        assert [row["correlation"] for row in rows] == ["one", "two"]


async def test_facts_are_history(db: Database) -> None:
    await announce(db, (1, 1))
    for statement in ("UPDATE facts SET data = '{}'", "DELETE FROM facts", "UPDATE facts SET position = 99"):
        with pytest.raises(Exception, match="never changed"):
            async with db.transaction(SYSTEM) as tx:
                await tx.execute(statement)
