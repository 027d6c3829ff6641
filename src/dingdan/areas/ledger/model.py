"""What the ledger speaks of: postings to be made, entries that were, and the balances they make."""

from datetime import datetime

import msgspec


class Posting(msgspec.Struct, frozen=True):
    """One movement of money: who caused it, and its legs as (account code, signed minor units).

    `source` and `source_id` name the cause; the same cause is posted once, however often it is told. `merchant_id`
    None are the platform's own books.
    """

    merchant_id: int | None
    source: str
    source_id: int
    order_id: int | None
    currency: str
    legs: tuple[tuple[str, int], ...]


class Entry(msgspec.Struct, frozen=True):
    """One leg as it was written."""

    posting_id: int
    source: str
    source_id: int
    account: str
    currency: str
    amount: int
    at: datetime


class Balance(msgspec.Struct, frozen=True):
    """What stands on one account; debits are positive. `merchant_id` None is the platform's."""

    merchant_id: int | None
    account: str
    currency: str
    amount: int
