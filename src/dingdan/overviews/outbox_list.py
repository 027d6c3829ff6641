"""What buyers and sellers were told, order by order, the newest first."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    occasion: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An order with what was said about it last; `id` is the order's."""

    id: int
    merchant_id: int
    said: int
    occasion: str
    at: datetime
    channels: list[str]


_CONDITIONS = {
    "merchant_id": "c.merchant_id = {}", "after": "c.order_id < {}",
    "occasion": "EXISTS (SELECT FROM confirmations o WHERE o.order_id = c.order_id AND o.occasion = {})",
}  # fmt: skip


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Line]:
    """One order more than the slice asks for."""
    where, args = narrowed(_CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT c.order_id AS id, min(c.merchant_id) AS merchant_id, count(*)::int AS said,
            (array_agg(c.occasion ORDER BY c.version DESC))[1] AS occasion, max(c.at) AS at,
            ARRAY(SELECT DISTINCT m.channel FROM messages m WHERE m.order_id = c.order_id ORDER BY 1) AS channels
        FROM confirmations c {where} GROUP BY c.order_id ORDER BY c.order_id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - our own words
        *args,
    )
    return [Line(**dict(row)) for row in rows]


async def codes(tx: Tx, merchant_id: int | None, limit: int) -> dict[str, list[tuple[str, str]]]:
    """What a scanner can read in this house, by kind: works that wait, waybills that come back, and goods, each named."""
    works = await tx.fetch(
        """
        SELECT w.id::text AS code, COALESCE(o.reference, '') AS words FROM work_orders w JOIN orders o ON o.id = w.order_id
        WHERE w.state IN ('queued', 'picking') AND ($1::bigint IS NULL OR w.merchant_id = $1) ORDER BY w.id LIMIT $2
        """,
        merchant_id,
        limit,
    )
    back = await tx.fetch(
        """
        SELECT tracking_number AS code, carrier AS words FROM return_parcels
        WHERE received_at IS NULL AND ($1::bigint IS NULL OR merchant_id = $1) ORDER BY id LIMIT $2
        """,
        merchant_id,
        limit,
    )
    goods = await tx.fetch(
        """
        SELECT DISTINCT ON (sku) sku AS code, COALESCE(title ->> 'zh', title ->> 'zh-CN', title ->> 'en', '') AS words
        FROM products
        WHERE $1::bigint IS NULL OR merchant_id = $1 ORDER BY sku LIMIT $2
        """,
        merchant_id,
        limit,
    )
    found = {"works": works, "back": back, "goods": goods}
    return {kind: [(row["code"], row["words"]) for row in rows] for kind, rows in found.items()}
