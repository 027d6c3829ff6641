"""What follows from facts about what buyers wait for."""

from collections.abc import Sequence

from dingdan.areas import channels, placement
from dingdan.plumbing.tx import Tx


async def look_for_stock(tx: Tx, facts: Sequence[placement.ReminderAsked]) -> None:
    """Units that came while a buyer was still asking are told of too."""
    await channels.look_again(tx, {fact.product_id for fact in facts})
