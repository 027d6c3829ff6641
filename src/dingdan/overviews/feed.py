"""The feed of facts, by position only: never skipped, never twice."""

from typing import Any

import msgspec

from dingdan.plumbing import outbox
from dingdan.plumbing.tx import Tx

# A reader who may see few of the facts looks at this many at once; then it says how far it came.
STRETCH = 50_000


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of the feed; `position` is where to go on, however few of its facts the reader may see."""

    facts: list[outbox.Fact]
    position: int


async def newest(connection: Any) -> int:
    """The newest position that is committed. Positions are given in order by one hand, so all before it are, too.

    Asked without row security: a reader's own newest fact says nothing about how far it has read.
    """
    position: int = await connection.fetchval("SELECT COALESCE(max(position), 0) FROM facts")
    return position


async def newest_of(connection: Any, order_id: int) -> int:
    """The newest fact of one order, by its id: another one means that there is news of it. Asked without row security."""
    newest: int = await connection.fetchval("SELECT COALESCE(max(id), 0) FROM facts WHERE order_id = $1", order_id)
    return newest


async def stretch(tx: Tx, after: int, until: int, *, wires: list[str] | None, limit: int) -> Stretch:
    """Facts behind one position and up to another that is committed, of those that the reader may see."""
    until = min(until, after + STRETCH)
    rows = await tx.fetch(
        """
        SELECT position, id, wire, subject, subject_id, order_id, merchant_id, machine, was, now, rule,
               actor_kind, actor_id, correlation, at, data
        FROM facts
        WHERE position > $1 AND position <= $2 AND ($3::text[] IS NULL OR wire = ANY($3)) ORDER BY position LIMIT $4
        """,
        after,
        until,
        wires,
        limit,
    )
    facts = [outbox.Fact(**dict(row)) for row in rows]
    return Stretch(facts, facts[-1].position if len(facts) == limit else max(after, until))
