"""Whose a thing is: the merchant behind every id that comes in through a door."""

import msgspec

from dingdan.plumbing.tx import Tx

# The tables of the kinds that doors take ids of; `merchants` own themselves.
TABLES = {
    "abuse_flag": "abuse_flags",
    "abuse_handover": "abuse_handovers",
    "backtest": "policy_backtests",
    "buyer": "buyers",
    "case": "cases",
    "claim": "claims",
    "remedy": "remedies",
    "customs_return": "customs_returns",
    "channel_order": "channel_orders",
    "key": "api_keys",
    "order": "orders",
    "parcel": "parcels",
    "payment": "payments",
    "policy": "policy_editions",
    "product": "products",
    "refund": "refunds",
    "hand_payout": "hand_payouts",
    "return": "returns",
    "review": "reviews",
    "staff": "staff",
    "warehouse": "warehouses",
    "work": "work_orders",
    "wave": "waves",
    "picture": "pictures",
    "consent": "consents",
    "message": "messages",
    "promotion": "promotions",
    "difference": "differences",
    "evidence": "evidence",
    "exchange": "exchanges",
    "extension": "extensions",
    "repair": "repairs",
    "dispute": "disputes",
    "ruling": "dispute_rulings",
    "offer": "return_offers",
    "withdrawal": "withdrawals",
    "purse": "purses",
    "stocktake": "stocktakes",
    "transfer": "transfers",
    "goods": "returned_goods",
    "inspection_picture": "inspection_pictures",
    "return_label": "return_labels",
    "stray": "strays",
    "caught_webhook": "caught_webhooks",
    "stray_picture": "stray_pictures",
    "webhook_delivery": "webhook_deliveries",
    "webhook_endpoint": "webhook_endpoints",
    "settlement": "settlements",
    "payout_run": "payout_runs",
    "payout": "payouts",
    "invoice": "invoices",
    "invoice_request": "invoice_requests",
}

# Rows of nobody in particular that everybody may read: the policies that ship with the program, and the platform's
# own promotions, which make every merchant's prices.
SHARED = frozenset({"policy", "promotion"})


class Owner(msgspec.Struct, frozen=True):
    """The merchant of a thing; None for what belongs to the platform."""

    merchant_id: int | None
    is_everybodys: bool


async def owner(tx: Tx, kind: str, number: int) -> Owner | None:
    """Who owns the thing of a kind with this id; None where there is none, or none that this reader may see."""
    if kind == "checkout":
        return await _of_checkout(tx, number)
    if kind == "statement":
        there = await tx.fetchval("SELECT EXISTS (SELECT FROM statements WHERE id = $1)", number)
        return Owner(None, is_everybodys=False) if there else None
    if kind == "merchant":
        there = await tx.fetchval("SELECT EXISTS (SELECT FROM merchants WHERE id = $1)", number)
        return Owner(number, is_everybodys=False) if there else None
    table = TABLES[kind]
    row = await tx.fetchrow(f"SELECT merchant_id FROM {table} WHERE id = $1", number)  # noqa: S608 - a name from above
    if row is None:
        return None
    return Owner(row["merchant_id"], is_everybodys=row["merchant_id"] is None and kind in SHARED)


async def _of_checkout(tx: Tx, number: int) -> Owner | None:
    """A checkout is its merchant's where it has one, else the platform's."""
    row = await tx.fetchrow(
        """
        SELECT CASE WHEN count(DISTINCT merchant_id) = 1 THEN min(merchant_id) END AS merchant_id, count(*) AS orders
        FROM orders WHERE checkout_id = $1
        """,
        number,
    )
    return Owner(row["merchant_id"], is_everybodys=False) if row["orders"] else None
