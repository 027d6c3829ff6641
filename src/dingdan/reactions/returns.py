"""What follows from facts about returns."""

from collections.abc import Sequence

from dingdan.areas import returns
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def mind_receipt(tx: Tx, facts: Sequence[Event]) -> None:
    """Whoever has an open return is not taken to have accepted the goods."""
    await returns.mind_receipt(tx, [fact.order_id for fact in facts if fact.order_id is not None])
