"""Looking for violations: every invariant over one snapshot of a living database, without a lock or a write."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from dingdan.overviews.invariants.invariant import Invariant, Result
from dingdan.plumbing.database import Database

SAMPLES = 20
SECONDS = 600.0

# Hash joins over whole tables want room, and nothing here is a short statement that JIT would slow down.
ROOM = "SET LOCAL work_mem = '96MB'; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 2"
# Of one row's many parents each is looked up, in whichever order: planning the best of them would take longer.
AS_WRITTEN, AS_PLANNED = "SET LOCAL join_collapse_limit = 1", "SET LOCAL join_collapse_limit = DEFAULT"


async def sweep(db: Any, invariants: Sequence[Invariant]) -> list[Result]:
    """Check these invariants on a Database or a bare connection; on one that is in a transaction, inside it."""
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(db.connection()) if isinstance(db, Database) else db
        if not connection.is_in_transaction():
            await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
        await connection.execute(ROOM)
        filled = await filled_tables(connection) if any(one.by_table or one.among for one in invariants) else set()
        return [await _look(connection, invariant, filled) for invariant in invariants]


async def filled_tables(connection: Any) -> set[str]:
    """Tables with anything in them, and whatever else can be read from and does not say how large it is."""
    rows = await connection.fetch(
        """
        SELECT oid::regclass::text AS name FROM pg_class
        WHERE relkind IN ('p', 'v', 'm') OR relkind = 'r' AND pg_relation_size(oid) > 0
        """
    )
    return {row["name"] for row in rows}


async def _look(connection: Any, invariant: Invariant, filled: set[str]) -> Result:
    if invariant.only_with and not await connection.fetchval("SELECT to_regclass($1)", invariant.only_with):
        return Result(invariant.name, 0, [])
    sql = invariant.of_filled(filled)
    if not sql:
        return Result(invariant.name, 0, [])
    if invariant.by_table:
        await connection.execute(AS_WRITTEN)
    rows = await connection.fetch(
        f"SELECT count(*) OVER () AS violations, bad.* FROM ({sql}) AS bad LIMIT {SAMPLES}",  # noqa: S608
        *invariant.args,
        timeout=SECONDS,
    )
    if invariant.by_table:
        await connection.execute(AS_PLANNED)
    samples = [{name: value for name, value in row.items() if name != "violations"} for row in rows]
    return Result(invariant.name, rows[0]["violations"] if rows else 0, samples)
