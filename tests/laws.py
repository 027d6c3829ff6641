"""The last look of every test that writes: whether each law holds, asked of functions whose plans the connection keeps."""

import functools
import re
from collections.abc import Collection, Sequence
from typing import Any

from dingdan.overviews import invariants

# Where one of these stands, an empty table does not make the whole empty.
_NOT_ALL = re.compile(r"\b(UNION|EXCEPT|INTERSECT|FULL|RIGHT)\b")
_SOURCE = re.compile(r"(?<!LEFT )\b(?:FROM|JOIN)\s+([a-z_][a-z_0-9.]*)")
_SUMS = re.compile(r"\b(?:count|sum|max|min|avg|bool_and|bool_or|array_agg|string_agg|jsonb_agg)\s*\(")

# What a connection for the last look is opened with: the tables of a test have few rows, any plan will do.
AS_WRITTEN = {"join_collapse_limit": "1", "from_collapse_limit": "1"}


class Watch:
    """The laws over one connection: each is a function of its session, so that it is planned once and not for every test.

    A law of the rows of many tables is a function for each of them. One with arguments is a statement that the driver keeps.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def begin(self, tables: Collection[str]) -> "Watch":
        """Write the functions; what is looked for among all tables is looked for among these."""
        written = {
            name: sql
            for law in invariants.INVARIANTS
            if not law.args
            for name, sql in (_parts(law) or {_called(law): law.of_filled(tables)}).items()
        }
        await self.connection.execute(
            "".join(
                f"CREATE FUNCTION pg_temp.{name}() RETURNS boolean LANGUAGE plpgsql "
                f"AS $law$ BEGIN RETURN EXISTS ({sql}); END $law$;"
                for name, sql in written.items()
            )
        )
        return self

    async def broken(self, filled: Collection[str], empty: Collection[str]) -> list[invariants.Result]:
        """What breaks the laws that hold at every moment; empty when all is well."""
        fired = await self.fired(breakable(filled, empty), filled)
        found = await invariants.sweep(self.connection, fired) if fired else []
        return [result for result in found if result.count]

    async def fired(
        self, wanted: Sequence[invariants.Invariant], filled: Collection[str]
    ) -> list[invariants.Invariant]:
        """Those of these laws that a row breaks."""
        asked = [
            (law, name)
            for law in wanted
            if not law.args
            for name in (_parts(law, filled) if law.by_table else [_called(law)])
        ]
        row = (
            await self.connection.fetchrow("SELECT " + ",".join(f"pg_temp.{name}()" for _, name in asked))
            if asked
            else []
        )
        fired = {law.name for (law, _), is_broken in zip(asked, row, strict=True) if is_broken}
        for law in wanted:
            if law.args and await self.connection.fetchval(f"SELECT EXISTS ({law.sql})", *law.args):
                fired.add(law.name)
        return [law for law in wanted if law.name in fired]


def _called(law: invariants.Invariant) -> str:
    return law.name.lower()


def _parts(law: invariants.Invariant, filled: Collection[str] | None = None) -> dict[str, str]:
    """The functions of a law of many tables, by name: of all, or of the filled."""
    numbered = enumerate(law.by_table.items())
    return {f"{_called(law)}_{n}": sql for n, (table, sql) in numbered if filled is None or table in filled}


def breakable(filled: Collection[str], empty: Collection[str]) -> list[invariants.Invariant]:
    """The laws that hold at every moment and of whose tables enough have rows."""
    return [
        law
        for law in invariants.INVARIANTS
        if not law.needs_settled and not names(law.sql).isdisjoint(filled) and needed(law.sql).isdisjoint(empty)
    ]


async def tables_of(connection: Any) -> set[str]:
    """Every table of ours."""
    return {
        row["name"]
        for row in await connection.fetch(
            """
            SELECT oid::regclass::text AS name FROM pg_class
            WHERE relkind = 'r' AND relpersistence <> 't' AND relnamespace NOT IN (
                'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
            """
        )
    }


async def filled_of(connection: Any, tables: Collection[str]) -> set[str]:
    """Those of these tables with a row in them."""
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in sorted(tables))
    return {row[0] for row in await connection.fetch(asked)}


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
