"""What others may ask about desks."""

from dingdan.areas.desks import store
from dingdan.areas.desks.keeping import MOST
from dingdan.areas.desks.model import KeptView
from dingdan.plumbing.tx import Tx


async def views_of(tx: Tx, path: str) -> list[KeptView]:
    """The views of a list that whoever asks keeps, then those that others of their house share."""
    return await store.views_of(tx, tx.actor.id or 0, tx.actor.merchant_id, path, 3 * MOST)
