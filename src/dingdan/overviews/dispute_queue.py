"""Disputes for those who work on them: what is due first at the top."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx

# Of each state its own time; what was promised before it is over.
_DUE = """COALESCE(d.still_until, CASE d.state WHEN 'showing' THEN d.turn_by
    WHEN 'answering' THEN d.turn_by WHEN 'ruled' THEN d.appeal_by
    WHEN 'final' THEN d.do_by WHEN 'executed' THEN d.ended_at WHEN 'withdrawn' THEN d.ended_at
    WHEN 'agreed' THEN d.ended_at ELSE d.rule_by END)"""
# Whose turn it is, by the clock that runs.
TURNS: dict[str, list[str]] = {
    "buyer": ["dispute.buyer_turn"], "seller": ["dispute.seller_turn", "dispute.comply"], "platform": ["dispute.rule"],
}  # fmt: skip


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    order_id: int | None = None
    state: str | None = None
    issue: str | None = None
    turn: str | None = None
    due_before: datetime | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One dispute; `is_proposed`: a ruling waits for a second signature."""

    id: int
    order_id: int
    merchant_id: int
    subject: str
    subject_id: int
    issue: str
    side: str
    state: str
    silent: str | None
    opened_at: datetime
    due_at: datetime
    stands_still: bool
    is_proposed: bool


CONDITIONS = {
    "merchant_id": "d.merchant_id = {}",
    "order_id": "d.order_id = {}",
    "state": "d.state = {}",
    "issue": "d.issue = {}",
    "turn": """EXISTS (SELECT FROM deadlines t WHERE t.subject_id = d.id AND t.kind = ANY({}::text[])
        AND t.paused_at IS NULL)""",
    "due_before": f"{_DUE} < {{}}",
    "after": f"({_DUE}, d.id) > (SELECT {_DUE}, d.id FROM disputes d WHERE d.id = {{}})",  # noqa: S608 - our own words
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One dispute more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    asked["turn"] = TURNS[wanted.turn] if wanted.turn is not None else None
    where, args = narrowed(CONDITIONS, asked)
    # What is over is found by its order or its state.
    is_named = wanted.state is not None or wanted.order_id is not None
    open_only = "" if is_named else "d.state NOT IN ('executed', 'withdrawn', 'agreed')"
    where = f"{where} AND {open_only}" if where and open_only else where or (f"WHERE {open_only}" if open_only else "")
    rows = await tx.fetch(
        f"""
        SELECT d.id, d.order_id, d.merchant_id, d.subject, d.subject_id, d.issue, d.side, d.state, d.silent, d.opened_at,
               {_DUE} AS due_at, d.still_until IS NOT NULL AS stands_still,
               EXISTS (SELECT FROM dispute_rulings r WHERE r.dispute_id = d.id AND r.state = 'proposed') AS is_proposed
        FROM disputes d {where} ORDER BY {_DUE}, d.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
