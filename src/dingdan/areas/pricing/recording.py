"""Freeze on an order what its price was made of."""

from collections.abc import Mapping

from dingdan.areas.pricing import store
from dingdan.areas.pricing.model import Quote
from dingdan.plumbing.tx import Tx


async def record(tx: Tx, quotes: Mapping[int, Quote]) -> None:
    """Write the layers of new orders and each line's share of them; orders without layers write nothing."""
    layered = {order_id: quote for order_id, quote in quotes.items() if quote.layers}
    if not layered:
        return
    layers = [
        (order_id, n, quote.merchant_id, one.kind, one.effect, one.source_id, one.code, one.label, one.funder,
         one.amount, one.points, one.reached)
        for order_id, quote in layered.items()
        for n, one in enumerate(quote.layers)
    ]  # fmt: skip
    shares = [
        (order_id, share.layer, line.line_no, quote.merchant_id, share.amount, share.points)
        for order_id, quote in layered.items()
        for line in quote.lines
        for share in line.layers
    ]
    await store.add_layers(tx, layers, shares)
