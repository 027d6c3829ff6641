"""What buyers are told, and sellers of disputes, whichever area the fact comes from."""

from collections.abc import Sequence

from dingdan.areas import notifications
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def tell_buyer(tx: Tx, facts: Sequence[Event]) -> None:
    """What becomes of an order is confirmed and told. One reaction for all of it, so that versions follow the facts."""
    await notifications.follow(tx, facts)
