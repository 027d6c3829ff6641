"""Every statement of reconciliation."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.reconciliation.model import Difference, DifferenceKind, Line, LineKind, Statement
from dingdan.plumbing.tx import Tx

_STATEMENT = ", ".join(Statement.__struct_fields__)
_DIFFERENCE = Difference.__struct_fields__


async def open_statement(
    tx: Tx, provider: str, content_hash: bytes, *, covers_from: datetime | None, covers_until: datetime | None
) -> Statement:
    """A statement by its content, written down where it is new; whoever is second waits and gets the first's."""
    await tx.execute(
        """
        INSERT INTO statements (id, provider, content_hash, covers_from, covers_until, taken_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (provider, content_hash) DO NOTHING
        """,
        tx.mint(),
        provider,
        content_hash,
        covers_from,
        covers_until,
        tx.now,
    )
    row = await tx.fetchrow(
        f"SELECT {_STATEMENT} FROM statements WHERE provider = $1 AND content_hash = $2",  # noqa: S608
        provider,
        content_hash,
    )
    return Statement(**dict(row))


async def statement(tx: Tx, statement_id: int, *, lock: bool = False) -> Statement | None:
    """One statement."""
    row = await tx.fetchrow(
        f"SELECT {_STATEMENT} FROM statements WHERE id = $1 {'FOR UPDATE' if lock else ''}",  # noqa: S608
        statement_id,
    )
    return None if row is None else Statement(**dict(row))


async def statements(tx: Tx, *, after: int | None, limit: int) -> list[Statement]:
    """Statements, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_STATEMENT} FROM statements WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2
        """,  # noqa: S608
        after,
        limit,
    )
    return [Statement(**dict(row)) for row in rows]


async def add_lines(tx: Tx, statement: Statement, lines: Sequence[Line]) -> set[int]:
    """Write lines down; says which were not there yet."""
    rows = await tx.fetch(
        """
        INSERT INTO statement_lines (statement_id, line, provider, kind, provider_ref, number, state, currency, amount, at)
        SELECT $1, l, $2, k, r, n, s, c, a, t
        FROM unnest($3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::bigint[], $10::timestamptz[])
            AS new (l, k, r, n, s, c, a, t)
        ON CONFLICT (statement_id, line) DO NOTHING RETURNING line
        """,
        statement.id,
        statement.provider,
        [line.line for line in lines],
        [str(line.kind) for line in lines],
        [line.provider_ref for line in lines],
        [line.number for line in lines],
        [line.state for line in lines],
        [line.currency for line in lines],
        [line.amount for line in lines],
        [line.at for line in lines],
    )
    return {row["line"] for row in rows}


async def first_lines(tx: Tx, statement_id: int, refs: Iterable[str]) -> dict[tuple[str, str], int]:
    """On which line of a statement a (kind, reference) stands first."""
    rows = await tx.fetch(
        """
        SELECT kind, provider_ref, min(line) AS line FROM statement_lines
        WHERE statement_id = $1 AND provider_ref = ANY($2::text[]) GROUP BY kind, provider_ref
        """,
        statement_id,
        list(refs),
    )
    return {(row["kind"], row["provider_ref"]): row["line"] for row in rows}


async def told(tx: Tx, provider: str, kind: LineKind, refs: Iterable[str]) -> set[str]:
    """Which references a provider named in any statement so far."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT provider_ref FROM statement_lines
        WHERE provider = $1 AND kind = $2 AND provider_ref = ANY($3::text[])
        """,
        provider,
        str(kind),
        list(refs),
    )
    return {row["provider_ref"] for row in rows}


async def add_differences(tx: Tx, found: Sequence[Difference]) -> set[int]:
    """Write differences down; one that is there already is not written again. Says which were."""
    if not found:
        return set()
    rows = await tx.fetch(
        f"""
        INSERT INTO differences ({", ".join(_DIFFERENCE)})
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
            $8::bigint[], $9::int[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[],
            $16::timestamptz[], $17::timestamptz[], $18::text[], $19::text[], $20::bigint[])
        ON CONFLICT (statement_id, kind, line_kind, provider_ref, line) DO NOTHING RETURNING id
        """,  # noqa: S608
        *[[_plain(getattr(one, name)) for one in found] for name in _DIFFERENCE],
    )
    return {row["id"] for row in rows}


async def finish(tx: Tx, statement_id: int) -> tuple[int, int]:
    """Call a statement compared; gives how many lines and differences it has."""
    row = await tx.fetchrow(
        """
        UPDATE statements SET compared_at = $2,
            lines = (SELECT count(*) FROM statement_lines WHERE statement_id = $1)
        WHERE id = $1
        RETURNING lines, (SELECT count(*) FROM differences WHERE statement_id = $1) AS differences
        """,
        statement_id,
        tx.now,
    )
    return row["lines"], row["differences"]


async def note_unreadable(tx: Tx, statement_id: int, count: int) -> None:
    """Keep how many lines of a statement could not be read."""
    await tx.execute("UPDATE statements SET unreadable = $2 WHERE id = $1", statement_id, count)


async def span(tx: Tx, statement_id: int) -> tuple[datetime | None, datetime | None]:
    """The time that a statement's lines are of."""
    row = await tx.fetchrow(
        "SELECT min(at) AS since, max(at) AS until FROM statement_lines WHERE statement_id = $1", statement_id
    )
    return row["since"], row["until"]


async def difference(tx: Tx, difference_id: int, *, lock: bool = False) -> Difference | None:
    """One difference."""
    row = await tx.fetchrow(
        f"SELECT {', '.join(_DIFFERENCE)} FROM differences WHERE id = $1 {'FOR UPDATE' if lock else ''}",  # noqa: S608
        difference_id,
    )
    return None if row is None else _difference(row)


async def differences(
    tx: Tx,
    *,
    merchant_id: int | None,
    statement_id: int | None,
    kind: DifferenceKind | None,
    is_open: bool | None,
    after: int | None,
    limit: int,
) -> list[Difference]:
    """Differences, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {", ".join(_DIFFERENCE)} FROM differences
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND ($2::bigint IS NULL OR statement_id = $2)
          AND ($3::text IS NULL OR kind = $3) AND ($4::boolean IS NULL OR (resolved_at IS NULL) = $4)
          AND ($5::bigint IS NULL OR id < $5)
        ORDER BY id DESC LIMIT $6
        """,  # noqa: S608
        merchant_id,
        statement_id,
        None if kind is None else str(kind),
        is_open,
        after,
        limit,
    )
    return [_difference(row) for row in rows]


async def counts(tx: Tx, statement_id: int) -> dict[str, tuple[int, int]]:
    """How many differences a statement has of each kind, and how many of them are open."""
    rows = await tx.fetch(
        """
        SELECT kind, count(*) AS found, count(*) FILTER (WHERE resolved_at IS NULL) AS open FROM differences
        WHERE statement_id = $1 GROUP BY kind
        """,
        statement_id,
    )
    return {row["kind"]: (row["found"], row["open"]) for row in rows}


async def resolve(tx: Tx, difference_id: int, resolution: str) -> None:
    """Say what became of a difference, and who says so."""
    await tx.execute(
        """
        UPDATE differences SET resolved_at = $2, resolution = $3, resolved_by_kind = $4, resolved_by = $5 WHERE id = $1
        """,
        difference_id,
        tx.now,
        resolution,
        str(tx.actor.kind),
        tx.actor.id,
    )


def _difference(row: Any) -> Difference:
    return msgspec.convert(dict(row), Difference)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, LineKind | DifferenceKind) else value
