"""Several steps in flight at once, so that the database works while the next step is prepared."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

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
        await self._free.acquire()
        self._group.create_task(step).add_done_callback(lambda _: self._free.release())
