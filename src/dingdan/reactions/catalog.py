"""What follows from facts about products and prices."""

from collections.abc import Sequence

from dingdan.areas import catalog, placement
from dingdan.plumbing.tx import Tx


async def tell_of_changed_price(tx: Tx, facts: Sequence[catalog.PriceChanged]) -> None:
    """Who waits for a price to be verified is told once it is sound."""
    await placement.tell_of_prices(tx, {fact.subject_id for fact in facts})
