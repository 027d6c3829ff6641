"""What follows for orders whose units were missing in the warehouse."""

from collections.abc import Sequence

from dingdan.areas import fulfilment
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def serve_short(tx: Tx, facts: Sequence[Event]) -> None:
    """Goods that came or became free go to the orders that miss them."""
    await fulfilment.serve_short(tx, {fact.merchant_id for fact in facts if fact.merchant_id is not None})
