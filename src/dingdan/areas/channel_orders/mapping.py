"""What a channel calls our products; orders that waited for a word are written when it is known."""

from collections.abc import Collection, Sequence

from dingdan.areas import catalog, inventory
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.advancing import advance
from dingdan.areas.channel_orders.model import SkuPair
from dingdan.areas.channel_orders.refusals import OursUnknown
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

BATCH = 500


async def save_sku_map(tx: Tx, channel: inventory.Channel, pairs: Sequence[SkuPair]) -> int:
    """Keep what a channel calls our products, and write orders that waited for it; says how many were looked at.

    Raises OursUnknown for each product that we do not have.
    """
    keys = sorted({(channel.merchant_id, pair.ours) for pair in pairs})
    known = await catalog.offers(tx, keys)
    refuse_all([
        OursUnknown(f"entries[{i}].ours", sku=pair.ours)
        for i, pair in enumerate(pairs) if (channel.merchant_id, pair.ours) not in known
    ])  # fmt: skip
    await store.save_skus(tx, channel.id, channel.merchant_id, list({pair.sku: pair for pair in pairs}.values()))
    return await write_waiting(tx, keys)


async def write_waiting(tx: Tx, skus: Sequence[tuple[int, str]]) -> int:
    """Write orders whose SKUs (merchant, ours) are known by now, the one that waits longest first."""
    ids = await store.waiting_for_skus(tx, skus, BATCH) if skus else []
    await advance(tx, ids)
    return len(ids)


async def write_with_policy(tx: Tx, merchant_ids: Collection[int | None]) -> None:
    """Write orders of merchants that had no policy; None is every merchant."""
    for merchant_id in [None] if None in merchant_ids else sorted({i for i in merchant_ids if i is not None}):
        ids = await store.waiting(tx, "no_policy", merchant_id, BATCH)
        await advance(tx, ids)
