"""The list of merchants' accounts: newest first, narrowed by what people ask for."""

from typing import Any

import msgspec

from dingdan.areas import settlements
from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    currency: str | None = None
    state: str | None = None


CONDITIONS = {
    "merchant_id": "merchant_id = {}",
    "currency": "currency = {}",
    "state": "state = {}",
    "after": "id < {}",
}
_COLUMNS = ", ".join(settlements.Settlement.__struct_fields__)


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[settlements.Settlement]:
    """One account more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    where, args = narrowed(CONDITIONS, asked)
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM settlements {where} ORDER BY id DESC LIMIT {slice_.limit + 1}",  # noqa: S608
        *args,
    )
    return [msgspec.convert(dict(row), settlements.Settlement) for row in rows]
