"""Several steps in flight at once, so that the database works while the next step is prepared."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from dingdan.cli.replay import store
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database, DatabaseBusy
from dingdan.plumbing.doing import do_at
from dingdan.plumbing.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 10


async def act(
    db: Database,
    at: datetime,
    command: Callable[Concatenate[Tx, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a command at a date of the file; a replay has time, so it comes back when the database was busy."""
    for attempt in range(1, ATTEMPTS):
        try:
            return await do_at(db, SYSTEM, at, command, *args, **kwargs)
        except DatabaseBusy:
            await asyncio.sleep(0.2 * attempt)
    return await do_at(db, SYSTEM, at, command, *args, **kwargs)


class Statistics:
    """Has the planner's statistics renewed each time that four times as much is done.

    A replay fills empty tables faster than autovacuum looks at them, once a minute.
    """

    def __init__(self, db: Database, first: int) -> None:
        self._db, self._done, self._next = db, 0, first

    async def add(self, count: int) -> None:
        """So much more has been done."""
        self._done += count
        if self._done >= self._next:
            self._next = self._done * 4
            async with self._db.connection() as connection:
                await store.refresh_statistics(connection)


class Abreast:
    """A bounded number of steps at a time; leaving it waits for all, and the first that fails ends the others."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._group.__aexit__(kind, error, trace)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def add(self, step: Coroutine[Any, Any, None]) -> None:
        """Begin a step as soon as there is room for it."""
        try:
            await self._free.acquire()
        except asyncio.CancelledError:
            step.close()
            raise
        self._group.create_task(step).add_done_callback(lambda _: self._free.release())
