"""What others may ask about the books."""

from collections.abc import Iterable

from dingdan.areas.ledger import store
from dingdan.areas.ledger.model import Balance, Entry
from dingdan.plumbing.tx import Tx


async def balances(tx: Tx, merchant_id: int | None) -> list[Balance]:
    """What stands on each account of a merchant (None: of every merchant); debits are positive."""
    return await store.balances(tx, merchant_id)


async def entries(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """Every leg that moved money of these orders, oldest first."""
    found: dict[int, list[Entry]] = {order_id: [] for order_id in order_ids}
    for row in await store.entries(tx, found):
        values = dict(row)
        found[values.pop("order_id")].append(Entry(**values))
    return found


async def postings_of(tx: Tx, source: str, source_ids: Iterable[int]) -> dict[int, int]:
    """The posting that each of these causes has, by the cause's id."""
    return await store.postings_of(tx, source, list(source_ids))
