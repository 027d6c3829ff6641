"""What buyers want invoices for, newest first: without the titles, which are sealed."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One wish for an invoice."""

    id: int
    order_id: int
    merchant_id: int
    kind: str
    corrects: int | None
    state: str
    asked_at: datetime


CONDITIONS = {"merchant_id": "merchant_id = {}", "state": "state = {}", "after": "id < {}"}


async def page(tx: Tx, merchant_id: int | None, state: str | None, slice_: Page) -> list[Row]:
    """One wish more than the slice asks for."""
    where, args = narrowed(CONDITIONS, {"merchant_id": merchant_id, "state": state, "after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT id, order_id, merchant_id, kind, corrects, state, asked_at
        FROM invoice_requests {where} ORDER BY id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
