"""What others may ask about who sells."""

from collections.abc import Collection

from dingdan.areas.merchants import store
from dingdan.areas.merchants.model import Merchant
from dingdan.kernel.page import Page
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx


async def by_ids(tx: Tx, ids: Collection[int]) -> dict[int, Merchant]:
    """Merchants by id; those that do not exist are left out."""
    return await tx.ask(asking(ids))


def asking(ids: Collection[int]) -> Ask[dict[int, Merchant]]:
    """The same, to be asked together with other things."""
    return store.asking_by_ids(set(ids)).then(lambda found: {merchant.id: merchant for merchant in found})


async def by_code(tx: Tx, code: str) -> Merchant | None:
    """The merchant with this code."""
    return await store.by_code(tx, code)


async def by_codes(tx: Tx, codes: Collection[str]) -> dict[str, Merchant]:
    """Merchants by code; those that do not exist are left out."""
    return {merchant.code: merchant for merchant in await store.by_codes(tx, codes)}


async def listed(tx: Tx, page: Page) -> list[Merchant]:
    """Merchants in the order they came; a reader sees its own only (row security)."""
    return await store.listed(tx, page.after or 0, page.limit)
