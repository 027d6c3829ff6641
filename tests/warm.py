"""One database that the tests of a process use one after the other, with open connections and all they have planned."""

import copy
import uuid
from typing import Any

import asyncpg

from dingdan.kernel.ids import IdSource
from dingdan.overviews import invariants
from dingdan.plumbing.database import Database
from tests import laws

# The names of living processes are not given out again: the connections that stay open have one.
NEVER_AGAIN = "id_nodes"
# What is deleted leaves its room behind, and a plan that was made for a few rows is no plan for many.
LIVES, LARGE = 150, 1024**2


class Warm:
    """A clone of the template that is emptied after each test, and replaced where that would not do."""

    def __init__(self, server: Any, template: str, key: bytes) -> None:
        self._server, self._template, self._key = server, template, key
        self._database: Database | None = None
        self._keeper: Any = None
        self._watch: laws.Watch | None = None
        self._name, self._lives = "", 0
        self._tables: set[str] = set()
        # What a new house has in it: it is put back as it was.
        self._given: set[str] = set()

    async def lend(self, *, new: bool = False) -> Database:
        """The database, empty, on demand a `new` one; each test gets an object of its own to change as it likes."""
        if new:
            await self.close()
        if self._database is None:
            await self._begin()
        assert self._database is not None
        self._lives += 1
        lent = copy.copy(self._database)
        # Ids remember the latest time they were made at, and the test before may have turned the clock.
        lent.ids = IdSource(await self._keeper.fetchval("SELECT nextval('id_nodes')"))
        return lent

    async def _begin(self) -> None:
        self._name, self._lives = f"w_{uuid.uuid4().hex[:16]}", 0
        await self._as_admin(f"CREATE DATABASE {self._name} TEMPLATE {self._template} STRATEGY file_copy")
        url = self._server.get_uri(self._name)
        # Floods of calls share a few connections here on a machine that is busy with other tests: they wait, and are not
        # refused.
        self._database = await Database(url, key=self._key, sandbox=True, acquire_seconds=30.0).open()
        self._keeper = await asyncpg.connect(url, server_settings=laws.AS_WRITTEN | {"lock_timeout": "5s"})
        self._tables = await laws.tables_of(self._keeper) - {"alembic_version"}
        self._watch = await laws.Watch(self._keeper).begin(self._tables)
        self._given = await laws.filled_of(self._keeper, self._tables)
        await self._keeper.execute(
            "".join(f"CREATE TEMP TABLE {_copy_of(name)} AS TABLE {name};" for name in sorted(self._given))
        )

    async def broken(self) -> list[Any]:
        """What breaks the laws, after a test."""
        assert self._watch is not None
        filled = await laws.filled_of(self._keeper, self._tables)
        if not await self._is_small(filled):
            # As `dingdan check` asks: whether there is any such row is planned for the first of many, and there is none.
            return [result for result in await invariants.check(self._database) if result.count]
        return await self._watch.broken(filled, self._tables - filled)

    async def take_back(self) -> None:
        """Empty everything for the next test, or throw it away."""
        try:
            filled = await laws.filled_of(self._keeper, self._tables)
            is_good = (
                self._lives < LIVES
                and await self._is_small(filled)
                and await laws.tables_of(self._keeper) - {"alembic_version"} == self._tables
                and await self._is_alone()
            )
            if is_good:
                await self._empty(filled)
                return
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            pass
        await self.close()

    async def _is_small(self, filled: set[str]) -> bool:
        largest = "SELECT max(pg_relation_size(name::regclass)) FROM unnest($1::text[]) AS name"
        return (await self._keeper.fetchval(largest, sorted(filled)) or 0) < LARGE

    async def _is_alone(self) -> bool:
        """Whether nobody but ourselves is connected, and our own connections are well."""
        assert self._database is not None
        pools = (self._database._write, self._database._read)
        if any(pool is None or pool.is_closing() or pool.get_idle_size() != pool.get_size() for pool in pools):
            return False
        async with self._database.connection() as connection:
            there = await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
            )
        return bool(there == 1 + sum(pool.get_size() for pool in pools if pool is not None))

    async def _empty(self, filled: set[str]) -> None:
        back = f"""
            SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
            WHERE last_value IS NOT NULL AND sequencename <> '{NEVER_AGAIN}'
        """
        async with self._keeper.transaction():
            await self._keeper.execute("SET LOCAL session_replication_role = replica")
            await self._keeper.execute("".join(f"DELETE FROM {name};" for name in sorted(filled)))
            await self._keeper.execute(
                "".join(f"INSERT INTO {name} TABLE pg_temp.{_copy_of(name)};" for name in sorted(self._given))
            )
            await self._keeper.execute(back)

    async def close(self) -> None:
        """Let go of everything; the next test begins with a new clone."""
        if self._database is None:
            return
        try:
            await self._keeper.close()
            for pool in (self._database._write, self._database._read):
                if pool is not None:
                    pool.terminate()
        finally:
            self._database = None
            await self._as_admin(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    async def _as_admin(self, sql: str) -> None:
        connection = await asyncpg.connect(self._server.get_uri("postgres"))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def _copy_of(table: str) -> str:
    return "given_" + table.replace(".", "_")
