"""Tx: one open transaction as commands see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import asyncpg

from dingdan.kernel.actor import Actor
from dingdan.kernel.event import Event
from dingdan.kernel.ids import IdSource
from dingdan.plumbing.asking import Ask, put
from dingdan.plumbing.writing import MOST, NewRows, copy, write

T = TypeVar("T")


class Reader(Protocol):
    """Whoever answers statements that read: a transaction, or a bare connection where one statement is all there is."""

    async def fetch(self, sql: str, /, *args: Any) -> list[Any]:
        """All rows of a statement."""


class Tx:
    """What a command may use: statements, the transaction's own `now`, who acts, and announcing facts."""

    def __init__(
        self, connection: Any, *, now: datetime, actor: Actor, ids: IdSource, sealer: Any, sandbox: bool = False
    ) -> None:
        self.connection: asyncpg.Connection[Any] = connection
        self.now = now
        self.actor = actor
        self.sealer = sealer
        self.sandbox = sandbox
        self.facts: list[Event] = []
        # Which door's correlation an order's facts carry on, where a set of many orders is worked on at once.
        self.correlations: dict[int, str] = {}
        self._ids = ids
        self._new: list[NewRows] = []

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """All rows of a statement."""
        await self.flush()
        return await self.connection.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: Any) -> Any:
        """The first row of a statement, or None."""
        await self.flush()
        return await self.connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """The first value of the first row, or None."""
        await self.flush()
        return await self.connection.fetchval(sql, *args)

    async def ask(self, ask: Ask[T]) -> T:
        """The answer to one question."""
        return ask.read(await self.fetch(ask.sql, *ask.args))

    async def ask_all(self, *asks: Ask[Any]) -> list[Any]:
        """The answers to several questions, of one moment and in one round trip."""
        await self.flush()
        return await put(self.connection, asks)

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement; say how many rows it touched."""
        await self.flush()
        tag = await self.connection.execute(sql, *args)
        last = tag.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write many new rows at once.

        A few wait for what else is written and go out with it, before the next statement and before the commit.
        """
        new = NewRows(table, tuple(columns), list(rows))
        if len(new.rows) > MOST:
            await self.flush()
            await copy(self.connection, new)
        elif new.rows:
            self._new.append(new)

    async def flush(self) -> None:
        """Write what still waits to be written."""
        if self._new:
            new, self._new = self._new, []
            await write(self.connection, new)

    def mint(self) -> int:
        """One new id."""
        return self._ids.mint()

    def mint_many(self, count: int) -> list[int]:
        """Many new ids in rising order."""
        return self._ids.mint_many(count) if count else []

    def announce(self, *events: Event) -> None:
        """Say what has become true; stored just before commit, in the order they were said."""
        self.facts.extend(events)
