"""Purses and cards, newest first, as far as the reader sees them."""

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A purse as a list shows it, in minor units or points; `tail` and the moments are a card's."""

    id: int
    merchant_id: int | None
    buyer_id: int | None
    kind: str
    unit: str
    balance: int
    held: int
    tail: str | None
    expires_at: object
    blocked_at: object


CONDITIONS = {
    "merchant_id": "p.merchant_id = {}", "kind": "p.kind = {}", "tail": "c.tail = {}", "buyer_id": "p.buyer_id = {}",
    "after": "p.id < {}",
}  # fmt: skip


async def page(
    tx: Tx, slice_: Page, *, merchant_id: int | None, kind: str | None, tail: str | None, buyer_id: int | None
) -> list[Row]:
    """One purse more than the slice asks for, so that the caller sees whether there is a next one."""
    where, args = narrowed(CONDITIONS, {
        "merchant_id": merchant_id, "kind": kind, "tail": tail, "buyer_id": buyer_id, "after": slice_.after,
    })  # fmt: skip
    rows = await tx.fetch(
        f"""
        SELECT p.id, p.merchant_id, p.buyer_id, p.kind, p.unit, p.balance, p.held, c.tail, c.expires_at, c.blocked_at
        FROM purses p LEFT JOIN cards c ON c.purse_id = p.id {where} ORDER BY p.id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
