"""The journal of one process: which key called what, and that it was used, written behind the answers and never before."""

import asyncio
from collections import Counter
from time import monotonic

import asyncpg

from dingdan.areas import identity
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import request_log
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.request_log import Line
from dingdan.plumbing.telemetry import REQUESTS_LEFT_OUT, log

# What is noted goes out together once a second. Of one key so many that went through and so many that were refused are
# kept of a second: whoever looks for a mistake finds it, and a flood costs no more than a trickle.
PAUSE_SECONDS, OF_A_KEY, IN_ALL = 1.0, 25, 1_000
# True to a minute is what "last used" promises.
USED_SECONDS = 60.0


class Journal:
    """Keeps what doors note for a moment, then writes it by one statement; what there is no room for is counted."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._noted: list[tuple[Line, float]] = []
        self._counts: Counter[tuple[int, bool]] = Counter()
        self._used: set[int] = set()
        self._told: dict[int, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def note(
        self, holder: identity.Holder, *, method: str, route: str, status: int, seconds: float, request_id: str,
        codes: tuple[str, ...],
    ) -> None:  # fmt: skip
        """Note a call that was answered. Never waits."""
        now = monotonic()
        if now - self._told.get(holder.key_id, -USED_SECONDS) >= USED_SECONDS and holder.expired_at is None:
            self._told[holder.key_id] = now
            self._used.add(holder.key_id)
        share = (holder.key_id, status >= 400)
        if self._counts[share] >= OF_A_KEY or len(self._noted) >= IN_ALL:
            REQUESTS_LEFT_OUT.inc()
            return
        self._counts[share] += 1
        line = Line(self._db.ids.mint(), holder.key_id, holder.actor.merchant_id, method, route, status,
                    int(seconds * 1000), request_id, codes)  # fmt: skip
        self._noted.append((line, now - seconds))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._begin)

    async def drain(self) -> None:
        """Write out what is noted, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._begin()
        if self._writing is not None:
            await self._writing

    def _begin(self) -> None:
        self._timer = None
        self._writing = asyncio.create_task(self._write(self._writing))

    async def _write(self, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await before
        noted, self._noted, used, self._used = self._noted, [], self._used, set()
        self._counts.clear()
        if not noted:
            return
        now = monotonic()
        try:
            async with self._db.connection() as connection:
                await request_log.keep(connection, [line for line, _ in noted], [now - began for _, began in noted])
                await identity.note_use(connection, used)
        except (asyncpg.PostgresError, Refusal, *AWAY) as error:
            # A log that waits for the database would fill the house; what is lost is counted.
            REQUESTS_LEFT_OUT.inc(len(noted))
            log.warning("request log not written", lines=len(noted), error=repr(error))
