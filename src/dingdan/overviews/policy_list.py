"""Versions of policies with where they stand, newest first; drafts of the platform's are nobody else's to see."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    state: str | None = None
    code: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One version."""

    id: int
    merchant_id: int | None
    code: str
    label: str
    state: str
    extends: str | None
    drafted_at: datetime
    announced_at: datetime | None
    effective_from: datetime | None
    name: dict[str, str] | None


CONDITIONS = {"merchant_id": "e.merchant_id = {}", "state": "e.state = {}", "code": "e.code = {}", "after": "e.id < {}"}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One version more than the slice asks for."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    if tx.actor.merchant_id is not None:
        args.append(tx.actor.merchant_id)
        own = f"(e.merchant_id = ${len(args)} OR e.merchant_id IS NULL AND e.announced_at IS NOT NULL)"
        where = f"{where} AND {own}" if where else f"WHERE {own}"
    rows = await tx.fetch(
        f"""
        SELECT e.id, e.merchant_id, e.code, e.label, e.state, e.extends, e.drafted_at, e.announced_at, p.effective_from,
            COALESCE(p.document, e.given) -> 'name' AS name
        FROM policy_editions e LEFT JOIN policies p ON p.id = e.id {where}
        ORDER BY e.id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]


async def codes(tx: Tx, merchant_id: int) -> list[str]:
    """The policies that a merchant may trade by: those in force, its own and the platform's."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT code FROM policy_editions
        WHERE state = 'in_force' AND (merchant_id = $1 OR merchant_id IS NULL) ORDER BY code LIMIT 200
        """,
        merchant_id,
    )
    return [row["code"] for row in rows]
