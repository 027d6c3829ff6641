"""What facts about orders mean for their merchants' accounts."""

from collections.abc import Sequence

from dingdan.areas import settlements
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def follow(tx: Tx, facts: Sequence[Event]) -> None:
    """Whatever is due to or from merchants is booked; one reaction for all of it, in the order of the facts."""
    await settlements.follow(tx, [fact.order_id for fact in facts if fact.order_id is not None])


async def recover(tx: Tx, facts: Sequence[Event]) -> None:
    """What the platform paid because a seller did not is taken out of the seller's deposit."""
    await settlements.recover(tx, [fact.order_id for fact in facts if fact.order_id is not None])
