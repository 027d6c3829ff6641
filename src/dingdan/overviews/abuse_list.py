"""The list of flags: newest first, narrowed by what people ask for."""

from typing import Any

import msgspec

from dingdan.areas import abuse
from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open, without a state it is everything that goes on."""

    merchant_id: int | None = None
    state: str | None = None
    buyer_id: int | None = None
    level: int | None = None


CONDITIONS = {
    "merchant_id": "merchant_id = {}",
    "state": "state = {}",
    "buyer_id": "buyer_id = {}",
    "level": "level = {}",
    "after": "id < {}",
}
LIVING = "state IN ('open', 'asked', 'signed', 'confirmed', 'appealed')"
_COLUMNS = ", ".join(abuse.Flag.__struct_fields__)


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[abuse.Flag]:
    """One flag more than the slice asks for."""
    asked: dict[str, Any] = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    where, args = narrowed(CONDITIONS, asked)
    if wanted.state is None:
        where = f"{where} AND {LIVING}" if where else f"WHERE {LIVING}"
    rows = await tx.fetch(
        f"SELECT {_COLUMNS} FROM abuse_flags {where} ORDER BY id DESC LIMIT {slice_.limit + 1}",  # noqa: S608
        *args,
    )
    return [msgspec.convert(dict(row), abuse.Flag) for row in rows]
