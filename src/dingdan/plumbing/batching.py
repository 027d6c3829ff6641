"""Group commit: what happens to arrive together is done together, and each caller gets its own answer."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

import msgspec

from dingdan.plumbing.database import DatabaseBusy

Item = TypeVar("Item")
Result = TypeVar("Result")


class Bounds(msgspec.Struct, frozen=True):
    """How much may wait, and how much of it goes at once. What does not fit is refused, never kept without end."""

    most_in_batch: int = 128
    most_waiting: int = 2_048
    most_bytes: int = 64 * 1024 * 1024
    # The first of the queue has waited so long: the database does not keep up, and later ones would wait longer.
    most_seconds: float = 5.0


class _Waiting(msgspec.Struct, Generic[Item, Result]):
    item: Item
    future: "asyncio.Future[Result]"
    share: Hashable
    size: int
    since: float


class _Lane(msgspec.Struct, Generic[Item, Result]):
    owner: Hashable
    queue: "deque[_Waiting[Item, Result]]"


class Batcher(Generic[Item, Result]):
    """Collects items and runs them in batches, one batch at a time.

    There is no waiting window: at low load a batch is one item; while a batch runs the next one gathers, so batches
    grow by themselves with the load. Items of one `lane` (a key) share a batch; lanes take turns, and the lanes of one
    owner (a merchant) one turn together. While others wait nobody gets more than half a batch. The queue is bounded by
    count, bytes and age; what does not fit is refused with DatabaseBusy.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Awaitable[Sequence[Result | BaseException]]],
        bounds: Bounds = Bounds(),  # noqa: B008 - it never changes
    ) -> None:
        self._run = run
        self._bounds = bounds
        self._lanes: dict[Hashable, _Lane[Item, Result]] = {}
        self._waiting = self._bytes = 0
        self._is_closed = False
        self._task: asyncio.Task[None] | None = None

    async def submit(
        self, item: Item, *, lane: Hashable = None, owner: Hashable = None, share: Hashable = None, size: int = 0
    ) -> Result:
        """Do this item with the next batch of its lane; raises what its own work raised.

        `owner` is whose lane it is, if several lanes are one's; `share` is for whom it is, where a lane serves many;
        `size` is about how many bytes it holds. A caller that is cancelled does not withdraw its item: it may be under
        way already.
        """
        loop = asyncio.get_running_loop()
        if self._is_closed or self._is_full(size, loop.time()):
            raise DatabaseBusy
        future: asyncio.Future[Result] = loop.create_future()
        known = self._lanes.get(lane)
        if known is None:
            known = self._lanes[lane] = _Lane(lane if owner is None else owner, deque())
        known.queue.append(_Waiting(item, future, share, size, loop.time()))
        self._waiting += 1
        self._bytes += size
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await asyncio.shield(future)

    async def drain(self, seconds: float | None = None) -> None:
        """Take nothing more and wait until everything that was submitted has its answer.

        What is not done after so many seconds is refused with DatabaseBusy; the batch under way is not cut off.
        """
        self._is_closed = True
        if self._task is None:
            return
        done, _ = await asyncio.wait([self._task], timeout=seconds)
        if not done:
            for lane in self._lanes.values():
                while lane.queue:
                    _answer(lane.queue.popleft().future, DatabaseBusy())
            self._lanes.clear()
            self._waiting = self._bytes = 0

    def _is_full(self, size: int, now: float) -> bool:
        bounds = self._bounds
        if self._waiting >= bounds.most_waiting or self._bytes + size > bounds.most_bytes:
            return True
        return any(lane.queue[0].since < now - bounds.most_seconds for lane in self._lanes.values() if lane.queue)

    async def _work(self) -> None:
        while self._lanes:
            batch = self._next()
            self._waiting -= len(batch)
            self._bytes -= sum(one.size for one in batch)
            await self._one_batch(batch)

    def _next(self) -> list[_Waiting[Item, Result]]:
        """The batch of the lane at the front; its owner's lanes go to the back, where they have more."""
        key, lane = next(iter(self._lanes.items()))
        is_contended = any(other.owner != lane.owner for other in self._lanes.values())
        most = max(1, self._bounds.most_in_batch // 2) if is_contended else self._bounds.most_in_batch
        batch = _picked(lane.queue, most)
        # This lane goes behind the others of its owner, and they behind everybody else.
        own = [k for k, other in self._lanes.items() if other.owner == lane.owner and k != key] if is_contended else []
        for moved in (*own, key):
            again = self._lanes.pop(moved)
            if again.queue:
                self._lanes[moved] = again
        return batch

    async def _one_batch(self, batch: list[_Waiting[Item, Result]]) -> None:
        try:
            results: Sequence[Result | BaseException] = await self._run([one.item for one in batch])
            assert len(results) == len(batch), "a result for each item"
        except BaseException as error:  # noqa: BLE001 - the callers must hear of it, whatever it is
            results = [error] * len(batch)
        for one, result in zip(batch, results, strict=True):
            _answer(one.future, result)


def _picked(queue: "deque[_Waiting[Item, Result]]", most: int) -> list[_Waiting[Item, Result]]:
    """The first of a queue; where not all of them fit, nobody's share is more than half while others wait."""
    if len(queue) <= most:
        batch = list(queue)
        queue.clear()
        return batch
    taken: list[_Waiting[Item, Result]] = []
    left: list[_Waiting[Item, Result]] = []
    shares: Counter[Hashable] = Counter()
    for one in queue:
        is_taken = len(taken) < most and shares[one.share] < max(1, most // 2)
        shares[one.share] += is_taken
        (taken if is_taken else left).append(one)
    spare = most - len(taken)
    queue.clear()
    queue.extend(left[spare:])
    return taken + left[:spare]


def _answer(future: "asyncio.Future[Result]", result: Result | BaseException) -> None:
    if future.cancelled():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
        # Nobody may be listening any more; that is no news for the log.
        future.exception()
    else:
        future.set_result(result)
