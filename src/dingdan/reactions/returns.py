"""What follows from facts about returns."""

from collections.abc import Sequence

from dingdan.areas import returns, talks, transit
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def mind_receipt(tx: Tx, facts: Sequence[Event]) -> None:
    """Whoever has an open return is not taken to have accepted the goods."""
    await returns.mind_receipt(tx, [fact.order_id for fact in facts if fact.order_id is not None])


async def follow_interceptions(tx: Tx, facts: Sequence[transit.ParcelIntercepted]) -> None:
    """What comes back because nobody wants it any more is paid back."""
    await returns.follow_interceptions(tx, {fact.order_id: True for fact in facts if fact.order_id is not None})


async def follow_failed_interceptions(tx: Tx, facts: Sequence[transit.InterceptFailed]) -> None:
    """What could not be called back arrives, and a person decides."""
    await returns.follow_interceptions(tx, {fact.order_id: False for fact in facts if fact.order_id is not None})


async def close_talks(tx: Tx, facts: Sequence[Event]) -> None:
    """What is decided is not negotiated any more."""
    await talks.close(tx, [fact.subject_id for fact in facts])
