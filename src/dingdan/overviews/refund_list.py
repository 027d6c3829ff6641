"""The list of refunds: newest first, narrowed by what people ask for."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of refunds is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    order_id: int | None = None
    state: str | None = None
    states: tuple[str, ...] | None = None
    cause: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One refund as a list shows it; `amount` in minor units of `currency`."""

    id: int
    order_id: int
    merchant_id: int
    cause: str
    cause_id: int
    state: str
    currency: str
    amount: int
    requested_at: datetime
    approved_at: datetime | None
    settled_at: datetime | None


CONDITIONS = {
    "merchant_id": "merchant_id = {}",
    "order_id": "order_id = {}",
    "state": "state = {}",
    "states": "state = ANY({})",
    "cause": "cause = {}",
    "after": "id < {}",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One refund more than the slice asks for."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT id, order_id, merchant_id, cause, cause_id, state, currency, amount, requested_at, approved_at, settled_at
        FROM refunds {where} ORDER BY id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
