"""What follows from facts about refunds."""

from collections.abc import Sequence

from dingdan.areas import refunds, returns
from dingdan.plumbing.tx import Tx


async def settle_return(tx: Tx, facts: Sequence[refunds.RefundSettled]) -> None:
    """A return whose money is back is closed."""
    await returns.settle(tx, facts)
