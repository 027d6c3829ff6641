"""Channels are told what changed: each change has a place in their feed, and no place is given out before another."""

from collections.abc import Collection, Mapping

from dingdan.areas import catalog, inventory, placement
from dingdan.areas.channels import store
from dingdan.areas.channels.events import StockAvailableAgain
from dingdan.plumbing.tx import Tx

BATCH = 1_000
# Transactions after which the publisher writes down how far it looked, also when nothing was to be told.
LOOKED_FAR = 10_000


async def publish(tx: Tx) -> int:
    """Tell channels of whatever changed since the last time, and announce what somebody waits for; says how much.

    One publisher works at a time and commits all its places at once, so whoever reads behind a place misses nothing.
    """
    feed = await store.lock_feed(tx)
    if feed is None:
        return 0
    news = await inventory.changed(tx, feed["seen"])
    products = news.product_ids | await catalog.saved_since(tx, feed["seen"])
    position = told = 0
    if products or news.channel_ids:
        position = feed["position"]
        ordered = sorted(products | {offer.product_id for offer in await catalog.bundles_of(tx, products)})
        for start in range(0, len(ordered), BATCH):
            some = ordered[start : start + BATCH]
            available = await _available(tx, some)
            told += await store.tell(tx, available, position)
            position += len(available)
            told += _announce(tx, available, await placement.awaited(tx, some))
    if told or news.horizon - feed["seen"] > LOOKED_FAR:
        await store.advance_feed(tx, news.horizon, max(position, feed["position"]))
    return told


async def look_again(tx: Tx, product_ids: Collection[int | None]) -> None:
    """Announce products that were there already when somebody began to wait for them."""
    least = await placement.awaited(tx, product_ids)
    _announce(tx, await _available(tx, least) if least else {}, least)


async def _available(tx: Tx, product_ids: Collection[int]) -> dict[tuple[int, int, int], int]:
    """What every channel may sell of products: {(merchant, channel, product): units}."""
    offers = await catalog.by_ids(tx, product_ids)
    wanted = {i: (offer.merchant_id, offer.components) for i, offer in offers.items()}
    found = await inventory.sellable(tx, wanted)
    return {key: units if offers[key[2]].active else 0 for key, units in found.items()}


def _announce(tx: Tx, available: Mapping[tuple[int, int, int], int], least: Mapping[int, int]) -> int:
    """Say where a channel may sell as many units of a product as somebody waits for, at least."""
    found = [
        StockAvailableAgain(subject_id=product_id, merchant_id=merchant_id, channel_id=channel_id, available=units)
        for (merchant_id, channel_id, product_id), units in sorted(available.items())
        if product_id in least and units >= least[product_id]
    ]
    tx.announce(*found)
    return len(found)
