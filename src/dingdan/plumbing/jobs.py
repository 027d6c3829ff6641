"""Work for later: enqueued inside the business transaction, run by the worker, tried again, set aside.

A thin face on pgqueuer (PostgreSQL keeps the queue, so a job exists exactly if its transaction committed).
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.domain.models import Job
from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.queries import Queries

from dingdan.plumbing.database import Database
from dingdan.plumbing.telemetry import correlation, log
from dingdan.plumbing.tx import Tx

MAX_ATTEMPTS = 8
JOB_SECONDS = 60.0
HEARTBEAT_TIMEOUT = timedelta(seconds=90)
KEEP_LOG = timedelta(days=7)

JobHandler = Callable[[Database, Any], Awaitable[None]]


class Again(Exception):
    """A job asks to be run again later (the world was down); counts as an attempt."""


async def enqueue(
    tx: Tx, name: str, payload: object, *, after: timedelta | None = None, once: str | None = None
) -> None:
    """Put a job on the queue as part of this transaction. `once` keeps a second one with the same word away."""
    await Queries(AsyncpgDriver(tx.connection)).enqueue(
        name,
        msgspec.json.encode({"payload": payload, "correlation": correlation.get()}),
        execute_after=after,
        dedupe_key=once,
        on_conflict="skip",
    )


class Runner:
    """Takes jobs off the queue and runs them, several at a time."""

    def __init__(self, db: Database, handlers: dict[str, JobHandler]) -> None:
        self._db = db
        self._handlers = handlers
        self._manager = QueueManagerId(uuid.uuid4())
        self._limits = {QueueEntrypoint(name): EntrypointExecutionParameter(concurrency_limit=0) for name in handlers}

    async def run_some(self, limit: int = 20) -> int:
        """Run what is ready, up to `limit` jobs; says how many were taken."""
        async with self._db.connection() as connection:
            jobs = await Queries(AsyncpgDriver(connection)).dequeue(
                batch_size=limit,
                entrypoints=self._limits,
                queue_manager_id=self._manager,
                global_concurrency_limit=None,
                heartbeat_timeout=HEARTBEAT_TIMEOUT,
            )
        await asyncio.gather(*(self._run(job) for job in jobs))
        return len(jobs)

    async def _run(self, job: Job) -> None:
        picks = await self._picks(job)
        envelope = msgspec.json.decode(job.payload or b"{}")
        token = correlation.set(envelope.get("correlation", ""))
        try:
            # A job that kills its worker never reaches its own "failed" line; counting picks bounds it all the same.
            if picks > MAX_ATTEMPTS:
                raise RuntimeError(f"picked {picks} times without an end")
            async with asyncio.timeout(JOB_SECONDS):
                await self._handlers[job.entrypoint](self._db, envelope.get("payload"))
        except Exception as error:  # noqa: BLE001 - a job may fail in any way; it is tried again or set aside
            await self._failed(job, picks, error)
        else:
            async with self._db.connection() as connection:
                await Queries(AsyncpgDriver(connection)).log_jobs([(job, "successful", None)])
        finally:
            correlation.reset(token)

    async def _picks(self, job: Job) -> int:
        async with self._db.connection() as connection:
            count = await connection.fetchval(
                "SELECT count(*) FROM pgqueuer_log WHERE job_id = $1 AND status = 'picked'", int(job.id)
            )
        return int(count)

    async def _failed(self, job: Job, picks: int, error: Exception) -> None:
        async with self._db.connection() as connection:
            queries = Queries(AsyncpgDriver(connection))
            if picks < MAX_ATTEMPTS:
                log.warning("job will be tried again", job=job.entrypoint, picks=picks, error=repr(error))
                await queries.retry_job(job, timedelta(seconds=min(2**picks, 300)), None)
            else:
                log.error("job set aside", job=job.entrypoint, picks=picks, exc_info=error)
                await queries.log_jobs([(job, "failed", None)])


async def prune(db: Database) -> int:
    """Forget what the queue wrote down about jobs that ended long ago."""
    async with db.connection() as connection:
        tag = await connection.execute("DELETE FROM pgqueuer_log WHERE created < now() - $1::interval", KEEP_LOG)
        return int(tag.rpartition(" ")[2])
