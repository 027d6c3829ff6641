"""Stop the sale of what costs too strange a price, and go on when somebody vouches for it."""

from collections.abc import Collection, Sequence

from dingdan.areas.catalog import store
from dingdan.areas.catalog.events import PricePaused, PriceVouched
from dingdan.areas.catalog.refusals import ProductUnknown
from dingdan.plumbing.tx import Tx


async def pause_prices(tx: Tx, product_ids: Collection[int]) -> None:
    """Nobody buys these products until somebody vouches for their prices; a second time changes nothing."""
    for row in await store.pause(tx, product_ids):
        tx.announce(PricePaused(subject_id=row["id"], merchant_id=row["merchant_id"], sku=row["sku"]))


async def vouch_for_prices(tx: Tx, wanted: Sequence[tuple[int, str]]) -> list[int]:
    """Every price that these products (merchant, SKU) have now is meant; gives their ids. Raises ProductUnknown."""
    found = await store.offers(tx, set(wanted))
    for place, (merchant_id, sku) in enumerate(wanted):
        if (merchant_id, sku) not in found or not tx.actor.reaches(merchant_id):
            raise ProductUnknown(f"[{place}].sku", sku=sku)
    products = [found[key] for key in dict.fromkeys(wanted)]
    await store.vouch(tx, [one.product_id for one in products])
    tx.announce(*(
        PriceVouched(subject_id=one.product_id, merchant_id=one.merchant_id, sku=one.sku, was_paused=one.is_paused)
        for one in products
    ))  # fmt: skip
    return [one.product_id for one in products]
