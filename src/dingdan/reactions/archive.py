"""What the archive does about orders that are over, whichever area the fact comes from."""

from collections.abc import Sequence

from dingdan.areas import archive, cases, exchanges
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def keep_all(tx: Tx, facts: Sequence[Event]) -> None:
    """An order that is over goes into the archive, and what happens to it after that is added."""
    await archive.mind(tx, [fact.order_id for fact in facts if fact.order_id is not None])


async def refill(tx: Tx, facts: Sequence[exchanges.ExchangeReplaced | exchanges.ExchangeDifferenceAsked]) -> None:
    """What goes out for goods of an order that was put away needs to know where it goes."""
    await archive.refill(tx, {fact.sent_order_id: fact.order_id for fact in facts if fact.order_id is not None})


async def refill_remedied(tx: Tx, facts: Sequence[cases.RemedyExecuted]) -> None:
    """So does what is sent again to make something good."""
    await archive.refill_remedied(tx, [fact.subject_id for fact in facts])
