"""What the archive does about orders that are over, whichever area the fact comes from."""

from collections.abc import Sequence

from dingdan.areas import archive
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def keep_all(tx: Tx, facts: Sequence[Event]) -> None:
    """An order that is over goes into the archive, and what happens to it after that is added."""
    await archive.mind(tx, [fact.order_id for fact in facts if fact.order_id is not None])
