"""What follows for orders that were made elsewhere, and what their channels are told."""

from collections.abc import Sequence

from dingdan.areas import catalog, channel_orders, policies
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def tell_channel(tx: Tx, facts: Sequence[Event]) -> None:
    """What happens to an order is told to the channel it was made on."""
    await channel_orders.tell(tx, facts)


async def serve_waiting(tx: Tx, facts: Sequence[Event]) -> None:
    """Goods that came or became free go to the orders that wait for them."""
    await channel_orders.serve_waiting(tx, [fact.merchant_id for fact in facts if fact.merchant_id is not None])


async def write_with_product(tx: Tx, facts: Sequence[catalog.ProductSaved]) -> None:
    """Orders that named a product before it existed are written."""
    await channel_orders.write_waiting(tx, [(f.merchant_id, f.sku) for f in facts if f.merchant_id is not None])


async def write_with_policy(tx: Tx, facts: Sequence[policies.PolicyPublished]) -> None:
    """Orders that came before there was a policy are written."""
    await channel_orders.write_with_policy(tx, [fact.merchant_id for fact in facts])


async def go_on(tx: Tx, facts: Sequence[Event]) -> None:
    """An order that goes on takes in what its channel has done meanwhile."""
    await channel_orders.go_on(tx, [fact.subject_id for fact in facts])
