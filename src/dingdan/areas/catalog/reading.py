"""What others may ask about products and prices."""

from collections.abc import Collection, Sequence

from dingdan.areas.catalog import store
from dingdan.areas.catalog.model import Offer
from dingdan.kernel.page import Page
from dingdan.plumbing import freshness
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx


async def offers(tx: Tx, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Offer]:
    """Offers by (merchant, SKU) in one query, inactive ones too; what does not exist is left out. SKUs are exact."""
    return await tx.ask(asking_offers(wanted))


def asking_offers(wanted: Collection[tuple[int, str]]) -> Ask[dict[tuple[int, str], Offer]]:
    """The same, to be asked together with other things."""
    return store.asking_offers(set(wanted))


async def by_ids(tx: Tx, product_ids: Collection[int]) -> dict[int, Offer]:
    """Offers by product id; what does not exist is left out."""
    return await store.offers_by_ids(tx, set(product_ids))


async def bundles_of(tx: Tx, product_ids: Collection[int]) -> list[Offer]:
    """The bundles in which some of these products lie."""
    return await store.bundles_of(tx, set(product_ids)) if product_ids else []


async def saved_since(tx: Tx, since: int) -> set[int]:
    """Products that were saved since a transaction's number, as `freshness` counts; perhaps some more."""
    return await store.saved_since(tx, freshness.usable(since, await freshness.horizon(tx)))


async def variants(tx: Tx, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[Offer]]:
    """Products that are variants of one thing, by (merchant, word)."""
    return await store.variants(tx, set(keys)) if keys else {}


async def listed(tx: Tx, merchant_id: int, page: Page) -> list[Offer]:
    """One merchant's offers, oldest first."""
    return await store.listed(tx, merchant_id, page.after or 0, page.limit)


async def found(tx: Tx, merchant_id: int, words: str, *, currency: str, limit: int) -> list[Offer]:
    """What a merchant sells for a currency now, oldest first; with some words only that whose SKU or name has them.

    What has them as its SKU is among it, however many there are.
    """
    return await store.found(tx, merchant_id, " ".join(words.split()), currency=currency, limit=limit)
