"""do(command, ...): one command, one transaction, run again when PostgreSQL asks."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import asyncpg

from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import AWAY, Database, DatabaseBusy
from dingdan.plumbing.telemetry import COMMANDS, RETRIES, log
from dingdan.plumbing.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 4
ASKED_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


async def do(
    db: Database,
    actor: Actor,
    command: Callable[Concatenate[Tx, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a command in a transaction of its own; the commit has happened when this returns."""
    return await within(db, actor, lambda tx: command(tx, *args, **kwargs), name=_name(command))


async def do_at(
    db: Database,
    actor: Actor,
    at: datetime,
    command: Callable[Concatenate[Tx, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """The same with another now: how a replay acts at the dates of its file."""
    return await within(db, actor, lambda tx: command(tx, *args, **kwargs), name=_name(command), at=at)


async def within(
    db: Database,
    actor: Actor,
    body: Callable[[Tx], Awaitable[T]],
    *,
    name: str,
    at: datetime | None = None,
) -> T:
    """Run a body of statements in one transaction, with the retries that `do` promises."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with db.transaction(actor, at=at) as tx:
                result = await body(tx)
        except ASKED_AGAIN:
            RETRIES.labels(name).inc()
            if attempt == ATTEMPTS:
                COMMANDS.labels(name, "busy").inc()
                raise DatabaseBusy from None
            await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))
        except asyncpg.LockNotAvailableError:
            COMMANDS.labels(name, "busy").inc()
            raise DatabaseBusy from None
        except DatabaseBusy:
            COMMANDS.labels(name, "busy").inc()
            raise
        except AWAY:
            # Whether the commit went through is not known; whoever asked asks again with the same key.
            COMMANDS.labels(name, "away").inc()
            raise
        except Refusal as refusal:
            COMMANDS.labels(name, "refused").inc()
            log.info("refused", command=name, code=refusal.code, problems=[p.code for p in refusal.problems])
            raise
        else:
            COMMANDS.labels(name, "done").inc()
            return result
    raise AssertionError("unreachable")


def _name(command: Callable[..., Any]) -> str:
    module = getattr(command, "__module__", "").rpartition(".")[0].removeprefix("dingdan.areas.")
    return f"{module}.{getattr(command, '__name__', 'command')}"
