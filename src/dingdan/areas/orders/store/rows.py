"""Orders as rows: read, and locked together with those in which their goods were first sold."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.orders.model import Order
from dingdan.plumbing.tx import Tx

ALL = ", ".join(Order.__struct_fields__)


async def lock(tx: Tx, ids: Iterable[int], merchant_id: int | None = None) -> list[Order]:
    """Lock orders, lowest id first, and read them; of one merchant only, if it is named.

    With what is sent for goods its first order stands still, and by that all that is sent for goods of that one.
    """
    wanted = set(ids)
    rows = await tx.fetch(
        f"""
        SELECT {ALL} FROM orders WHERE id = ANY(ARRAY(
            SELECT unnest($1::bigint[])
            UNION SELECT first_order_id FROM orders WHERE id = ANY($1::bigint[]) AND first_order_id IS NOT NULL
        )) AND ($2::bigint IS NULL OR merchant_id = $2) ORDER BY id FOR UPDATE
        """,  # noqa: S608
        sorted(wanted),
        merchant_id,
    )
    return as_orders([row for row in rows if row["id"] in wanted])


async def sent_for(tx: Tx, first_ids: Iterable[int]) -> list[Order]:
    """Orders that are sent for goods that were first sold with these."""
    return as_orders(
        await tx.fetch(
            f"SELECT {ALL} FROM orders WHERE first_order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            sorted(set(first_ids)),
        )
    )


async def get(tx: Tx, ids: Iterable[int]) -> list[Order]:
    """Read orders."""
    return as_orders(
        await tx.fetch(
            f"SELECT {ALL} FROM orders WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(ids),
        )
    )


def as_orders(rows: Sequence[Any]) -> list[Order]:
    """Rows as what they mean."""
    return [msgspec.convert(dict(row), Order) for row in rows]
