"""What follows from facts about what channels may sell."""

from collections.abc import Sequence

from dingdan.areas import channels, placement
from dingdan.plumbing.tx import Tx


async def tell_of_stock(tx: Tx, facts: Sequence[channels.StockAvailableAgain]) -> None:
    """Who waits for a product is told when as many units as they want can be bought."""
    await placement.tell_of_stock(tx, [(fact.subject_id, fact.available) for fact in facts])
