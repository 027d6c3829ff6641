"""Load all that the prices of a batch depend on, in a constant number of queries."""

from collections.abc import Sequence

from dingdan.areas.pricing.model import Ask, Terms
from dingdan.plumbing.tx import Tx


async def terms_for(tx: Tx, asks: Sequence[Ask]) -> Terms:
    """The books of the merchants of these asks; and coupons, where any were asked for."""
    return Terms()
