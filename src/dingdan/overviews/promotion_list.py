"""Promotions and coupons of whoever one reaches, newest first; the platform's hold for every merchant and are shown to all."""

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    state: str | None = None
    coupons: bool | None = None


class Row(msgspec.Struct, frozen=True):
    """One of them, to be read whole by its id."""

    id: int


CONDITIONS = {
    "merchant_id": "merchant_id = {}", "state": "state = {}", "coupons": "(code IS NOT NULL) = {}", "after": "id < {}",
}  # fmt: skip


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One more than the slice asks for."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    if tx.actor.merchant_id is not None:
        args.append(tx.actor.merchant_id)
        own = f"(merchant_id = ${len(args)} OR merchant_id IS NULL)"
        where = f"{where} AND {own}" if where else f"WHERE {own}"
    rows = await tx.fetch(
        f"SELECT id FROM promotions {where} ORDER BY id DESC LIMIT {slice_.limit + 1}",  # noqa: S608
        *args,
    )
    return [Row(row["id"]) for row in rows]
