"""Moving rows along their lifecycle: the sources stand in the WHERE, PostgreSQL is the judge."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from dingdan.kernel.event import Moved
from dingdan.kernel.lifecycle import Lifecycle
from dingdan.plumbing.tx import Tx

S = TypeVar("S", bound=StrEnum)


async def move(
    tx: Tx,
    table: str,
    machine: Lifecycle[S],
    verb: str,
    ids: Iterable[int],
    *,
    column: str = "state",
    **values: Any,
) -> dict[int, Moved]:
    """Move the rows that may be moved; says which did, and how. Rows are locked in id order.

    `values` are columns set by the same statement (one value for all rows). A row that stands elsewhere is left
    alone: the caller compares what came back with what it asked for, and refuses.
    """
    step = machine.moves[verb]
    sets = "".join(f", {name} = ${i}" for i, name in enumerate(values, start=4))
    rows = await tx.fetch(
        f"""
        UPDATE {table} AS t SET {column} = $2, version = t.version + 1{sets}
        FROM (SELECT id, {column} AS was FROM {table} WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE) AS old
        WHERE t.id = old.id AND old.was = ANY($3::text[])
        RETURNING t.id, old.was, t.version
        """,  # noqa: S608 - table and column names come from code
        sorted(ids),
        str(step.target),
        [str(source) for source in step.sources],
        *values.values(),
    )
    return {r["id"]: Moved(r["id"], machine.name, r["was"], str(step.target), r["version"]) for r in rows}


def born(machine: Lifecycle[Any], row_id: int) -> Moved:
    """The first step of a new row: from nothing into its initial state."""
    return Moved(row_id, machine.name, None, str(machine.initial), 1)
