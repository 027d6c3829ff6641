"""What follows from what carriers say about parcels that were called back."""

from collections.abc import Sequence

from dingdan.areas import returns, transit
from dingdan.plumbing.tx import Tx


async def follow_interceptions(tx: Tx, facts: Sequence[transit.ParcelIntercepted]) -> None:
    """What comes back because nobody wants it any more is paid back."""
    await returns.follow_interceptions(tx, {fact.order_id: True for fact in facts if fact.order_id is not None})


async def follow_failed_interceptions(tx: Tx, facts: Sequence[transit.InterceptFailed]) -> None:
    """What could not be called back arrives, and a person decides."""
    await returns.follow_interceptions(tx, {fact.order_id: False for fact in facts if fact.order_id is not None})
