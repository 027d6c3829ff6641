"""Who waits for a second look: reviews by what is due first, with the order that each is about."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas import review
from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue is narrowed to; None leaves it open, without a state it is everything that nobody has decided."""

    merchant_id: int | None = None
    state: str | None = None
    owner: str | None = None
    claimed_by: int | None = None
    due_before: datetime | None = None
    rule: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One review of the queue; `total` in minor units of `currency`, `rules` are the codes of those that spoke."""

    id: int
    order_id: int
    merchant_id: int
    state: str
    owner: review.Owner
    rules: list[str]
    currency: str
    total: int
    opened_at: datetime
    due_at: datetime
    decide_by: datetime
    claimed_by_kind: str | None
    claimed_by: int | None
    is_escalated: bool
    is_blocked: bool
    is_signed: bool


CONDITIONS = {
    "merchant_id": "r.merchant_id = {}",
    "state": "r.state = {}",
    "owner": "r.owner = {}",
    "claimed_by": "r.claimed_by = {}",
    "due_before": "r.due_at < {}",
    "rule": "r.reasons @> {}::jsonb",
    "after": "(r.due_at, r.id) > (SELECT a.due_at, a.id FROM reviews a WHERE a.id = {})",
}
# In these words the queue's index knows itself.
UNDECIDED = "r.state IN ('open', 'claimed', 'asked', 'signed', 'escalated')"

_COLUMNS = """
    r.id, r.order_id, r.merchant_id, r.state, r.owner, r.opened_at, r.due_at, r.decide_by, r.claimed_by_kind,
    r.claimed_by, r.escalated_at IS NOT NULL AS is_escalated, r.blocked_at IS NOT NULL AS is_blocked,
    r.signed_by IS NOT NULL AS is_signed, o.currency, o.total,
    ARRAY(SELECT reason ->> 'rule' FROM jsonb_array_elements(r.reasons) AS reason) AS rules
"""


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One review more than the slice asks for, what is due first at the top."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    if wanted.rule is not None:
        asked["rule"] = [{"rule": wanted.rule}]
    where, args = narrowed(CONDITIONS, asked)
    if wanted.state is None:
        where = f"{where} AND {UNDECIDED}" if where else f"WHERE {UNDECIDED}"
    rows = await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM (
            SELECT * FROM reviews r {where} ORDER BY r.due_at, r.id LIMIT {slice_.limit + 1}
        ) AS r JOIN orders o ON o.id = r.order_id ORDER BY r.due_at, r.id
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]


async def some(tx: Tx, review_ids: Collection[int]) -> list[Row]:
    """These reviews, what is due first at the top."""
    rows = await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM reviews r JOIN orders o ON o.id = r.order_id
        WHERE r.id = ANY($1::bigint[]) ORDER BY r.due_at, r.id
        """,  # noqa: S608
        list(review_ids),
    )
    return [Row(**dict(row)) for row in rows]
