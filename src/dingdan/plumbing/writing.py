"""New rows, whatever their tables, in one statement: where rows are few, the trip for each table is dearer than they."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

# More rows of a table than these go by a COPY of their own: it is faster for many, and slower for a few.
MOST = 300


class NewRows(msgspec.Struct, frozen=True):
    """Rows of one table that are not written yet."""

    table: str
    columns: tuple[str, ...]
    rows: list[Sequence[Any]]


# What the columns of tables are, by table and columns; a process never outlives a change of its tables.
_types: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}


async def write(connection: Any, new: Sequence[NewRows]) -> None:
    """Write rows in the order of their tables here; those that point at others stand behind them or in the same call.

    Constraints and triggers on what was written look when all of it is there.
    """
    if len(new) == 1:
        await copy(connection, new[0])
        return
    parts, arguments = [], []
    for one in new:
        types = await _types_of(connection, one)
        parts.append((one.table, one.columns, types))
        for kind, values in zip(types, zip(*one.rows, strict=True), strict=True):
            arguments.append([_literal(value) for value in values] if kind.endswith("[]") else values)
    await connection.execute(_statement(tuple(parts)), *arguments)


async def copy(connection: Any, new: NewRows) -> None:
    """Write rows of one table by COPY."""
    await connection.copy_records_to_table(new.table, columns=list(new.columns), records=new.rows)


async def _types_of(connection: Any, new: NewRows) -> tuple[str, ...]:
    key = (new.table, new.columns)
    if key not in _types:
        asked = await connection.prepare(f"SELECT {', '.join(new.columns)} FROM {new.table}")  # noqa: S608 - our names
        _types[key] = tuple(attribute.type.name for attribute in asked.get_attributes())
    return _types[key]


@lru_cache(maxsize=500)
def _statement(parts: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]) -> str:
    """An INSERT for each table, all but the last as parts of the last; a parameter for each column."""
    inserts, number = [], 1
    for table, columns, types in parts:
        names = ", ".join(columns)
        # Lists of lists cannot be taken apart, so lists come as text.
        wanted = ", ".join(f"c{n}::{kind}" for n, kind in enumerate(types))
        lists = ", ".join(f"${number + n}::{'text' if kind.endswith('[]') else kind}[]" for n, kind in enumerate(types))
        taken = ", ".join(f"c{n}" for n in range(len(types)))
        inserts.append(f"INSERT INTO {table} ({names}) SELECT {wanted} FROM unnest({lists}) AS new ({taken})")  # noqa: S608
        number += len(types)
    before = ", ".join(f"part{n} AS ({insert})" for n, insert in enumerate(inserts[:-1]))
    return f"WITH {before} {inserts[-1]}"


def _literal(values: Sequence[Any] | None) -> str | None:
    """A list as PostgreSQL writes one."""
    if values is None:
        return None
    return "{" + ",".join(map(_quoted, values)) + "}"


def _quoted(value: Any) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
