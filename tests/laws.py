"""The last look of every test that writes: whether each law holds, asked in one call as planning is nearly all it costs."""

import functools
import re
from collections.abc import Collection, Sequence
from typing import Any

import asyncpg

from dingdan.overviews import invariants

# Where one of these stands, an empty table does not make the whole empty.
_NOT_ALL = re.compile(r"\b(UNION|EXCEPT|INTERSECT|FULL|RIGHT)\b")
_SOURCE = re.compile(r"(?<!LEFT )\b(?:FROM|JOIN)\s+([a-z_][a-z_0-9.]*)")
_SUMS = re.compile(r"\b(?:count|sum|max|min|avg|bool_and|bool_or|array_agg|string_agg|jsonb_agg)\s*\(")


# What a connection for the last look is opened with: the tables of a test have few rows, any plan will do.
AS_WRITTEN = {"join_collapse_limit": "1", "from_collapse_limit": "1"}


async def broken(connection: Any) -> list[invariants.Result]:
    """What breaks the laws that hold at every moment; empty when all is well."""
    filled, empty = await tables_of(connection)
    able = breakable(filled, empty)
    asked_alone = [law for law in able if law.args or law.only_with]
    found = await invariants.sweep(connection, asked_alone) if asked_alone else []
    if not await hold(connection, [law for law in able if law not in asked_alone], filled):
        found = await invariants.sweep(connection, able)
    return [result for result in found if result.count]


async def hold(connection: Any, wanted: Sequence[invariants.Invariant], filled: Collection[str]) -> bool:
    """Whether no row breaks these laws: each asks for one over zero, where there is a row that does."""
    asked = [sql for law in wanted if (sql := law.of_filled(filled))]
    if not asked:
        return True
    try:
        async with connection.transaction():
            await connection.execute(";".join(f"SELECT 1 / (NOT EXISTS ({sql}))::int" for sql in asked))
    except asyncpg.DivisionByZeroError:
        return False
    return True


def breakable(filled: Collection[str], empty: Collection[str]) -> list[invariants.Invariant]:
    """The laws that hold at every moment and of whose tables enough have rows."""
    return [
        law
        for law in invariants.INVARIANTS
        if not law.needs_settled and not names(law.sql).isdisjoint(filled) and needed(law.sql).isdisjoint(empty)
    ]


async def tables_of(connection: Any) -> tuple[set[str], set[str]]:
    """The tables with anything in them, and the empty ones; a view does not say and counts as filled."""
    found = await connection.fetch(
        """
        SELECT oid::regclass::text AS name, relkind <> 'r' OR pg_relation_size(oid) > 0 AS is_filled FROM pg_class
        WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace NOT IN (
            'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
        """
    )
    return {row["name"] for row in found if row["is_filled"]}, {row["name"] for row in found if not row["is_filled"]}


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
