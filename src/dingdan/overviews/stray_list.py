"""Parcels at the door that nobody announced: what must be matched first on top."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open, without a state it is all that are not matched or closed."""

    merchant_id: int | None = None
    warehouse_id: int | None = None
    state: str | None = None
    number: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One such parcel."""

    id: int
    merchant_id: int
    warehouse_id: int
    state: str
    carrier: str | None
    tracking_number: str | None
    grams: int | None
    is_empty: bool
    at: datetime
    match_by: datetime
    order_id: int | None
    return_id: int | None
    closed_because: str | None


CONDITIONS = {
    "merchant_id": "s.merchant_id = {}",
    "warehouse_id": "s.warehouse_id = {}",
    "state": "s.state = {}",
    "number": "s.tracking_number = {}",
    "after": "(s.match_by, s.id) > (SELECT a.match_by, a.id FROM strays a WHERE a.id = {})",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One parcel more than the slice asks for."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    if wanted.state is None and wanted.number is None:
        where = f"{where} AND s.ended_at IS NULL" if where else "WHERE s.ended_at IS NULL"
    rows = await tx.fetch(
        f"""
        SELECT {", ".join(Row.__struct_fields__)} FROM strays s {where}
        ORDER BY s.match_by, s.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]
