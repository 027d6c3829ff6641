"""What follows from exchanges."""

from collections.abc import Sequence

from dingdan.areas import archive, exchanges
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def refill(tx: Tx, facts: Sequence[exchanges.ExchangeReplaced | exchanges.ExchangeDifferenceAsked]) -> None:
    """What goes out for goods of an order that was put away needs to know where it goes."""
    await archive.refill(tx, {fact.sent_order_id: fact.order_id for fact in facts if fact.order_id is not None})


async def serve_short(tx: Tx, facts: Sequence[Event]) -> None:
    """Goods that came or became free go to the exchanges that wait for them."""
    await exchanges.serve_short(tx, {fact.merchant_id for fact in facts if fact.merchant_id is not None})
