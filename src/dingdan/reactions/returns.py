"""What follows from facts about returns."""

from collections.abc import Sequence

from dingdan.areas import returns, talks
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def mind_receipt(tx: Tx, facts: Sequence[Event]) -> None:
    """Whoever has an open return is not taken to have accepted the goods."""
    await returns.mind_receipt(tx, [fact.order_id for fact in facts if fact.order_id is not None])


async def close_talks(tx: Tx, facts: Sequence[Event]) -> None:
    """What is decided is not negotiated any more."""
    await talks.close(tx, [fact.subject_id for fact in facts])
