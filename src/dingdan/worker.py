"""Gives facts their places, runs reactions, deadlines and jobs until told to stop."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from dingdan.areas import webhooks
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import deadlines, gauges, idempotency, jobs, outbox, request_log, tries
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.telemetry import log
from dingdan.reactions import TABLE, runner
from dingdan.reactions.deadlines import HANDLERS as DEADLINE_HANDLERS
from dingdan.reactions.deadlines import RUNGS
from dingdan.reactions.jobs import HANDLERS as JOB_HANDLERS
from dingdan.reactions.jobs import ROUNDS, WATCHES
from dingdan.surfaces.api import snapshots

LISTENERS = runner.listeners(TABLE)
# Facts that are answered together cost much less than one by one; whoever has fewer than these may wait for more.
FULL = 250


class Worker:
    """One worker process; several may run, the database keeps them apart."""

    def __init__(self, db: Database, *, beside: Callable[[], Awaitable[int]] | None = None) -> None:
        self._db = db
        self._jobs = jobs.Runner(db, JOB_HANDLERS)
        self._couriers = webhooks.Couriers(db, snapshots.bodies)
        self._beside = beside
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self._stop.set()

    async def run(self) -> None:
        """Work until `stop`."""
        # Whoever starts may be the version that mends what was tried too often: everything gets one more chance.
        chance = itertools.chain([True], itertools.repeat(False))
        rounds = [
            self._round("facts", 0.05, lambda: outbox.sequence(self._db), full=FULL),
            self._round("reactions", 0.05, lambda: runner.run(self._db, LISTENERS), full=FULL),
            self._round("parked", 5.0, lambda: runner.retry_parked(self._db, LISTENERS, now=next(chance))),
            self._round("deadlines", 0.5, lambda: run_deadlines(self._db)),
            self._round("jobs", 0.2, self._jobs.run_some),
            self._round("webhook calls", 0.2, self._couriers.start),
            self._round("gauges", 10.0, lambda: gauges.measure(self._db)),
            self._round("housekeeping", 3600.0, lambda: tidy_up(self._db)),
        ]
        rounds += [
            self._round(name, pause, partial(work, self._db)) for name, (pause, work) in (ROUNDS | WATCHES).items()
        ]
        if self._beside is not None:
            rounds.append(self._round("sandbox", 0.3, self._beside))
        await asyncio.gather(*rounds)
        self._couriers.stop()
        await self._couriers.finish()

    async def _round(self, name: str, pause: float, work: Callable[[], Awaitable[int]], *, full: int = 1) -> None:
        """Repeat one kind of work: at once while there was a `full` load of it, after a pause when there was less."""
        while not self._stop.is_set():
            done = 0
            try:
                done = await work()
            except Exception:  # noqa: BLE001 - the database may be away; this loop outlives that
                log.error("worker round failed", round=name, exc_info=True)
                await self._rest(1.0)
            if done < full or pause >= 1.0:
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return


async def run_deadlines(db: Database, *, at: datetime | None = None) -> int:
    """Act on every kind of deadline that has something due."""
    kinds = [deadlines.REGISTRY[name] for name in await deadlines.kinds_due(db, at=at)]
    return sum([
        await deadlines.run_due(db, kind, DEADLINE_HANDLERS[kind.name], at=at, on_rung=RUNGS.get(kind.name))
        for kind in kinds
    ])  # fmt: skip


async def settle(db: Database, *, at: datetime | None = None, with_deadlines: bool = True, rounds: int = 1000) -> None:
    """Work until nothing is left to do: facts placed, answered, deadlines acted on, jobs done."""
    queue, couriers = jobs.Runner(db, JOB_HANDLERS), webhooks.Couriers(db, snapshots.bodies)
    for _ in range(rounds):
        if await outbox.sequence(db) + await runner.run(db, LISTENERS, at=at) + await queue.run_some():
            continue
        # Whatever looks around for something to do looks once, when all that was told has been answered.
        done = await run_deadlines(db, at=at) if with_deadlines else 0
        done += sum([await work(db) for _, work in ROUNDS.values()])
        done += await couriers.start()
        await couriers.finish()
        if not done:
            return
    raise RuntimeError(f"not settled after {rounds} rounds")


async def tidy_up(db: Database) -> int:
    """Forget keys, queue lines, sent webhooks, wrong codes and lines of the request log that nobody can need any more."""
    forgotten = await idempotency.prune(db) + await jobs.prune(db)
    for let_go in (webhooks.trim, tries.sweep, request_log.sweep):
        while some := await do(db, SYSTEM, let_go):
            forgotten += some
    return forgotten
