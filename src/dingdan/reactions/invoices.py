"""What facts about orders mean for their invoices."""

from collections.abc import Sequence

from dingdan.areas import invoices
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def follow(tx: Tx, facts: Sequence[Event]) -> None:
    """Wished invoices are made when the order has come so far, and what is paid back is taken back in red."""
    await invoices.follow(tx, [fact.order_id for fact in facts if fact.order_id is not None])
