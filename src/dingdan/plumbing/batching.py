"""Group commit: what happens to arrive together is done together, and each caller gets its own answer."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from dingdan.plumbing.database import DatabaseBusy

Item = TypeVar("Item")
Result = TypeVar("Result")

Waiting = tuple[Item, asyncio.Future[Result]]


class Batcher(Generic[Item, Result]):
    """Collects items and runs them in batches, one batch at a time.

    There is no waiting window: at low load a batch is one item; while a batch runs the next one gathers, so batches
    grow by themselves with the load. Items of one `lane` (a merchant, a key) share a batch; lanes take turns, so a
    busy one cannot starve the others. The queue is bounded; what does not fit is refused with DatabaseBusy.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Awaitable[Sequence[Result | BaseException]]],
        *,
        most_in_batch: int = 128,
        most_waiting: int = 2_048,
    ) -> None:
        self._run = run
        self._most_in_batch = most_in_batch
        self._most_waiting = most_waiting
        self._lanes: dict[Hashable, deque[Waiting[Item, Result]]] = {}
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: Item, *, lane: Hashable = None) -> Result:
        """Do this item with the next batch of its lane; raises what its own work raised.

        A caller that is cancelled does not withdraw its item: it may be under way already.
        """
        if self._waiting >= self._most_waiting:
            raise DatabaseBusy
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._lanes.setdefault(lane, deque()).append((item, future))
        self._waiting += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await asyncio.shield(future)

    async def drain(self) -> None:
        """Wait until everything that was submitted has its answer."""
        if self._task is not None:
            await self._task

    async def _work(self) -> None:
        while self._lanes:
            # The lane at the front has its turn and goes to the back if it has more.
            lane, queue = next(iter(self._lanes.items()))
            batch = [queue.popleft() for _ in range(min(len(queue), self._most_in_batch))]
            del self._lanes[lane]
            if queue:
                self._lanes[lane] = queue
            self._waiting -= len(batch)
            await self._one_batch(batch)

    async def _one_batch(self, batch: list[Waiting[Item, Result]]) -> None:
        try:
            results: Sequence[Result | BaseException] = await self._run([item for item, _ in batch])
            assert len(results) == len(batch), "a result for each item"
        except BaseException as error:  # noqa: BLE001 - the callers must hear of it, whatever it is
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.cancelled():
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
                # Nobody may be listening any more; that is no news for the log.
                future.exception()
            else:
                future.set_result(result)
