"""Saying which sheet somebody has open, as long as they do."""

from dingdan.areas.desks import store
from dingdan.areas.desks.model import OpenSheet
from dingdan.plumbing.tx import Tx


async def say_open(tx: Tx, sheet: OpenSheet) -> None:
    """Whoever acts has a sheet open; said again every `SAID_EVERY` as long as it is, else it is forgotten."""
    await store.keep_open(tx, sheet, tx.actor.id or 0, tx.actor.merchant_id)


async def say_closed(tx: Tx, page_id: int) -> None:
    """A sheet was closed."""
    await store.drop_open(tx, page_id)
