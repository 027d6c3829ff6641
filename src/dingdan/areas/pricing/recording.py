"""Freeze on an order what its price was made of."""

from collections.abc import Mapping

from dingdan.areas.pricing.model import Quote
from dingdan.plumbing.tx import Tx


async def record(tx: Tx, quotes: Mapping[int, Quote]) -> None:
    """Write the layers of new orders and each line's share of them; orders without layers write nothing."""
