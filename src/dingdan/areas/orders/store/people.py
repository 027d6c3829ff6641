"""Statements about whose orders are, where they went, and what their buyers wrote."""

from collections.abc import Iterable

from dingdan.plumbing.tx import Tx


async def of_buyers(tx: Tx, buyer_ids: Iterable[int]) -> dict[int, list[int]]:
    """Every order of these buyers, by buyer."""
    found: dict[int, list[int]] = {buyer_id: [] for buyer_id in buyer_ids}
    for row in await tx.fetch("SELECT buyer_id, id FROM orders WHERE buyer_id = ANY($1::bigint[])", list(found)):
        found[row["buyer_id"]].append(row["id"])
    return found


async def contacts(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[int]]:
    """The snapshots of where orders went, those that were amended too."""
    found: dict[int, list[int]] = {order_id: [] for order_id in order_ids}
    rows = await tx.fetch(
        """
        SELECT id AS order_id, contact_id FROM orders WHERE id = ANY($1::bigint[])
        UNION SELECT order_id, contact_id FROM amendments
        WHERE order_id = ANY($1::bigint[]) AND contact_id IS NOT NULL ORDER BY order_id, contact_id
        """,
        list(found),
    )
    for row in rows:
        found[row["order_id"]].append(row["contact_id"])
    return found


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of what buyers wrote when they objected, and of what was written about their orders."""
    for table in ("objections", "order_notes"):
        await tx.execute(
            f"UPDATE {table} SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL",  # noqa: S608
            list(order_ids),
        )
