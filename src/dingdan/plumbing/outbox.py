"""Facts, stored with the change that made them true, and handed out in one order that never skips."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dingdan.kernel.event import REGISTRY, Event, payload
from dingdan.plumbing.telemetry import correlation
from dingdan.plumbing.tx import Tx

COLUMNS = (
    "id", "wire", "subject", "subject_id", "order_id", "merchant_id", "machine", "was", "now", "version", "rule",
    "actor_kind", "actor_id", "correlation", "at", "data",
)  # fmt: skip

# Only one sequencer gives positions at a time; the number is ours alone.
SEQUENCER_LOCK = 0x64696E67_0001


class Fact(msgspec.Struct, frozen=True):
    """A stored fact as readers get it: its place in the one order, and the event itself as JSON."""

    position: int
    id: int
    wire: str
    subject: str
    subject_id: int
    order_id: int | None
    merchant_id: int | None
    machine: str | None
    was: str | None
    now: str | None
    rule: str
    actor_kind: str
    actor_id: int | None
    correlation: str
    at: Any
    data: dict[str, Any]


async def store(tx: Tx) -> None:
    """Write what the transaction announced; called once, just before its commit."""
    if not tx.facts:
        return
    ids = tx.mint_many(len(tx.facts))
    await tx.copy("facts", COLUMNS, [_row(tx, fact_id, event) for fact_id, event in zip(ids, tx.facts, strict=True)])
    tx.facts.clear()


def _row(tx: Tx, fact_id: int, event: Event) -> tuple[Any, ...]:
    move, actor = event.move, tx.actor
    step = (move.machine, move.was, move.now, move.version) if move else (None, None, None, None)
    about = (type(event).wire, type(event).subject, event.subject_id, event.order_id, event.merchant_id)
    word = tx.correlations.get(event.order_id or 0) or correlation.get()
    by = (str(actor.kind), actor.id, word)
    return (fact_id, *about, *step, event.rule, *by, tx.now, payload(event))


async def sequence(db: Any, limit: int = 5_000) -> int:
    """Give positions to committed facts that have none, oldest first; says how many.

    Commits do not happen in id order. Positions are given after commit, by one sequencer at a time, so that
    a reader who goes by position never skips one and never sees one twice.
    """
    async with db.connection() as connection, connection.transaction():
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", SEQUENCER_LOCK):
            return 0
        tag = await connection.execute(
            """
            WITH next AS MATERIALIZED (SELECT id FROM facts WHERE position IS NULL ORDER BY id LIMIT $1),
            placed AS MATERIALIZED (SELECT id, nextval('fact_positions') AS place FROM next ORDER BY id)
            UPDATE facts SET position = placed.place FROM placed WHERE facts.id = placed.id
            """,
            limit,
        )
        placed = int(tag.rpartition(" ")[2])
        if placed:
            await connection.execute("NOTIFY facts")
        return placed


async def after(tx: Tx, position: int, *, wires: list[str] | None, limit: int) -> list[Fact]:
    """Facts behind a position, in order; of these wires only, if any are named."""
    rows = await tx.fetch(
        """
        SELECT position, id, wire, subject, subject_id, order_id, merchant_id, machine, was, now, rule,
               actor_kind, actor_id, correlation, at, data
        FROM facts WHERE position > $1 AND ($2::text[] IS NULL OR wire = ANY($2)) ORDER BY position LIMIT $3
        """,
        position,
        wires,
        limit,
    )
    return [Fact(**dict(row)) for row in rows]


async def by_ids(tx: Tx, ids: Iterable[int]) -> dict[int, Fact]:
    """Facts by their ids, those that have a place already."""
    rows = await tx.fetch(
        """
        SELECT position, id, wire, subject, subject_id, order_id, merchant_id, machine, was, now, rule,
               actor_kind, actor_id, correlation, at, data
        FROM facts WHERE id = ANY($1::bigint[]) AND position IS NOT NULL
        """,
        list(ids),
    )
    return {row["id"]: Fact(**dict(row)) for row in rows}


def event_of(fact: Fact) -> Event:
    """The event a fact was made from (its lifecycle step stays with the fact)."""
    cls = REGISTRY[fact.wire]
    base = {"subject_id": fact.subject_id, "merchant_id": fact.merchant_id, "order_id": fact.order_id}
    return msgspec.convert({**base, "rule": fact.rule, **fact.data}, cls)
