"""A database that is not there: a clear no where nothing was done, and a little patience at the start."""

from pathlib import Path

import asyncpg
import pytest

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import AWAY, NOT_REACHED, Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx


async def one(tx: Tx) -> int:
    return int(await tx.fetchval("SELECT 1"))


@pytest.mark.requirement("F-04")
async def test_a_session_that_died_is_replaced(db: Database) -> None:
    async def die(tx: Tx) -> None:
        await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(AWAY):
        await within(db, SYSTEM, die, name="test")
    assert await within(db, SYSTEM, one, name="test") == 1


@pytest.mark.requirement("F-03")
async def test_a_socket_that_is_gone_is_a_database_that_is_away(tmp_path: Path) -> None:
    """PostgreSQL takes it away when it is stopped in good order."""
    with pytest.raises(NOT_REACHED):
        await asyncpg.connect(f"postgresql://postgres@/postgres?host={tmp_path}")


@pytest.mark.requirement("F-04")
async def test_a_connection_that_lost_count_is_away_and_not_used_again(db: Database) -> None:
    """asyncpg says so of a session that died just before a commit; the sweep of deaths by kill -9 found it."""
    pids: list[int] = []

    async def lose_count() -> None:
        async with db.connection() as connection:
            pids.append(connection.get_server_pid())
            raise asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress")

    with pytest.raises(AWAY):
        await lose_count()
    async with db.connection() as connection:
        assert connection.get_server_pid() not in pids
