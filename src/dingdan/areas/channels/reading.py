"""What channels may ask about what they were told."""

from dingdan.areas.channels import store
from dingdan.areas.channels.model import Changes, Sync
from dingdan.plumbing.tx import Tx


async def changes(tx: Tx, channel_id: int, since: int, *, limit: int) -> Changes:
    """What changed for a channel behind a place in its feed (0: everything), the latest of each product only."""
    found = await store.changes(tx, channel_id, since, limit + 1)
    shown = found[:limit]
    return Changes(shown, shown[-1].position if shown else since, len(found) > limit)


async def sync(tx: Tx, channel_id: int) -> Sync:
    """How far a channel is behind what it was told."""
    return Sync(**dict(await store.sync(tx, channel_id)))
