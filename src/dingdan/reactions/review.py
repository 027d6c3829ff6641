"""What follows from facts about second looks."""

from collections.abc import Sequence

from dingdan.areas import fulfilment, review
from dingdan.plumbing.tx import Tx


async def queue_for_fulfilment(tx: Tx, facts: Sequence[review.OrderCleared]) -> None:
    """An order that may go on waits to be picked."""
    await fulfilment.queue(tx, [fact.subject_id for fact in facts])
