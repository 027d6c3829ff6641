"""A payment and the orders it is for."""

import msgspec

from dingdan.plumbing.tx import Tx


class Share(msgspec.Struct, frozen=True):
    """What one order gets of a payment."""

    order_id: int
    amount: int


async def shares(tx: Tx, payment_id: int) -> list[Share]:
    """The orders that a payment is for, of those that the reader may see."""
    rows = await tx.fetch(
        "SELECT order_id, amount FROM payment_allotments WHERE payment_id = $1 ORDER BY order_id", payment_id
    )
    return [Share(row["order_id"], row["amount"]) for row in rows]
