"""Statements about what stands against completing an order."""

from collections.abc import Iterable, Sequence

from dingdan.areas.orders.model import Objected, Objection
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Objected.__struct_fields__)


async def add_objections(tx: Tx, new: Sequence[tuple[Objection, int]]) -> list[tuple[int, str, int]]:
    """Open objections (each with its merchant) that are not open already; says which are new. Their orders are locked."""
    rows = await tx.fetch(
        """
        INSERT INTO objections (order_id, cause, subject_id, round, merchant_id, reason, sealed, opened_at)
        SELECT o, c, s, 1 + (SELECT count(*) FROM objections b WHERE b.order_id = o AND b.cause = c AND b.subject_id = s),
               m, r, w, $7
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bytea[]) AS n (o, c, s, m, r, w)
        ORDER BY o, c, s ON CONFLICT (order_id, cause, subject_id) WHERE settled_at IS NULL DO NOTHING
        RETURNING order_id, cause, subject_id
        """,
        [one.order_id for one, _ in new],
        [one.cause for one, _ in new],
        [one.subject_id for one, _ in new],
        [merchant_id for _, merchant_id in new],
        [one.reason for one, _ in new],
        [one.sealed for one, _ in new],
        tx.now,
    )
    return [(row["order_id"], row["cause"], row["subject_id"]) for row in rows]


async def settle_objections(
    tx: Tx, wanted: Sequence[tuple[int, str, int]], outcome: str
) -> list[tuple[int, str, int, int]]:
    """Settle those of these that are open; says which they were, each with its merchant. Their orders are locked."""
    rows = await tx.fetch(
        """
        UPDATE objections SET settled_at = $4, outcome = $5
        FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w (o, c, s)
        WHERE order_id = o AND cause = c AND subject_id = s AND settled_at IS NULL
        RETURNING order_id, cause, subject_id, merchant_id
        """,
        [order_id for order_id, _, _ in wanted],
        [cause for _, cause, _ in wanted],
        [subject_id for _, _, subject_id in wanted],
        tx.now,
        outcome,
    )
    return sorted((row["order_id"], row["cause"], row["subject_id"], row["merchant_id"]) for row in rows)


async def objections(tx: Tx, order_ids: Iterable[int], *, open_only: bool = False) -> list[Objected]:
    """What was or is said against orders, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM objections WHERE order_id = ANY($1::bigint[]) AND (NOT $2 OR settled_at IS NULL)
        ORDER BY order_id, opened_at, cause, subject_id, round
        """,  # noqa: S608 - our columns
        list(order_ids),
        open_only,
    )
    return [Objected(**dict(row)) for row in rows]
