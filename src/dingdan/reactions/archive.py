"""What the archive does about orders that are over, whichever area the fact comes from."""

from collections.abc import Sequence

from dingdan.areas import archive, cases, exchanges
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def keep_all(tx: Tx, facts: Sequence[Event]) -> None:
    """An order that is over goes into the archive, and what happens to it after that is added."""
    await archive.mind(tx, [fact.order_id for fact in facts if fact.order_id is not None])


async def refill(
    tx: Tx, facts: Sequence[exchanges.ExchangeReplaced | exchanges.ExchangeDifferenceAsked | cases.RemedyExecuted]
) -> None:
    """Goods that go out for those of an order that was put away need to know where they go."""
    copies: dict[int, int] = {}
    for fact in facts:
        assert fact.order_id is not None, "it is about an order"
        if isinstance(fact, cases.RemedyExecuted):
            sent = (await cases.get_remedy(tx, fact.subject_id)).replaced_by
        else:
            sent = fact.sent_order_id
        if sent is not None:
            copies[sent] = fact.order_id
    await archive.refill(tx, copies)
