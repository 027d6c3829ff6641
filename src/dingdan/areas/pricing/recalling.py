"""What the prices of orders hung on when they were bought, for whoever takes a part of one back."""

from collections.abc import Mapping

from dingdan.areas.pricing import reading
from dingdan.areas.pricing.model import Ask
from dingdan.areas.pricing.rules import keeping
from dingdan.plumbing.tx import Tx


async def recall(tx: Tx, asks: Mapping[int, Ask]) -> dict[int, keeping.Agreed]:
    """What was agreed on for orders {order: its lines as they were sold}. What has begun of a promotion never changes."""
    layers = await reading.layers(tx, asks)
    wanted = {one.layer.source_id for found in layers.values() for one in found if one.layer.source_id is not None}
    promotions = await reading.by_ids(tx, wanted) if wanted else {}
    return {order_id: keeping.agree(ask, layers[order_id], promotions) for order_id, ask in asks.items()}
