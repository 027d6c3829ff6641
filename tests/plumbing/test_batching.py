"""Group commit: each caller gets its own answer, lanes take turns, the queue is bounded."""

import asyncio
from collections.abc import Sequence

import pytest

from dingdan.plumbing.batching import Batcher, Bounds
from dingdan.plumbing.database import DatabaseBusy


class Doubler:
    """Doubles numbers in batches that wait for a gate; remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()

    async def run(self, items: Sequence[int]) -> list[int | BaseException]:
        self.batches.append(list(items))
        await self.gate.wait()
        return [ValueError(str(item)) if item < 0 else item * 2 for item in items]


async def submitted(batcher: Batcher[int, int], *items: int, lane: str = "") -> list["asyncio.Task[int]"]:
    tasks = [asyncio.create_task(batcher.submit(item, lane=lane)) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_what_gathers_while_a_batch_runs_goes_together() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run)
    first = await submitted(batcher, 1)
    await asyncio.sleep(0)
    later = await submitted(batcher, 2, 3, 4)
    doubler.gate.set()
    assert await asyncio.gather(*first, *later) == [2, 4, 6, 8]
    assert doubler.batches == [[1], [2, 3, 4]]


async def test_a_bad_item_fails_alone() -> None:
    doubler = Doubler()
    doubler.gate.set()
    tasks = await submitted(Batcher(doubler.run), 1, -2, 3)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results[0] == 2
    assert isinstance(results[1], ValueError)
    assert results[2] == 6


async def test_lanes_take_turns_so_that_a_busy_one_starves_nobody() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_in_batch=2))
    busy = await submitted(batcher, *range(1, 9), lane="busy")
    quiet = await submitted(batcher, 100, lane="quiet")
    doubler.gate.set()
    await asyncio.gather(*busy, *quiet)
    assert doubler.batches.index([100]) <= 2


async def test_a_full_queue_says_so_at_once() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_waiting=2))
    tasks = await submitted(batcher, 1)
    await asyncio.sleep(0)
    tasks += await submitted(batcher, 2, 3)
    with pytest.raises(DatabaseBusy):
        await batcher.submit(4)
    doubler.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6]


async def test_a_caller_that_hangs_up_does_not_withdraw_its_item() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run)
    tasks = await submitted(batcher, 1, 2)
    await asyncio.sleep(0)
    tasks[0].cancel()
    doubler.gate.set()
    assert await tasks[1] == 4
    await batcher.drain()
    assert doubler.batches == [[1, 2]]


async def test_while_others_wait_nobody_gets_more_than_half_a_batch() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_in_batch=4))
    first = await submitted(batcher, 0, lane="a")
    waiting = await submitted(batcher, *range(1, 7), lane="a")
    waiting += await submitted(batcher, 100, 101, lane="b")
    doubler.gate.set()
    await asyncio.gather(*first, *waiting)
    assert doubler.batches == [[0], [1, 2], [100, 101], [3, 4, 5, 6]]


async def test_many_lanes_of_one_owner_have_one_turn_together() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_in_batch=2))
    tasks = [asyncio.create_task(batcher.submit(0, lane="first"))]
    await asyncio.sleep(0)
    for n, (lane, owner) in enumerate([("k1", "big"), ("k2", "big"), ("k3", "big"), ("s", "small")], start=1):
        tasks.append(asyncio.create_task(batcher.submit(n, lane=lane, owner=owner)))
    await asyncio.sleep(0)
    doubler.gate.set()
    await asyncio.gather(*tasks)
    assert doubler.batches == [[0], [1], [4], [2], [3]]


async def test_in_a_lane_that_serves_many_no_share_is_more_than_half() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_in_batch=4))
    tasks = [asyncio.create_task(batcher.submit(0))]
    await asyncio.sleep(0)
    for n in range(1, 8):
        tasks.append(asyncio.create_task(batcher.submit(n, share="small" if n == 7 else "big")))
    await asyncio.sleep(0)
    doubler.gate.set()
    await asyncio.gather(*tasks)
    assert doubler.batches == [[0], [1, 2, 7, 3], [4, 5, 6]]


async def test_the_queue_is_bounded_by_bytes() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_bytes=100))
    tasks = [asyncio.create_task(batcher.submit(n, size=60)) for n in (1,)]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(batcher.submit(2, size=60)))
    await asyncio.sleep(0)
    with pytest.raises(DatabaseBusy):
        await batcher.submit(3, size=60)
    doubler.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4]
    assert await batcher.submit(3, size=60) == 6, "what is done makes room"


async def test_a_queue_whose_first_has_waited_too_long_takes_nothing_more() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run, Bounds(most_seconds=0.05))
    tasks = await submitted(batcher, 1)
    tasks += await submitted(batcher, 2)
    await asyncio.sleep(0.1)
    with pytest.raises(DatabaseBusy):
        await batcher.submit(3)
    doubler.gate.set()
    assert await asyncio.gather(*tasks) == [2, 4]


async def test_who_drains_takes_nothing_more_and_waits_only_so_long() -> None:
    doubler = Doubler()
    batcher = Batcher(doubler.run)
    tasks = await submitted(batcher, 1)
    await asyncio.sleep(0)
    tasks += await submitted(batcher, 2)
    await batcher.drain(0.05)
    with pytest.raises(DatabaseBusy):
        await batcher.submit(3)
    with pytest.raises(DatabaseBusy):
        await tasks[1]
    doubler.gate.set()
    assert await tasks[0] == 2, "what is under way is not cut off"
