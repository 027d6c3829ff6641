"""What others may ask about desks."""

from dingdan.areas.desks import store
from dingdan.areas.desks.keeping import MOST
from dingdan.areas.desks.model import KeptView
from dingdan.areas.desks.rules import KNOWN
from dingdan.plumbing.tx import Reader, Tx


async def views_of(tx: Tx, path: str) -> list[KeptView]:
    """The views of a list that whoever asks keeps, then those that others of their house share."""
    return await store.views_of(tx, tx.actor.id or 0, tx.actor.merchant_id, path, 3 * MOST)


async def keys_of(reader: Reader, staff_id: int) -> dict[str, str]:
    """The keys that somebody presses instead of everybody's, by everybody's. One statement, also on a bare connection."""
    found = await store.keys_of(reader, staff_id)
    return {KNOWN[name].key: key for name, key in found.items() if name in KNOWN}


async def viewers_of(tx: Tx, kind: str, sheet_id: int) -> list[int]:
    """Who else has a sheet open, of those whom the asker's house knows."""
    return await store.viewers_of(tx, kind, sheet_id, but=tx.actor.id or 0, most=MOST)
