"""Orders made on a channel with what does not fit about them, newest first."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open. `problem` is a kind of open problem, or `any`."""

    channel_id: int
    number: str | None = None
    problem: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One order as its channel told it; `order_id` is ours, `state` where it stands."""

    id: int
    merchant_id: int
    channel_id: int
    number: str
    order_id: int | None
    state: str | None
    currency: str
    total: int
    placed_at: datetime
    updated_at: datetime
    recorded_at: datetime
    cancelled_at: datetime | None
    problems: list[str]


_OPEN = "SELECT FROM channel_problems p WHERE p.channel_order_id = c.id AND p.state = 'open'"
CONDITIONS = {
    "channel_id": "c.channel_id = {}",
    "number": "c.number = {}",
    "after": "c.id < {}",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One order more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    kind = asked.pop("problem")
    conditions = dict(CONDITIONS)
    if kind == "any":
        conditions["problem"] = f"EXISTS ({_OPEN} AND {{}}::text IS NOT NULL)"
    elif kind is not None:
        conditions["problem"] = f"EXISTS ({_OPEN} AND p.kind = {{}})"
    where, args = narrowed(conditions, asked | {"problem": kind})
    return await _rows(tx, where, args, slice_.limit + 1)


async def one(tx: Tx, channel_order_id: int) -> Row:
    """One order of a channel."""
    (row,) = await _rows(tx, "WHERE c.id = $1", [channel_order_id], 1)
    return row


async def _rows(tx: Tx, where: str, args: list[Any], limit: int) -> list[Row]:
    rows = await tx.fetch(
        f"""
        SELECT c.id, c.merchant_id, c.channel_id, c.number, c.order_id, o.state, c.currency, c.total, c.placed_at,
               c.updated_at, c.recorded_at, c.cancelled_at,
               ARRAY(SELECT p.kind FROM channel_problems p WHERE p.channel_order_id = c.id AND p.state = 'open'
                     ORDER BY p.kind) AS problems
        FROM (SELECT * FROM channel_orders c {where} ORDER BY c.id DESC LIMIT {limit}) AS c
        LEFT JOIN orders o ON o.id = c.order_id ORDER BY c.id DESC
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
