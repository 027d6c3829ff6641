"""Rows of several tables go out in one statement, and arrive as a COPY would have brought them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dingdan.areas.merchants.store import asking_by_ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.plumbing.writing import MOST

KINDS = (
    "smallint", "integer", "bigint", "timestamptz", "text", "bytea", "jsonb", "text[]", "bigint[]", "boolean", "interval",
    "date",
)  # fmt: skip
COLUMNS = tuple(f"c{n}" for n in range(len(KINDS)))
WORDS = st.one_of(st.sampled_from(['"', "\\", '\\"', "{a,b}", "NULL", "", " ", "'", "杯子\n", "\\x00"]), st.text(
    st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=5
))  # fmt: skip
LONG = st.integers(-(2**63), 2**63 - 1)
# The driver takes the first and the last day of Python's calendar for the two infinities.
WITHIN = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - hypothesis adds the zone
ROWS = st.tuples(*map(st.one_of, [st.none()] * len(KINDS), (
    st.integers(-(2**15), 2**15 - 1), st.integers(-(2**31), 2**31 - 1), LONG,
    st.datetimes(*WITHIN, timezones=st.just(UTC)), WORDS, st.binary(max_size=5),
    st.dictionaries(WORDS, st.one_of(WORDS, st.integers(-(2**31), 2**31), st.lists(WORDS, max_size=2)), max_size=2),
    st.lists(WORDS, max_size=3), st.lists(LONG, max_size=3), st.booleans(), st.just(timedelta(days=1, seconds=5)),
    st.dates(*(one.date() for one in WITHIN)),
)))  # fmt: skip


async def tables(tx: Tx, *names: str) -> None:
    for name in names:
        columns = ", ".join(f"{column} {kind}" for column, kind in zip(COLUMNS, KINDS, strict=True))
        await tx.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")


async def read(tx: Tx, name: str) -> list[Any]:
    return [tuple(row) for row in await tx.fetch(f"SELECT * FROM {name}")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=5))
async def test_what_is_gathered_arrives_as_by_copy(db: Database, rows: list[Any]) -> None:
    async with db.transaction(SYSTEM) as tx:
        await tables(tx, "alone", "first", "second")
        await tx.copy("alone", COLUMNS, rows)
        wanted = await read(tx, "alone")
        await tx.copy("first", COLUMNS, rows)
        await tx.copy("second", COLUMNS, rows)
        assert await read(tx, "first") == await read(tx, "second") == wanted


async def test_rows_are_there_before_the_next_statement_and_may_point_at_each_other(db: Database) -> None:
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("CREATE TEMP TABLE whole (id bigint PRIMARY KEY) ON COMMIT DROP")
        await tx.execute("CREATE TEMP TABLE part (id bigint REFERENCES whole (id)) ON COMMIT DROP")
        await tx.copy("whole", ("id",), [(1,), (2,)])
        await tx.copy("part", ("id",), [(2,)])
        assert await tx.fetchval("SELECT count(*) FROM part") == 1
        await tx.copy("part", ("id",), [(1,)] * (MOST + 1))
        await tx.copy("whole", ("id",), [])
        assert await tx.execute("DELETE FROM part") == MOST + 2


async def test_what_does_not_fit_ends_the_transaction_at_the_latest_with_the_commit(db: Database) -> None:
    row = {"principal": 1, "key": "k", "fingerprint": b"f", "at": datetime.now(UTC)}

    async def twice(tx: Tx) -> None:
        await tx.copy("idempotency_keys", tuple(row), [tuple(row.values())])
        await tx.copy("idempotency_keys", tuple(row), [tuple(row.values())])

    with pytest.raises(asyncpg.UniqueViolationError):
        await do(db, SYSTEM, twice)
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM idempotency_keys") == 0


async def test_questions_that_are_put_together_are_answered_as_if_each_stood_alone(db: Database) -> None:
    words = Ask("SELECT w, $2::int AS n FROM unnest($1::text[]) AS w", (["a", '"b"'], 7), ("w", "n"), list)
    nothing = Ask("SELECT NULL::bigint AS i WHERE $1::bool", (False,), ("i",), list)
    async with db.transaction(SYSTEM) as tx:
        together = await tx.ask_all(words, nothing, asking_by_ids([1]), words.then(len))
        assert together == [[{"w": "a", "n": 7}, {"w": '"b"', "n": 7}], [], [], 2]
        assert [dict(row) for row in await tx.ask(words)] == together[0]
