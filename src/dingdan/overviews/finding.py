"""Finding what somebody has in hand: an order by its number or the shop's, a return, a parcel, a buyer's phone or name."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dingdan.plumbing.tx import Tx

MOST = 8


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Something that fits: its kind and id, the order it belongs to, and what it fitted by."""

    kind: str
    id: int
    order_id: int
    state: str
    currency: str
    total: int
    placed_at: datetime
    by: str


_ORDERS = """
    SELECT 'order' AS kind, o.id, o.id AS order_id, o.state, o.currency, o.total, o.placed_at, $2::text AS by FROM orders o
"""


async def by_number(tx: Tx, numbers: Sequence[int]) -> list[Found]:
    """Orders and returns with one of these ids."""
    rows = await tx.fetch(
        f"""
        {_ORDERS} WHERE o.id = ANY($1::bigint[])
        UNION ALL
        SELECT 'return', r.id, r.order_id, r.decision, o.currency, o.total, r.requested_at, $2
        FROM returns r JOIN orders o ON o.id = r.order_id WHERE r.id = ANY($1::bigint[])
        """,  # noqa: S608 - a constant
        list(numbers), "number",
    )  # fmt: skip
    return [Found(**dict(row)) for row in rows]


async def by_reference(tx: Tx, reference: str) -> list[Found]:
    """Orders that a shop or channel knows by this number."""
    rows = await tx.fetch(
        f"{_ORDERS} WHERE o.id IN (SELECT order_id FROM order_references WHERE reference = $1)"  # noqa: S608 - a constant
        f" ORDER BY o.id DESC LIMIT {MOST}",
        reference, "reference",
    )  # fmt: skip
    return [Found(**dict(row)) for row in rows]


async def by_tracking(tx: Tx, number: str) -> list[Found]:
    """Orders of which something lies in the parcel with this tracking number."""
    rows = await tx.fetch(
        f"""
        {_ORDERS} WHERE o.id IN (SELECT l.order_id FROM parcels p JOIN parcel_lines l ON l.parcel_id = p.id
            WHERE p.tracking_number = $1) ORDER BY o.id DESC LIMIT {MOST}
        """,  # noqa: S608 - a constant
        number, "tracking",
    )  # fmt: skip
    return [Found(**dict(row)) for row in rows]


async def by_contacts(tx: Tx, people: Sequence[tuple[int, int]], by: str) -> list[Found]:
    """Orders that go to these people, (buyer, snapshot), newest first."""
    rows = await tx.fetch(
        f"""
        {_ORDERS} WHERE o.buyer_id = ANY($1::bigint[]) AND o.contact_id = ANY($3::bigint[]) ORDER BY o.id DESC LIMIT {MOST}
        """,
        [buyer_id for buyer_id, _ in people], by, [contact_id for _, contact_id in people],
    )  # fmt: skip
    return [Found(**dict(row)) for row in rows]


async def merchants_within(tx: Tx, merchant_id: int | None) -> list[int]:
    """The merchants that a reader speaks for: one, or all of them."""
    if merchant_id is not None:
        return [merchant_id]
    return [row["id"] for row in await tx.fetch("SELECT id FROM merchants ORDER BY id LIMIT 10000")]
