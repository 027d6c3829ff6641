"""What follows from facts about who sells."""

from collections.abc import Sequence

from dingdan.areas import merchants, placement
from dingdan.plumbing.tx import Tx


async def tell_of_opening(tx: Tx, facts: Sequence[merchants.MerchantSaved]) -> None:
    """Who waits for a merchant to take orders is told when it does."""
    await placement.tell_of_opening(tx, {fact.subject_id for fact in facts})
