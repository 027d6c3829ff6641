"""What is due: every open deadline by its time, so that what is overdue or failing stands first."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a list goes on: behind the deadline of this moment, kind and subject."""

    due_at: datetime
    kind: str
    subject_id: int


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open. Clocks that stand still are due never, so they come apart."""

    merchant_id: int | None = None
    kind: str | None = None
    due_before: datetime | None = None
    is_paused: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline as the list shows it."""

    kind: str
    subject_id: int
    merchant_id: int | None
    order_id: int | None
    due_at: datetime
    step: int
    next_at: datetime | None
    paused_at: datetime | None
    left_when_paused: Any
    waiting_for: str | None
    error: str | None
    attempts: int

    @property
    def place(self) -> Place:
        """Where a list goes on behind it."""
        return Place(self.due_at, self.kind, self.subject_id)


_COLUMNS = ", ".join(f"d.{name}" for name in Row.__struct_fields__)
_BEHIND = "($4::timestamptz IS NULL OR (d.due_at, d.kind, d.subject_id) > ($4, $5::text, $6::bigint))"


async def page(tx: Tx, wanted: Filter, after: Place | None, limit: int) -> list[Row]:
    """Deadlines in due order, from one place on.

    For one merchant its own index is walked; for everybody the heads of all kinds are merged, so that neither reads
    more than it shows.
    """
    clock = "d.paused_at IS NOT NULL" if wanted.is_paused else "d.paused_at IS NULL"
    narrow = f"{clock} AND ($3::timestamptz IS NULL OR d.due_at < $3) AND {_BEHIND}"
    if wanted.merchant_id is not None:
        source = f"""
            SELECT {_COLUMNS} FROM deadlines d
            WHERE d.merchant_id = $1 AND ($2::text[] IS NULL OR d.kind = ANY($2)) AND {narrow}
        """  # noqa: S608 - constants from above
    else:
        source = f"""
            SELECT {_COLUMNS} FROM unnest($2::text[]) AS known (kind) CROSS JOIN LATERAL (
                SELECT * FROM deadlines d WHERE d.kind = known.kind AND $1::bigint IS NULL AND {narrow}
                ORDER BY d.due_at, d.subject_id LIMIT $7
            ) AS d
        """  # noqa: S608
    rows = await tx.fetch(
        f"SELECT d.* FROM ({source}) AS d ORDER BY d.due_at, d.kind, d.subject_id LIMIT $7",  # noqa: S608
        wanted.merchant_id,
        _kinds(wanted),
        wanted.due_before,
        after.due_at if after else None,
        after.kind if after else None,
        after.subject_id if after else None,
        limit,
    )
    return [Row(**dict(row)) for row in rows]


def _kinds(wanted: Filter) -> list[str] | None:
    if wanted.kind is not None:
        return [wanted.kind]
    return None if wanted.merchant_id is not None else sorted(deadlines.REGISTRY)
