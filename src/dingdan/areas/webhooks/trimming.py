"""The log ends: what is older than thirty days is forgotten."""

from datetime import timedelta

from dingdan.areas.webhooks.store import deliveries
from dingdan.plumbing.tx import Tx

KEPT = timedelta(days=30)
BATCH = 5_000


async def trim(tx: Tx) -> int:
    """Forget a set of deliveries that ended and are old; says how many that were."""
    return await deliveries.trim(tx, tx.now - KEPT, BATCH)
