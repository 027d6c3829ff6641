"""Statements about what merchants left as security."""

from typing import Any

import msgspec

from dingdan.areas.settlements.model import DepositMovement
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(DepositMovement.__struct_fields__)


async def lock(tx: Tx, merchant_id: int, currency: str) -> int:
    """What a merchant left, locked; one that never left anything has a row with nothing from now on."""
    await tx.execute(
        "INSERT INTO merchant_deposits (merchant_id, currency) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        merchant_id,
        currency,
    )
    balance: int = await tx.fetchval(
        "SELECT balance FROM merchant_deposits WHERE merchant_id = $1 AND currency = $2 FOR UPDATE",
        merchant_id,
        currency,
    )
    return balance


async def known(tx: Tx, merchant_id: int, *, receipt: str | None = None, refund_id: int | None = None) -> bool:
    """Whether a transfer, or a refund, moved it before."""
    found: bool = await tx.fetchval(
        """
        SELECT EXISTS (SELECT FROM deposit_movements WHERE merchant_id = $1 AND (receipt = $2 OR refund_id = $3))
        """,
        merchant_id,
        receipt,
        refund_id,
    )
    return found


async def add(tx: Tx, movement: DepositMovement) -> None:
    """Write a change and what is left after it."""
    await tx.execute(
        f"""
        INSERT INTO deposit_movements ({_ALL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,  # noqa: S608
        *msgspec.structs.astuple(movement),
    )
    await tx.execute(
        "UPDATE merchant_deposits SET balance = balance + $3 WHERE merchant_id = $1 AND currency = $2",
        movement.merchant_id,
        movement.currency,
        movement.amount,
    )


async def balances(tx: Tx, merchant_id: int | None) -> list[Any]:
    """What merchants left, of one or of all."""
    return await tx.fetch(
        """
        SELECT merchant_id, currency, balance FROM merchant_deposits WHERE $1::bigint IS NULL OR merchant_id = $1
        ORDER BY merchant_id, currency LIMIT 1000
        """,
        merchant_id,
    )


async def movements(tx: Tx, merchant_id: int, *, after: int | None, limit: int) -> list[DepositMovement]:
    """The changes of a merchant's deposits, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ALL} FROM deposit_movements WHERE merchant_id = $1 AND ($2::bigint IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [DepositMovement(**dict(row)) for row in rows]
