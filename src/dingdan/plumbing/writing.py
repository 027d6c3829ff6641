"""New rows, whatever their tables, in one statement: where rows are few, the trip for each table is dearer than they."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
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


# A table with its columns and their types.
Part = tuple[str, tuple[str, ...], tuple[str, ...]]

# What the columns of tables are, by table and columns; a process never outlives a change of its tables.
_types: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}


async def write(connection: Any, new: Sequence[NewRows]) -> None:
    """Write rows in the order of their tables here; those that point at others stand behind them or in the same call.

    Constraints and triggers on what was written look when all of it is there.
    """
    if len(new) == 1:
        await copy(connection, new[0])
        return
    parts: list[Part] = []
    arguments: list[Any] = []
    for one in new:
        types = await _types_of(connection, one)
        parts.append((one.table, one.columns, types))
        columns = zip(types, zip(*one.rows, strict=True), strict=True)
        arguments += [_WORDS[kind](values) if kind in _WORDS else values for kind, values in columns]
    await connection.execute(_statement(tuple(parts)), *arguments)


async def copy(connection: Any, new: NewRows) -> None:
    """Write rows of one table by COPY."""
    await connection.copy_records_to_table(new.table, columns=list(new.columns), records=new.rows)


async def _types_of(connection: Any, new: NewRows) -> tuple[str, ...]:
    key = (new.table, new.columns)
    if key not in _types:
        asked = await connection.prepare(f"SELECT {_names(new.columns)} FROM {new.table}")  # noqa: S608 - our names
        _types[key] = tuple(attribute.type.name for attribute in asked.get_attributes())
    return _types[key]


@lru_cache(maxsize=500)
def _statement(parts: tuple[Part, ...]) -> str:
    """An INSERT for each table, all but the last as parts of the last; a parameter for each column."""
    inserts, number = [], 1
    for table, columns, types in parts:
        # Lists of lists cannot be taken apart, so lists come as text.
        wanted = ", ".join(f"c{n}::{kind}" for n, kind in enumerate(types))
        lists = ", ".join(_list(number + n, kind) for n, kind in enumerate(types))
        taken = ", ".join(f"c{n}" for n in range(len(types)))
        inserts.append(
            f"INSERT INTO {table} ({_names(columns)}) SELECT {wanted} FROM unnest({lists}) AS new ({taken})"  # noqa: S608
        )
        number += len(types)
    before = ", ".join(f"part{n} AS ({insert})" for n, insert in enumerate(inserts[:-1]))
    return f"WITH {before} {inserts[-1]}"


def _names(columns: Sequence[str]) -> str:
    """Column names in quotes: a column may be called like a word of SQL."""
    return ", ".join(f'"{name}"' for name in columns)


def _list(number: int, kind: str) -> str:
    element = "text" if kind.endswith("[]") else kind
    return f"${number}::text::{element}[]" if kind in _WORDS else f"${number}::{element}[]"


# Lists as PostgreSQL writes them. The driver would look at each element of each list by itself, several times, which is
# the dearest part of a small row.


def _numbers(values: Iterable[int | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _moments(values: Iterable[datetime | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else value.isoformat() for value in values]) + "}"


def _texts(values: Iterable[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def _bytes(values: Iterable[bytes | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else f'"\\\\x{value.hex()}"' for value in values]) + "}"


def _documents(values: Iterable[Any]) -> str:
    # None is no document here, as it is for COPY.
    return _texts(None if value is None else msgspec.json.encode(value).decode() for value in values)


def _lists_of_texts(values: Iterable[Sequence[str] | None]) -> str:
    return _texts(None if value is None else _texts(value) for value in values)


_WORDS: dict[str, Callable[[Any], str]] = {
    "int2": _numbers, "int4": _numbers, "int8": _numbers, "timestamptz": _moments, "text": _texts, "bytea": _bytes,
    "jsonb": _documents, "text[]": _lists_of_texts, "int8[]": lambda lists: _texts(
        None if values is None else _numbers(values) for values in lists
    ),
}  # fmt: skip
