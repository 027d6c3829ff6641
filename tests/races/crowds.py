"""Crowds: many callers with a batch each, all at the same time, each with a connection of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from dingdan.plumbing.database import DatabaseBusy

# As many as the test's database has connections for, and some who wait.
AT_ONCE = 12


async def rush(items: Sequence[Any], size: int, take: Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]) -> list[Any]:
    """Hand over all items in batches, many at once; a result for each item, in their order."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(batch: Sequence[Any]) -> Sequence[Any]:
        async with gate:
            for _ in range(50):
                try:
                    return await take(batch)
                except DatabaseBusy:
                    continue
        raise AssertionError("busy for ever")

    found = await asyncio.gather(*(one(items[n : n + size]) for n in range(0, len(items), size)))
    return [result for results in found for result in results]
