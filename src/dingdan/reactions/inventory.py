"""What follows from facts about stock."""

from collections.abc import Sequence

from dingdan.areas import inventory, placement
from dingdan.plumbing.tx import Tx


async def tell_of_counted_stock(tx: Tx, facts: Sequence[inventory.StockCounted]) -> None:
    """Who waits for a product is told when there are units of it."""
    await placement.tell_of_stock(tx, {fact.subject_id for fact in facts})


async def tell_of_returned_stock(tx: Tx, facts: Sequence[inventory.StockReturned]) -> None:
    """The same for units that came back and are sold again."""
    await placement.tell_of_stock(tx, {fact.subject_id for fact in facts})
