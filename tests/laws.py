"""Which laws the rows of a database can break at all: planning the others is most of what a test's last look costs."""

import functools
import re
from typing import Any

from dingdan.overviews import invariants

# Where one of these stands, an empty table does not make the whole empty.
_NOT_ALL = re.compile(r"\b(UNION|EXCEPT|INTERSECT|FULL|RIGHT)\b")
_SOURCE = re.compile(r"(?<!LEFT )\b(?:FROM|JOIN)\s+([a-z_][a-z_0-9.]*)")
_SUMS = re.compile(r"\b(?:count|sum|max|min|avg|bool_and|bool_or|array_agg|string_agg|jsonb_agg)\s*\(")


async def breakable(connection: Any) -> list[invariants.Invariant]:
    """The laws that hold at every moment and of whose tables enough have rows."""
    filled = await invariants.filled_tables(connection)
    tables = await connection.fetch("SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r'")
    empty = {row["name"] for row in tables} - filled
    return [
        law
        for law in invariants.INVARIANTS
        if not law.needs_settled and not names(law.sql).isdisjoint(filled) and needed(law.sql).isdisjoint(empty)
    ]


@functools.cache
def names(sql: str) -> frozenset[str]:
    """Every name in a statement: where all tables among them are empty, no row can break the law."""
    return frozenset(re.findall(r"[a-z_][a-z_0-9.]*", sql))


@functools.cache
def needed(sql: str) -> frozenset[str]:
    """The tables without whose rows a plain SELECT finds nothing: those that it reads from or joins, but for LEFT ones."""
    if _NOT_ALL.search(sql) or not re.match(r"\s*SELECT\b", sql):
        return frozenset()
    outside = _outside_of_brackets(sql)
    head, _, _ = outside.partition("FROM")
    if _SUMS.search(head) and "GROUP BY" not in outside:
        return frozenset()
    return frozenset(_SOURCE.findall(outside))


def _outside_of_brackets(sql: str) -> str:
    kept, depth = [], 0
    for letter in sql:
        depth -= letter == ")"
        if not depth:
            kept.append(letter)
        depth += letter == "("
    return "".join(kept)
