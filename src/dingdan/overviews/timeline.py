"""What happened to a thing, in order: the same facts that everything else follows from."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas import orders
from dingdan.plumbing.tx import Tx

MOST = 2_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a story: when, who, about what, from where to where, by which rule."""

    id: int
    at: datetime
    wire: str
    subject: str
    subject_id: int
    actor_kind: str
    actor_id: int | None
    machine: str | None
    was: str | None
    now: str | None
    rule: str
    data: dict[str, Any]


_FACTS = """
    SELECT id, at, wire, subject, subject_id, actor_kind, actor_id, machine, was, now, rule, data FROM facts
"""


async def of_order(tx: Tx, order_id: int) -> list[Entry]:
    """The story of an order with its payments, parcels, returns and refunds.

    That the staff wrote something for each other is nothing for whoever may not read it.
    """
    hidden = frozenset() if tx.actor.may("note.read") else orders.OF_THE_STAFF
    rows = await tx.fetch(
        f"{_FACTS} WHERE order_id = $1 AND wire <> ALL($2::text[]) ORDER BY at, id LIMIT {MOST}",
        order_id,
        sorted(hidden),
    )
    return [Entry(**dict(row)) for row in rows]


async def of_return(tx: Tx, return_id: int) -> list[Entry]:
    """The story of a return with the refund that it caused."""
    rows = await tx.fetch(
        f"""
        {_FACTS} WHERE subject_id = $1 AND subject = 'return'
        UNION ALL
        {_FACTS} WHERE subject = 'refund'
            AND subject_id = ANY(ARRAY(SELECT id FROM refunds WHERE cause = 'return' AND cause_id = $1))
        ORDER BY at, id LIMIT {MOST}
        """,  # noqa: S608 - a constant
        return_id,
    )
    return [Entry(**dict(row)) for row in rows]
