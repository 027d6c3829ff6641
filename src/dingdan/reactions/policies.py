"""What follows from facts about policies."""

from collections.abc import Sequence

from dingdan.areas import channel_orders, policies
from dingdan.plumbing.tx import Tx


async def write_with_policy(tx: Tx, facts: Sequence[policies.PolicyBegan]) -> None:
    """Orders that came before there was a policy are written."""
    await channel_orders.write_with_policy(tx, [fact.merchant_id for fact in facts])
