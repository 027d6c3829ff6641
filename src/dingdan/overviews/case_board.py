"""What went wrong and is not over: cases by what is due first, with who answers for each."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the board is narrowed to; None leaves it open, without a state it is everything that has not ended."""

    merchant_id: int | None = None
    state: str | None = None
    kind: str | None = None
    order_id: int | None = None
    staff_id: int | None = None
    role: str | None = None
    whose_turn: str | None = None
    due_before: datetime | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One case of the board; without a `staff_id` the queue of the role has it. `at_stake` is what its order cost."""

    id: int
    merchant_id: int
    order_id: int | None
    kind: str
    state: str
    level: int
    whose_turn: str
    role: str | None
    staff_id: int | None
    opened_at: datetime
    next_update_at: datetime
    due_at: datetime
    repeats: int
    plan: str | None
    currency: str | None
    at_stake: int | None


CONDITIONS = {
    "merchant_id": "c.merchant_id = {}",
    "state": "c.state = {}",
    "kind": "c.kind = {}",
    "order_id": "c.order_id = {}",
    "staff_id": "EXISTS (SELECT FROM case_owners w WHERE w.case_id = c.id AND w.until IS NULL AND w.staff_id = {})",
    "role": "EXISTS (SELECT FROM case_owners w WHERE w.case_id = c.id AND w.until IS NULL AND w.role = {})",
    "whose_turn": "c.whose_turn = {}",
    "due_before": "c.due_at < {}",
    "after": "(c.due_at, c.id) > (SELECT a.due_at, a.id FROM cases a WHERE a.id = {})",
}
# In these words the board's index knows itself.
UNENDED = "c.state IN ('open', 'investigating', 'remedied')"


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One case more than the slice asks for, what is overdue or due first at the top."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    if wanted.state is None:
        where = f"{where} AND {UNENDED}" if where else f"WHERE {UNENDED}"
    rows: list[Any] = await tx.fetch(
        f"""
        SELECT c.id, c.merchant_id, c.order_id, c.kind, c.state, c.level, c.whose_turn, o.role, o.staff_id, c.opened_at,
               c.next_update_at, c.due_at, c.repeats, c.plan, d.currency, d.total AS at_stake
        FROM (SELECT * FROM cases c {where} ORDER BY c.due_at, c.id LIMIT {slice_.limit + 1}) AS c
        LEFT JOIN case_owners o ON o.case_id = c.id AND o.until IS NULL LEFT JOIN orders d ON d.id = c.order_id
        ORDER BY c.due_at, c.id
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
