"""Every statement of feedback."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dingdan.areas.feedback.model import Feedback
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(Feedback.__struct_fields__)


async def add(tx: Tx, new: Feedback) -> None:
    """Write a version; its order is locked."""
    await tx.execute(
        """
        INSERT INTO feedback (order_id, version, merchant_id, buyer_id, rating, lines, photos, sealed, given_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        new.order_id,
        new.version,
        new.merchant_id,
        new.buyer_id,
        new.rating,
        msgspec.to_builtins(new.lines),
        list(new.photos),
        new.sealed,
        new.given_at,
    )


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[Feedback]:
    """Every version of the feedback of orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_ALL} FROM feedback WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, version",  # noqa: S608
        list(order_ids),
    )
    return [_feedback(row) for row in rows]


async def hide(tx: Tx, order_id: int, reason: str, by: int | None) -> None:
    """Hide every version."""
    await tx.execute(
        "UPDATE feedback SET hidden_at = $2, hidden_reason = $3, hidden_by = $4 WHERE order_id = $1 AND hidden_at IS NULL",
        order_id,
        tx.now,
        reason,
        by,
    )


async def show(tx: Tx, order_id: int) -> None:
    """Hide none."""
    await tx.execute(
        "UPDATE feedback SET hidden_at = NULL, hidden_reason = NULL, hidden_by = NULL WHERE order_id = $1", order_id
    )


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the words of feedback; ratings stay."""
    await tx.execute(
        "UPDATE feedback SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL", list(order_ids)
    )


def _feedback(row: Any) -> Feedback:
    return msgspec.convert(dict(row), Feedback)
