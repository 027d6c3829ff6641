"""A price that cannot be meant: tell its merchant, at most once a minute, and stop the sale when it goes on."""

from collections.abc import Sequence

from dingdan.areas import catalog, merchants
from dingdan.areas.placement import reminding, store
from dingdan.areas.placement.events import PriceSuspected
from dingdan.areas.placement.model import Suspicion
from dingdan.plumbing.tx import Tx


async def note_suspicious(tx: Tx, found: Sequence[Suspicion]) -> None:
    """Note orders that were stopped because of a price: {price.suspicious} goes out, and after some the sale stops.

    Called last in a transaction: the alarms of products come after every other lock.
    """
    if not found:
        return
    first = {one.product_id: one for one in reversed(found)}
    hits = {product_id: sum(one.product_id == product_id for one in found) for product_id in first}
    owners = await merchants.by_ids(tx, {one.merchant_id for one in found})
    rows = await store.add_hits(tx, [
        (one.product_id, one.merchant_id, hits[one.product_id], owners[one.merchant_id].settings.price_guard_minutes)
        for one in sorted(first.values(), key=lambda one: one.product_id)
    ])  # fmt: skip
    tx.announce(*(
        PriceSuspected(
            subject_id=one.product_id, merchant_id=one.merchant_id, sku=one.sku, currency=one.currency,
            amount=one.amount, usual=one.usual, reason=one.reason, orders=row["hits"],
        )
        for row in rows if row["is_due"] for one in [first[row["product_id"]]]
    ))  # fmt: skip
    too_many = [
        row["product_id"]
        for row in rows
        if row["hits"] >= owners[first[row["product_id"]].merchant_id].settings.price_guard_hits
        and first[row["product_id"]].reason != "paused"
    ]
    await catalog.pause_prices(tx, sorted(too_many))


async def release_prices(tx: Tx, wanted: Sequence[tuple[int, str]]) -> None:
    """Somebody vouches for the prices that these products (merchant, SKU) have now: they are sold again.

    Raises ProductUnknown. Whoever waited for the price is told.
    """
    product_ids = await catalog.vouch_for_prices(tx, wanted)
    await store.forget_hits(tx, product_ids)
    await reminding.tell_of_prices(tx, product_ids)
