"""Questions of several areas in one round trip: each words its own, whoever needs many puts them together."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")
U = TypeVar("U")


class Ask(msgspec.Struct, Generic[T], frozen=True):
    """A statement that reads, not put yet: with the names of its columns, and how its rows are understood."""

    sql: str
    args: tuple[Any, ...]
    names: tuple[str, ...]
    read: Callable[[Sequence[Mapping[str, Any]]], T]

    def then(self, understand: Callable[[T], U]) -> "Ask[U]":
        """The same question with an answer that is understood further."""
        return Ask(self.sql, self.args, self.names, lambda rows: understand(self.read(rows)))


async def put(connection: Any, asks: Sequence[Ask[Any]]) -> list[Any]:
    """Put questions by one statement; an answer for each, all from the same moment."""
    row = await connection.fetchrow(_statement(tuple(ask.sql for ask in asks)), *[a for ask in asks for a in ask.args])
    return [
        ask.read([dict(zip(ask.names, values, strict=True)) for values in rows])
        for ask, rows in zip(asks, row, strict=True)
    ]


@lru_cache(maxsize=500)
def _statement(questions: tuple[str, ...]) -> str:
    """Each question's rows as a list of one row."""
    lists, before = [], 0
    for sql in questions:
        numbered = re.sub(r"\$(\d+)", lambda found, past=before: f"${int(found[1]) + past}", sql)  # type: ignore[misc]
        lists.append(f"ARRAY(SELECT q FROM ({numbered}) AS q)")  # noqa: S608 - questions come from stores
        before += max((int(number) for number in re.findall(r"\$(\d+)", sql)), default=0)
    return "SELECT " + ", ".join(lists)
