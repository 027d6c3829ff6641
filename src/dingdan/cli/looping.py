"""Running coroutines from a command, with a database opened and closed around them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvloop

from dingdan.plumbing.database import Database
from dingdan.plumbing.embedded import database_url
from dingdan.plumbing.settings import Settings, master_key
from dingdan.plumbing.targets import Targets


def run(body: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a fast loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(body)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The settings' database, open."""
    db = Database(
        database_url(settings),
        key=master_key(settings),
        sandbox=settings.mode == "sandbox",
        pool_size=settings.pool_size,
        read_pool_size=settings.read_pool_size,
        post=settings.post,
        targets=Targets(loopback=settings.webhook_loopback),
    )
    await db.open()
    try:
        yield db
    finally:
        await db.close()
