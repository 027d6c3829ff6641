"""What somebody of the staff has done, by the kinds of facts that bear their name; and what the demonstration told of."""

from collections.abc import Collection

from dingdan.plumbing.tx import Tx


async def wires(tx: Tx, staff_id: int, asked: Collection[str]) -> set[str]:
    """Of these kinds of facts, those that this person made. Reads all facts of the kinds: for a demonstration's few."""
    rows = await tx.fetch(
        "SELECT DISTINCT wire FROM facts WHERE wire = ANY($2::text[]) AND actor_kind = 'staff' AND actor_id = $1",
        staff_id,
        list(asked),
    )
    return {row["wire"] for row in rows}


async def told(tx: Tx, references: Collection[str]) -> dict[tuple[str, str], int]:
    """What the orders with these references of their shops have led to, the latest of each kind: (reference, kind) to id."""
    rows = await tx.fetch(
        """
        SELECT o.reference, k.kind, k.id FROM order_references o CROSS JOIN LATERAL (
            SELECT 'return' AS kind, max(id) AS id FROM returns WHERE order_id = o.order_id
            UNION ALL SELECT 'dispute', max(id) FROM disputes WHERE order_id = o.order_id
            UNION ALL SELECT 'refund', max(id) FROM refunds WHERE order_id = o.order_id
            UNION ALL SELECT 'case', max(id) FROM cases WHERE order_id = o.order_id
        ) k WHERE o.reference = ANY($1::text[]) AND k.id IS NOT NULL
        """,
        list(references),
    )
    return {(row["reference"], row["kind"]): row["id"] for row in rows}
