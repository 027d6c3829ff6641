"""What could travel together: works in hand, in one warehouse, whose orders go to the same hands."""

import msgspec

from dingdan.plumbing.tx import Tx


class Group(msgspec.Struct, frozen=True):
    """Works of several orders for one recipient."""

    work_ids: list[int]
    order_ids: list[int]


async def groups(tx: Tx, warehouse_id: int, limit: int = 200) -> list[Group]:
    """Works that are being picked or packed and have a companion; names, phones and addresses are compared as marks."""
    rows = await tx.fetch(
        """
        SELECT array_agg(w.id ORDER BY w.id) AS work_ids, array_agg(w.order_id ORDER BY w.id) AS order_ids
        FROM work_orders w JOIN orders o ON o.id = w.order_id JOIN contacts c ON c.id = o.contact_id
        WHERE w.warehouse_id = $1 AND w.state IN ('picking', 'packed')
          AND c.name_hash <> '' AND c.phone_hash <> '' AND c.address_hash <> ''
        GROUP BY w.merchant_id, c.name_hash, c.phone_hash, c.address_hash HAVING count(DISTINCT w.order_id) > 1
        ORDER BY min(w.id) LIMIT $2
        """,
        warehouse_id,
        limit,
    )
    return [Group(row["work_ids"], row["order_ids"]) for row in rows]
