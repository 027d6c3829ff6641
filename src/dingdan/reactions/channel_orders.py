"""What follows for orders that were made elsewhere, and what their channels are told."""

from collections.abc import Sequence

from dingdan.areas import channel_orders
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def tell_channel(tx: Tx, facts: Sequence[Event]) -> None:
    """What happens to an order is told to the channel it was made on."""
    await channel_orders.tell(tx, facts)


async def serve_waiting(tx: Tx, facts: Sequence[Event]) -> None:
    """Goods that came or became free go to the orders that wait for them."""
    await channel_orders.serve_waiting(tx, [fact.merchant_id for fact in facts if fact.merchant_id is not None])
