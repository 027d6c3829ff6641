"""Whose a thing is: the merchant behind every id that comes in through a door."""

import msgspec

from dingdan.plumbing.tx import Tx

# The tables of the kinds that doors take ids of; `merchants` own themselves.
TABLES = {
    "buyer": "buyers", "key": "api_keys", "order": "orders", "parcel": "parcels", "payment": "payments", "policy": "policies",
    "product": "products", "refund": "refunds", "return": "returns", "staff": "staff", "warehouse": "warehouses",
    "work": "work_orders",
}  # fmt: skip

# Rows of nobody in particular that everybody may read: the policies that ship with the program.
SHARED = frozenset({"policy"})


class Owner(msgspec.Struct, frozen=True):
    """The merchant of a thing; None for what belongs to the platform."""

    merchant_id: int | None
    is_everybodys: bool


async def owner(tx: Tx, kind: str, number: int) -> Owner | None:
    """Who owns the thing of a kind with this id; None where there is none, or none that this reader may see."""
    if kind == "checkout":
        # It is nobody's own: whoever reaches one of its orders reaches it, and sees those.
        scope = (
            "SELECT merchant_id FROM orders WHERE checkout_id = $1 AND ($2::bigint IS NULL OR merchant_id = $2) LIMIT 1"
        )
        row = await tx.fetchrow(scope, number, tx.actor.merchant_id)
        return Owner(row["merchant_id"], is_everybodys=False) if row is not None else None
    table = TABLES[kind]
    row = await tx.fetchrow(f"SELECT merchant_id FROM {table} WHERE id = $1", number)  # noqa: S608 - a name from above
    if row is None:
        return None
    return Owner(row["merchant_id"], is_everybodys=row["merchant_id"] is None and kind in SHARED)
