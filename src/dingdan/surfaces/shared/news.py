"""Hearing that there are new facts: one LISTEN connection for a whole process, outside the pools."""

import asyncio
from typing import Any

import asyncpg

from dingdan.plumbing.telemetry import log

# News may be missed while the connection is away, so nobody waits longer than this without looking.
LOOK_AGAIN_SECONDS = 2.0


class News:
    """Wakes whoever waits when the sequencer has placed facts."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._opening = asyncio.Lock()
        self._heard = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when facts were placed, or when it is time to look again anyway."""
        await self._listen()
        heard = self._heard
        try:
            await asyncio.wait_for(heard.wait(), min(seconds, LOOK_AGAIN_SECONDS))
        except TimeoutError:
            return

    async def close(self) -> None:
        """Stop listening."""
        if self._connection is not None:
            await self._connection.close(timeout=2)
            self._connection = None

    async def _listen(self) -> None:
        async with self._opening:
            if self._connection is not None and not self._connection.is_closed():
                return
            try:
                self._connection = await asyncpg.connect(self._url, timeout=2)
                await self._connection.add_listener("facts", self._hear)
            except (OSError, TimeoutError, asyncpg.PostgresError) as error:
                log.warning("cannot listen for facts", error=repr(error))

    def _hear(self, *_: object) -> None:
        self._heard.set()
        self._heard = asyncio.Event()
