"""Transactions: committed, rolled back, retried, never nested; keys answer once."""

import asyncio

import pytest

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import idempotency
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.http import outside
from dingdan.plumbing.tx import Tx


async def add(tx: Tx, name: str) -> int:
    await tx.execute("INSERT INTO reaction_cursors (reaction, position) VALUES ($1, 1)", name)
    return tx.mint()


async def names(db: Database) -> list[str]:
    async with db.transaction(SYSTEM) as tx:
        return [row["reaction"] for row in await tx.fetch("SELECT reaction FROM reaction_cursors ORDER BY reaction")]


def answer(number: int) -> idempotency.Answer:
    return idempotency.Answer(201, str(number).encode(), number)


async def test_an_exception_leaves_nothing_behind(db: Database) -> None:
    async def fails(tx: Tx) -> None:
        await add(tx, "gone")
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        await within(db, SYSTEM, fails, name="test")
    assert await names(db) == []


async def test_transactions_never_nest(db: Database) -> None:
    async with db.transaction(SYSTEM):
        with pytest.raises(AssertionError, match="never nest"):
            async with db.transaction(SYSTEM):
                pass


async def test_nothing_leaves_the_building_inside_a_transaction(db: Database) -> None:
    async with db.transaction(SYSTEM):
        with pytest.raises(AssertionError, match="inside a transaction"):
            async with outside("carrier"):
                pass


async def test_a_deadlock_is_run_again_and_nobody_notices(db: Database) -> None:
    for name in ("a", "b"):
        await within(db, SYSTEM, lambda tx, name=name: add(tx, name), name="test")  # type: ignore[misc]
    both = asyncio.Barrier(2)

    async def touch(first: str, second: str) -> None:
        met = False

        async def body(tx: Tx) -> None:
            nonlocal met
            await tx.execute("UPDATE reaction_cursors SET position = position + 1 WHERE reaction = $1", first)
            if not met:
                met = True
                await both.wait()
            await tx.execute("UPDATE reaction_cursors SET position = position + 1 WHERE reaction = $1", second)

        await within(db, SYSTEM, body, name="test")

    await asyncio.gather(touch("a", "b"), touch("b", "a"))
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT sum(position)::int FROM reaction_cursors") == 6


@pytest.mark.requirement("O1.14")
async def test_forty_with_one_key_make_one_and_all_get_its_answer(db: Database) -> None:
    key = idempotency.key_of(1, "k", method="POST", path="/x", body=b"{}")
    answers = await asyncio.gather(*(
        idempotency.once(db, SYSTEM, key, lambda tx: add(tx, "one"), answer, name="test") for _ in range(40)
    ))  # fmt: skip
    assert len({one.body for one in answers}) == 1
    assert sum(not one.is_replay for one in answers) == 1
    assert await names(db) == ["one"]


async def test_the_same_key_for_another_request_is_refused(db: Database) -> None:
    first = idempotency.key_of(1, "k", method="POST", path="/x", body=b"{}")
    other = idempotency.key_of(1, "k", method="POST", path="/x", body=b'{"a": 1}')
    await idempotency.once(db, SYSTEM, first, lambda tx: add(tx, "one"), answer, name="test")
    with pytest.raises(idempotency.KeyReused):
        await idempotency.once(db, SYSTEM, other, lambda tx: add(tx, "two"), answer, name="test")
    stranger = idempotency.key_of(2, "k", method="POST", path="/x", body=b"{}")
    await idempotency.once(db, SYSTEM, stranger, lambda tx: add(tx, "three"), answer, name="test")
    assert await names(db) == ["one", "three"]


async def test_a_refused_request_may_try_again_with_its_key(db: Database) -> None:
    key = idempotency.key_of(1, "k", method="POST", path="/x", body=b"{}")

    async def refuses(tx: Tx) -> int:
        raise idempotency.KeyMissing

    with pytest.raises(idempotency.KeyMissing):
        await idempotency.once(db, SYSTEM, key, refuses, answer, name="test")
    done = await idempotency.once(db, SYSTEM, key, lambda tx: add(tx, "one"), answer, name="test")
    assert not done.is_replay


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "中文"])
def test_a_key_that_does_not_travel_well_is_refused(key: str) -> None:
    with pytest.raises(idempotency.KeyUnusable):
        idempotency.key_of(1, key, method="POST", path="/", body=b"")
