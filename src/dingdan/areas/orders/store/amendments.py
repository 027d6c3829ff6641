"""Statements about what is changed of an order that goes on."""

from collections.abc import Iterable, Mapping
from typing import Any

from dingdan.areas.orders.model import Amendment, NewAddress, Order
from dingdan.plumbing.tx import Tx


async def cancel_units(tx: Tx, order_id: int, units: Mapping[int, int]) -> int:
    """Count units of lines of a locked order as cancelled, where so many are left; says of how many lines."""
    return await tx.execute(
        """
        UPDATE order_lines SET cancelled = cancelled + u.units
        FROM unnest($2::int[], $3::int[]) AS u (no, units)
        WHERE order_id = $1 AND line_no = u.no AND cancelled + u.units <= quantity
        """,
        order_id,
        list(units),
        list(units.values()),
    )


async def note_warehouses(tx: Tx, places: Mapping[int, int]) -> None:
    """Write the first warehouse that serves each order, where it is another one now."""
    await tx.execute(
        """
        UPDATE orders SET warehouse_id = p.place FROM unnest($1::bigint[], $2::bigint[]) AS p (id, place)
        WHERE orders.id = p.id AND warehouse_id <> p.place
        """,
        list(places),
        list(places.values()),
    )


async def add_amendment(
    tx: Tx,
    order: Order,
    kind: str,
    reason: str,
    *,
    units: Mapping[str, int] | None = None,
    contact_id: int | None = None,
    was: Mapping[str, Any] | None = None,
    waived: int = 0,
) -> int:
    """Write down what was changed about an order; gives the amendment's id."""
    amendment_id = tx.mint()
    await tx.execute(
        """
        INSERT INTO amendments (id, order_id, merchant_id, kind, reason, units, contact_id, was, waived, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        amendment_id,
        order.id,
        order.merchant_id,
        kind,
        reason,
        units,
        contact_id,
        was,
        waived,
        tx.now,
    )
    return amendment_id


async def changes_of(tx: Tx, order_ids: Iterable[int]) -> list[Amendment]:
    """What was changed about orders, oldest first."""
    rows = await tx.fetch(
        """
        SELECT id, order_id, kind, reason, units, waived, at FROM amendments
        WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, id
        """,
        list(order_ids),
    )
    return [Amendment(**dict(row)) for row in rows]


async def promised_at_first(tx: Tx, order_ids: Iterable[int]) -> dict[int, Any]:
    """What was promised about orders when they were placed, where their address was changed since."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (order_id) order_id, was FROM amendments
        WHERE order_id = ANY($1::bigint[]) AND kind = 'address_changed' ORDER BY order_id, id
        """,
        list(order_ids),
    )
    return {row["order_id"]: row["was"] for row in rows}


async def set_address(tx: Tx, order_id: int, to: NewAddress) -> None:
    """Send a locked order elsewhere, with the promise that holds for there."""
    await tx.execute(
        "UPDATE orders SET contact_id = $2, warehouse_id = $3, promise = $4 WHERE id = $1",
        order_id,
        to.contact_id,
        to.warehouse_id,
        to.promise,
    )
    await tx.execute(
        "UPDATE order_lines SET ship_by = $2, arrive_by = $3 WHERE order_id = $1", order_id, to.ship_by, to.arrive_by
    )


async def set_contacts(tx: Tx, contacts: Mapping[int, int]) -> None:
    """Point locked orders to other snapshots of who receives them."""
    await tx.execute(
        """
        UPDATE orders SET contact_id = c.contact_id FROM unnest($1::bigint[], $2::bigint[]) AS c (order_id, contact_id)
        WHERE id = c.order_id
        """,
        list(contacts),
        list(contacts.values()),
    )
